"""Damaged files: nothing is ever read as other data without a word, and every word is plain.

Bytes are turned over, pages are emptied or filled with noise, files are cut off: in the store and
in its file of secret answers. Whatever a store then gives is either just what was written, or a
StoreError. `PLAYBOOK_ATTACKS=whole` tries 300 damages instead of 60.
"""

from __future__ import annotations

import os
import random
import shutil
from collections import Counter
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from playbook_helpers.core.errors import StoreError
from playbook_helpers.core.partnership import Decision, Partner, Partnership
from playbook_helpers.core.revisions import Revision, new_revision
from playbook_helpers.practices.goals import Goal
from playbook_helpers.practices.trust import CheckIn, ClosedRound
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.database.secret_stores import SecretFile
from playbook_helpers.storage.database.verifying import verify_file

DAMAGES = 300 if os.environ.get("PLAYBOOK_ATTACKS") == "whole" else 60
PAGE = 4096


def records(slug: str, rng: random.Random) -> list[Revision]:
    """A partnership with some history, answers and a closed round."""
    made = [new_revision(slug, Partnership(name=f"Town of {slug}"), author="Ada")]
    for n in range(30):
        goal = new_revision(
            slug,
            Goal(name=f"Goal {n}", sentence="Raise it. " * rng.randrange(1, 40), level="output"),
            author="Ada",
        )
        made.append(goal)
        if n % 3 == 0:
            value = Goal(name=f"Goal {n}", sentence="Raised.", level="output")
            made.append(new_revision(slug, value, record_id=goal.record, parents=[goal.id]))
        made.append(new_revision(slug, Partner(name=f"Partner {n}", sector="other")))
    decision = Decision(date="2027-03-01", decided="Tea", worksheet="goals")
    made.append(new_revision(slug, decision))
    comment = "Something was said here. "
    made += [
        new_revision(slug, CheckIn(round="2027-03", helps="4", comment=comment * rng.randrange(9)))
        for _ in range(20)
    ]
    return [*made, new_revision(slug, ClosedRound(round="2027-03"))]


def everything(store: Store) -> dict[str, Any]:
    """All that a store gives, by each way of asking."""
    slugs = store.partnerships()
    revisions = store.revisions()
    told = {r.id: (r, r.stored_time, r.showing) for r in revisions}
    return {
        "slugs": slugs,
        "revisions": told,
        "each": {slug: {r.id: r for r in store.revisions(slug)} for slug in slugs},
        "heads": {slug: store.heads(slug) for slug in slugs},
        "many": dict(store.heads_of_many()),
        "some": [(s, h, f) for s, h, f in store.some_of_many(unread={"check_in"})],
        "kinds": store.heads_of(["goal", "check_in", "decision"]),
        "histories": {slug: store.histories(slug, ["goal", "check_in"]) for slug in slugs},
        "history": {r.record: store.history(r.record) for r in revisions[::12]},
        "prints": {slug: vars_of(print_) for slug, print_ in store.record_fingerprints().items()},
        "fingerprints": store.fingerprints(),
        "closed": [store.is_closed(slug, "check_in", "2027-03") for slug in slugs],
    }


def vars_of(print_: Any) -> tuple[Any, Any]:
    return dict(print_.kinds), dict(print_.decisions)


def turned(content: bytearray, rng: random.Random) -> str:
    """One to eight bytes are others."""
    for _ in range(rng.choice((1, 1, 2, 8))):
        content[rng.randrange(len(content))] ^= rng.randrange(1, 256)
    return "bytes"


