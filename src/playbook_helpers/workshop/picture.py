"""What the room sees of a worksheet: what it says, its first chart, and what was written down."""

from __future__ import annotations

from playbook_helpers.core.as_of import resolve_as_of
from playbook_helpers.core.assessment import Context
from playbook_helpers.drawing.html import Markup, element, joined
from playbook_helpers.practices.kinds import SECRET_KINDS, practice_named
from playbook_helpers.practices.views import charts_of
from playbook_helpers.storage.database import Store
from playbook_helpers.worksheet.sections.view import WorksheetView
from playbook_helpers.worksheet.snapshot import Snapshot


def secret_kinds(stem: str) -> list[str]:
    """The kinds of a worksheet whose answers are nobody's."""
    return [type_.kind for type_ in practice_named(stem).record_types if type_.kind in SECRET_KINDS]


def view_of(store: Store, stem: str, slug: str) -> WorksheetView:
    """The sections of a worksheet as the records stand, for all eyes in a room."""
    practice = practice_named(stem)
    held = Snapshot(store, slug, whole=bool(practice.history), reads=practice.reading)
    context = Context(
        slug,
        resolve_as_of(held.record, ""),
        held.record,
        held.partners,
        "",
        held.histories(practice.history),
    )
    return WorksheetView(practice, held.heads, context, "public")


def picture(store: Store, stem: str, slug: str) -> Markup:
    """The picture on the big screen, as HTML in which all that people typed is escaped."""
    view = view_of(store, stem, slug)
    charts = [view.chart(name).html() for name in list(charts_of(view.practice))[:1]]
    kinds = [t.kind for t in view.practice.record_types if t.kind not in SECRET_KINDS]
    written = element("details", element("summary", "What was written down"), view.records(*kinds))
    return element(
        "div", joined(view.findings().html(), *map(Markup, charts), written), class_="playbook"
    )
