"""Revisions: every saved state of every record, and the arithmetic of putting them together.

A revision is never changed and never deleted. It names the revisions it replaces (its parents);
the revisions nobody names are a record's heads. One head is the record's value. Two heads are two
people who edited at once: both are kept, for the group to settle. Putting files together is a
union of revisions, so any number of files in any order, any number of times, give one state.

Only `playbook erase` takes words out: what is left of a revision then is its id and its parents,
so that an old file cannot bring the words back.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from playbook_helpers.core.bidi import turning_sign
from playbook_helpers.core.errors import InputError, RevisionChanged
from playbook_helpers.core.records import Record, key_of
from playbook_helpers.core.slugs import check_slug

_NAMESPACE = uuid.UUID("6f1d3c52-0d5a-5d0e-9c55-3f0f5d6f7a10")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII)
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}", re.ASCII)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_FAR_YEAR = re.compile(r"[013-9][0-9]{3}", re.ASCII)
MAX_VERSION = 99
MAX_PAYLOAD = 100_000
"""Characters of JSON that one revision may hold."""


@dataclass(frozen=True, slots=True)
class Revision:
    """One saved state of one record. Times are ISO 8601 in UTC.

    `erased` says that its words were taken out for good. `showing` is for answers that are
    nobody's: 0 while their round is open, or while they wait since they came after it was closed;
    else in which picture of their round they were first.
    """

    id: str
    partnership: str
    practice: str
    kind: str
    record: str
    payload: Mapping[str, Any]
    parents: tuple[str, ...] = ()
    deleted: bool = False
    schema_version: int = 1
    author: str = ""
    client_time: str = ""
    stored_time: str = field(default="", compare=False)
    erased: bool = False
    showing: int = field(default=0, compare=False)

    def to_json(self) -> dict[str, Any]:
        """The revision as JSON values; `stored_time` belongs to a store and stays out."""
        marks = {"erased": True} if self.erased else {}
        return {
            "id": self.id,
            "partnership": self.partnership,
            "practice": self.practice,
            "kind": self.kind,
            "record": self.record,
            "payload": dict(self.payload),
            "parents": list(self.parents),
            "deleted": self.deleted,
            "schema_version": self.schema_version,
            "author": self.author,
            "client_time": self.client_time,
            **marks,
            **({"showing": self.showing} if self.showing else {}),
        }


def from_json(data: object) -> Revision:
    """Read a revision from JSON values, trusting none of them.

    Raises InputError naming the part that is wrong.
    """
    if not isinstance(data, Mapping):
        raise InputError("A revision is not an object", value=data, allowed="a JSON object")

    def text(name: str, form: re.Pattern[str] | None, limit: int = 200) -> str:
        value = data.get(name, "")
        if not isinstance(value, str) or len(value) > limit or _UNSTORABLE.search(value):
            raise InputError(f"A revision's {name} is wrong", value=value, allowed="a short text")
        if sign := turning_sign(value):
            raise InputError(f"A revision's {name} holds a sign that turns text round", value=sign)
        if form is not None and not form.fullmatch(value):
            raise InputError(f"A revision's {name} is wrong", value=value, allowed=form.pattern)
        return value

    payload = data.get("payload", {})
    if not isinstance(payload, Mapping) or not all(isinstance(k, str) for k in payload):
        raise InputError("A revision's payload is wrong", value=payload, allowed="a JSON object")
    try:
        written = canonical(payload)
        written.encode("utf-8")
    except (TypeError, ValueError) as error:
        raise InputError("A revision's payload is not JSON", value=payload) from error
    except RecursionError:
        raise InputError("A revision's payload is nested too deeply", allowed="JSON") from None
    if len(written) > MAX_PAYLOAD or "\\u0000" in written:
        raise InputError(
            "A revision's payload is too large or holds a NUL character",
            value=written[:80],
            allowed=f"up to {MAX_PAYLOAD:,} characters of JSON",
        )
    parents = data.get("parents", [])
    if not isinstance(parents, list | tuple) or len(parents) > 1000:
        raise InputError("A revision's parents are wrong", value=parents, allowed="a list of ids")
    for parent in parents:
        if not isinstance(parent, str) or not _UUID.fullmatch(parent):
            raise InputError("A revision's parent is wrong", value=parent, allowed="an id")
    deleted, version = data.get("deleted", False), data.get("schema_version", 1)
    if not isinstance(deleted, bool):
        raise InputError("'deleted' is wrong", value=deleted, allowed="true or false")
    if isinstance(version, bool) or not isinstance(version, int) or not 1 <= version <= MAX_VERSION:
        raise InputError("'schema_version' is wrong", value=version, allowed=f"1 to {MAX_VERSION}")
    moment = text("client_time", None, 40)
    if _FAR_YEAR.match(moment):
        years = "a time from the years 2000 to 2999"
        raise InputError("A revision's client_time is too far away", value=moment, allowed=years)
    erased, showing = data.get("erased", False), data.get("showing", 0)
    if erased is not False and (erased is not True or not deleted or set(payload) - {"round"}):
        raise InputError("'erased' is wrong", value=erased, allowed="true where no word is left")
    if isinstance(showing, bool) or not isinstance(showing, int) or not 0 <= showing <= 10_000:
        raise InputError("'showing' is wrong", value=showing, allowed="a whole number")
    return Revision(
        id=text("id", _UUID),
        partnership=check_slug(data.get("partnership", "")),
        practice=text("practice", _NAME),
        kind=text("kind", _NAME),
        record=text("record", _UUID),
        payload=json.loads(written),
        parents=tuple(parents),
        deleted=deleted,
        schema_version=version,
        author="" if erased else text("author", None),
        client_time=moment,
        erased=erased,
        showing=showing,
    )


def checksum(*texts: str) -> str:
    """SHA-256 over texts and where each ends: what tells a text that was written from another.

    >>> checksum("ab", "c") == checksum("a", "bc")
    False
    """
    return hashlib.sha256("\x1f".join(texts).encode("utf-8", "replace")).hexdigest()


def content_checksum(revision: Revision) -> str:
    """The checksum of all that a revision says, as files carry it."""
    return checksum(
        revision.id,
        revision.partnership,
        revision.practice,
        revision.kind,
        revision.record,
        " ".join(revision.parents),
        str(revision.schema_version),
        revision.author,
        revision.client_time,
        canonical(revision.payload),
        f"{revision.deleted:d}{revision.erased:d}{revision.showing}",
    )


def canonical(payload: Mapping[str, Any]) -> str:
    """JSON text that is equal for equal payloads; raises ValueError for NaN and infinities.

    >>> canonical({"b": 1, "a": "é"})
    '{"a":"é","b":1}'
    """
    return json.dumps(
        payload, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )


def uuid7() -> str:
    """A new time-ordered id (RFC 9562, version 7): 48 bits of milliseconds, 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    bits = (milliseconds & (1 << 48) - 1) << 80 | int.from_bytes(os.urandom(10), "big")
    bits = bits & ~(0xF << 76) | 0x7 << 76
    bits = bits & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=bits))


