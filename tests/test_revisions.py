"""Putting revisions together: a union that loses nothing, whatever the order and however often."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playbook_helpers.core.errors import InputError, RevisionChanged
from playbook_helpers.core.revisions import (
    Revision,
    canonical,
    from_json,
    heads_of,
    merge,
    new_revision,
    standing,
    uuid7,
)
from playbook_helpers.practices.kinds import RECORD_TYPES, read_heads
from playbook_helpers.storage.database import Store


def name(number: int) -> str:
    """An id for tests, the same for the same number."""
    return str(uuid.UUID(int=number))


def revision(number: int, record: int = 1, parents: Iterable[int] = (), **more: Any) -> Revision:
    given_values = {"payload": {"name": f"state {number}"}, "client_time": "2027-01-01T00:00:00Z"}
    return Revision(
        **(
            given_values
            | {
                "id": name(number),
                "partnership": "east-side",
                "practice": "goals",
                "kind": "goal",
                "record": name(1000 + record),
                "parents": tuple(name(p) for p in parents),
            }
            | more
        )
    )


@st.composite
def histories(draw: st.DrawFn) -> list[Revision]:
    """A few records that several people edit, sometimes at once; each edit may replace any of
    the states of its record that came before."""
    made: list[Revision] = []
    for number in range(draw(st.integers(1, 12))):
        record = draw(st.integers(1, 3))
        before = [r.id for r in made if r.record == name(1000 + record)]
        made.append(
            replace(
                revision(number, record),
                partnership=f"area-{record % 2}",
                parents=tuple(
                    draw(st.lists(st.sampled_from(before), unique=True, max_size=3))
                    if before
                    else ()
                ),
                payload={"name": draw(st.sampled_from(["a", "b", "ü"])), "value": 0.1},
                deleted=draw(st.booleans()) and draw(st.booleans()),
                client_time=draw(st.sampled_from(["2027-01-01T00:00:00Z", "2027-01-02T00:00:00Z"])),
            )
        )
    return made


@st.composite
def scattered(draw: st.DrawFn) -> list[list[Revision]]:
    """One history, spread over up to three overlapping files, each in an order of its own."""
    history = draw(histories())
    pick = st.lists(st.sampled_from(history), max_size=15)
    return draw(st.lists(pick, min_size=3, max_size=3))


def ids(heads: dict[str, tuple[Revision, ...]]) -> dict[str, list[str]]:
    return {record: [r.id for r in rivals] for record, rivals in heads.items()}


# Laws ----------------------------------------------------------------------------------------


@given(scattered())
def test_merge_is_commutative_associative_and_idempotent(files: list[list[Revision]]) -> None:
    a, b, c = files
    assert merge(a, b) == merge(b, a)
    assert merge(merge(a, b).values(), c) == merge(a, merge(b, c).values())
    assert merge(a, a) == merge(a)
    assert merge(merge(a, b).values(), b) == merge(a, b)


@given(scattered())
def test_merge_keeps_every_revision_as_it_was(files: list[list[Revision]]) -> None:
    union = merge(*files)
    for written in (r for file in files for r in file):
        assert union[written.id] is not None
        assert union[written.id] == written


@given(histories(), st.randoms(use_true_random=False))
def test_heads_do_not_depend_on_the_order(history: list[Revision], chance: Any) -> None:
    shuffled = list(history)
    chance.shuffle(shuffled)
    assert heads_of(shuffled) == heads_of(history)
    assert read_heads(shuffled) == read_heads(history)


@given(histories())
def test_every_record_has_a_head_and_no_head_was_replaced(history: list[Revision]) -> None:
    heads = heads_of(history)
    assert set(heads) == {r.record for r in history}
    replaced = {parent for r in history for parent in r.parents}
    assert not {r.id for rivals in heads.values() for r in rivals} & replaced


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=scattered())
def test_stores_that_take_the_same_files_in_any_order_are_the_same(
    new_store_url: Callable[[], str], files: list[list[Revision]]
) -> None:
    a, b, c = files
    with Store.open(new_store_url()) as one, Store.open(new_store_url()) as two:
        added = [one.append(part) for part in (a, b, c)]
        assert sum(added) == len(merge(a, b, c))
        two.append(c)
        two.append(a)
        assert two.append(c) == 0
        two.merge(b)
        assert one.revisions() == two.revisions() == sorted_by_age(merge(a, b, c).values())
        assert one.merge(two) == two.merge(one) == 0
        for slug in ("area-0", "area-1"):
            assert one.heads(slug) == two.heads(slug) == read_heads(one.revisions(slug))
            assert one.conflicts(slug) == two.conflicts(slug)
            assert one.fingerprint(slug) == two.fingerprint(slug)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=scattered())
def test_nothing_stored_is_ever_changed_or_lost_and_the_fingerprint_follows_the_heads(
    new_store_url: Callable[[], str], files: list[list[Revision]]
) -> None:
    with Store.open(new_store_url()) as one, Store.open(new_store_url()) as two:
        before: list[Revision] = []
        prints: dict[frozenset[str], str] = {}
        for step, part in enumerate(files * 2):
            if step % 3 == 1:
                two.append(part)
                one.merge(two)
            else:
                one.append(part)
            after = {r.id: r for r in one.revisions()}
            for written in before:
                assert after[written.id] == written
                assert after[written.id].stored_time == written.stored_time
            before = list(after.values())
            heads = frozenset(h.revision for h in one.heads("area-1"))
            mark = one.fingerprint("area-1")
            assert prints.setdefault(heads, mark) == mark
        assert len(set(prints.values())) == len(prints)


def sorted_by_age(revisions: Iterable[Revision]) -> list[Revision]:
    return sorted(revisions, key=lambda r: (r.client_time, r.id))


# Heads, by hand ------------------------------------------------------------------------------


def test_two_who_edit_at_once_are_both_kept_until_somebody_settles_it() -> None:
    first = revision(1)
    mine, yours = revision(2, parents=[1]), revision(3, parents=[1])
    assert ids(heads_of([first, mine, yours])) == {first.record: [name(2), name(3)]}
    settled = revision(4, parents=[2, 3])
    assert ids(heads_of([settled, yours, first, mine])) == {first.record: [name(4)]}


def test_two_who_say_the_same_do_not_disagree() -> None:
    same = {"name": "read well"}
    one, other = revision(1, payload=same), revision(2, payload=same)
    assert ids(heads_of([one, other])) == {one.record: [name(2)]}


def test_a_revision_replaces_nothing_in_another_record() -> None:
    mine, altered = revision(1, record=1), revision(2, record=2, parents=[1])
    assert ids(heads_of([mine, altered])) == {mine.record: [name(1)], altered.record: [name(2)]}


def test_a_record_does_not_vanish_when_a_file_has_parents_in_a_circle() -> None:
    assert standing([("r", "a", ["b"]), ("r", "b", ["a"])]) == {"r": ["a", "b"]}
    assert standing([("r", "a", ["a"])]) == {"r": ["a"]}
    assert len(heads_of([revision(1, parents=[2]), revision(2, parents=[1])])) == 1


def test_a_deletion_leaves_the_record_out_and_a_rival_edit_brings_it_back() -> None:
    first, gone = revision(1), revision(2, parents=[1], deleted=True)
    assert read_heads([first, gone]) == []
    edit = revision(3, parents=[1])
    heads = read_heads([first, gone, edit])
    assert [(h.revision, h.deleted, h.rivals) for h in heads] == [
        (name(2), True, (name(3),)),
        (name(3), False, (name(2),)),
    ]


# What is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("was", "became"),
    [
        ({"name": "a"}, {"name": "b"}),
        ({"name": "a"}, {"name": "a", "note": "b"}),
        ({"met": True}, {"met": 1}),
        ({"met": [{"x": 0}]}, {"met": [{"x": False}]}),
    ],
)
def test_an_altered_revision_is_refused(was: dict[str, Any], became: dict[str, Any]) -> None:
    with pytest.raises(RevisionChanged, match="same id") as caught:
        merge([revision(1, payload=was)], [revision(1, payload=became)])
    assert caught.value.value == name(1)


def test_a_browser_that_writes_1_for_one_point_zero_has_altered_nothing() -> None:
    assert len(merge([revision(1, payload={"v": 1.0})], [revision(1, payload={"v": 1})])) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"id": "1"},
        {"id": name(1).upper() + "A"},
        {"partnership": "../up"},
        {"partnership": 3},
        {"practice": "goals; drop"},
        {"kind": ""},
        {"record": None},
        {"payload": []},
        {"payload": {"x": float("nan")}},
        {"payload": {"x": float("inf")}},
        {"payload": {"x": "\ud800"}},
        {"payload": {"x": "\x00"}},
        {"payload": {"x": "y" * 100_001}},
        {"parents": ["x"]},
        {"parents": "x"},
        {"deleted": 1},
        {"schema_version": 0},
        {"schema_version": True},
        {"author": "\ud800"},
        {"author": "x" * 201},
        {"client_time": "x" * 41},
    ],
)
def test_a_malformed_revision_is_refused_by_name(change: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        from_json(revision(1).to_json() | change)


def test_a_payload_nested_without_end_is_refused() -> None:
    deep: dict[str, Any] = {}
    for _ in range(100_000):
        deep = {"x": deep}
    with pytest.raises(InputError, match="nested too deeply"):
        from_json(replace(revision(1), payload={}).to_json() | {"payload": deep})
    while deep:  # taken apart by hand: freeing it at once would nest as deep
        deep = deep["x"]


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["name", "value", "ü"]), JSON))
def test_a_revision_written_and_read_is_the_same(payload: dict[str, Any]) -> None:
    made = revision(1, payload=payload)
    read = from_json(made.to_json())
    assert read == made
    assert canonical(read.payload) == canonical(payload)


def test_ids_are_version_7_and_in_the_order_of_time() -> None:
    made = [uuid7() for _ in range(50)]
    assert len(set(made)) == 50
    assert {uuid.UUID(i).version for i in made} == {7}
    assert {uuid.UUID(i).variant for i in made} == {uuid.RFC_4122}
    milliseconds = [i[:13] for i in made]
    assert milliseconds == sorted(milliseconds)


def test_a_new_revision_carries_what_its_record_type_says() -> None:
    partner = RECORD_TYPES["partner"](name="Library", sector="government")
    made = new_revision("east-side", partner, author="Ann", parents=[name(2), name(1)])
    assert (made.kind, made.practice, made.author) == ("partner", "partnership", "Ann")
    assert made.parents == (name(1), name(2))
    assert made.payload == {"name": "Library", "sector": "government"}
    again = new_revision("east-side", RECORD_TYPES["partner"](name="library ", sector="company"))
    assert again.record == made.record
    assert again.id != made.id
