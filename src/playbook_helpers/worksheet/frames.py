"""Records of one kind as a pandas frame, over one partnership or all: where an analysis begins."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from playbook_helpers.core.errors import InputError, NotFound
from playbook_helpers.core.partial_dates import last_day
from playbook_helpers.core.records import FieldSpec, fields_of
from playbook_helpers.practices.communication.consent import gated
from playbook_helpers.practices.communication.records import Story
from playbook_helpers.practices.kinds import RECORD_TYPES, is_pseudonymous
from playbook_helpers.worksheet.stores import open_worksheet_store

if TYPE_CHECKING:
    import pandas

    from playbook_helpers.storage.database import Store

_DTYPES = {
    "number": "float64",
    "whole": "Int64",
    "yesno": "boolean",
    "date": "datetime64[s]",
    "when": "datetime64[s]",
}
"""Field type -> how pandas holds it; all else is text."""


def frame(
    kind: str, partnerships: Iterable[str] | str = (), *, store: Store | str = ""
) -> pandas.DataFrame:
    """All records of one kind as they stand now, a row each.

    Parameters
    ----------
    kind
        The kind of record: "goal", "measurement", "offer", ...
    partnerships
        Short names; all partnerships of the store if none.
    store
        An open store, or a store's address; the playbook's own if empty.

    Returns
    -------
    pandas.DataFrame
        Shape (records, fields of the kind + 1), in the order of their first writing. The index
        is (`partnership`, `record`). Columns go by the names of the fields, units are those of
        the form: numbers as float64, whole numbers as Int64, yes or no as boolean, days as
        datetime64, all else as text. A date of which only the month or the year is known is its
        last day. `conflict` is True where two people's different answers both stand: each has a
        row then. Deleted records, and ones that cannot be read, are not there.

    Raises
    ------
    NotFound
        There is no such kind; what is allowed lists those there are.
    InputError
        The kind is answered in secret: single answers are given to nobody.

    Examples
    --------
    >>> from playbook_helpers import Store, import_paths
    >>> store = Store.open("sqlite://")
    >>> _ = import_paths(store, ["data/strive-partnership"])
    >>> goals = frame("goal", store=store)
    >>> goals.index.get_level_values("partnership").unique().tolist()
    ['strive-partnership']
    >>> str(goals["target_date"].dtype), bool(goals["conflict"].any())
    ('datetime64[s]', False)
    """
    import pandas

    if kind not in RECORD_TYPES:
        known = ", ".join(sorted(k for k in RECORD_TYPES if not is_pseudonymous(k)))
        raise NotFound("There is no such kind of record", value=kind, allowed=known)
    if is_pseudonymous(kind):
        raise InputError(
            "These are answered in secret, so single ones are given to nobody",
            value=kind,
            allowed='what is told of a closed round: Worksheet("trust", SLUG).rows(...)',
        )
    specs = fields_of(RECORD_TYPES[kind])
    wanted = [partnerships] if isinstance(partnerships, str) else list(partnerships)
    if isinstance(store, str):
        with open_worksheet_store(store) as opened:
            rows = list(_rows(opened, kind, specs, wanted))
    else:
        rows = list(_rows(store, kind, specs, wanted))
    names = ["partnership", "record", *(spec.name for spec in specs), "conflict"]
    types = {spec.name: _DTYPES.get(spec.type, "string") for spec in specs}
    found = pandas.DataFrame(rows, columns=pandas.Index(names))
    return found.astype(types | {"conflict": "bool"}).set_index(["partnership", "record"])


def _rows(
    store: Store, kind: str, specs: tuple[FieldSpec, ...], wanted: list[str]
) -> Iterator[list[Any]]:
    known = store.partnerships()
    for slug in wanted:
        if slug not in known:
            raise NotFound(
                "There is no partnership of that name in the store",
                value=slug,
                allowed=", ".join(known),
            )
    for slug in wanted or known:
        heads = store.heads(slug, kind=kind)
        if kind == Story.kind:
            # As everywhere else: only what its teller lets those inside read.
            heads = [g.head for g in gated(heads, "inside", date.today()) if not g.problem]
        stand = [head for head in heads if not head.deleted and head.value is not None]
        rivals = Counter(head.record for head in heads)
        for head in stand:
            values = [_value(spec, head.payload.get(spec.name)) for spec in specs]
            yield [slug, head.record, *values, rivals[head.record] > 1]


def _value(spec: FieldSpec, value: Any) -> Any:
    if value is None:
        return None
    return last_day(str(value)) if spec.type in ("date", "when") else value
