"""Writing reports: for each partnership its pages, `assessment.json` and data package.

A page is written again only when something on it has changed; what it was made from stands in
its own head. `stamps.py` tells at a glance that nothing has changed in a whole report. Every
file appears by rename. Reports of partnerships that are no longer in the store are told of and
left alone.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

from playbook_helpers.batch.artifacts import sweep_parts, write_text
from playbook_helpers.batch.kernels.preload import skip_slow_import
from playbook_helpers.batch.parallel import can_share, cores, held, processes
from playbook_helpers.batch.parameters import pick_partnerships, shown_address
from playbook_helpers.batch.plan import in_slices, reads_by_stem, source_hash, stories_told
from playbook_helpers.core.assessment import Assessment
from playbook_helpers.core.errors import PlaybookError
from playbook_helpers.core.reads import EVERYTHING, Reads
from playbook_helpers.core.revisions import now
from playbook_helpers.core.version import __version__
from playbook_helpers.drawing.html import element
from playbook_helpers.practices import PRACTICES
from playbook_helpers.publish.pages import environment, page
from playbook_helpers.publish.report.document import NOTICE
from playbook_helpers.publish.report.executed import Executed, read_notebook, worksheets_in
from playbook_helpers.publish.report.home import card, write_home
from playbook_helpers.publish.report.partnership_page import (
    Facts,
    assess_executed,
    page_values,
    read_facts,
    standing_picture,
)
from playbook_helpers.publish.report.stamps import (
    FACTS,
    digest,
    is_current,
    note_current,
    report_hash,
    stamp_of,
)
from playbook_helpers.publish.report.worksheet_page import Whose, executed_html, link, page_stamp
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.database.fingerprints import RecordFingerprints
from playbook_helpers.storage.files import export_partnership
from playbook_helpers.worksheet.project import notebooks_in, report_folder

WORTH_IT = 40
"""Reports from which on starting processes costs less than it saves."""
AHEAD = 4
"""Reports that wait for each process."""


@dataclass(frozen=True, slots=True)
class ReportSummary:
    """What was written: the reports' home, pages by partnership, failures, and what to know."""

    home: Path | str
    written: Mapping[str, int] = field(default_factory=dict)
    """Partnership -> pages written anew; 0 where all were up to date."""
    failed: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """JSON values."""
        return {
            "format": "playbook-reports/1",
            "home": str(self.home),
            "written": dict(self.written),
            "failed": dict(self.failed),
            "notes": list(self.notes),
        }

    def text(self) -> str:
        """What was written, in a few lines."""
        pages = sum(self.written.values())
        what = "1 page" if pages == 1 else f"{pages} pages"
        lines = [f"Reports: {what} written, home page {self.home}"]
        lines += [f"  Not written: {slug}: {why}" for slug, why in self.failed.items()]
        return "\n".join([*lines, *(f"  Note: {note}" for note in self.notes)])


def write_reports(
    root: Path,
    store: Store,
    partnerships: Iterable[str] = (),
    *,
    force: bool = False,
    folder: Path | None = None,
    on_done: Callable[[str], None] | None = None,
    workers: int = 0,
) -> ReportSummary:
    """Write the reports of the named partnerships, or of all, and the home page above them.

    One that fails stops nobody else's and is named in the summary. `force` writes every page
    again. `folder` is where the executed worksheets lie and the pages go, if not in the usual
    place. `workers` is the number of processes; 0 chooses by what there is to do. Raises NotFound
    for a partnership that is not in the store, StoreError if the store cannot be read.
    """
    folder = folder or report_folder(root)
    known = store.partnerships()
    partnerships = tuple(partnerships)
    slugs = pick_partnerships(known, partnerships)
    shown = shown_address(store.address, root)
    written: dict[str, int] = {}
    failed: dict[str, str] = {}
    notes: list[str] = []
    orders = _orders(root, folder, store, slugs, force)
    for slug, done in _carried_out(store, orders, workers):
        if done.error:
            failed[slug] = done.error
        if done.pages is None:
            notes.append(f"no worksheet has been run for {slug} yet: playbook batch {slug}")
        elif done.pages or not done.error:
            written[slug] = done.pages
        if on_done is not None:
            on_done(slug)
    gone = write_home(folder, known, shown, force)
    notes += [f"{slug} is no longer in the store; its report was left as it is" for slug in gone]
    return ReportSummary(folder / "index.html", written, failed, tuple(notes))