def uuid4() -> str:
    """A new id that is random throughout (RFC 9562, version 4): it tells no time and no order."""
    return str(uuid.uuid4())


def record_id_for(partnership: str, record_type: type[Record], payload: Mapping[str, Any]) -> str:
    """The id of a record that comes from a file without ids: one key, one record.

    Kinds without a key get a new id each time, pseudonymous ones a random one.
    """
    if record_type.pseudonymous:
        return uuid4()
    if not record_type.key and record_type.kind != "partnership":
        return uuid7()
    name = canonical(
        {"partnership": partnership, "kind": record_type.kind, "key": key_of(record_type, payload)}
    )
    return str(uuid.uuid5(_NAMESPACE, name))


def revision_id_for(record: str, payload: Mapping[str, Any]) -> str:
    """The id of a state that comes from a file without ids: the same row is the same revision."""
    return str(uuid.uuid5(_NAMESPACE, record + canonical(payload)))


def now() -> str:
    """The present moment as stored: ISO 8601, UTC, milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def new_revision(
    partnership: str,
    record: Record,
    *,
    record_id: str = "",
    parents: Iterable[str] = (),
    author: str = "",
    deleted: bool = False,
) -> Revision:
    """A revision that says `record` is now the value, replacing `parents`.

    For a pseudonymous record type it bears no author, no time and a random id, whatever is given.
    """
    traced = not record.pseudonymous
    return Revision(
        id=uuid7() if traced else uuid4(),
        partnership=check_slug(partnership),
        practice=record.practice,
        kind=record.kind,
        record=record_id or record_id_for(partnership, type(record), record.payload()),
        payload=record.payload(),
        parents=tuple(sorted(parents)),
        deleted=deleted,
        schema_version=record.schema_version,
        author=author if traced else "",
        client_time=now() if traced else "",
    )


def histories(
    revisions: Iterable[Revision], kinds: Collection[str]
) -> dict[str, tuple[Revision, ...]]:
    """Record id -> its saved states in the order given, for records of some kinds only."""
    found: dict[str, list[Revision]] = {}
    for revision in revisions:
        if revision.kind in kinds:
            found.setdefault(revision.record, []).append(revision)
    return {record: tuple(states) for record, states in found.items()}


def untraced(revision: Revision) -> Revision:
    """The revision of a pseudonymous record without what could tell whose it is.

    Author and time go; ids that tell the time they were made (version 7) give way to ids made
    from them, the same each time, so that sending a revision twice still stores it once.

    >>> given = Revision("0190c0de-0000-7000-8000-00000000000a", "p", "trust", "check_in",
    ...     "0190c0de-0000-7000-8000-00000000000b", {}, author="Ada", client_time="2027-03-01")
    >>> told = untraced(given)
    >>> told.author, told.client_time, told.id[14], told.record[14], untraced(given) == told
    ('', '', '5', '5', True)
    """
    return replace(
        revision,
        id=timeless(revision.id),
        record=timeless(revision.record),
        parents=tuple(sorted(map(timeless, revision.parents))),
        author="",
        client_time="",
    )


def timeless(given: str) -> str:
    """The id under which an answer that is nobody's is kept: one that tells no time."""
    return str(uuid.uuid5(_NAMESPACE, given)) if given[14:15] in ("1", "6", "7") else given


