"""A survey's file counted by group and put beside the community's make-up.

The answers themselves stay where they are: what the store takes in is how many people of each
group answered. The activity that the survey was is made where it is not written down yet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from playbook_helpers.core.assessment import Head, current, of_type
from playbook_helpers.core.errors import InputError, NotFound
from playbook_helpers.core.revisions import Revision, new_revision
from playbook_helpers.core.slugs import check_slug
from playbook_helpers.core.text import folded
from playbook_helpers.practices.community import (
    Activity,
    CommunityGroup,
    GroupCount,
    GroupRule,
    SurveyCount,
    count_groups,
)
from playbook_helpers.practices.community.make_up import in_order
from playbook_helpers.practices.community.surveys import Representation, representation
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files.cells import shown
from playbook_helpers.storage.files.sheets import Sheet, check_size, read_csv
from playbook_helpers.storage.files.workbook import read_workbook


@dataclass(frozen=True, slots=True)
class SurveyImport:
    """What came of it. `counts` are exact and for inside; `shown` hides the small groups.

    `answers` is how many rows the file has; `activity_is_new` whether the activity was made.
    """

    activity: str
    activity_is_new: bool
    answers: int
    counts: tuple[SurveyCount, ...]
    shown: Mapping[str, Representation]
    against_make_up: frozenset[str]
    new: int
    changed: int
    unchanged: int
    notes: tuple[str, ...] = ()


def import_survey(
    store: Store,
    path: Path,
    *,
    partnership: str,
    activity: str,
    columns: Mapping[str, str],
    rules: Sequence[GroupRule] = (),
    dry_run: bool = False,
) -> SurveyImport:
    """Count a survey file's people by group and write the counts down for one activity.

    `columns` maps headings of the file to traits. Doing it again with the same file changes
    nothing; with a longer file the counts are replaced. Groups counted before that have nobody in
    the file are set to 0. Raises NotFound for a partnership or column that is not there, InputError
    for a file that cannot be read or answers that belong to no group; then nothing is written.
    """
    slug = check_slug(partnership)
    if slug not in store.partnerships():
        known = ", ".join(store.partnerships()) or "none yet: make one with `playbook new`"
        raise NotFound("There is no such partnership in the store", value=slug, allowed=known)
    if not columns:
        raise InputError("No column is mapped to a trait", allowed="such as --map age=Age")
    sheet = _sheet(Path(path))
    rows = [dict(zip(sheet.headings, map(shown, cells), strict=True)) for _, cells in sheet.rows]
    if not rows:
        raise InputError("The file has no answers", value=str(path), allowed="one row per person")
    now = current(store.heads(slug, practice="community"))
    make_up = _make_up(now)
    counts = count_groups(rows, columns, known=make_up, rules=rules)
    held = [(h, a) for h, a in of_type(now, Activity) if folded(a.name) == folded(activity)]
    name = held[0][1].name if held else " ".join(activity.split())
    revisions: list[Revision] = []
    notes = [*sheet.notes]
    if held:
        completed = held[0][1].completed
        if completed is not None and completed != len(rows):
            notes.append(
                f"the activity says {completed:,} finished, and the file has {len(rows):,} "
                "rows: check which is right"
            )
    else:
        made = Activity(name=activity, type="survey", completed=len(rows))
        revisions.append(new_revision(slug, made))
    tally = {"new": 0, "changed": 0, "unchanged": 0}
    for record in _records(name, counts, now):
        revision, outcome = _revision(slug, record, now)
        tally[outcome] += 1
        revisions += [revision] if revision is not None else []
    if not dry_run and revisions:
        store.append(revisions)
    shares = {count.trait: _shares(count, make_up, now) for count in counts}
    return SurveyImport(
        activity=name,
        activity_is_new=not held,
        answers=len(rows),
        counts=tuple(counts),
        shown={c.trait: representation(dict(c.people), shares[c.trait]) for c in counts},
        against_make_up=frozenset(c.trait for c in counts if folded(c.trait) in _traits(now)),
        new=tally["new"],
        changed=tally["changed"],
        unchanged=tally["unchanged"],
        notes=tuple(notes),
    )


def _sheet(path: Path) -> Sheet:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError("The file cannot be read", value=f"{path}: {error.strerror}") from error
    check_size(path.name, len(data))
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        sheets = [sheet for sheet in read_workbook(path.name, data) if sheet.rows]
        if len(sheets) != 1:
            raise InputError(
                "A survey is one sheet",
                value=", ".join(sheet.label for sheet in sheets) or path.name,
                allowed="a workbook with one filled sheet, or a CSV file",
            )
        sheet = sheets[0]
    else:
        sheet = read_csv(path.name, path.stem, data)
    names = [folded(heading) for heading in sheet.headings]
    twice = next((h for h in sheet.headings if h and names.count(folded(h)) > 1), None)
    if twice is not None:
        raise InputError("Two columns have the same heading", value=twice)
    return sheet


def _traits(now: Sequence[Head]) -> dict[str, list[CommunityGroup]]:
    found: dict[str, list[CommunityGroup]] = {}
    for _, group in of_type(now, CommunityGroup):
        found.setdefault(folded(group.trait), []).append(group)
    return {trait: in_order(groups) for trait, groups in found.items()}


def _make_up(now: Sequence[Head]) -> dict[str, list[str]]:
    """Trait -> the names of its groups."""
    return {groups[0].trait: [g.group for g in groups] for groups in _traits(now).values()}


def _shares(
    count: SurveyCount, make_up: Mapping[str, Sequence[str]], now: Sequence[Head]
) -> dict[str, float]:
    """What to hold the counts against: the make-up, or equal parts where there is none.

    Groups that only the file has stand with a share of nothing.
    """
    groups = _traits(now).get(folded(count.trait), [])
    shares = {group.group: group.people for group in groups}
    if sum(shares.values()) <= 0:
        return dict.fromkeys(count.people, 1.0)
    return {name: shares.get(name, 0.0) for name in dict.fromkeys([*shares, *count.people])}


def _records(activity: str, counts: Sequence[SurveyCount], now: Sequence[Head]) -> list[GroupCount]:
    records = []
    for count in counts:
        people = dict(count.people)
        for _, was in of_type(now, GroupCount):
            here = (folded(was.activity), folded(was.trait)) == (
                folded(activity),
                folded(count.trait),
            )
            if here and folded(was.group) not in map(folded, people):
                people[was.group] = 0
        records += [
            GroupCount(activity=activity, trait=count.trait, group=group, people=n)
            for group, n in people.items()
        ]
    return records


def _revision(slug: str, record: GroupCount, now: Sequence[Head]) -> tuple[Revision | None, str]:
    key = record.key_text()
    for head, was in of_type(now, GroupCount):
        if was.key_text() != key:
            continue
        if was.people == record.people:
            return None, "unchanged"
        parents = {head.revision, *head.rivals}
        return new_revision(slug, record, record_id=head.record, parents=parents), "changed"
    return new_revision(slug, record), "new"
