"""What an import would do to one partnership: revisions to add, and what a person should know.

A row is tied to what is there by the ids of an export, else by its key. A row that says what is
there changes nothing; one that says what an older state said is left alone; any other becomes a
revision that replaces what the row was made from. A row that is missing from a file removes
nothing. First states have ids made from their content and row number and carry no time: one file
imported into two stores gives the same revisions in both, in the order of its rows.

Revisions that files bring whole are put together with a store's own by union, so one that lies
about what it replaces could hide other people's records. Before any is taken, each is held against
what is there: its record must be of the same kind and partnership, and what it replaces its own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from playbook_helpers.core.records import Record
from playbook_helpers.core.revisions import (
    Revision,
    new_revision,
    record_id_for,
    revision_id_for,
    same_content,
)
from playbook_helpers.storage.files.known import Known, state_of
from playbook_helpers.storage.files.problems import Problem, Problems, shorten
from playbook_helpers.storage.files.rows import FileRow


@dataclass
class Plan:
    """What is to be done for one partnership. `carried` are revisions that files brought whole."""

    slug: str
    carried: list[Revision] = field(default_factory=list)
    made: list[Revision] = field(default_factory=list)
    marked: list[Revision] = field(default_factory=list)
    """Answers that are here already, and come in the picture of a round that they are in."""
    again: list[Revision] = field(default_factory=list)
    """Answers that are here already, and that a row says again."""
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    alike: int = 0
    """Answers that are nobody's and say just what one says that is there."""
    left_alone: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    problems: Problems = field(default_factory=Problems)


def plan_rows(plan: Plan, known: Known, rows: Sequence[FileRow], foreign: dict[str, str]) -> None:
    """Fill in the plan for the rows. `foreign`: record id -> the other partnership it is of."""
    bad, repeated = _clashes(plan, rows)
    again: Counter[tuple[str, str]] = Counter()
    for place, row in enumerate(rows):
        if place in bad:
            continue
        if place in repeated:
            plan.unchanged += 1
            continue
        state = state_of(row.kind, row.value.payload())
        if row.record in foreign:
            what = f"has the ids of a record of another partnership ({foreign[row.record]})"
            allowed = "empty cells under record and revision, to make a copy"
            plan.problems.add(Problem(row.file, what, row.number, "record", row.record, allowed))
        elif known.is_erased(row.revision):
            plan.left_alone.append(f"{row.place}: its words were taken out for good")
        elif row.revision in known.by_id:
            _edit(plan, known, row, state)
        elif row.record in known.by_record:
            _edit_of_unknown(plan, known, row, state)
        elif not has_key(type(row.value)):
            again[row.kind, state] += 1
            _keyless(plan, known, row, state, again[row.kind, state])
        else:
            _by_key(plan, known, row, state)


def has_key(record_type: type[Record]) -> bool:
    """Whether one key is one record; a partnership has one record of itself."""
    return bool(record_type.key) or record_type.kind == "partnership"


def _edit(plan: Plan, known: Known, row: FileRow, state: str) -> None:
    """A row with the ids of a revision that is known: unchanged, or edited since."""
    was = known.by_id[row.revision]
    if was.record != row.record or was.kind != row.kind:
        what = "is not the id of a saved state of this record"
        allowed = "both ids as exported, or two empty cells for a new record"
        plan.problems.add(Problem(row.file, what, row.number, "revision", row.revision, allowed))
    elif known.state(was) == state or known.stands(row.record, state):
        plan.unchanged += 1
    elif any(was.id in r.parents and known.state(r) == state for r in known.by_record[row.record]):
        plan.left_alone.append(f"{row.place}: this edit was taken in before, and changed since")
    else:
        tips = known.tips[row.record]
        same = {tip.id for tip in tips if known.state(tip) == known.state(was)}
        if was.id not in {tip.id for tip in tips}:
            plan.warnings.append(f"{row.place}: was changed elsewhere meanwhile; both are kept")
        plan.changed += 1
        _replace(plan, row, row.record, {was.id} | same)


def _edit_of_unknown(plan: Plan, known: Known, row: FileRow, state: str) -> None:
    """A row made from a state that this store has not seen, of a record that it has."""
    if known.stands(row.record, state):
        plan.unchanged += 1
    elif known.stood(row.record, state):
        plan.left_alone.append(f"{row.place}: older than what is there")
    else:
        plan.warnings.append(
            f"{row.place}: was made from a state that is not here; both are kept for you to settle"
        )
        plan.changed += 1
        _replace(plan, row, row.record, {row.revision})


def _by_key(plan: Plan, known: Known, row: FileRow, state: str) -> None:
    """A row without ids that count: its key says which record it is."""
    records = known.live.get((row.kind, row.value.key_text()), [])
    if any(known.stands(record, state) for record in records):
        plan.unchanged += 1
    elif any(known.stood(record, state) for record in records):
        plan.left_alone.append(f"{row.place}: older than what is there")
    elif len(records) > 1:
        what = f"could be any of {len(records)} records of that name"
        allowed = "export the partnership and edit the row there, with its ids"
        plan.problems.add(
            Problem(row.file, what, row.number, value=row.value.mention(), allowed=allowed)
        )
    elif records:
        plan.changed += 1
        _replace(plan, row, records[0], {tip.id for tip in known.tips[records[0]]})
    elif known.holding(row.kind, state):
        plan.left_alone.append(f"{row.place}: was renamed or removed since")
    else:
        plan.new += 1
        _begin(plan, known, row)


