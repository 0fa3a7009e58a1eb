"""The pieces a drafted report is made of, and how they are written as Markdown.

A `Link` is a number (or a name) with the record, or records, it rests on. The report ends with one
entry for each record that is linked to, so a printed or mailed report carries its own sources.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~&$^])")
MOST_SOURCES = 30
"""Records that the entry of one number names; of a number that counts more, it tells how many."""
_STARTS = re.compile(r"^([-+=:]|\d+(?=[.)]))")


class Strong(str):
    """Text that stands out."""

    __slots__ = ()


class Link:
    """Text that leads to the records it rests on: one, or all that a number counts."""

    def __init__(self, text: str, *records: str) -> None:
        self.text, self.records = text, records


Piece = str | Link
"""Plain text, or a link; whoever writes it out escapes it."""


class Part:
    """A heading, a paragraph, an item of a list or a quotation, with its pieces."""

    def __init__(self, kind: Literal["heading", "text", "item", "quote"], *pieces: Piece) -> None:
        self.kind, self.pieces = kind, pieces


@dataclass(frozen=True, slots=True)
class Source:
    """What a report says of a record at its end."""

    record: str
    what: str
    mention: str
    source: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One place at the end of the report: a record, or the list of records that a number counts."""

    anchor: str
    sources: tuple[Source, ...]

    @property
    def shown(self) -> tuple[Source, ...]:
        """The records that the entry names; of many, the first."""
        return self.sources[:MOST_SOURCES]

    @property
    def beyond(self) -> str:
        """How many it does not name, in words; empty if it names all."""
        count = len(self.sources) - MOST_SOURCES
        return f"And {count:,} more records." if count > 0 else ""


@dataclass(frozen=True, slots=True)
class Document:
    """A title, parts in order, and what is known of the records linked to."""

    title: str
    parts: tuple[Part, ...]
    sources: Mapping[str, Source] = field(default_factory=dict)

    def markdown(self) -> str:
        """The report as Markdown that any program reads: links, lists, quotations."""
        entries = self.entries()
        said = [f"# {marked(self.title)}", ""]
        for place, part in enumerate(self.parts):
            said.append(_markdown_part(part, entries))
            follows = self.parts[place + 1].kind if place + 1 < len(self.parts) else ""
            if not (part.kind == "item" == follows):
                said.append("")
        if entries:
            said += ["## Where the numbers come from", ""]
            said += [_markdown_entry(n, e) for n, e in enumerate(entries.values(), 1)]
        return "\n".join(said).rstrip() + "\n"

    def entries(self) -> dict[tuple[str, ...], Entry]:
        """Records linked to -> their entry, in the order they are first met."""
        found: dict[tuple[str, ...], Entry] = {}
        taken: set[str] = set()
        for part in self.parts:
            for piece in part.pieces:
                if isinstance(piece, Link) and piece.records not in found:
                    known = tuple(self.sources[r] for r in piece.records if r in self.sources)
                    anchor = _anchor(piece.records)
                    if anchor in taken:
                        anchor += f"-{len(found)}"
                    taken.add(anchor)
                    found[piece.records] = Entry(anchor, known)
        return found


def number_words(value: float) -> str:
    """A number as people write it.

    >>> [number_words(x) for x in (57.0, 81.26, 105580, 38.461538)]
    ['57', '81.3', '105,580', '38.5']
    """
    decimals = 0 if abs(value) >= 1000 else 1 if abs(value) >= 1 else 2
    text = f"{value:,.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def marked(text: str) -> str:
    r"""Text with all that Markdown reads as a sign within a line set apart, on one line.

    >>> marked("a [b](c) <i>\n# d")
    'a \\[b\\](c) \\<i\\> \\# d'
    """
    return _MARKS.sub(r"\\\1", " ".join(text.split()))


def line_start(text: str) -> str:
    r"""A line with what Markdown reads as a sign at its start set apart.

    >>> line_start("1. x"), line_start("- x"), line_start("x - y")
    ('1\\. x', '\\- x', 'x - y')
    """
    return _STARTS.sub(lambda m: f"{m[1]}\\" if m[1].isdigit() else f"\\{m[1]}", text)


def _anchor(records: Sequence[str]) -> str:
    """A link's target: made of the record's id, and of how many more it stands for."""
    plain = re.sub(r"[^A-Za-z0-9-]", "", records[0])
    return f"record-{plain}" if len(records) == 1 else f"records-{len(records)}-{plain}"


def _markdown_part(part: Part, entries: Mapping[tuple[str, ...], Entry]) -> str:
    inner = "".join(_markdown_piece(piece, entries) for piece in part.pieces)
    signs = {"heading": "## ", "item": "- ", "quote": "> ", "text": ""}
    return signs[part.kind] + line_start(inner.strip())


def _markdown_piece(piece: Piece, entries: Mapping[tuple[str, ...], Entry]) -> str:
    if isinstance(piece, Link):
        return f"[{marked(piece.text)}](#{entries[piece.records].anchor})"
    lead = " " if piece[:1].isspace() else ""
    trail = " " if piece[-1:].isspace() and piece.strip() else ""
    shown = f"**{marked(piece)}**" if isinstance(piece, Strong) else marked(piece)
    return f"{lead}{shown}{trail}"


def _markdown_entry(place: int, entry: Entry) -> str:
    told = "; ".join(
        f"{marked(s.what)}: {marked(s.mention)}."
        f"{' ' + marked(s.source) if s.source else ''} Record {marked(s.record)}"
        for s in entry.shown
    )
    told += f" {entry.beyond}" if entry.beyond else ""
    return f'{place}. <a id="{entry.anchor}"></a>{told}'
