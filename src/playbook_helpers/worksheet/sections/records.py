"""Records as a reader sees them in a document: a table where they are short, cards where not.

A goal has twenty fields; twenty columns can be read by nobody. So a kind of record with a few
short answers becomes a table, and any other becomes one card for each record. Sources stand
beneath, each once, with its number beside the rows that rest on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from playbook_helpers.core.errors import NotFound
from playbook_helpers.core.partial_dates import spoken
from playbook_helpers.core.records import FieldSpec, Record, fields_of
from playbook_helpers.drawing.display import Html
from playbook_helpers.drawing.html import Markup, element, in_lines, joined
from playbook_helpers.drawing.tables import (
    MOST_ROWS,
    NOTHING,
    Column,
    Table,
    beyond_words,
    number,
)

MOST_COLUMNS = 6
MOST_CARDS = 40
"""Cards of one kind on a page: a reader can look through some forty, and nobody reads hundreds."""
SOURCE_FIELDS = ("source", "evidence")
SOURCE = "pb_source"
_NOUN = ("record", "records")


def record_list(type_: type[Record], records: Sequence[Record], names: Sequence[str] = ()) -> Html:
    """The records of one kind, with all answered fields or only those named.

    Raises NotFound for a field that the kind does not have.
    """
    specs = {spec.name: spec for spec in fields_of(type_)}
    unknown = [name for name in names if name not in specs]
    if unknown:
        raise NotFound("There is no such field", value=unknown[0], allowed=", ".join(specs))
    if not records:
        return _as_html(Table(type_.plural, (), ()))
    if type_.pseudonymous or type_.withheld:
        return _as_html(_count(type_, len(records)))
    answered = {name for record in records for name in record.payload()}
    shown = [specs[n] for n in (names or specs) if n in answered or n in names]
    sources = _Sources("", {})
    if not names:
        sources = _sources(shown, records)
        shown = [spec for spec in shown if spec.name != sources.field]
    if len(shown) <= MOST_COLUMNS and not any(spec.type == "long" for spec in shown):
        listed = _table(type_, shown, records, sources).html()
        html = joined(listed, sources.html(records[:MOST_ROWS]))
    else:
        html = joined(
            element("p", type_.plural, class_="pb-kind"),
            (_card(type_, shown, record, sources) for record in records[:MOST_CARDS]),
            _beyond(len(records) - MOST_CARDS),
            sources.html(records[:MOST_CARDS]),
        )
    said = [type_.plural, *(record.mention() for record in records[:MOST_ROWS])]
    if len(records) > MOST_ROWS:
        said.append(beyond_words(len(records) - MOST_ROWS, *_NOUN))
    return Html(html, "\n".join(said))


def _as_html(table: Table) -> Html:
    return Html(table.html(), table.text())


def _beyond(count: int) -> Markup | None:
    return element("p", beyond_words(count, *_NOUN), class_="pb-facts") if count > 0 else None


def _count(type_: type[Record], count: int) -> Table:
    """How many there are, for kinds whose single records are nobody's to see."""
    if type_.pseudonymous:
        caption, words = f"{type_.plural}: nobody sees single ones", "Came in"
    else:
        caption = f"{type_.plural}: single lines are not shown, {type_.withheld}"
        words = "Written down"
    return Table(caption, (Column("there", words, align="right"),), ({"there": count},))


@dataclass(frozen=True, slots=True)
class _Sources:
    """The field in which records name their sources, and each source's number."""

    field: str
    numbers: Mapping[str, int]

    def mark(self, record: Record) -> str:
        """The number beside what a record says; empty where it names no source."""
        text = getattr(record, self.field, None) if self.field else None
        return f"[{self.numbers[text]}]" if text else ""

    def html(self, records: Sequence[Record]) -> Markup | None:
        """The sources that these records name; they are the first of all, in that order."""
        named = {getattr(record, self.field) for record in records} if self.field else ()
        items = [element("li", in_lines(text)) for text in self.numbers if text in named]
        if not items:
            return None
        return joined(
            element("p", "Where this comes from:", class_="pb-source"),
            element("ol", items, class_="pb-sources"),
        )


def _sources(specs: Sequence[FieldSpec], records: Sequence[Record]) -> _Sources:
    told = (s.name for s in specs if s.name in SOURCE_FIELDS and s.type == "long")
    name = next(told, "")
    texts = dict.fromkeys(text for r in records if (text := getattr(r, name, None)))
    return _Sources(name, {text: number_ for number_, text in enumerate(texts, start=1)})


def _table(
    type_: type[Record], specs: Sequence[FieldSpec], records: Sequence[Record], sources: _Sources
) -> Table:
    columns = [Column(spec.name, label(spec), format="text") for spec in specs]
    if sources.numbers:
        columns.append(Column(SOURCE, "Source", format="text"))
    rows = tuple(
        {
            **{spec.name: _cell(spec, record) for spec in specs},
            SOURCE: sources.mark(record) or NOTHING,
        }
        for record in records
    )
    return Table(type_.plural, tuple(columns), rows)


def _card(
    type_: type[Record], specs: Sequence[FieldSpec], record: Record, sources: _Sources
) -> Markup:
    key = type_.key or type_.summary
    every = {spec.name: spec for spec in fields_of(type_)}
    name = ", ".join(text for n in key if (text := answer(every[n], record)))
    told = [(spec, text) for spec in specs if (text := answer(spec, record))]
    told = [(spec, text) for spec, text in told if spec.name not in key]
    lead = [text for spec, text in told if spec.type == "long" and spec.required]
    rest = [
        element(
            "div",
            element("dt", label(spec)),
            element("dd", in_lines(text)),
            class_="pb-wide" if spec.type == "long" else None,
        )
        for spec, text in told
        if not (spec.type == "long" and spec.required)
    ]
    return element(
        "div",
        element("p", f"{name} {sources.mark(record)}".rstrip(), class_="pb-card-title"),
        (element("p", in_lines(text), class_="pb-card-lead") for text in lead),
        element("dl", rest) if rest else None,
        class_="pb-card",
    )


def label(spec: FieldSpec) -> str:
    """A field's label as a heading: without its question mark and the words in brackets."""
    return spec.entry.label.split(" (")[0].rstrip("?")


def answer(spec: FieldSpec, record: Record) -> str:
    """One answer in words; empty where there is none. A "no" by default says nothing."""
    value = getattr(record, spec.name)
    if value is None or value is False:
        return ""
    if value is True:
        return "Yes"
    if spec.type == "choice":
        return spec.entry.choices[value].split(":")[0]
    if spec.type == "when":
        return spoken(value)
    if isinstance(value, int | float):
        return number(value)
    return str(value)


def _cell(spec: FieldSpec, record: Record) -> str:
    """One answer in a table, where an empty cell would say that it is not known."""
    return "No" if getattr(record, spec.name) is False else answer(spec, record)
