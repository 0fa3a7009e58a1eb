"""Every output is held to the one rule: what is published follows from what may be told.

All that the product makes of a partnership is made twice, of answers that differ where nobody may
see it, and must be the same to the byte: worksheets with outputs and form state, reports with
`assessment.json` and data package, portfolio with its CSV files and workbook, progress report.
"""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from playbook_helpers.batch import make_plan
from playbook_helpers.batch.artifacts import save_notebook
from playbook_helpers.core.assessment import Context
from playbook_helpers.core.partnership import Partner, Partnership
from playbook_helpers.core.reads import EVERYTHING
from playbook_helpers.core.records import Record
from playbook_helpers.core.revisions import Revision, new_revision
from playbook_helpers.drawing.display import MODE_VARIABLE
from playbook_helpers.practices import trust
from playbook_helpers.practices.trust import CheckIn, ClosedRound
from playbook_helpers.practices.trust.items import ITEMS
from playbook_helpers.publish.portfolio import write_portfolio
from playbook_helpers.publish.report import write_reports
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files import export_partnership

ROOT = Path(__file__).parents[2]
NAMES = tuple(item.name for item in ITEMS)
Answers = Sequence[Sequence[int]]
"""Rows are people, columns are items."""


def everything(
    root: Path, run: Callable[..., dict[str, Any]], answers: Answers, closed: bool
) -> dict[str, str]:
    """File -> text of all that is made of a partnership with these answers."""
    root.mkdir()
    (root / "worksheets").symlink_to(ROOT / "worksheets", target_is_directory=True)
    url = f"sqlite:///{root / 'playbook.db'}"
    about = Partnership(name="Here", facts_until="2026-10-31")
    records = [about, *(Partner(name=f"Partner {n}", sector="nonprofit") for n in range(3))]
    if closed:
        records.append(ClosedRound(round="2026-09"))
    revisions = [fixed(new_revision("here", r), n) for n, r in enumerate(records)]
    for number, row in enumerate(answers):
        value = CheckIn(round="2026-09", **{n: str(a) for n, a in zip(NAMES, row, strict=True)})
        revisions.append(fixed(new_revision("here", value), 100 + number))
    found: dict[str, str] = {}
    with pytest.MonkeyPatch.context() as patch, Store.open(url) as store:
        store.append(revisions)
        for task in make_plan(root, store, partnerships=["here"]).tasks:
            for mode in ("document", "site", "live"):
                patch.setenv(MODE_VARIABLE, mode)
                notebook = run(task.worksheet, "here", url)
                found[f"{task.worksheet} {mode}"] = json.dumps(notebook)
                if mode == "document":
                    made = {"fingerprint": "f", "made": "2026-11-24"}
                    notebook["metadata"]["playbook"] = made
                    save_notebook(task.target, json.dumps(notebook), made)
        assert write_reports(root, store).failed == {}
        write_portfolio(root, store)
        export_partnership(store, "here", root / "public", public=True)
    for path in sorted([*(root / "_build").rglob("*"), *(root / "public").rglob("*")]):
        if path.is_file():
            found[str(path.relative_to(root))] = text_of(path)
    # Names drawn by chance, the moment of making, and what follows from both.
    chance = re.compile(
        r"[0-9a-f]{32,}|[0-9a-f]{8}-[0-9a-f-]{27}|\b[\d-]{10}T[\d:.]{8,}Z?|pb-?[0-9a-f]{8,}"
        r"|0x[0-9a-f]+|<code>[0-9a-f]{10}</code>|\"state\": \[[\d, ]+\]|\d\d:\d\d UTC"
    )
    shutil.rmtree(root)
    return {name: chance.sub("", text.replace(str(root), "")) for name, text in found.items()}


def fixed(revision: Any, number: int) -> Any:
    """The revision with ids and a time that are the same in every store made here."""
    name = f"00000000-0000-4000-8000-{number:012d}"
    moment = "2026-11-01T12:00:00.000Z" if revision.client_time else ""
    return replace(revision, id=name, record=name, client_time=moment)


def text_of(path: Path) -> str:
    data = path.read_bytes()
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as held:
            return "\n".join(f"{n}: {held.read(n)!r}" for n in sorted(held.namelist()))
    return data.decode("utf-8", "backslashreplace")


def unlike(one: dict[str, str], other: dict[str, str]) -> list[str]:
    """Where two makings differ: the file, and the words around the first difference."""
    found = []
    for name, text in one.items():
        pairs = zip(text, other[name], strict=False)
        place = next((n for n, (here, there) in enumerate(pairs) if here != there), 0)
        if text != other[name]:
            around = slice(max(0, place - 60), place + 60)
            found.append(f"{name}: {text[around]!r} {other[name][around]!r}")
    return found


