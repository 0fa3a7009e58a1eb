"""The face a notebook sees: one practice's worksheet for one partnership.

A notebook's cells stay a line long each: `ws.form()`, `ws.findings()`, `ws.chart("progress")`.
In a live notebook all that they show is drawn from the store at the moment it is shown, and drawn
again after every save, so that a group sees the picture change. A document shows one state from
its first cell to its last: the records are read once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from playbook_helpers.core.as_of import resolve_as_of
from playbook_helpers.core.assessment import Assessment, Context, Head, Severity, current, of_type
from playbook_helpers.core.errors import NotFound
from playbook_helpers.core.parameters import check_round, check_store, parameter_text
from playbook_helpers.core.partnership import Decision, Partner
from playbook_helpers.core.practice import Practice
from playbook_helpers.core.revisions import Revision, from_json, unerased
from playbook_helpers.core.slugs import ALLOWED, check_slug
from playbook_helpers.drawing.controls import live
from playbook_helpers.drawing.display import Html, Shown, display_mode, images_wanted
from playbook_helpers.drawing.html import Markup, element, joined
from playbook_helpers.drawing.tables import styled
from playbook_helpers.practices.communication.records import Scope
from playbook_helpers.practices.kinds import is_pseudonymous, practice_named, record_type
from playbook_helpers.practices.trust import closed_rounds
from playbook_helpers.worksheet.notebooks import cells_run, refuse_unknown
from playbook_helpers.worksheet.rounds import Rounds
from playbook_helpers.worksheet.sections.answers import slot
from playbook_helpers.worksheet.sections.view import WorksheetView, first_case
from playbook_helpers.worksheet.snapshot import Snapshot
from playbook_helpers.worksheet.stores import open_worksheet_store


class Worksheet:
    """One practice's worksheet for one partnership, as of one date.

    `partnership` is its short name (slug); `store` a store's address, empty for the default;
    `as_of` a date (2027-03-31, 2027-03 or 2027), empty for the partnership's own (its
    `facts_until`, else today); `round` a free label of the round, shown on the page. Beside their
    HTML, charts carry SVG, and with `images` "png" PNG and PDF as well, which nbconvert takes into
    LaTeX. Raises InputError for values of the wrong form, and for parameters given by papermill
    that the notebook has not; NotFound, listing what there is, for an unknown practice or
    partnership.
    """

    def __init__(
        self,
        practice: str,
        partnership: str | int,
        *,
        store: str = "",
        as_of: str | int | date = "",
        round: str | int = "",  # noqa: A002 - the word people know it by
        images: str = "",
    ) -> None:
        refuse_unknown(cells_run())
        self.practice = self._practice(practice)
        self.slug = check_slug(parameter_text("partnership", partnership, ALLOWED))
        self.round = check_round(round)
        self._images = images_wanted(images)
        self._store = open_worksheet_store(check_store(store))
        self._snapshot = self._read()
        if not self._snapshot.heads:
            self._check_known()
        self.record = self._snapshot.record
        self.as_of = resolve_as_of(self.record, as_of)
        self._listeners: list[Callable[[], None]] = []
        self._drawing = False
        self._form_stands = False
        self._given: Counter[tuple[str, str]] = Counter()
        """How many answers that are nobody's came by this worksheet's form, by kind and round."""
        self._rounds = Rounds(self._store)

    def __repr__(self) -> str:
        counts = self.assess().counts
        told = ", ".join(f"{n:,} of {kind}" for kind, n in counts.items()) or "no records"
        stem, day = self.practice.stem, self.as_of.isoformat()
        return f"<Worksheet {stem!r} of {self.slug!r} as of {day}: {told}>"

    def _repr_html_(self) -> str:
        return styled(self._title_html())

    @property
    def name(self) -> str:
        """The partnership's name, or its short name where none is written down."""
        return self.record.name if self.record else self.slug

    def snapshot(self) -> Snapshot:
        """The records as they stand: in a document those first read, else read anew now."""
        if display_mode() == "live" and not self._drawing:
            self._snapshot = self._read()
        return self._snapshot

    def heads(self) -> list[Head]:
        """The heads that this worksheet reads, of its own practice and of others."""
        return self.snapshot().heads

    def context(self, heads: list[Head] | None = None) -> Context:
        """What the assessment may know besides the records."""
        held = self.snapshot() if heads is None else self._snapshot
        if heads is not None and heads is not held.heads:
            partners = tuple(partner for _, partner in of_type(current(heads), Partner))
            return self._context(partners, held)
        if held.context is None:
            held.context = self._context(held.partners, held)
        return held.context

    def picture(self) -> WorksheetView:
        """The sections of the worksheet, of the records as they stand."""
        with self._one_reading() as held:
            scope: Scope = "inside" if display_mode() == "live" else "public"
            if held.picture is None or held.picture.scope != scope:
                held.picture = self._make_view(held, scope)
            return held.picture

    def assess(self) -> Assessment:
        """The assessment of the records."""
        return self.picture().assessment

    # What cells show -------------------------------------------------------------------------

    def title(self) -> Shown | None:
        """Whose worksheet this is, as of when, and whether the partnership is invented.

        Nothing on the site, where the reader's own form comes first: see `example`.
        """
        if display_mode() == "site":
            return None
        return self._shown(lambda: Html(self._title_html(), self.name))

    def example(self, *kinds: str) -> Html | None:
        """On the site, whose example the rest of the page shows, and what they wrote down.

        Nothing anywhere else: there, title and form are those of the partnership itself.
        """
        if display_mode() != "site":
            return None
        view = self.picture()
        summary = element("summary", f"What {self.name} wrote down")
        html = joined(
            view.title("Worked example: "),
            view.beginning(),
            element("details", summary, view.records(*kinds), class_="pb-more"),
        )
        return Html(slot(html, ("title",)), f"Worked example: {self.name}")

    def form(self, *kinds: str) -> Any:
        """The form: live in a notebook, the reader's own on the site, tables in a document."""
        mode = display_mode()
        if mode == "live":
            return self._live_form(kinds)
        if mode == "site":
            return Html(self._site_form(kinds), "The form")
        return self._shown(lambda: Html(self.picture().records(*kinds)))

    def table(self, kind: str, *names: str) -> Shown:
        """The records of one kind, with all answered fields or only those named."""
        return self._shown(lambda: self._table(kind, names), ("table", kind, *names))

    def decisions(self) -> Shown:
        """What was decided at this worksheet; the last part of the form takes more."""
        return self._part("decisions")

    def rows(self, part: str, *names: str, caption: str = "") -> Shown:
        """A table of the assessment's rows named `part`."""
        return self._part("rows", part, names, caption)

    def measures(self) -> Shown:
        """The measures, each with what it rests on."""
        return self._part("measures")

    def findings(self, only: tuple[Severity, ...] = ()) -> Shown:
        """What the records say, most serious first, each with a next step."""
        return self._part("findings", only)

    def chart(self, name: str, **choice: str) -> Shown:
        """The chart or charts of that name; `choice` picks one, such as goal="Readiness"."""
        return self._part("chart", name, **choice)

    def calendar(self) -> Shown:
        """A link to the calendar file: when each message and meeting comes round again."""
        return self._part("calendar")

    def progress_report(self, period: str = "", scope: Scope | None = None) -> Shown:
        """The drafted progress report, each number linked to its record, and links to keep it.

        `period` names one of the progress reports, the latest if empty. `scope` narrows whom it
        is for; a document may travel, so without it only what the public may see goes in there.
        """
        return self._part("progress_report", period, scope)

    def page(self, name: str, **choice: str) -> Shown:
        """The page of that name to print and put up, such as "celebration"."""
        return self._part("page", name, **choice)

    def what_if(self, name: str) -> Any:
        """A what-if: controls in a live notebook, its starting case in a document."""
        with self._one_reading():
            chosen = self.picture().what_if(name)
        if display_mode() == "live" and not isinstance(chosen, Html):
            return live(chosen)
        shown = chosen if isinstance(chosen, Html) else first_case(chosen, self._images)
        return self._shown(lambda: shown, ("what_if", name))

    # ------------------------------------------------------------------------------------------

    def _read(self) -> Snapshot:
        whole = bool(self.practice.history)
        return Snapshot(self._store, self.slug, whole=whole, reads=self.practice.reading)

    @contextmanager
    def _one_reading(self) -> Iterator[Snapshot]:
        """Within the block the store is read at most once, whatever is asked for."""
        outer, held = self._drawing, self.snapshot()
        self._drawing = True
        try:
            yield held
        finally:
            self._drawing = outer

    def _check_known(self) -> None:
        known = self._store.partnerships()
        if self.slug not in known:
            raise NotFound(
                "There is no partnership of that name in the store",
                value=self.slug,
                allowed=", ".join(known) or "none yet: import one, or make one with `playbook new`",
            )

    def _context(self, partners: tuple[Partner, ...], held: Snapshot) -> Context:
        history = held.histories(self.practice.history)
        return Context(self.slug, self.as_of, self.record, partners, self.round, history)

    def _make_view(self, held: Snapshot, scope: Scope) -> WorksheetView:
        return WorksheetView(
            self.practice, held.heads, self.context(held.heads), scope, self._images
        )

    def _part(self, name: str, *args: Any, **choice: str) -> Shown:
        """The section of that name; on the site a reader's own can be drawn in its place."""
        draw = lambda: getattr(self.picture(), name)(*args, **choice)  # noqa: E731
        return self._shown(draw, (name, *args), choice)

    def _shown(
        self,
        draw: Callable[[], Any],
        part: Sequence[Any] = (),
        choice: Mapping[str, str] | None = None,
    ) -> Shown:
        def from_one_reading() -> Any:
            with self._one_reading():
                drawn = draw()
            if part and display_mode() == "site":
                image = getattr(drawn, "image", None)  # for `figure`
                return Html(slot(drawn.html(), part, choice), drawn.text(), image)
            return drawn

        return Shown(from_one_reading, self._listeners)

    def _practice(self, stem: str) -> Practice:
        return practice_named(stem)

    def _title_html(self) -> Markup:
        view = self.picture()
        return joined(view.title(), view.beginning())

    def _site_form(self, kinds: tuple[str, ...]) -> Markup:
        """The reader's own form, once on a page and whole, so that they give their partnership's
        name once; after that, what the example wrote down, one click away."""
        from playbook_helpers.worksheet.forms.page import form_html

        if not self._form_stands:
            self._form_stands = True
            return form_html(self.practice.stem)
        words = "Add yours in the form further up on this page."
        summary = element("summary", f"What {self.name} wrote down")
        records = element("details", summary, self.picture().records(*kinds), class_="pb-more")
        return joined(element("p", words, class_="pb-facts"), slot(records, ("records", *kinds)))

    def _table(self, kind: str, names: tuple[str, ...] = ()) -> Html:
        read = self.practice.reading.has(record_type(kind).practice, kind)
        heads = None if read else self._store.heads(self.slug, kind=kind)
        return self.picture().table(kind, names, heads)

    def _live_form(self, kinds: tuple[str, ...]) -> Any:
        from playbook_helpers.worksheet.forms import form_description
        from playbook_helpers.worksheet.forms.widget import FormView

        return FormView(
            form_description(self.practice.stem, kinds),
            partnership=self.slug,
            revisions=[
                r.to_json() for r in self._on_form(unerased(self._store.revisions(self.slug)))
            ],
            known=self._known(),
            on_save=self.save,
        )

    def _on_form(self, revisions: list[Revision]) -> list[Revision]:
        """The revisions that the form holds: the practice's own, and decisions taken here."""
        stem = self.practice.stem
        decided = {
            r.record
            for r in revisions
            if r.kind == Decision.kind and r.payload.get("worksheet") == stem
        }
        return [
            r
            for r in revisions
            if (r.practice == stem or r.record in decided) and not is_pseudonymous(r.kind)
        ]

    def _known(self) -> dict[str, list[str]]:
        """Kind -> the names that references to it can choose from."""
        names: dict[str, list[str]] = {}
        for head in current(self._store.heads(self.slug)):
            if head.value is not None and head.value.key:
                names.setdefault(head.kind, []).append(str(head.payload[head.value.key[0]]))
        return {kind: sorted(set(values)) for kind, values in names.items()}

    def save(self, data: Mapping[str, Any]) -> Sequence[tuple[str, str]] | None:
        """Commit one revision that the form has checked; then draw again what cells show.

        Gives what is wrong with it in place of that where a round takes no more answers. Nothing
        is drawn again after a pseudonymous one, since what it changed would tell what it says,
        unless it was the last one, which closed its round.
        """
        revision = from_json(data)
        given = (revision.kind, str(revision.payload.get("round")))
        if problems := self._rounds.faults(revision, self._given[given]):
            return problems
        self._store.append([revision])
        if is_pseudonymous(revision.kind):
            self._given[given] += 1
            if given[1] not in closed_rounds(self._store.heads(self.slug, practice="trust")):
                return None
        self._snapshot = self._read()
        with self._one_reading():
            for redraw in self._listeners:
                redraw()
        return None
