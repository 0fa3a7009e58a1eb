"""The overview worksheet: the face a notebook sees of one partnership over all practices.

Its cells are a line long each, like those of every worksheet: `ws.next()`, `ws.measures()`,
`ws.findings()`, `ws.gaps()`, `ws.form()`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from playbook_helpers.core.assessment import Assessment, Severity
from playbook_helpers.core.partnership import OVERVIEW, Decision
from playbook_helpers.core.practice import Practice
from playbook_helpers.core.revisions import Revision
from playbook_helpers.drawing.display import Html, Shown
from playbook_helpers.practices.overview import (
    PRACTICE,
    Overview,
    take_overview,
)
from playbook_helpers.worksheet.sections.decisions import decided
from playbook_helpers.worksheet.sections.overview import (
    changes_html,
    gaps_html,
    next_html,
    nothing_yet,
)
from playbook_helpers.worksheet.sections.results import Findings, findings_html
from playbook_helpers.worksheet.snapshot import Snapshot
from playbook_helpers.worksheet.worksheet import Worksheet


class OverviewWorksheet(Worksheet):
    """The overview of one partnership, as of one date; parameters as those of `Worksheet`.

    Changes are told since each practice's last round: the last day of decisions at its worksheet
    at least four weeks before `as_of`, else the day a year before.
    """

    def __init__(
        self,
        partnership: str,
        *,
        store: str = "",
        as_of: str | date = "",
        round: str = "",  # noqa: A002 - the word people know it by
    ) -> None:
        super().__init__(OVERVIEW, partnership, store=store, as_of=as_of, round=round)
        self._taken: tuple[Snapshot, Overview] | None = None

    def overview(self) -> Overview:
        """The overview of the records."""
        with self._one_reading() as held:
            if self._taken is None or self._taken[0] is not held:
                taken = take_overview(held.heads, held.revisions, self.context(held.heads))
                self._taken = (held, taken)
            return self._taken[1]

    def assess(self) -> Assessment:
        """The findings of all practices, each beginning with the practice's title."""
        view = self.overview()
        titles = {s.stem: s.practice.title for s in view.standings} | {
            OVERVIEW: "The partnership itself"
        }
        findings = tuple(
            replace(f.finding, sentence=f"{titles[f.practice]}. {f.finding.sentence}")
            for f in view.findings
        )
        return Assessment(OVERVIEW, self.slug, self.as_of, findings=findings)

    # What cells show -------------------------------------------------------------------------

    def next(self) -> Shown:
        """The next five things to do, each with who and by when, and where it comes from."""
        return self._shown(lambda: next_html(self.overview()))

    def measures(self) -> Shown:
        """Each practice's few measures, and what has changed in them."""
        return self._shown(lambda: changes_html(self.overview()))

    def findings(self, only: tuple[Severity, ...] = ()) -> Shown:
        """What the records say over all practices: the serious first, then the easy."""
        return self._shown(lambda: self._found(only))

    def gaps(self) -> Shown:
        """What has not been filled in, and when each practice was last touched."""
        return self._shown(lambda: gaps_html(self.overview()))

    def decisions(self) -> Shown:
        """What was decided, at whichever worksheet."""
        return self._shown(lambda: decided(self.heads()))

    # ------------------------------------------------------------------------------------------

    def _records_html(self, kinds: tuple[str, ...]) -> str:
        return decided(self.heads()).html()

    def _read(self) -> Snapshot:
        return Snapshot(self._store, self.slug, whole=True)

    def _beginning_html(self) -> str:
        return ""  # the next things to do stand right below it

    def _practice(self, stem: str) -> Practice:
        return PRACTICE

    def _found(self, only: tuple[Severity, ...]) -> Findings | Html:
        if all(standing.empty for standing in self.overview().standings):
            return nothing_yet()
        return findings_html(self.assess(), only)

    def _on_form(self, revisions: list[Revision]) -> list[Revision]:
        """All decisions: here is where a group goes through what it decided anywhere."""
        return [r for r in revisions if r.kind == Decision.kind]
