"""Whole revisions from files: answers downloaded from a form, and the history in a data package.

Nothing in them is trusted. Answers must fit today's record types, payload by payload, because a
form made them just now. A history may hold what an older or newer version wrote: it is kept as it
is, and what cannot be read today is counted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from playbook_helpers.core.answering import answered
from playbook_helpers.core.errors import InputError
from playbook_helpers.core.partnership import (
    OVERVIEW,
    WORKSHEETS,
    Decision,
    Partner,
    Partnership,
)
from playbook_helpers.core.revisions import Revision, age, content_checksum, from_json
from playbook_helpers.core.slugs import check_slug
from playbook_helpers.practices.kinds import (
    RECORD_TYPES,
    SECRET_KINDS,
    as_kept,
    practice_named,
    read_heads,
)
from playbook_helpers.storage.files.problems import Problem, from_error
from playbook_helpers.storage.files.sheets import check_size

FORMAT = "playbook-answers/1"
MAX_REVISIONS = 100_000
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|\+00:00)", re.ASCII)
_ALLOWED = "a file downloaded from a playbook form"


@dataclass(frozen=True, slots=True)
class Carried:
    """Revisions that a file carries, each with its place in words, and what is wrong."""

    revisions: tuple[tuple[str, Revision], ...] = ()
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    about: tuple[str, Partnership] | None = None
    """Whose answers they are, as the form asked: short name, and a record that bears the name."""
    of_itself: tuple[tuple[str, Revision], ...] = ()
    """What a form says about the partnership itself, apart from `revisions`."""


def read_answers(
    label: str, data: bytes, partnership: str | None = None, *, taken_as: str | None = None
) -> Carried:
    """The revisions of an answer file. Answers are numbered from one, in the file's order.

    With `taken_as` they are taken as that partnership's, whatever short name their form had. Raises
    InputError where it is no answer file, or one for another partnership than asked for.
    """
    content = _content(label, data)
    named_so = check_slug(content.get("partnership", ""))
    slug = taken_as or named_so
    if partnership is not None and slug != partnership:
        raise InputError(
            "This answer file is for another partnership", value=slug, allowed=partnership
        )
    stem = content.get("practice", "")
    if stem != OVERVIEW:
        practice_named(stem if isinstance(stem, str) else repr(stem)[:80])
    revisions: list[tuple[str, Revision]] = []
    found: list[Problem] = []
    about = None
    if "name" in content:
        named, _ = answered(Partnership, {"name": content["name"]})
        if named is not None:
            about = slug, named
        else:
            found.append(
                Problem(
                    label,
                    "The partnership's name cannot be taken",
                    value=str(content["name"])[:80],
                    allowed="a name in a few words, as the form asks for it",
                )
            )
    for number, entry in enumerate(content["revisions"], start=1):
        try:
            # A form knows of no pictures: only packages bring marks along.
            revision = replace(_revision(entry), showing=0)
        except InputError as error:
            found.append(_at(label, number, error))
            continue
        faults = list(_faults(f"{label}, answer {number}", revision, named_so))
        found += faults
        if not faults:
            taken = replace(revision, partnership=slug)
            revisions.append((f"{label}, answer {number}", taken))
    own = tuple(each for each in revisions if each[1].kind == Partnership.kind)
    others = tuple(each for each in revisions if each[1].kind != Partnership.kind)
    return Carried(others, tuple(found), about=about, of_itself=own)


def answer_files(slug: str, revisions: Iterable[Revision]) -> dict[str, bytes]:
    """The files that the forms of a site open, name -> content: one for each worksheet filled in.

    Single secret answers are left out, as no form shows them; each file has the partnership and
    its partners.
    """
    held = sorted((r for r in revisions if r.kind not in SECRET_KINDS), key=age)
    heads = [head for head in read_heads(held) if head.value is not None and not head.deleted]
    name = next((h.value.name for h in heads if isinstance(h.value, Partnership)), slug)
    shared = [r for r in held if r.kind in (Partnership.kind, Partner.kind)]
    decided = {h.record: h.value.worksheet for h in heads if isinstance(h.value, Decision)}
    files: dict[str, bytes] = {}
    for stem in WORKSHEETS:
        own = [r for r in held if r.practice == stem or decided.get(r.record) == stem]
        if not own:
            continue
        content = {
            "format": FORMAT,
            "partnership": slug,
            "name": name,
            "practice": stem,
            "revisions": [revision.to_json() for revision in (*shared, *own)],
        }
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        files[f"playbook-{slug}-{stem}.json"] = text.encode()
    return files


def read_history(label: str, data: bytes, partnership: str) -> Carried:
    """The revisions of a `revisions.jsonl`: one JSON object a line, all of `partnership`.

    Raises InputError where the file is no text or far too long.
    """
    check_size(label, len(data))
    revisions: list[tuple[str, Revision]] = []
    found: list[Problem] = []
    unread = unchecked = 0
    # Only a line feed ends a line here: other line breaks may stand inside a text.
    for number, line in enumerate(data.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            parsed = parsed_json(line)
            revision = _revision(parsed)
        except InputError as error:
            found.append(_at(label, number, error, "line"))
            continue
        if revision.partnership != partnership:
            other = InputError(
                "is of another partnership than the package",
                value=revision.partnership,
                allowed=partnership,
            )
            found.append(_at(label, number, other, "line"))
            continue
        unchecked += "checksum" not in parsed
        unread += not revision.deleted and bool(list(_misfits(revision)))
        revisions.append((f"{label}, line {number}", revision))
    notes = []
    if unread:
        notes.append(f"{unread} saved states cannot be read by this version; they are kept")
    if unchecked:
        notes.append(f"{unchecked} saved states bear no checksum; they are taken unchecked")
    return Carried(tuple(revisions), tuple(found), tuple(notes))


def is_answers(data: bytes) -> bool:
    """Whether a JSON file says that it holds answers."""
    return FORMAT.encode() in data[:100_000]


def _content(label: str, data: bytes) -> Mapping[str, Any]:
    check_size(label, len(data))
    content = parsed_json(data)
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        stated = content.get("format") if isinstance(content, dict) else None
        raise InputError("This is no answer file", value=stated, allowed=_ALLOWED)
    revisions = content.get("revisions")
    if not isinstance(revisions, list):
        raise InputError("This answer file holds no list of answers", allowed=_ALLOWED)
    if len(revisions) > MAX_REVISIONS:
        raise InputError(
            "This answer file holds too many answers",
            value=f"{len(revisions):,}",
            allowed=f"up to {MAX_REVISIONS:,}",
        )
    return content


def parsed_json(data: bytes, allowed: str = _ALLOWED) -> Any:
    """What a JSON text says. Raises InputError where it is none, or says a thing twice."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            raise InputError(
                "This JSON says one thing twice", value=twice[:80], allowed="each name once"
            )
        return found

    def refuse(name: str) -> float:
        raise ValueError(f"{name} is not a number")

    try:
        return json.loads(data.decode("utf-8-sig"), parse_constant=refuse, object_pairs_hook=once)
    except RecursionError as error:
        raise InputError("This JSON is nested too deeply", allowed=allowed) from error
    except ValueError as error:
        raise InputError("This is not JSON", value=str(error)[:120], allowed=allowed) from error


