"""Record types: what a group can write down, described once for forms, files, checks and docs.

A record type is a pydantic model whose fields carry an `Entry`: the label, help and example that
a person sees. Forms, CSV headings, the paper worksheet and the field reference are all drawn from
it, so they cannot drift apart. The set of field types is closed: short text, long text, number,
whole number, day, when (day, month or year), yes/no, choice and reference to another record.
"""

from __future__ import annotations

import re
import types
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Annotated, Any, ClassVar, Literal, TypeVar, Union, get_args, get_origin

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    FiniteFloat,
    model_validator,
)
from pydantic.fields import FieldInfo

from playbook_helpers.core.bidi import refuse_turning
from playbook_helpers.core.partial_dates import check_when
from playbook_helpers.core.text import folded

FieldType = Literal[
    "text", "long", "number", "whole", "date", "when", "yesno", "choice", "reference"
]

SHORT, LONG = 200, 5000
GREATEST, LEAST = 1e15, 1e-9
"""Numbers lie between -GREATEST and GREATEST and are no closer to 0 than LEAST, if not 0: what is
worked out of them can then neither run over nor lose its digits."""


def _clean(text: str, limit: int) -> str:
    if len(text) <= limit and text.isprintable():  # nearly always, and no control character then
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    bad = re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]", text)
    if bad:
        raise ValueError(f"holds a control character ({bad.group()!r}); type it again without it")
    refuse_turning(text)
    if len(text) > limit:
        raise ValueError(f"is {len(text):,} characters long; at most {limit:,} are allowed")
    return text


def _is_empty(value: object) -> bool:
    return value is None or (isinstance(value, str) and (not value or value.isspace()))


def _short(text: str) -> str:
    return _clean(" ".join(text.split()), SHORT)


def _long(text: str) -> str:
    return _clean(text, LONG)


def _filled(text: str) -> str:
    if not text:
        raise ValueError("is empty; it needs an answer")
    return text


Short = Annotated[str, AfterValidator(_short), AfterValidator(_filled)]
"""One line of text, up to 200 characters."""
Long = Annotated[str, AfterValidator(_long), AfterValidator(_filled)]
"""Several lines of text, up to 5,000 characters."""


def in_bounds(number: float) -> bool:
    """Whether a number is of a size that things in the world have.

    >>> in_bounds(8_200_000_000), in_bounds(0), in_bounds(1e308), in_bounds(-5e-324)
    (True, True, False, False)
    """
    return number == 0 or LEAST <= abs(number) <= GREATEST


_N = TypeVar("_N", int, float)


def _sized(number: _N) -> _N:
    if not in_bounds(number):
        raise ValueError(f"cannot be {number:g}: numbers go from -1e15 to 1e15 (not below 1e-9)")
    return number


Number = Annotated[FiniteFloat, AfterValidator(_sized)]
"""A number of a size that things in the world have; neither infinite nor NaN."""
Whole = Annotated[int, AfterValidator(_sized)]
"""A whole number of such a size."""


