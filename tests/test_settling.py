"""Two versions of one record are both kept, and the group is told, until somebody settles it."""

from __future__ import annotations

from datetime import date

from playbook_helpers.core.assessment import Context
from playbook_helpers.core.revisions import Revision, new_revision, uuid7
from playbook_helpers.practices.goals import Goal
from playbook_helpers.practices.kinds import practice_named, read_heads

CONTEXT = Context("our-town", date(2027, 1, 1))


def goal(
    sentence: str, record: str = "", parents: tuple[str, ...] = (), gone: bool = False
) -> Revision:
    value = Goal(name="Reading", sentence=sentence, level="vision")
    return new_revision("our-town", value, record_id=record, parents=parents, deleted=gone)


def codes(revisions: list[Revision]) -> list[str]:
    found = practice_named("goals").assessed(read_heads(revisions), CONTEXT).findings
    return [finding.code for finding in found if finding.code in ("two_versions", "unreadable")]


def test_two_edits_at_once_are_told_until_one_replaces_both() -> None:
    first = goal("All children read.")
    mine = goal("All children read well.", first.record, (first.id,))
    yours = goal("All children love to read.", first.record, (first.id,))
    assert codes([first, mine]) == []
    assert codes([first, mine, yours]) == ["two_versions"]
    settled = goal("All children read well and love it.", first.record, (mine.id, yours.id))
    assert codes([first, mine, yours, settled]) == []


def test_an_edit_beside_a_removal_is_told() -> None:
    first = goal("All children read.")
    edited = goal("All children read well.", first.record, (first.id,))
    removed = goal("All children read.", first.record, (first.id,), gone=True)
    assert codes([first, edited, removed]) == ["two_versions"]


def test_a_record_that_cannot_be_read_is_kept_and_told() -> None:
    odd = Revision(
        id=uuid7(),
        partnership="our-town",
        practice="goals",
        kind="goal",
        record=uuid7(),
        payload={"name": "From a newer playbook", "colour": "blue"},
        client_time="2027-01-01T00:00:00.000Z",
    )
    assert codes([odd]) == ["unreadable"]
