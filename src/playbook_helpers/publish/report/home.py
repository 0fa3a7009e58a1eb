"""The page above all reports, and what each report's own file tells it.

Up to some hundred partnerships each has a card; beyond that a page of cards would take megabytes
and nobody would find anything, so there are names under their first letters.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

from playbook_helpers.batch.artifacts import read_json, write_text
from playbook_helpers.batch.parameters import shown_address
from playbook_helpers.core.assessment import Assessment
from playbook_helpers.core.partial_dates import spoken
from playbook_helpers.core.revisions import now
from playbook_helpers.core.version import __version__
from playbook_helpers.publish.pages import page
from playbook_helpers.publish.report.document import NOTICE
from playbook_helpers.publish.report.partnership_page import Facts
from playbook_helpers.publish.report.stamps import (
    FACTS,
    digest,
    report_hash,
    shown_part,
    stamp_of,
)
from playbook_helpers.storage.database import Store
from playbook_helpers.worksheet.project import portfolio_folder, report_folder

MOST_CARDS = 200
"""Partnerships up to which each has a card on the page."""


def card(
    facts: Facts, made: Mapping[str, str], assessments: Mapping[str, Assessment]
) -> dict[str, Any]:
    """What the home page says of a partnership."""
    act = sum(f.severity == "act" for a in assessments.values() for f in a.findings)
    return {
        "format": "playbook-report/1",
        "name": facts.name,
        "purpose": (facts.record.purpose or "") if facts.record else "",
        "place": (facts.record.place or "") if facts.record else "",
        "invented": facts.invented,
        "as_of": made["as_of"],
        "worksheets": list(assessments),
        "to_act_on": act,
    }


def refresh_home(root: Path, store: Store) -> None:
    """Write the page above all reports again if what it leads to has changed; if there is one."""
    folder = report_folder(root)
    if (folder / "index.html").is_file():
        write_home(folder, store.partnerships(), shown_address(store.address, root), force=False)


def write_home(folder: Path, known: Iterable[str], shown: str, force: bool) -> list[str]:
    """Write the page above all reports; the partnerships whose reports have lost their records."""
    cards = {path.parent.name: read_json(path) for path in sorted(folder.glob(f"*/{FACTS}"))}
    there = set(known)
    rows = [
        {"purpose": "", "invented": False}
        | shown_part(card)
        | {"slug": slug, "here": slug in there, "facts": _card_facts(card)}
        for slug, card in cards.items()
        if card.get("name")
    ]
    rows.sort(key=lambda row: (_letter(row), _plain(row["name"])))
    gone = [row for row in rows if not row["here"]]
    portfolio = (portfolio_folder(folder.parents[1]) / "index.html").is_file()
    stamp = digest(rows, shown, portfolio, __version__, report_hash())
    if not force and stamp_of(folder / "index.html") == stamp:
        return [str(row["slug"]) for row in gone]
    made = {"made": now(), "store": shown, "version": __version__}
    here = [row for row in rows if row["here"]]
    html = page(
        "home.html.j2",
        here=here,
        letters=_by_letter(here) if len(here) > MOST_CARDS else (),
        gone=gone,
        portfolio=portfolio,
        notice=NOTICE,
        made=made,
        stamp=stamp,
    )
    write_text(folder / "index.html", html)
    return [str(row["slug"]) for row in gone]


def _plain(name: object) -> str:
    """A name as people look it up: in small letters and without accents."""
    apart = unicodedata.normalize("NFKD", str(name)).casefold()
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def _letter(row: Mapping[str, Any]) -> str:
    """The letter a name is looked for under; "#" for one that begins with none.

    >>> [_letter({"name": name}) for name in ("Ávila", "east", "5 Towns", "Öland", "Łódź")]
    ['A', 'E', '#', 'O', 'Ł']
    """
    first = _plain(row["name"])[:1].upper()[:1]
    return first if first.isalpha() else "#"


def _by_letter(rows: Iterable[Mapping[str, Any]]) -> list[tuple[str, list[Mapping[str, Any]]]]:
    return [(letter, list(those)) for letter, those in groupby(rows, _letter)]


def _card_facts(card: Mapping[str, Any]) -> str:
    parts = [str(card.get("place") or "")]
    if card.get("as_of"):
        parts.append(f"as of {spoken(str(card['as_of']))}")
    count = int(card.get("to_act_on") or 0)
    parts.append(f"{count} to act on" if count else "nothing to act on")
    return ", ".join(part for part in parts if part)
