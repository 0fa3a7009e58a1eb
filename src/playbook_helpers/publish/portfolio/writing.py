"""Writing the portfolio: its page, and its tables as files beside it.

Everything lies in `_build/portfolio`, next to the reports it leads to. It is written again only
when something it is made from has changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Set
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any

from playbook_helpers.batch.artifacts import sweep_parts, write_text
from playbook_helpers.batch.parallel import beside
from playbook_helpers.batch.parameters import shown_address
from playbook_helpers.core.as_of import read_day
from playbook_helpers.core.revisions import now
from playbook_helpers.core.version import __version__
from playbook_helpers.drawing.tables import STYLE
from playbook_helpers.publish.portfolio.digest import how_many, read_digests, uncollected
from playbook_helpers.publish.portfolio.files import csv_text, write_workbook
from playbook_helpers.publish.portfolio.page import page_html
from playbook_helpers.publish.portfolio.portfolio import Portfolio, make_portfolio
from playbook_helpers.publish.portfolio.summary import figures
from playbook_helpers.publish.portfolio.tables import tables_of
from playbook_helpers.publish.report.stamps import digest, stamp_of
from playbook_helpers.storage.database import Store
from playbook_helpers.worksheet.project import portfolio_folder, report_folder

FACTS = "portfolio.json"
WORKBOOK = "portfolio.xlsx"


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: the page, the files beside it, and whether anything had changed."""

    page: Path
    files: tuple[Path, ...]
    partnerships: int
    goals: int
    left_out: int
    fresh: bool
    failed: Mapping[str, str] = field(default_factory=dict)
    """Partnership -> why it could not be worked out; it has a row that says so."""

    def to_json(self) -> dict[str, Any]:
        """JSON values."""
        return {
            "format": "playbook-portfolio/1",
            "page": str(self.page),
            "files": [str(path) for path in self.files],
            "partnerships": self.partnerships,
            "goals": self.goals,
            "invented_left_out": self.left_out,
            "written": self.fresh,
            "failed": dict(self.failed),
        }

    def text(self) -> str:
        """What was written, in a few lines."""
        done = "written" if self.fresh else "up to date"
        lines = [
            f"Portfolio of {_many(self.partnerships, 'partnership')} with "
            f"{_many(self.goals, 'goal')}, {done}: {self.page}"
        ]
        if self.left_out:
            lines.append(
                f"  Note: left out, since invented for practice: {self.left_out:,} "
                "(--invented takes them in)"
            )
        lines += [f"  Failed: {slug}: {why}" for slug, why in self.failed.items()]
        return "\n".join(lines)


def _many(count: int, word: str) -> str:
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def write_portfolio(
    root: Path,
    store: Store,
    *,
    as_of: str | date = "",
    invented: bool = False,
    force: bool = False,
    workers: int = 0,
    today: date | None = None,
    folder: Path | None = None,
    reports: Path | None = None,
    only: Set[str] | None = None,
) -> Written:
    """Write the portfolio of all partnerships in the store.

    `as_of` names one day to work from for all; without it each partnership has its own. Invented
    partnerships are left out unless `invented` is set or there are no others. `folder` is where it
    goes, `reports` where reports to lead to lie, if not in the usual places. With `only`, it is of
    these partnerships and leads to no other's report. Raises NotFound for a store without
    partnerships, InputError for a wrong day, StoreError if it cannot be read.
    """
    portfolio = open_portfolio(
        store, as_of=as_of, invented=invented, workers=workers, today=today, only=only
    )
    folder = folder or portfolio_folder(root)
    reported = _reported(reports or report_folder(root))
    if only is not None:
        reported &= only
    shown = shown_address(store.address, root)
    stamp = digest(portfolio.records, portfolio.day.isoformat(), str(as_of), invented, shown,
                    portfolio.left_out, sorted(reported), __version__, _source_hash())  # fmt: skip
    with uncollected():
        tables = tables_of(portfolio)
    names = [f"{name}.csv" for name in tables]
    files = tuple(folder / name for name in (*names, WORKBOOK, FACTS))
    page = folder / "index.html"
    done = Written(
        page,
        files,
        len(portfolio.digests),
        len(portfolio.goals),
        portfolio.left_out,
        fresh=True,
        failed={each.slug: each.problem for each in portfolio.digests if each.problem},
    )
    if not force and stamp_of(page) == stamp and all(file.is_file() for file in files):
        return Written(**{**_fields(done), "fresh": False})
    sweep_parts(folder)
    made = {
        "as_of": str(as_of) if as_of else "",
        "round": "",
        "store": shown,
        "records": portfolio.records,
        "made": now(),
        "version": __version__,
        "source": _source_hash(),
        "fingerprint": stamp,
    }
    workbook = partial(write_workbook, folder / WORKBOOK, list(tables.values()))
    several = how_many(len(portfolio.digests), workers) > 1
    with uncollected():
        with beside(workbook, copy=several):
            for name, table in tables.items():
                write_text(folder / f"{name}.csv", csv_text(table))
            write_text(folder / FACTS, _facts(portfolio, made))
            text = page_html(portfolio, tables, made, reported, stamp)
        write_text(page, text)  # the last: its stamp says that all files are new
    return done


def open_portfolio(
    store: Store,
    *,
    as_of: str | date = "",
    invented: bool = False,
    workers: int = 0,
    today: date | None = None,
    only: Set[str] | None = None,
) -> Portfolio:
    """The portfolio of all partnerships in the store, or `only` of some; as `write_portfolio`."""
    from playbook_helpers.core.errors import NotFound

    named = read_day(as_of)
    day = named or today or date.today()
    digests = read_digests(store, day, named, workers=workers)
    if only is not None:
        digests = [digest for digest in digests if digest.slug in only]
    if not digests:
        raise NotFound(
            "The store holds no partnership yet",
            allowed="bring one in with `playbook import`, or start one with `playbook new`",
        )
    with uncollected():
        return make_portfolio(digests, day, invented=invented)


def _fields(done: Written) -> dict[str, Any]:
    return {name: getattr(done, name) for name in Written.__dataclass_fields__}


def _facts(portfolio: Portfolio, made: dict[str, str]) -> str:
    """The few numbers, and what was found, for other programs."""
    data = {
        "format": "playbook-portfolio/1",
        "made_from": made,
        "day": portfolio.day.isoformat(),
        "partnerships": len(portfolio.digests),
        "invented_left_out": portfolio.left_out,
        "figures": [asdict(figure) for figure in figures(portfolio)],
        "goals_by_status": dict(sorted(portfolio.statuses().items())),
        "missing": portfolio.missing(),
        "filled": portfolio.filled(),
        "findings": [
            {
                "practice": each.common.practice,
                "says": each.common.says,
                "severity": each.common.severity,
                "partnerships": each.partnerships,
                "times": each.times,
            }
            for each in portfolio.findings
        ],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _reported(reports: Path) -> frozenset[str]:
    """The partnerships that have a report."""
    return frozenset(path.parent.name for path in reports.glob("*/index.html"))


@cache
def _source_hash() -> str:
    """A hash over what the portfolio is worked out and drawn with."""
    package = Path(__file__).parents[2]
    reports = package / "publish" / "report" / "template"
    files = [*package.rglob("*.py"), *(Path(__file__).parent / "template").iterdir()]
    files += [STYLE, reports / "report.css", reports / "page.html.j2"]
    total = hashlib.sha256()
    for file in sorted(files):
        total.update(file.read_bytes())
    return total.hexdigest()
