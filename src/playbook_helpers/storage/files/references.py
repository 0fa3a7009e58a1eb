"""Names that records use of each other: warnings where a name leads nowhere, or to two records.

A measurement names its goal and an offer its partner by what they are called. A name that nothing
goes by is no error, because the goal may come with the next file; but it is said at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from playbook_helpers.core.text import folded
from playbook_helpers.practices.kinds import RECORD_TYPES
from playbook_helpers.storage.files.headings import specs_of
from playbook_helpers.storage.files.known import Known
from playbook_helpers.storage.files.problems import nearest, shorten


def reference_warnings(
    known: Known, touched: Iterable[tuple[str, str, Mapping[str, object]]]
) -> list[str]:
    """A warning for each name that `touched` (place, kind, payload) uses and nothing goes by."""
    names = _names(known)
    wanting: dict[tuple[str, str], tuple[str, str, int]] = {}
    for place, kind, payload in touched:
        type_ = RECORD_TYPES.get(kind)
        for field, spec in specs_of(type_).items() if type_ is not None else ():
            other, value = spec.entry.refers_to, payload.get(field)
            if not other or not isinstance(value, str) or folded(value) in names.get(other, {}):
                continue
            first, written, count = wanting.get((other, folded(value)), (place, value, 0))
            wanting[other, folded(value)] = (first, written, count + 1)
    warnings = []
    for (other, _), (place, written, count) in wanting.items():
        more = f" (and {count - 1} more)" if count > 1 else ""
        like = nearest(written, names.get(other, {}).values())
        hint = f"; the nearest is {shorten(like)}" if like else ""
        title = RECORD_TYPES[other].title.lower() if other in RECORD_TYPES else other
        warnings.append(f"{place}{more}: no {title} is called {shorten(written)}{hint}")
    return warnings


def double_warnings(known: Known, records: Iterable[str]) -> list[str]:
    """A warning for each name that one of `records` shares with another record of its kind."""
    touched = set(records)
    warnings = []
    for (kind, key), sharing in known.live.items():
        type_ = RECORD_TYPES.get(kind)
        if len(sharing) > 1 and type_ is not None and type_.key and touched & set(sharing):
            warnings.append(
                f"{len(sharing)} records in {type_.plural.lower()} go by {shorten(key)}; "
                "both are kept: remove or rename one"
            )
    return warnings


def _names(known: Known) -> dict[str, dict[str, str]]:
    """Kind -> comparable name -> name as written, of all records that are there now."""
    names: dict[str, dict[str, str]] = {}
    for tips in known.tips.values():
        for tip in tips:
            type_ = RECORD_TYPES.get(tip.kind)
            if type_ is not None and type_.key and not tip.deleted:
                written = str(tip.payload.get(type_.key[0], ""))
                names.setdefault(tip.kind, {})[folded(written)] = written
    return names
