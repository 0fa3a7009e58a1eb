"""Records as a reader sees them in a document: a table where they are short, cards where not.

A goal has twenty fields; twenty columns can be read by nobody. So a kind of record with a few
short answers becomes a table, and any other becomes one card for each record. Sources stand
beneath, each once, with its number beside the rows that rest on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from playbook_helpers.core.errors import NotFound
from playbook_helpers.core.partial_dates import spoken
from playbook_helpers.core.records import FieldSpec, Record, fields_of
from playbook_helpers.drawing.tables import MOST_ROWS, Column, Table, beyond_words, number

MOST_COLUMNS = 6
MOST_CARDS = 40
"""Cards of one kind on a page: a reader can look through some forty, and nobody reads hundreds."""
SOURCE_FIELDS = ("source", "evidence")
SOURCE = "pb_source"


class RecordList:
    """The records of one kind, ready to show."""

    def __init__(
        self, type_: type[Record], records: Sequence[Record], names: Sequence[str] = ()
    ) -> None:
        self._type = type_
        self._records = tuple(records)
        specs = {spec.name: spec for spec in fields_of(type_)}
        unknown = [name for name in names if name not in specs]
        if unknown:
            raise NotFound("There is no such field", value=unknown[0], allowed=", ".join(specs))
        answered = {name for record in records for name in record.payload()}
        shown = [specs[n] for n in (names or specs) if n in answered or n in names]
        told = (s.name for s in shown if s.name in SOURCE_FIELDS and s.type == "long")
        self._source = "" if names else next(told, "")
        self._specs = tuple(spec for spec in shown if spec.name != self._source)
        self._sources = self._distinct_sources()

    def _distinct_sources(self) -> dict[str, int]:
        texts = (getattr(record, self._source, None) for record in self._records)
        return {text: i for i, text in enumerate(dict.fromkeys(t for t in texts if t), start=1)}

    def html(self) -> str:
        """The records as escaped HTML."""
        if not self._records:
            return Table(self._type.plural, (), ()).html()
        if self._type.pseudonymous or self._type.withheld:
            return self._count().html()
        long = any(spec.type == "long" for spec in self._specs)
        if not long and len(self._specs) <= MOST_COLUMNS:
            return self._table().html() + self._source_list(MOST_ROWS)
        title = f'<p class="pb-kind">{escape(self._type.plural)}</p>'
        cards = "".join(map(self._card, self._records[:MOST_CARDS]))
        if (beyond := len(self._records) - MOST_CARDS) > 0:
            cards += f'<p class="pb-facts">{beyond_words(beyond, "record", "records")}</p>'
        return title + cards + self._source_list(MOST_CARDS)

    def text(self) -> str:
        """The records as plain text, one to a line."""
        secret = self._type.pseudonymous or bool(self._type.withheld)
        shown = () if secret else self._records[:MOST_ROWS]
        lines = [record.mention() for record in shown]
        if len(self._records) > MOST_ROWS:
            lines.append(beyond_words(len(self._records) - MOST_ROWS, "record", "records"))
        if secret and self._records:
            return self._count().text()
        return "\n".join([self._type.plural, *(lines or ["nothing written down yet"])])

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        from playbook_helpers.drawing.tables import styled

        return {"text/html": styled(self.html()), "text/plain": self.text()}

    def _count(self) -> Table:
        """How many there are, for kinds whose single records are nobody's to see."""
        if self._type.pseudonymous:
            caption, words = f"{self._type.plural}: nobody sees single ones", "Came in"
        else:
            caption = f"{self._type.plural}: single lines are not shown, {self._type.withheld}"
            words = "Written down"
        column = Column("there", words, align="right")
        return Table(caption, (column,), ({"there": len(self._records)},))

    def _table(self) -> Table:
        columns = [Column(spec.name, label(spec), format="text") for spec in self._specs]
        if self._sources:
            columns.append(Column(SOURCE, "Source", format="text"))
        rows = tuple(
            {
                **{spec.name: _cell(spec, record) for spec in self._specs},
                SOURCE: self._mark(record) or "–",
            }
            for record in self._records
        )
        return Table(self._type.plural, tuple(columns), rows)

    def _mark(self, record: Record) -> str:
        text = getattr(record, self._source, None) if self._source else None
        return f"[{self._sources[text]}]" if text else ""

    def _card(self, record: Record) -> str:
        key = self._type.key or self._type.summary
        specs = {spec.name: spec for spec in fields_of(self._type)}
        name = ", ".join(text for n in key if (text := answer(specs[n], record)))
        lead = [
            spec
            for spec in self._specs
            if spec.name not in key and spec.type == "long" and spec.required
        ]
        rest = [
            (spec, text)
            for spec in self._specs
            if spec not in lead and spec.name not in key and (text := answer(spec, record))
        ]
        mark = self._mark(record)
        parts = [f'<p class="pb-card-title">{escape(name)}{f" {mark}" if mark else ""}</p>']
        parts += [f'<p class="pb-card-lead">{_lines(answer(spec, record))}</p>' for spec in lead]
        if rest:
            pairs = "".join(
                f"<div{' class=pb-wide' if spec.type == 'long' else ''}>"
                f"<dt>{escape(label(spec))}</dt><dd>{_lines(text)}</dd></div>"
                for spec, text in rest
            )
            parts.append(f"<dl>{pairs}</dl>")
        return f'<div class="pb-card">{"".join(parts)}</div>'

    def _source_list(self, records: int) -> str:
        """The sources that the first so many records name; they are numbered in that order."""
        named = {getattr(r, self._source) for r in self._records[:records]} if self._source else ()
        items = "".join(f"<li>{_lines(text)}</li>" for text in self._sources if text in named)
        if not items:
            return ""
        return f'<p class="pb-source">Where this comes from:</p><ol class="pb-sources">{items}</ol>'


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


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")
