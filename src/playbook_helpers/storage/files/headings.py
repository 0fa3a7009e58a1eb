"""Which kind of record a table holds, and which field each of its columns is.

A heading is a field's name, its label on the form, or an alias, in any case and with any spacing.
A column that nothing names is an error, so that nothing is dropped in silence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from playbook_helpers.core.records import FieldSpec, Record, fields_of
from playbook_helpers.practices.kinds import RECORD_TYPES
from playbook_helpers.storage.files.cells import fold
from playbook_helpers.storage.files.problems import Problem, nearest

PARTNERSHIP, RECORD, REVISION = "partnership", "record", "revision"
SPECIAL = (PARTNERSHIP, RECORD, REVISION)
"""Columns that any table may have: whose the row is, and the ids that an export gives it."""


@lru_cache(maxsize=256)
def specs_of(record_type: type[Record]) -> dict[str, FieldSpec]:
    """Field name -> field."""
    return {spec.name: spec for spec in fields_of(record_type)}


@lru_cache(maxsize=256)
def headings_of(record_type: type[Record]) -> dict[str, str]:
    """Every heading that stands for a field, folded -> the field's name.

    A field's own name goes before labels, labels before aliases; what two fields share names none.
    """
    found: dict[str, str] = {}
    names = {fold(name): name for name in specs_of(record_type)}
    labels: dict[str, set[str]] = {}
    aliases: dict[str, set[str]] = {}
    for name, spec in specs_of(record_type).items():
        label = spec.entry.label
        bare = re.sub(r"^[0-9]+\.\s*", "", label)
        for words in (label, bare, label.split(" (")[0], bare.split(" (")[0]):
            labels.setdefault(fold(words), set()).add(name)
        for alias in spec.entry.aliases:
            aliases.setdefault(fold(alias), set()).add(name)
    for ways in (aliases, labels):
        found |= {way: fields.copy().pop() for way, fields in ways.items() if len(fields) == 1}
    found |= names
    return {way: name for way, name in found.items() if way and way not in SPECIAL}


@lru_cache(maxsize=1)
def _all_headings() -> frozenset[str]:
    return frozenset(SPECIAL).union(*(headings_of(type_) for type_ in RECORD_TYPES.values()))


def is_heading(text: str) -> bool:
    """Whether any kind of record has a column of that heading."""
    return fold(text) in _all_headings()


def kind_named(name: str) -> str | None:
    """The kind that a file or sheet is named after: its kind, title or plural, in any case.

    >>> kind_named("Goals"), kind_named("indicator-sheet"), kind_named("budget")
    ('goal', 'indicator_sheet', None)
    """
    wanted = fold(name)
    for kind, type_ in RECORD_TYPES.items():
        if wanted in (fold(kind), fold(type_.title), fold(type_.plural)):
            return kind
    return None


def kinds_fitting(headings: Sequence[str]) -> list[str]:
    """The kinds that know all these headings and whose required fields are among them."""
    folded = [fold(heading) for heading in headings if heading]
    fitting = []
    for kind, type_ in RECORD_TYPES.items():
        known = headings_of(type_)
        named = {known[way] for way in folded if way in known}
        needed = {name for name, spec in specs_of(type_).items() if spec.required}
        if all(way in known or way in SPECIAL for way in folded) and needed <= named:
            fitting.append(kind)
    return fitting


def looks_like(headings: Sequence[str]) -> tuple[str, list[str]] | None:
    """The one kind that a table comes nearest to, and the columns that it does not know.

    >>> looks_like(["name", "sentence", "level", "colour"])
    ('goal', ['colour'])
    """
    found: dict[str, list[str]] = {}
    for kind, type_ in RECORD_TYPES.items():
        known = headings_of(type_)
        ways = {heading: fold(heading) for heading in headings if heading}
        named = {known[way] for way in ways.values() if way in known}
        needed = {name for name, spec in specs_of(type_).items() if spec.required}
        if needed <= named and len(named) > 1:
            found[kind] = [h for h, way in ways.items() if way not in known and way not in SPECIAL]
    fewest = min(map(len, found.values()), default=0)
    best = [kind for kind, unknown in found.items() if len(unknown) == fewest]
    return (best[0], found[best[0]]) if len(best) == 1 else None


def match_columns(
    label: str, record_type: type[Record], headings: Sequence[str]
) -> tuple[list[str], list[Problem]]:
    """The field or special column that each heading is, "" for none, and what is wrong."""
    known = headings_of(record_type)
    columns: list[str] = []
    problems: list[Problem] = []
    taken: dict[str, str] = {}
    for heading in headings:
        way = fold(heading)
        name = way if way in SPECIAL else known.get(way, "")
        if heading and not name:
            problems.append(_unknown(label, record_type, heading))
        elif name in taken:
            problems.append(
                Problem(
                    label,
                    f"stands for the same field as {taken[name]!r}",
                    column=heading,
                    allowed="one column for each field",
                )
            )
        elif name:
            taken[name] = heading
        columns.append(name)
    if not problems:
        problems += [
            Problem(
                label,
                f"has no column for {name!r} ({spec.entry.label})",
                allowed="a column for each field that needs an answer",
            )
            for name, spec in specs_of(record_type).items()
            if spec.required and name not in taken
        ]
    return columns, problems


def _unknown(label: str, record_type: type[Record], heading: str) -> Problem:
    known = headings_of(record_type)
    like = nearest(fold(heading), known)
    hint = f"; the nearest is {known[like]!r}" if like else ""
    return Problem(
        label,
        f"is no field of {record_type.plural.lower()}{hint}",
        column=heading,
        allowed=", ".join((*specs_of(record_type), *SPECIAL)),
    )
