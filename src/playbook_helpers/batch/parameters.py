"""The parameters of a worksheet: known by name, typed by value.

papermill writes the names of parameters into code as they come, and fits values into paths. So
only these four names are ever handed to it, and each value is checked for what it is.
"""

from __future__ import annotations

import difflib
import fnmatch
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from playbook_helpers.core.as_of import read_day
from playbook_helpers.core.errors import InputError, NotFound
from playbook_helpers.core.slugs import check_slug

PARAMETER_NAMES = ("partnership", "store", "as_of", "round")
"""Every parameter that a worksheet can take, in the order of its parameters cell."""
MAX_ROUND = 60
_LISTED = 20


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

    def for_notebook(self, names: Collection[str] = PARAMETER_NAMES) -> dict[str, str]:
        """The values as a worksheet's parameters cell takes them, for those `names` it has.

        >>> Parameters("our-town", "sqlite:///a.db", date(2027, 3, 31)).for_notebook()
        {'partnership': 'our-town', 'store': '', 'as_of': '2027-03-31', 'round': ''}
        """
        values = {
            "partnership": self.partnership,
            "store": "",
            "as_of": self.as_of.isoformat() if self.as_of else "",
            "round": self.round,
        }
        return {name: value for name, value in values.items() if name in names}


def read_parameters(values: Mapping[str, object]) -> Parameters:
    """Parameters from values by name. Raises InputError for an unknown name or a wrong value.

    >>> read_parameters({"partnership": "our-town", "as_of": "2027-03-31"}).as_of
    datetime.date(2027, 3, 31)
    >>> read_parameters({"partnership": "our-town", "workers": "4"})
    Traceback (most recent call last):
    ...
    playbook_helpers.core.errors.InputError: Worksheets have no parameter of this name
      value: 'workers'
      allowed: partnership, store, as_of, round
    """
    for name in values:
        if name not in PARAMETER_NAMES:
            raise InputError(
                "Worksheets have no parameter of this name",
                value=name,
                allowed=", ".join(PARAMETER_NAMES),
            )
    texts = {name: values.get(name, "") for name in ("store", "round")}
    for name, value in texts.items():
        if not isinstance(value, str):
            raise InputError(
                f"The parameter {name!r} has the wrong type", value=value, allowed="text"
            )
    as_of = values.get("as_of") or ""
    if not isinstance(as_of, str | date):
        raise InputError(
            "The parameter 'as_of' has the wrong type", value=as_of, allowed="a day: 2027-03-31"
        )
    return Parameters(
        partnership=check_slug(values.get("partnership", "")),  # type: ignore[arg-type]
        store=working_address(str(texts["store"])) if texts["store"] else "",
        as_of=read_day(as_of),
        round=check_round(str(texts["round"])),
    )


def check_round(text: str) -> str:
    """A round's label without blanks around it; raises InputError if it cannot be one."""
    label = text.strip()
    if len(label) > MAX_ROUND or any(unicodedata.category(c).startswith("C") for c in label):
        raise InputError(
            "The round's label cannot be used",
            value=text,
            allowed=f"one line of up to {MAX_ROUND} characters, such as March 2027",
        )
    return label


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
