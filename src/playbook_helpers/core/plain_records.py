"""Reading a payload quickly where nothing in it needs mending.

Most payloads in a store were checked when they were written and come back as they went in. For
those a look at the text and a comparison for each field do, at half the cost of the
record type's own validation, which a portfolio of thousands of partnerships feels. Whatever is not
plainly right is left to that validation: what is read never depends on which of the two read it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, TypeVar

from playbook_helpers.core.partial_dates import check_when
from playbook_helpers.core.records import LONG, SHORT, FieldSpec, Record, fields_of, in_bounds

_R = TypeVar("_R", bound=Record)
# In JSON as a store writes it there is no blank around its own signs. So what is found here lies
# within a text: an escape, a control character, a sign that turns text round, unusual or doubled
# blanks, blanks at an end, nothing at all.
_DOUBT = re.compile(
    r"[\\\x00-\x1f\x7f-\xa0\u1680\u2000-\u200a\u2028-\u202f\u205f\u2066-\u2069\u3000]"
    r'|  |" | "|""'
)
_EXACT = 2**53
_Fits = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class _Plan:
    fits: Mapping[str, _Fits]
    floats: frozenset[str]
    required: frozenset[str]
    defaults: Mapping[str, Any]


def is_plain(written: str) -> bool:
    """Whether no text in a payload, written as JSON by a store, holds anything to look into.

    >>> is_plain('{"name":"Reading","value":61}'), is_plain('{"name":" Reading"}')
    (True, False)
    """
    return _DOUBT.search(written) is None


def read_plain(record_type: type[_R], payload: Mapping[str, Any]) -> _R | None:
    """The record in a payload that `is_plain`, or None where its own validation has to look.

    >>> from playbook_helpers.practices.goals import Measurement
    >>> read_plain(Measurement, {"goal": "Reading", "date": "2026", "value": 61}).value
    61.0
    >>> read_plain(Measurement, {"goal": "Reading", "date": "2026", "value": "61"}) is None
    True
    """
    plan = _plan(record_type)
    fits = plan.fits
    for name, given in payload.items():
        if name not in fits or not fits[name](given):
            return None
    names = payload.keys()
    if not plan.required <= names:
        return None
    values = {**plan.defaults, **payload}
    for name in plan.floats & names:
        values[name] = float(values[name])
    # What pydantic's own model_construct does, without asking again for each default.
    record = record_type.__new__(record_type)
    object.__setattr__(record, "__dict__", values)
    object.__setattr__(record, "__pydantic_fields_set__", set(names))
    object.__setattr__(record, "__pydantic_extra__", None)
    object.__setattr__(record, "__pydantic_private__", None)
    return record


@cache
def _plan(record_type: type[Record]) -> _Plan:
    specs = fields_of(record_type)
    return _Plan(
        {spec.name: _check(spec) for spec in specs},
        frozenset(spec.name for spec in specs if spec.type == "number"),
        frozenset(spec.name for spec in specs if spec.required),
        {
            name: field.get_default(call_default_factory=True) if not field.is_required() else None
            for name, field in record_type.model_fields.items()
        },
    )


def _check(spec: FieldSpec) -> _Fits:
    match spec.type:
        case "text" | "reference":
            return lambda given: type(given) is str and len(given) <= SHORT
        case "long":
            return lambda given: type(given) is str and len(given) <= LONG
        case "when":
            return lambda given: type(given) is str and _is_when(given)
        case "yesno":
            return lambda given: type(given) is bool
        case "choice":
            choices = frozenset(spec.entry.choices)
            return lambda given: type(given) is str and given in choices
        case "number" | "whole":
            return _number(spec)
        case _:
            return lambda _: False


@lru_cache(maxsize=65_536)
def _is_when(text: str) -> bool:
    try:
        check_when(text)
    except ValueError:
        return False
    return True


def _number(spec: FieldSpec) -> _Fits:
    whole = spec.type == "whole"
    low = -math.inf if spec.low is None else spec.low
    high = math.inf if spec.high is None else spec.high
    above = -math.inf if spec.above is None else spec.above

    def fits(given: Any) -> bool:
        kind = type(given)
        if kind is int:
            if not -_EXACT < given < _EXACT:
                return False
        elif whole or kind is not float or not math.isfinite(given):
            return False
        return in_bounds(given) and low <= given <= high and bool(given > above)

    return fits