@dataclass(frozen=True, slots=True)
class _Order:
    """One report to be written: plain data, fit to be sent to a process."""

    slug: str
    folder: Path
    reads: Mapping[str, Reads]
    prints: RecordFingerprints
    shown: str
    told: tuple[str, ...]
    made_from: object
    force: bool


@dataclass(frozen=True, slots=True)
class _Done:
    """Pages that were written, None where there is no worksheet; and what could not be."""

    pages: int | None = 0
    error: str = ""
    """Why nothing, or not everything, could be written."""


Wanted = tuple[str, _Order | None]
"""A partnership with the report to be written; None where it stands as it should."""


def _orders(
    root: Path, folder: Path, store: Store, slugs: Sequence[str], force: bool
) -> Iterator[Wanted]:
    """What there is to do for each partnership, found out when it is its turn."""
    reads, today = reads_by_stem(root), date.today()
    shown = shown_address(store.address, root)
    sources = [path.name for path in notebooks_in(root / "worksheets")]
    for slug, prints, own in in_slices(store, slugs):
        told = stories_told(own, today)
        everything = prints.of(EVERYTHING)
        made_from = (everything, shown, told, sources, source_hash(), report_hash())
        if not force and is_current(folder / slug, made_from):
            yield slug, None
        else:
            yield slug, _Order(slug, folder / slug, reads, prints, shown, told, made_from, force)


def _carried_out(
    store: Store, wanted: Iterator[Wanted], workers: int
) -> Iterator[tuple[str, _Done]]:
    """What came of each, in their order; over all cores where there are many to write.

    No more are in hand than are being written and wait next, so that thousands take no more
    memory than a few.
    """
    first: list[Wanted] = []
    found = 0
    while found < WORTH_IT and (each := next(wanted, None)) is not None:
        first.append(each)
        found += each[1] is not None
    count = workers or (cores() if found >= WORTH_IT else 1)
    wanted = chain(first, wanted)
    if count < 2 or found < 2 or not can_share(store):
        for slug, order in wanted:
            yield slug, _carry_out(store, order) if order else _Done()
        return
    environment().get_template("partnership.html.j2")  # once, for all copies of this
    with processes(store, count) as pool:
        waiting: deque[tuple[str, Future[_Done] | None]] = deque()
        for slug, order in wanted:
            waiting.append((slug, pool.submit(_carry_out_here, order) if order else None))
            if len(waiting) > AHEAD * count:
                yield _done(*waiting.popleft())
        while waiting:
            yield _done(*waiting.popleft())


def _done(slug: str, future: Future[_Done] | None) -> tuple[str, _Done]:
    if future is None:
        return slug, _Done()
    error = future.exception()
    return slug, future.result() if error is None else _Done(error=_said(error))


def _carry_out_here(order: _Order) -> _Done:
    return _carry_out(held(), order)


def _carry_out(store: Store, order: _Order) -> _Done:
    skip_slow_import()
    try:
        worksheets = worksheets_in(order.folder, order.reads, order.prints)
        if not worksheets:
            return _Done(None)
        report = _Report(
            store, order.folder, order.slug, worksheets, order.prints, order.shown, order.told
        )
        pages = report.write(order.force)
        if report.faults:
            return _Done(pages, "; ".join(report.faults))
        note_current(order.folder, order.made_from)
    except Exception as error:  # one report's fault is told, and is no other's
        return _Done(error=_said(error))
    return _Done(pages)


def _said(error: BaseException) -> str:
    name = "" if isinstance(error, PlaybookError) else f"{type(error).__name__}: "
    return " ".join(f"{name}{error}".split())


