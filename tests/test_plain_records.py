"""Reading quickly gives what the record type's own validation gives, or leaves it to that."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from playbook_helpers.core.plain_records import is_plain, read_plain
from playbook_helpers.core.records import FieldSpec, Record, fields_of
from playbook_helpers.core.revisions import canonical
from playbook_helpers.practices.goals import Goal, Measurement
from playbook_helpers.practices.kinds import RECORD_TYPES, read_value
from playbook_helpers.practices.resources import Need

TEXTS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        [
            "Reading",
            " Reading",
            "two  blanks",
            "a\nb",
            "a\r\nb",
            "",
            " ",
            "\u00a0x",
            "x\u2003y",
            "=1",
        ]
    ),
    st.sampled_from(["a" * 200, "a" * 201, "a" * 5000, "a" * 5001, "tab\there", 'quote"', "\x7f"]),
)
NUMBERS = st.one_of(
    st.integers(-(10**18), 10**18),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([0, -0.0, 1, 100, 100.5, 5, 1e16]),
)
WHENS = st.sampled_from(["2027", "2027-03", "2027-03-31", "2027-02-30", "2027-13", "27", "0000"])
ANYTHING = st.one_of(TEXTS, NUMBERS, WHENS, st.booleans(), st.none())


def likely(spec: FieldSpec) -> st.SearchStrategy[Any]:
    """Values that often fit a field, and sometimes do not."""
    match spec.type:
        case "choice":
            fitting = st.sampled_from(list(spec.entry.choices))
        case "when":
            fitting = WHENS
        case "number" | "whole":
            fitting = NUMBERS
        case "yesno":
            fitting = st.booleans()
        case _:
            fitting = TEXTS
    return st.one_of(fitting, fitting, fitting, ANYTHING)


@st.composite
def payloads(draw: st.DrawFn) -> tuple[type[Record], dict[str, Any]]:
    type_ = draw(st.sampled_from(list(RECORD_TYPES.values())))
    specs = fields_of(type_)
    chosen = [s for s in specs if s.required or draw(st.integers(0, 3)) == 0]
    payload = {spec.name: draw(likely(spec)) for spec in chosen}
    if draw(st.integers(0, 15)) == 0:
        payload["nobody_knows"] = 1
    return type_, payload


@given(payloads())
def test_what_is_read_never_depends_on_which_of_the_two_read_it(
    case: tuple[type[Record], dict[str, Any]],
) -> None:
    type_, payload = case
    plain = read_plain(type_, payload) if is_plain(canonical(payload)) else None
    if plain is None:
        return  # left to the validation itself
    checked = type_.model_validate(payload)
    assert plain == checked
    assert plain.model_fields_set == checked.model_fields_set
    assert plain.payload() == checked.payload()
    assert plain.mention() == checked.mention()
    for spec in fields_of(type_):
        assert type(getattr(plain, spec.name)) is type(getattr(checked, spec.name))


@given(payloads())
def test_a_payload_reads_the_same_plain_or_not(
    case: tuple[type[Record], dict[str, Any]],
) -> None:
    type_, payload = case
    plain = is_plain(canonical(payload))
    assert read_value(type_.kind, payload, plain=plain) == read_value(type_.kind, payload)


def test_ordinary_records_are_read_quickly() -> None:
    """Else the whole point is lost: the examples' own records must take the quick way."""
    goal = {"name": "Reading", "sentence": "More read.", "level": "outcome", "target_value": 65}
    read = read_plain(Goal, goal)
    assert read is not None
    assert read.target_value == 65.0
    assert isinstance(read.target_value, float)
    assert is_plain(canonical(goal))


@pytest.mark.parametrize(
    "payload",
    [
        {"goal": "Reading", "date": "2027"},  # no value
        {"goal": "Reading", "date": "2027-13", "value": 1},
        {"goal": "Reading", "date": "2027", "value": 1, "extra": 1},
        {"goal": "R" * 201, "date": "2027", "value": 1},
    ],
)
def test_what_does_not_fit_is_left_to_the_validation_which_refuses_it(
    payload: dict[str, Any],
) -> None:
    assert read_plain(Measurement, payload) is None
    with pytest.raises(ValidationError):
        Measurement.model_validate(payload)


def test_what_needs_turning_into_another_type_is_left_to_the_validation() -> None:
    written = {"goal": "Reading", "date": "2027", "value": True}
    assert read_plain(Measurement, written) is None
    assert Measurement.model_validate(written).value == 1.0


def test_an_amount_that_must_be_above_zero_is_not_zero() -> None:
    need = {"name": "Rooms", "type": "space", "amount": 0}
    assert read_plain(Need, need) is None
    assert read_plain(Need, need | {"amount": 0.5}) is not None
