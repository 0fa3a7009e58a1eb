"""The example partnerships as their packages hold them, and what is worked out of them."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from playbook_helpers.core.assessment import Assessment, Context, Head
from playbook_helpers.core.partial_dates import last_day
from playbook_helpers.core.partnership import Partner, Partnership
from playbook_helpers.core.records import Record
from playbook_helpers.practices.kinds import practice_named
from playbook_helpers.storage.files import read_path

DATA = Path(__file__).parents[2] / "data"
REAL = ("100000-homes", "shape-up-somerville", "strive-partnership")
INVENTED = "riverside-invented"
PACKAGES = (*REAL, INVENTED)


@cache
def records(slug: str) -> tuple[Record, ...]:
    found = read_path(DATA / slug)
    assert not list(found.problems)
    assert found.partnerships == [slug]
    return tuple(row.value for row in found.rows)


def read_for(slug: str, as_of: date | None = None) -> tuple[list[Head], Context]:
    """An example's records as a store gives them, and their context on a day or on its own."""
    every = records(slug)
    about = next(r for r in every if isinstance(r, Partnership))
    # The real ones were written down long after: they tell of then.
    written = "2026-11-23T00:00:00.000Z" if slug in REAL else ""
    heads = [
        Head(
            f"record-{n}", f"revision-{n}", r.practice, r.kind, r.payload(), r, client_time=written
        )
        for n, r in enumerate(every)
    ]
    partners = tuple(r for r in every if isinstance(r, Partner))
    day = as_of or last_day(about.facts_until or "")
    return heads, Context(slug, day, about, partners)


def assessed(slug: str, stem: str, as_of: date | None = None) -> Assessment:
    """What a practice makes of an example's records, on a day or on the example's own."""
    return practice_named(stem).assessed(*read_for(slug, as_of))