SEVEN = [[1 + (row * (3 + column) + column) % 5 for column in range(15)] for row in range(7)]


def test_a_round_that_is_not_shown_does_not_tell_which_kinds_of_organisation_answered() -> None:
    def one(*kinds: str, closed: bool) -> tuple[str, str]:
        own: list[Record] = [Partnership(name="Here")]
        own += [ClosedRound(round="2026-09")] if closed else []
        with Store.open("sqlite://") as store:
            store.append(fixed_all(own))
            store.append(
                [new_revision("here", CheckIn(round="2026-09", sector=kind)) for kind in kinds]
            )
            heads = store.heads("here")
            assessment = trust.assess(heads, Context("here", date(2026, 11, 1)))
            return store.fingerprint("here"), json.dumps(assessment.to_json(), default=str)

    for closed in (False, True):
        alike = one("company", "company", "company", "company", closed=closed)
        assert alike == one("company", "funder", "community", "other", closed=closed)
    open_round = one(*["company"] * 7, closed=False)
    assert open_round == one(*["company"] * 3, *["funder"] * 4, closed=False)


def test_what_is_made_while_a_round_is_open_follows_from_the_number_of_answers(
    tmp_path: Path, run_worksheet: Callable[..., dict[str, Any]]
) -> None:
    one = everything(tmp_path / "a", run_worksheet, SEVEN, closed=False)
    other = everything(
        tmp_path / "b", run_worksheet, [[6 - a for a in row] for row in SEVEN], closed=False
    )
    assert len(one) > 30
    assert not unlike(one, other), "\n".join(unlike(one, other))


def moved_on(answers: Answers) -> list[list[int]]:
    """Each item's answers given to other people, and two of them moved a step apart: sums stay."""
    columns = [list(column) for column in zip(*answers, strict=True)]
    for number, column in enumerate(columns):
        column[:] = column[number % 7 :] + column[: number % 7]
        column[column.index(min(column))] += 1
        column[column.index(max(column))] -= 1
    return [list(row) for row in zip(*columns, strict=True)]


def prints(answers: Answers, late: int = 0, **about: str) -> tuple[str, str]:
    """The fingerprints of a store with these answers, and `late` ones; their ids are new."""
    rows = [
        new_revision(
            "here",
            CheckIn(round="2026-09", **{n: str(a) for n, a in zip(NAMES, row, strict=True)}),
        )
        for row in answers
    ]
    own = [Partnership(name="Here", **about), ClosedRound(round="2026-09")]
    with Store.open("sqlite://") as store:
        store.append([*rows[: len(rows) - late], *fixed_all(own)])
        store.append(rows[len(rows) - late :])
        return store.fingerprint("here"), store.record_fingerprints()["here"].of(EVERYTHING)


def fixed_all(records: Sequence[Record]) -> list[Revision]:
    return [fixed(new_revision("here", record), n) for n, record in enumerate(records)]


def test_a_fingerprint_follows_from_what_is_told_and_from_nothing_else() -> None:
    """Ids of answers from a file follow from what they say, so a print made of ids would tell."""
    assert prints(SEVEN) == prints(moved_on(SEVEN)) == prints(SEVEN[::-1])
    one_higher = [[*SEVEN[0][:3], 5, *SEVEN[0][4:]], *SEVEN[1:]]
    assert one_higher[0] != SEVEN[0]
    assert all(a != b for a, b in zip(prints(SEVEN), prints(one_higher), strict=True))
    late = [*SEVEN, SEVEN[0]]
    other = [*SEVEN, SEVEN[4]]
    assert prints(late, late=1) == prints(other, late=1)
    assert prints(late, late=1)[0] != prints(SEVEN)[0]
    careful = {"check_in_shown": "careful"}
    assert prints(SEVEN, **careful) == prints(one_higher, **careful)


def test_answers_can_change_hands_and_values_and_nobody_sees_it(
    tmp_path: Path, run_worksheet: Callable[..., dict[str, Any]]
) -> None:
    moved = moved_on(SEVEN)
    assert [sum(c) for c in zip(*moved, strict=True)] == [sum(c) for c in zip(*SEVEN, strict=True)]
    assert moved != SEVEN
    one = everything(tmp_path / "a", run_worksheet, SEVEN, closed=True)
    other = everything(tmp_path / "b", run_worksheet, moved, closed=True)
    assert "of 5" in one["trust document"]
    assert not unlike(one, other), "\n".join(unlike(one, other))
