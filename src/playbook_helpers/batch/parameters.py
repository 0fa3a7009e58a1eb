"""The parameters of a worksheet: known by name, typed by value.

papermill writes the names of parameters into code as they come, and fits values into paths. So
only four names are ever handed to it, and those that a worksheet of one's own declares besides;
each value is checked for what it is.
"""

from __future__ import annotations

import difflib
import fnmatch
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from keyword import iskeyword
from math import isfinite
from pathlib import Path

from playbook_helpers.core.as_of import read_day
from playbook_helpers.core.errors import InputError, NotFound
from playbook_helpers.core.parameters import check_round, check_store, parameter_text
from playbook_helpers.core.slugs import ALLOWED, check_slug

PARAMETER_NAMES = ("partnership", "store", "as_of", "round")
"""Every parameter that a worksheet can take, in the order of its parameters cell."""
MAX_VALUE = 1000
_LISTED = 20
Value = str | int | float


@dataclass(frozen=True, slots=True)
class Parameters:
    """What one worksheet is run with. `as_of` is None where nobody named a date.

    `store` is an address that works from any folder. It may hold a password, so it is left out
    of every text made of this object, and reaches notebooks through the environment only.
    """

    partnership: str
    store: str = field(default="", repr=False)
    as_of: date | None = None
    round: str = ""
    own: tuple[tuple[str, Value], ...] = ()
    """Those of worksheets of one's own, by name."""

    def for_notebook(self, names: Collection[str] = PARAMETER_NAMES) -> dict[str, Value]:
        """The values as a worksheet's parameters cell takes them, for those `names` it has.

        >>> Parameters("our-town", "sqlite:///a.db", date(2027, 3, 31)).for_notebook()
        {'partnership': 'our-town', 'store': '', 'as_of': '2027-03-31', 'round': ''}
        """
        values: dict[str, Value] = {
            "partnership": self.partnership,
            "store": "",
            "as_of": self.as_of.isoformat() if self.as_of else "",
            "round": self.round,
            **dict(self.own),
        }
        return {name: value for name, value in values.items() if name in names}


def read_parameters(values: Mapping[str, object], declared: Collection[str] = ()) -> Parameters:
    """Parameters from values by name. Raises InputError for an unknown name or a wrong value.

    `declared` are the names that worksheets of one's own have besides.

    >>> read_parameters({"partnership": "our-town", "as_of": "2027-03-31"}).as_of
    datetime.date(2027, 3, 31)
    >>> read_parameters({"partnership": "our-town", "workers": "4"})
    Traceback (most recent call last):
    ...
    playbook_helpers.core.errors.InputError: Worksheets have no parameter of this name
      value: 'workers'
      allowed: partnership, store, as_of, round
    """
    own = {name: value for name, value in values.items() if name not in PARAMETER_NAMES}
    for name, value in own.items():
        if name not in declared or not name.isidentifier() or iskeyword(name):
            known = dict.fromkeys((*PARAMETER_NAMES, *declared))
            raise InputError(
                "Worksheets have no parameter of this name", value=name, allowed=", ".join(known)
            )
        if not isinstance(value, str | int | float) or len(str(value)) > MAX_VALUE:
            raise InputError(
                f"The parameter {name!r} cannot be used",
                value=value,
                allowed=f"text of up to {MAX_VALUE} characters, a number, True or False",
            )
    store = check_store(values.get("store", ""))
    slug = parameter_text("partnership", values.get("partnership", ""), ALLOWED)
    return Parameters(
        partnership=check_slug(slug),
        store=working_address(store) if store else "",
        as_of=read_day(values.get("as_of", "")),
        round=check_round(values.get("round", "")),
        own=tuple(sorted(own.items())),  # type: ignore[arg-type]
    )


def typed(text: str) -> Value:
    """A value from the command line, as papermill's own takes it: a number where it looks like one.

    >>> typed("3"), typed("0.5"), typed("True"), typed("2027-03"), typed("nan")
    (3, 0.5, True, '2027-03', 'nan')
    """
    if text in ("True", "False"):
        return text == "True"
    for kind in (int, float):
        with suppress(ValueError):
            value = kind(text)
            if isfinite(value):
                return value
    return text


def working_address(address: str) -> str:
    """A store's address that means the same in any folder: a SQLite file by its full path.

    Raises StoreError for an address of an unknown kind, InputError for a store in memory,
    which no other process can read.
    """
    from playbook_helpers.storage.database.engines import address_of, is_memory, read_url

    url = read_url(address)
    if is_memory(url):
        raise InputError(
            "A store in memory cannot be read by worksheets",
            value=address,
            allowed="a store in a file or on a PostgreSQL server",
        )
    return address_of(url)


def shown_address(address: str, root: Path) -> str:
    """A store's address for pages that others read: no password, no folders of this computer.

    >>> shown_address("postgresql+psycopg://anna:secret@db.example.org/hub", Path("."))
    'postgresql+psycopg://anna:***@db.example.org/hub'
    """
    from playbook_helpers.storage.database.engines import read_url, shown

    url = read_url(address)
    if url.get_backend_name() != "sqlite":
        return shown(url)
    file = Path(str(url.database))
    inside = file.is_relative_to(root.resolve())
    name = file.relative_to(root.resolve()).as_posix() if inside else file.name
    return f"sqlite:///{name}"


def pick_partnerships(
    known: Iterable[str], wanted: Iterable[str], examples: Collection[str] = ()
) -> tuple[str, ...]:
    """The wanted partnerships once each, or all known ones; sorted as given.

    `*` and `?` in a wanted name stand for any letters and for one. `examples` are named to whoever
    has no partnership yet. Raises InputError for a text that is no short name, NotFound listing
    those there are (the nearest first) for one that is not in the store.

    >>> pick_partnerships(["east-side", "our-town"], ["our-town", "our-*"])
    ('our-town',)
    """
    there = list(known)
    if not there:
        first = min(examples, default="")
        example = f"; to see an example: `playbook batch {first}`" if first else ""
        raise NotFound(
            "The store holds no partnership yet",
            allowed="bring one in with `playbook import`, or start one with `playbook new`"
            + example,
        )
    picked: dict[str, None] = {}
    for name in wanted:
        pattern = any(sign in name for sign in "*?")
        found = fnmatch.filter(there, name) if pattern else [check_slug(name)]
        if not found or found[0] not in there:
            raise NotFound(
                "There is no partnership of that name in the store",
                value=name,
                allowed=nearest_first(name, there),
            )
        picked |= dict.fromkeys(found)
    return tuple(picked) or tuple(there)


def nearest_first(name: str, known: Collection[str]) -> str:
    """The known names as one text, the likeliest first, a long list cut with its count.

    >>> nearest_first("goal", ["resources", "goals"])
    'goals, resources'
    """
    close = difflib.get_close_matches(name, known, n=5, cutoff=0.5)
    ordered = close + sorted(set(known) - set(close))
    rest = len(ordered) - _LISTED
    return ", ".join(ordered[:_LISTED]) + (f" and {rest} more" if rest > 0 else "")