@dataclass(frozen=True, slots=True)
class Entry:
    """How one field meets a person: the words on the form, and where its values come from.

    `choices` maps each stored value to the words shown for it. `refers_to` names the kind of
    record whose key this field holds. `aliases` are other headings met in people's spreadsheets,
    and `earlier` the words that were once shown for a choice: files that hold them are still read.
    """

    label: str
    help: str = ""
    example: str = ""
    unit: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    refers_to: str = ""
    aliases: tuple[str, ...] = ()
    earlier: Mapping[str, str] = field(default_factory=dict)
    ends: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """A gap in a sentence: the words below it, and what is said while it is empty.

    `fallback` stands in the sentence that is kept; `missing` says what is not known yet, unless one
    of the fields in `or_in` says it. `choices` word the field's own choices as the sentence has
    them, and `reads` is what a reader of sentences calls it.
    """

    label: str
    missing: str = ""
    fallback: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    reads: str = ""
    or_in: tuple[str, ...] = ()
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """A record as one sentence with gaps, as a group says it aloud.

    Parts of `template` are divided by `|`; one whose gaps are all empty is left out. The sentence
    is kept in the field `text`. `now` are the other fields to ask at once; the rest can wait.
    `hope` is the answer to which no gap applies, nor the fields in `hidden`. A number typed with
    a percent sign answers the field `percent`. `way` names which way it goes (`up`, `down`), from
    what and to what: if they do not fit together, that is asked about. `reads` is what the page's
    engine is asked to do with a whole sentence.
    """

    template: str
    gaps: Mapping[str, Gap]
    text: str
    now: tuple[str, ...]
    hope: tuple[str, str]
    hidden: tuple[str, ...]
    percent: str
    way: tuple[str, str, str]
    reads: str


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of a record type, worked out from its annotation."""

    name: str
    type: FieldType
    entry: Entry
    required: bool
    low: float | None = None
    high: float | None = None
    max_length: int | None = None
    above: float | None = None
    """Where set, the value must be greater than this."""


class Record(BaseModel):
    """Base of every record type. Subclasses set the class variables and annotate their fields.

    An empty text in an optional field means "not answered"; unknown fields are refused.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    kind: ClassVar[str]
    practice: ClassVar[str]
    title: ClassVar[str]
    plural: ClassVar[str]
    intro: ClassVar[str] = ""
    key: ClassVar[tuple[str, ...]] = ()
    """The fields that together tell one record of this kind from another."""
    summary: ClassVar[tuple[str, ...]] = ()
    """The fields that a one-line mention of the record shows."""
    schema_version: ClassVar[int] = 1
    pseudonymous: ClassVar[bool] = False
    """Whether its revisions carry no author, no time of day and no id that tells their order."""
    closes: ClassVar[str] = ""
    """The pseudonymous kind whose round a record of this kind closes for good; empty: none."""
    counts: ClassVar[str] = ""
    """The pseudonymous kind whose answers of a round a record of this kind counts; empty: none."""
    verbs: ClassVar[Mapping[str, str]] = {}
    """What the form's buttons say where "Add a ..." and "Save ..." would not do: `add`, `save`."""
    confirm: ClassVar[str] = ""
    """What a form asks before it saves a record of this kind; empty: nothing."""
    on_paper: ClassVar[str] = ""
    """What the printed sheet says in place of `intro`; empty: the same."""
    withheld: ClassVar[str] = ""
    """Why documents say only how many records of this kind there are; empty: they show them."""

    columns: ClassVar[tuple[str, ...]] = ()
    """The columns of the table that a form shows, for records that are a list; the other fields
    come with a press. Empty: the form shows one record at a time."""
    points: ClassVar[tuple[str, str] | tuple[()]] = ()
    """The field whose every choice is a point of a fixed list, and the field that answers it."""
    gapped: ClassVar[Sentence | None] = None
    """The sentence with gaps in which a form asks for it; None: field by field."""

    dated_by: ClassVar[str] = ""
    """The field that says when it happened, for records that tell of something that did."""
    setting: ClassVar[bool] = False
    """Whether it says what is counted or aimed for: taken as it is now where no history tells."""
    later: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    """Dates that come to a record later on -> the fields that come with them."""

    @model_validator(mode="before")
    @classmethod
    def _empty_is_unanswered(cls, data: Any) -> Any:
        if isinstance(data, Mapping) and any(map(_is_empty, data.values())):
            return {name: value for name, value in data.items() if not _is_empty(value)}
        return data

    def payload(self) -> dict[str, Any]:
        """The record as JSON values, answered fields only."""
        return self.model_dump(mode="json", exclude_none=True)

    def key_text(self) -> str:
        """The key as one comparable text: case and spacing do not count."""
        return key_of(type(self), self.payload())

    def mention(self) -> str:
        """A short plain-text mention of the record, for lists and findings."""
        names = self.summary or self.key
        shown = [str(value) for name in names if (value := getattr(self, name)) is not None]
        return ", ".join(shown) or self.title


def key_of(record_type: type[Record], payload: Mapping[str, Any]) -> str:
    """The comparable key of a payload of `record_type`.

    >>> from playbook_helpers.practices.goals import Goal
    >>> key_of(Goal, {"name": "School  Readiness"})
    'school readiness'
    """
    parts = (str(payload.get(name, "")) for name in record_type.key)
    return " | ".join(folded(part) for part in parts)


@cache
def fields_of(record_type: type[Record]) -> tuple[FieldSpec, ...]:
    """The fields of a record type in form order, each with its type and its words."""
    return tuple(_spec(name, info) for name, info in record_type.model_fields.items())


def _spec(name: str, info: FieldInfo) -> FieldSpec:
    annotation, metadata = _unwrap(info.annotation, list(info.metadata))
    entry = next((m for m in metadata if isinstance(m, Entry)), None)
    if entry is None:
        raise TypeError(f"field {name!r} has no Entry")
    validators = {m.func for m in metadata if isinstance(m, AfterValidator)}
    kind: FieldType
    if get_origin(annotation) is Literal:
        if set(entry.choices) != set(get_args(annotation)):
            raise TypeError(f"field {name!r}: its Entry does not word exactly its choices")
        kind = "choice"
    elif annotation is bool:
        kind = "yesno"
    elif annotation is int:
        kind = "whole"
    elif annotation is float:
        kind = "number"
    elif annotation is date:
        kind = "date"
    elif check_when in validators:
        kind = "when"
    elif entry.refers_to:
        kind = "reference"
    elif annotation is str:
        kind = "long" if _long in validators else "text"
    else:
        raise TypeError(f"field {name!r} has a type outside the closed set: {annotation!r}")
    bounds = {
        side: getattr(m, attribute)
        for m in metadata
        for side, attribute in (("low", "ge"), ("high", "le"), ("above", "gt"))
        if getattr(m, attribute, None) is not None
    }
    limit = {"text": SHORT, "reference": SHORT, "long": LONG}.get(kind)
    return FieldSpec(
        name=name, type=kind, entry=entry, required=info.is_required(), max_length=limit, **bounds
    )


def _unwrap(annotation: Any, metadata: list[Any]) -> tuple[Any, list[Any]]:
    """Strip `Annotated[...]` and `... | None` to the bare type, gathering metadata on the way."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation, *more = get_args(annotation)
            metadata = metadata + more
        elif get_origin(annotation) in (Union, types.UnionType):
            members = [arg for arg in get_args(annotation) if arg is not type(None)]
            if len(members) != 1:
                raise TypeError(f"a field takes one type, not {annotation!r}")
            annotation = members[0]
        else:
            return annotation, metadata