class _Report:
    """One partnership's report."""

    def __init__(
        self,
        store: Store,
        folder: Path,
        slug: str,
        worksheets: list[Executed],
        prints: RecordFingerprints,
        shown: str,
        told: tuple[str, ...],
    ) -> None:
        self.store, self.folder, self.slug = store, folder, slug
        self.records, self.about = prints.of(EVERYTHING), prints.of(Reads())
        self.shown, self.told = shown, told
        self.worksheets = worksheets
        self.faults: list[str] = []
        """Worksheets that could not be shown, each with the reason; their pages say so."""

    @cached_property
    def facts(self) -> Facts:
        """What the records say; read only when a page has to be written."""
        kinds = {kind for practice in PRACTICES for kind in practice.history}
        heads, histories = self.store.heads(self.slug), self.store.histories(self.slug, kinds)
        return read_facts(self.slug, heads, histories)

    def write(self, force: bool) -> int:
        """Write what has changed; how many pages that was."""
        sweep_parts(self.folder)
        done = [worksheet for worksheet in self.worksheets if worksheet.digest]
        count = sum(
            self._write_worksheet(worksheet, done, place, force)
            for place, worksheet in enumerate(done)
        )
        return count + self._write_index(force)

    def _write_worksheet(
        self, worksheet: Executed, done: list[Executed], place: int, force: bool
    ) -> int:
        around = [link(each) for each in done[max(0, place - 1) : place + 2]]
        stamp = page_stamp(around, worksheet, self.about)
        path = self.folder / worksheet.page
        if not force and stamp_of(path) == stamp:
            return 0
        before = link(done[place - 1]) if place else None
        after = link(done[place + 1]) if place + 1 < len(done) else None
        whose = Whose(self.facts.name, self.facts.invented)
        try:
            html = executed_html(worksheet, read_notebook(worksheet), whose, before, after, stamp)
        except Exception as error:  # this page says what is wrong; the others are written
            why = f"{worksheet.path.name} cannot be shown: {_said(error)}"
            self.faults.append(why)
            words = {"cell_type": "markdown", "metadata": {}, "source": element("p", why)}
            told = {"cells": [words], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
            # With a stamp that fits nothing, it is tried again the next time.
            html = executed_html(worksheet, told, whose, before, after, "")
        write_text(path, html)
        return 1

    def _write_index(self, force: bool) -> int:
        path = self.folder / "index.html"
        made_from = [(s.stem, s.digest, s.failed, s.retired) for s in self.worksheets]
        known = (self.records, self.shown, self.told)
        stamp = digest(made_from, *known, source_hash(), report_hash())
        package = self.folder / f"{self.slug}-data.zip"
        beside = (path, self.folder / "assessment.json", self.folder / FACTS, package)
        if not force and all(file.is_file() for file in beside) and stamp_of(path) == stamp:
            return 0
        assessments = {
            worksheet.stem: assessment
            for worksheet in self.worksheets
            if (assessment := self._assessed(worksheet)) is not None
        }
        made = self._made() | {"source": source_hash(), "fingerprint": stamp}
        export_partnership(self.store, self.slug, package, zipped=True, replace=True, public=True)
        data = {
            "format": "playbook-assessment/1",
            "partnership": self.slug,
            "name": self.facts.name,
            "invented": self.facts.invented,
            "made_from": made,
            "practices": {stem: each.to_json() for stem, each in assessments.items()},
        }
        write_text(
            self.folder / "assessment.json",
            json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n",
        )
        write_text(
            self.folder / FACTS,
            json.dumps(card(self.facts, made, assessments), ensure_ascii=False, indent=1) + "\n",
        )
        values = page_values(self.facts, self.worksheets, assessments, self._picture(assessments))
        html = page(
            "partnership.html.j2",
            **values,
            notice=NOTICE,
            package=package.name,
            made=made,
            stamp=stamp,
        )
        write_text(path, html)
        return 1

    def _assessed(self, worksheet: Executed) -> Assessment | None:
        try:
            return assess_executed(self.facts, worksheet)
        except Exception as error:  # the page then shows no figures of this worksheet
            self.faults.append(f"{worksheet.path.name} cannot be worked out: {_said(error)}")
            return None

    def _picture(self, assessments: Mapping[str, Assessment]) -> dict[str, Any] | None:
        try:
            revisions = self.store.revisions(self.slug)
            return standing_picture(self.facts, self.worksheets, assessments, revisions)
        except Exception as error:  # the page then shows no picture
            self.faults.append(f"The picture of all practices cannot be drawn: {_said(error)}")
            return None

    def _made(self) -> dict[str, str]:
        dates = {
            str(s.made.get("parameters", {}).get("as_of", "")) for s in self.worksheets if s.made
        }
        rounds = {
            str(s.made.get("parameters", {}).get("round", "")) for s in self.worksheets if s.made
        }
        return {
            # Worksheets run for different dates each say their own.
            "as_of": dates.pop() if len(dates) == 1 else "",
            "round": rounds.pop() if len(rounds) == 1 else "",
            "store": self.shown,
            "records": self.records,
            "made": now(),
            "version": __version__,
        }
