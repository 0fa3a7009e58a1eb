"""What checks an answer: the one way for forms, files, commands, and whoever else takes in records.

A record type says what each of its fields may hold. Here an answer becomes a record, or what is
wrong with each field, in words for the person who gave it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from playbook_helpers.core.records import Record
from playbook_helpers.core.revisions import MAX_PAYLOAD, canonical

Fault = tuple[str, str]
"""(field, what is wrong with it in plain words); the field is empty where it is about them all."""
_R = TypeVar("_R", bound=Record)


def answered(record_type: type[_R], answer: Mapping[str, Any]) -> tuple[_R | None, list[Fault]]:
    """The record in an answer, or None and what is wrong with it.

    >>> from playbook_helpers.core.partnership import Partner
    >>> answered(Partner, {"name": "Library", "sector": "government"})[0].name
    'Library'
    >>> answered(Partner, {"sector": "government", "colour": "red"})
    (None, [('name', 'is empty; it needs an answer'), \
('colour', 'is not a field of this kind of record')])
    """
    try:
        record = record_type.model_validate(dict(answer))
    except ValidationError as error:
        return None, [_fault(each) for each in error.errors()]
    if len(canonical(record.payload())) > MAX_PAYLOAD:
        words = f"is longer than one record may be, which is {MAX_PAYLOAD:,} characters"
        return None, [("", words)]
    return record, []


def _fault(found: Any) -> Fault:
    """One fault as pydantic tells it, in our words."""
    where = str(found["loc"][0]) if found["loc"] else ""
    if found["type"] == "missing":
        return where, "is empty; it needs an answer"
    if found["type"] == "extra_forbidden":
        return where, "is not a field of this kind of record"
    return where, found["msg"].removeprefix("Value error, ").removeprefix("Input ")
