"""Revisions that files bring whole: what of them may join a store's own.

Putting revisions together is a union, so one that lies about what it replaces could hide other
people's records. Before any of a file's revisions is taken, each is held against what is there:
its record must be of the same kind and partnership, and what it replaces must be its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from playbook_helpers.core.revisions import Revision, same_content
from playbook_helpers.storage.files.problems import Problem, Problems


def admitted(
    there: Iterable[Revision],
    carried: Sequence[tuple[str, Revision]],
    foreign: Mapping[str, str],
) -> tuple[list[Revision], Problems]:
    """The carried revisions that are new and may be taken, and what is wrong with the others.

    `carried` pairs each revision with its place in words; `foreign` maps record ids to the other
    partnership that they belong to.
    """
    held = {revision.id: revision for revision in there}
    kinds = {revision.record: revision.kind for revision in held.values()}
    places: dict[str, str] = {}
    problems = Problems()
    new: dict[str, Revision] = {}
    for place, revision in carried:
        one = held.get(revision.id) or new.get(revision.id)
        if one is not None:
            if not same_content(one, revision):
                problems.add(_problem(place, "was altered after it was saved", revision.id))
        elif revision.record in foreign:
            what = f"is a record of another partnership ({foreign[revision.record]})"
            problems.add(_problem(place, what, revision.record))
        elif kinds.setdefault(revision.record, revision.kind) != revision.kind:
            what = f"is a record of another kind ({kinds[revision.record]})"
            problems.add(_problem(place, what, revision.record))
        else:
            new[revision.id] = revision
            places[revision.id] = place
    for revision in list(new.values()):
        for parent in revision.parents:
            other = held.get(parent) or new.get(parent)
            if other is not None and other.record != revision.record:
                what = "is said to be replaced, but belongs to another record"
                problems.add(_problem(places[revision.id], what, parent))
                new.pop(revision.id, None)
    for revision_id in _circular({**held, **new}):
        if new.pop(revision_id, None) is not None:
            what = "replaces itself by way of others"
            problems.add(_problem(places[revision_id], what, revision_id))
    return list(new.values()), problems


def _problem(place: str, what: str, value: str) -> Problem:
    return Problem(place, what, value=value, allowed="revisions exactly as they were saved")


def _circular(revisions: Mapping[str, Revision]) -> list[str]:
    """The ids of revisions that cannot be put in an order of what came first."""
    waiting = {
        key: {parent for parent in revision.parents if parent in revisions}
        for key, revision in revisions.items()
    }
    children: dict[str, list[str]] = {}
    for key, parents in waiting.items():
        for parent in parents:
            children.setdefault(parent, []).append(key)
    ready = [key for key, parents in waiting.items() if not parents]
    while ready:
        key = ready.pop()
        del waiting[key]
        for child in children.get(key, ()):
            waiting[child].discard(key)
            if not waiting[child]:
                ready.append(child)
    return list(waiting)