def _revision(entry: Any) -> Revision:
    try:
        revision = from_json(entry)
    except RecursionError as error:
        raise InputError("A revision's payload is nested too deeply") from error
    if "checksum" in entry and entry["checksum"] != content_checksum(revision):
        raise InputError(
            "is not what was written: its checksum does not fit",
            value=revision.id,
            allowed="the file as it was exported",
        )
    for text in (revision.author, revision.client_time):
        if any(ord(sign) < 32 or 0xD800 <= ord(sign) < 0xE000 for sign in text):
            raise InputError("A revision's author or time holds a control character", value=text)
    if revision.id in revision.parents:
        raise InputError("A revision names itself as what it replaces", value=revision.id)
    return as_kept(revision)


def _faults(place: str, revision: Revision, slug: str) -> Iterable[Problem]:
    """What is wrong with an answer that is well-formed."""
    if revision.partnership != slug:
        what = "is for another partnership than the file"
        yield Problem(place, what, None, "partnership", revision.partnership, slug)
    if revision.kind not in RECORD_TYPES:
        what = "is no kind of record"
        yield Problem(place, what, None, "kind", revision.kind, ", ".join(RECORD_TYPES))
        return
    known = RECORD_TYPES[revision.kind].schema_version
    if revision.schema_version > known:
        what = "was written by a newer version of the playbook: update this one first"
        yield Problem(
            place, what, None, "schema_version", str(revision.schema_version), f"up to {known}"
        )
        return
    practice = RECORD_TYPES[revision.kind].practice
    if revision.practice != practice:
        what = f"is not the practice of kind {revision.kind!r}"
        yield Problem(place, what, None, "practice", revision.practice, practice)
    if revision.client_time and not _TIME.fullmatch(revision.client_time):
        what = "is not a time"
        allowed = "a time in UTC such as 2026-03-31T09:00:00.000Z"
        yield Problem(place, what, None, "client_time", revision.client_time, allowed)
    if not revision.deleted:
        for where, words in _misfits(revision):
            value = revision.payload.get(where)
            yield Problem(place, words, None, where, None if value is None else str(value))


def _misfits(revision: Revision) -> Iterable[tuple[str, str]]:
    type_ = RECORD_TYPES.get(revision.kind)
    if type_ is None:
        return [("kind", "is not known to this version")]
    return answered(type_, revision.payload)[1]


def _at(label: str, number: int, error: InputError, word: str = "answer") -> Problem:
    return from_error(f"{label}, {word} {number}", error)
