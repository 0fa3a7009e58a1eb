"""The overview worksheet: the face a notebook sees of one partnership over all practices.

Its cells are a line long each, like those of every worksheet: `ws.next()`, `ws.measures()`,
`ws.findings()`, `ws.gaps()`, `ws.form()`.
"""

from __future__ import annotations

from datetime import date

from playbook_helpers.core.partnership import OVERVIEW, Decision
from playbook_helpers.core.practice import Practice
from playbook_helpers.core.revisions import Revision
from playbook_helpers.drawing.display import Shown
from playbook_helpers.practices.communication.records import Scope
from playbook_helpers.practices.overview import PRACTICE, Overview
from playbook_helpers.worksheet.sections.overview import OverviewView
from playbook_helpers.worksheet.sections.view import WorksheetView
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

    def overview(self) -> Overview:
        """The overview of the records."""
        picture = self.picture()
        assert isinstance(picture, OverviewView)
        return picture.view

    # What cells show -------------------------------------------------------------------------

    def next(self) -> Shown:
        """The next five things to do, each with who and by when, and where it comes from."""
        return self._part("next")

    def gaps(self) -> Shown:
        """What has not been filled in, and when each practice was last touched."""
        return self._part("gaps")

    # ------------------------------------------------------------------------------------------

    def _read(self) -> Snapshot:
        return Snapshot(self._store, self.slug, whole=True)

    def _practice(self, stem: str) -> Practice:
        return PRACTICE

    def _make_view(self, held: Snapshot, scope: Scope) -> WorksheetView:
        context = self.context(held.heads)
        return OverviewView(self.practice, held.heads, context, scope, self._images, held.revisions)

    def _on_form(self, revisions: list[Revision]) -> list[Revision]:
        """All decisions: here is where a group goes through what it decided anywhere."""
        return [r for r in revisions if r.kind == Decision.kind]