def _begin(plan: Plan, known: Known, row: FileRow) -> None:
    """A record of a name that nothing goes by now."""
    payload = row.value.payload()
    record = row.record or record_id_for(plan.slug, type(row.value), payload)
    if row.revision:
        _replace(plan, row, record, {row.revision})
    elif known.is_erased(_first_id(row, record)):
        plan.new -= 1
        plan.left_alone.append(f"{row.place}: its words were taken out for good")
    elif known.is_removed(record):
        _replace(plan, row, record, {tip.id for tip in known.tips[record]})
    elif record in known.by_record:  # it was renamed; this is another of its old name
        _first(plan, row, revision_id_for(record, payload))
    else:
        _first(plan, row, record)


def _keyless(plan: Plan, known: Known, row: FileRow, state: str, nth: int) -> None:
    """The nth row that says this, of a kind where two records may say the same."""
    record = revision_id_for(f"{plan.slug} {row.kind} {nth}", row.value.payload())
    if len(known.holding(row.kind, state)) >= nth:
        plan.unchanged += 1
        if row.value.pseudonymous:
            plan.alike += 1
            plan.again += known.by_record[known.holding(row.kind, state)[nth - 1]]
    elif known.is_erased(_first_id(row, record)):
        plan.left_alone.append(f"{row.place}: its words were taken out for good")
    else:
        plan.new += 1
        _first(plan, row, record)


def _first(plan: Plan, row: FileRow, record: str) -> None:
    value, payload = row.value, row.value.payload()
    plan.made.append(
        Revision(
            id=_first_id(row, record),
            partnership=plan.slug,
            practice=value.practice,
            kind=value.kind,
            record=record,
            payload=payload,
            schema_version=value.schema_version,
        )
    )


def _first_id(row: FileRow, record: str) -> str:
    """The id of a first state. States without a time are in the order of their ids.

    So the row number comes first, but for answers that are nobody's: theirs tells no order.
    """
    version = row.value.schema_version
    seed = record if version == 1 else f"{record} {version}"
    made = revision_id_for(seed, row.value.payload())
    return made if row.value.pseudonymous else f"{row.number:08x}{made[8:]}"


def _replace(plan: Plan, row: FileRow, record: str, parents: Iterable[str]) -> None:
    plan.made.append(new_revision(plan.slug, row.value, record_id=record, parents=parents))


def _clashes(plan: Plan, rows: Sequence[FileRow]) -> tuple[set[int], set[int]]:
    """Places of rows that contradict another row, and of rows that only repeat one."""
    bad: set[int] = set()
    repeated: set[int] = set()
    by_revision: dict[str, int] = {}
    by_key: dict[tuple[str, str], list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        first = by_revision.setdefault(row.revision, place) if row.revision else place
        if first != place:
            if rows[first].value == row.value and rows[first].kind == row.kind:
                repeated.add(place)
                continue
            bad |= {first, place}
            what = f"has the same ids as {_other(row, rows[first])}, but says something else"
            allowed = "empty cells under record and revision in the row that is a copy"
            plan.problems.add(
                Problem(row.file, what, row.number, "revision", row.revision, allowed)
            )
        elif has_key(type(row.value)):
            by_key[row.kind, row.value.key_text()].append(place)
    for places in by_key.values():
        first, *others = places
        if others and not all(rows[place].revision for place in places):
            bad.update(places)
            for place in others:
                plan.problems.add(_same_name(rows[place], rows[first]))
    return bad, repeated


def _same_name(row: FileRow, first: FileRow) -> Problem:
    key = type(row.value).key
    named = ", ".join(shorten(str(getattr(row.value, name))) for name in key)
    return Problem(
        row.file,
        f"is the same {row.value.title.lower()} as {_other(row, first)}: {named}"
        if named
        else f"is a second {row.value.title.lower()} beside {_other(row, first)}",
        row.number,
        ", ".join(key),
        allowed="one row for each; take one of the two out, or give them different names",
    )


def _other(row: FileRow, first: FileRow) -> str:
    return f"row {first.number}" if first.file == row.file else first.place


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
                problems.add(_not_taken(place, "was altered after it was saved", revision.id))
        elif revision.record in foreign:
            what = f"is a record of another partnership ({foreign[revision.record]})"
            problems.add(_not_taken(place, what, revision.record))
        elif kinds.setdefault(revision.record, revision.kind) != revision.kind:
            what = f"is a record of another kind ({kinds[revision.record]})"
            problems.add(_not_taken(place, what, revision.record))
        else:
            new[revision.id] = revision
            places[revision.id] = place
    for revision in list(new.values()):
        for parent in revision.parents:
            other = held.get(parent) or new.get(parent)
            if other is not None and other.record != revision.record:
                what = "is said to be replaced, but belongs to another record"
                problems.add(_not_taken(places[revision.id], what, parent))
                new.pop(revision.id, None)
    for revision_id in _circular({**held, **new}):
        if new.pop(revision_id, None) is not None:
            what = "replaces itself by way of others"
            problems.add(_not_taken(places[revision_id], what, revision_id))
    return list(new.values()), problems


def _not_taken(place: str, what: str, value: str) -> Problem:
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