def a_page(content: bytearray, rng: random.Random) -> str:
    """A whole page is empty, or noise, or a copy of another."""
    at = rng.randrange(len(content) // PAGE) * PAGE
    how = rng.choice(("empty", "noise", "copy"))
    other = rng.randrange(len(content) // PAGE) * PAGE
    content[at : at + PAGE] = {
        "empty": bytes(PAGE),
        "noise": rng.randbytes(PAGE),
        "copy": bytes(content[other : other + PAGE]),
    }[how]
    return how


def cut(content: bytearray, rng: random.Random) -> str:
    """The end is gone, or all of it."""
    del content[rng.choice((0, rng.randrange(len(content)), len(content) // PAGE // 2 * PAGE)) :]
    return "cut"


def a_cell(content: bytearray, rng: random.Random) -> str:
    """A number in the head of a page: how many rows it has, or where they lie."""
    at = rng.randrange(len(content) // PAGE) * PAGE + (100 if rng.random() < 0.1 else 0)
    content[at + rng.randrange(40)] = rng.randrange(256)
    return "cell"


def swapped(content: bytearray, rng: random.Random) -> str:
    """Two pages have changed places."""
    one, other = (at * PAGE for at in rng.sample(range(len(content) // PAGE), 2))
    held = content[one : one + PAGE]
    content[one : one + PAGE] = content[other : other + PAGE]
    content[other : other + PAGE] = held
    return "swapped"


HARMS: tuple[Callable[[bytearray, random.Random], str], ...] = (
    turned,
    a_page,
    cut,
    a_cell,
    swapped,
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("whole")
    rng = random.Random(3)
    with Store.open(str(folder / "own.db")) as store:
        for slug in ("east", "north", "south"):
            store.append(records(slug, rng))
        late = [new_revision("east", CheckIn(round="2027-03", comment="late")) for _ in range(3)]
        store.append(late)
    with Store.open(str(folder / "own.db")) as store:
        return folder, everything(store)


@pytest.mark.slow
def test_no_damage_is_read_as_other_data_without_a_word(
    whole: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    folder, written = whole
    outcomes: Counter[str] = Counter()
    for number in range(DAMAGES):
        rng = random.Random(number)
        here = tmp_path / f"{number}"
        shutil.copytree(folder, here)
        file = here / "own.db"
        harmed = rng.choice((file, SecretFile(file).file))
        content = bytearray(harmed.read_bytes())
        how = rng.choice(HARMS)(content, rng)
        harmed.write_bytes(content)
        before = {path.name: path.read_bytes() for path in here.iterdir()}
        found = verify_file(file)
        copied = refused = False
        try:
            with Store.open(str(file), create=bool(number % 2)) as store:
                try:
                    assert everything(store) == written, (number, how)
                    outcomes["read as written"] += 1
                except StoreError as error:
                    outcomes["refused"] += 1
                    refused = True
                    plain(error)
                try:
                    with Store.open("sqlite://") as other:
                        other.merge(store)
                        assert {r.id for r in other.revisions()} == set(written["revisions"])
                except StoreError as error:
                    plain(error)
                try:
                    store.backup(here / "copy")
                    copied = True
                except StoreError as error:
                    plain(error)
        except StoreError as error:
            refused = True
            outcomes["not opened"] += 1
            plain(error)
        if refused:
            assert not found.whole, (number, how)
            if copied:  # an index led nowhere, and read from end to end all was there
                with Store.open(str(here / "copy")) as store:
                    assert everything(store) == written, (number, how)
        for slug in found.partnerships:
            assert slug in written["slugs"], (number, how, slug)
        for name, old in before.items():
            if refused and name == harmed.name == "own.db-secret":
                assert (here / name).read_bytes() == old, "a damaged file is not written anew"
        shutil.rmtree(here)
    print(f"{DAMAGES} damages: {dict(outcomes)}, 0 read as other data")
    assert outcomes["refused"] + outcomes["not opened"] > DAMAGES / 3


def plain(error: StoreError) -> None:
    """An error for people: no traceback's words, and what to do."""
    assert error.what
    for word in ("Traceback", "object at 0x", "sqlalche.me"):
        assert word not in str(error)
    assert error.allowed or error.kept or error.value


def test_what_is_whole_beside_the_damage_is_named(
    whole: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    folder, _ = whole
    shutil.copytree(folder, tmp_path / "here")
    file = tmp_path / "here" / "own.db"
    assert verify_file(file).whole
    assert verify_file(file).partnerships == ["east", "north", "south"]
    content = file.read_bytes()
    file.write_bytes(content.replace(b"Town of north", b"Town of nurth"))
    found = verify_file(file)
    assert not found.whole
    assert found.partnerships == ["east", "south"]
    with Store.open(str(file)) as store:
        assert len(store.heads("east")) > 30
        with pytest.raises(StoreError, match="is not what was written"):
            store.heads("north")
        with pytest.raises(StoreError, match="no copy of it was kept") as caught:
            store.backup(tmp_path / "copy")
        assert "east, south" in str(caught.value)
    assert not (tmp_path / "copy").exists()


def test_whatever_is_asked_of_swapped_pages_is_answered_plainly(
    whole: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    """Each way of asking by itself: an index that leads to other rows raises no KeyError."""
    folder, _ = whole
    content = (folder / "own.db").read_bytes()
    pages = len(content) // PAGE
    asked: list[Callable[[Store], object]] = [
        lambda store: store.heads("north"),
        lambda store: store.heads("south"),
        lambda store: store.revisions("north"),
        lambda store: store.histories("north", ["goal"]),
        lambda store: dict(store.heads_of_many(["east", "south"])),
        lambda store: list(store.some_of_many(["east"], unread={"goal", "partner"})),
        lambda store: store.heads_of(["goal"], ["south"]),
        lambda store: store.record_fingerprints(["north"]),
        lambda store: store.fingerprints(["north"], practices=["goals"]),
        lambda store: store.is_closed("north", "check_in", "2027-03"),
    ]
    with Store.open(str(folder / "own.db")) as store:
        right = [ask(store) for ask in asked]
    shutil.copytree(folder, tmp_path / "here")
    file = tmp_path / "here" / "own.db"
    outcomes: Counter[str] = Counter()
    pairs = list(combinations(range(1, pages), 2))
    for one, other in random.Random(1).sample(pairs, min(len(pairs), DAMAGES)):
        for name in ("-wal", "-shm"):
            file.with_name(file.name + name).unlink(missing_ok=True)
        held = [content[at * PAGE : (at + 1) * PAGE] for at in range(pages)]
        held[one], held[other] = held[other], held[one]
        file.write_bytes(b"".join(held))
        for number, ask in enumerate(asked):
            try:
                with Store.open(str(file)) as store:
                    assert ask(store) == right[number], (one, other, number)
                outcomes["read as written"] += 1
            except StoreError as error:
                plain(error)
                outcomes["refused"] += 1
    assert min(outcomes["refused"], outcomes["read as written"]) > DAMAGES