def merge(*collections: Iterable[Revision]) -> dict[str, Revision]:
    """The union of revisions by id. Raises RevisionChanged if one id carries two contents."""
    union: dict[str, Revision] = {}
    for revision in (r for revisions in collections for r in revisions):
        held = union.setdefault(revision.id, revision)
        if held is not revision and not same_content(held, revision):
            raise RevisionChanged(
                "Two different revisions carry the same id, so one was altered after it was saved",
                value=revision.id,
                allowed="revisions exactly as they were first written",
                kept="the one that was there",
            )
    return union


def same_content(one: Revision, other: Revision) -> bool:
    """Whether two revisions say the same; 1 and 1.0 are one number, 1 and true are not.

    Who sent it and when is no part of that: an answer whose receipt was lost is sent again, maybe
    under another name. A revision whose words were taken out is the same as the one that it was.
    """
    if one.erased or other.erased:
        return (one.record, one.kind, one.partnership) == (
            other.record,
            other.kind,
            other.partnership,
        )
    bare = replace(other, author=one.author, client_time=one.client_time)
    return one == bare and _alike(one.payload, other.payload)


def _alike(one: Any, other: Any) -> bool:
    """For values that are equal to Python, which takes True for 1: equal in JSON as well."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, Mapping):
        return all(_alike(value, other[name]) for name, value in one.items())
    if isinstance(one, list | tuple):
        return all(map(_alike, one, other))
    return True


def standing(links: Iterable[tuple[str, str, Iterable[str]]]) -> dict[str, list[str]]:
    """Record -> ids of its revisions that none of its others names as parent, in the order given.

    `links` are (record, id, parents). A revision can only replace revisions of its own record.
    Where parents run in a circle, which only an altered file can bring about, all stand: a
    record must not vanish.
    """
    replaced: dict[str, set[str]] = {}
    ids: dict[str, list[str]] = {}
    for record, revision, parents in links:
        ids.setdefault(record, []).append(revision)
        if parents:
            replaced.setdefault(record, set()).update(p for p in parents if p != revision)
    for record, gone in replaced.items():
        ids[record] = [i for i in ids[record] if i not in gone] or ids[record]
    return ids


def heads_of(revisions: Iterable[Revision]) -> dict[str, tuple[Revision, ...]]:
    """Record id -> its heads, oldest first. Heads that say the same thing count as one.

    Of an answer that is in a picture of its round, later states wait. Below a head whose words
    were taken out, the states that it replaced stand again.
    """
    held = unerased(_in_pictures(sorted(revisions, key=age)))
    stand = standing((r.record, r.id, r.parents) for r in held)
    by_id = {revision.id: revision for revision in held}
    return {
        record: (by_id[ids[0]],) if len(ids) == 1 else _told_once([by_id[i] for i in ids])
        for record, ids in stand.items()
    }


def _in_pictures(revisions: list[Revision]) -> list[Revision]:
    shown = {revision.record for revision in revisions if revision.showing}
    return [r for r in revisions if r.showing or r.record not in shown] if shown else revisions


def unerased(revisions: list[Revision]) -> list[Revision]:
    """The revisions without those erased that nobody built on; heads are worked out of the rest.

    Of an answer in a picture of which nothing is left, one stays: the picture has lost it.
    """
    if not any(revision.erased for revision in revisions):
        return revisions
    by_id = {revision.id: revision for revision in revisions}
    built_on: set[str] = set()
    open_ends = [p for revision in revisions if not revision.erased for p in revision.parents]
    while open_ends:
        parent = open_ends.pop()
        if parent in by_id and parent not in built_on:
            built_on.add(parent)
            open_ends += by_id[parent].parents
    kept = [r for r in revisions if not r.erased or r.id in built_on]
    told = {revision.record for revision in kept}
    lost = {r.record: r for r in revisions if r.showing and r.record not in told}
    return sorted([*kept, *lost.values()], key=age)


def _told_once(rivals: Iterable[Revision]) -> tuple[Revision, ...]:
    """Of rival heads, oldest first, the latest of each that say the same thing."""
    states = {(canonical(r.payload) if not r.deleted else "", r.deleted): r for r in rivals}
    return tuple(sorted(states.values(), key=age))


def age(revision: Revision) -> tuple[str, str]:
    """Sort key: older revisions first, ties broken by id so that every store agrees."""
    return (revision.client_time, revision.id)
