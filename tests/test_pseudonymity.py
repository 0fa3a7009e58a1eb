"""A check-in answer stays nobody's: in revisions, store, files, documents and forms.

`CheckIn` is the kind tried here; what is tested holds for every kind that is pseudonymous.
"""

from __future__ import annotations

import itertools
import json
import re
import sqlite3
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from playbook_helpers.core.partnership import Partnership
from playbook_helpers.core.revisions import Revision, new_revision, uuid7
from playbook_helpers.practices.goals import Goal
from playbook_helpers.practices.trust import CheckIn, ClosedRound, SmallWin
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files import export_partnership, import_paths
from playbook_helpers.worksheet import Worksheet
from playbook_helpers.worksheet.forms import form_description
from playbook_helpers.worksheet.forms.widget import FormView

SECRET = "I do not trust the treasurer."
ANSWER = CheckIn(round="2027-03", sector="funder", keeps_word="1", comment=SECRET)
NOON = "2027-03-05T12:34:56.789Z"


def version(given: str) -> int | None:
    return uuid.UUID(given).version


def traced() -> Revision:
    """A revision as an old or hostile page might send it: with author, time and ordered ids."""
    return replace(
        new_revision("here", ANSWER), id=uuid7(), record=uuid7(), author="Ada", client_time=NOON
    )


def filled(folder: Path, answers: int = 1) -> Store:
    store = Store.open(f"sqlite:///{folder / 'own.db'}")
    about = new_revision("here", Partnership(name="Here"))
    win = new_revision("here", SmallWin(action="Tea for all"))
    store.append([about, win, *(new_revision("here", ANSWER) for _ in range(answers))])
    return store


def test_a_new_revision_bears_no_author_no_time_and_random_ids() -> None:
    made = new_revision("here", ANSWER, author="Ada")
    assert (made.author, made.client_time) == ("", "")
    assert (version(made.id), version(made.record)) == (4, 4)
    goal = new_revision("here", Goal(name="G", sentence="S.", level="output"), author="Ada")
    assert (goal.author, version(goal.id)) == ("Ada", 7)
    assert goal.client_time


def test_the_store_keeps_no_trace_whatever_it_is_given(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path / 'own.db'}") as store:
        given = traced()
        later = replace(given, id=uuid7(), parents=(given.id,), payload={"round": "2027-04"})
        assert store.append([given, later]) == 2
        assert store.append([given, later]) == 0, "sent twice, stored once"
        kept = store.revisions("here")
        assert {(r.author, r.client_time) for r in kept} == {("", "")}
        assert {version(i) for r in kept for i in (r.id, r.record, *r.parents)} <= {4, 5}
        assert {r.stored_time for r in kept} == {""}
        (head,) = store.heads("here")
        assert head.payload == {"round": "2027-04"}
    text = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"Ada" not in text
    assert NOON.encode() not in text
    assert given.id.encode() not in text


def test_no_answer_is_in_the_store_itself_and_no_row_has_a_number(tmp_path: Path) -> None:
    filled(tmp_path, 8).close()
    assert SECRET.encode() not in (tmp_path / "own.db").read_bytes()
    assert SECRET.encode() in (tmp_path / "own.db-secret").read_bytes()
    for file, table in (("own.db", "revision"), ("own.db-secret", "answer")):
        with sqlite3.connect(tmp_path / file) as database, pytest.raises(sqlite3.Error):
            database.execute(f"SELECT rowid FROM {table}")
        database.close()


@pytest.mark.postgres
def test_a_table_in_postgresql_holds_no_order_of_arrival_either(postgres: Any) -> None:
    """Neither where the rows lie, as a dump shows them, nor which transaction wrote which."""
    schema = f"test_{uuid.uuid4().hex}"
    postgres.execute(f"CREATE SCHEMA {schema}")
    rows = f"SELECT id, xmin::text FROM {schema}.answer ORDER BY ctid"
    try:
        with Store.open(postgres.address(schema)) as store:
            store.append([new_revision("here", Partnership(name="Here"))])
            sent = [new_revision("here", ANSWER) for _ in range(12)]
            for answer in sent:
                assert store.append([answer]) == 1
                assert store.append([answer]) == 0, "sent twice, stored once"
            more = [new_revision("here", ANSWER) for _ in range(12)]
            with Store.open("sqlite://") as other:
                other.append(more)
                assert store.merge(other) == 12
            kept = {r.id: r for r in store.revisions("here")}
            assert all(kept[r.id] == r for r in (*sent, *more))
            assert len(kept) == 25
        found = postgres.execute(rows)
        assert sorted(row[0] for row in found) == sorted(r.id for r in (*sent, *more))
        assert stretches([row[0] for row in found]) <= 3
        assert len({row[1] for row in found}) == 1
        with pytest.raises(Exception, match="never changed or deleted"):
            postgres.execute(f"DELETE FROM {schema}.revision")
        with pytest.raises(Exception, match="never changed or deleted"):
            postgres.execute(f"SET playbook.reorder = 'yes'; DELETE FROM {schema}.revision")
        for change in (f"DELETE FROM {schema}.answer", f"UPDATE {schema}.answer SET showing = 1"):
            with pytest.raises(Exception, match="never changed or deleted"):
                postgres.execute(change)
    finally:
        postgres.execute(f"DROP SCHEMA {schema} CASCADE")


def stretches(ids: list[str]) -> int:
    """How many stretches of rising ids there are; forty in the order they came have about twenty.

    One is the rule. PostgreSQL may put some of the rows where it has just freed space, so that
    the row of ids begins in its middle; that tells nothing of who came when.
    """
    return 1 + sum(after < before for before, after in itertools.pairwise(ids))


def test_answers_that_come_at_once_are_all_kept(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'own.db'}"
    Store.open(address).close()
    sent = [new_revision("here", ANSWER) for _ in range(40)]

    def hand_in(part: list[Revision]) -> None:
        with Store.open(address) as store:
            for answer in part:
                store.append(answer)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(hand_in, [sent[n::4] for n in range(4)]))
    with Store.open(address) as store:
        assert {r.id for r in store.revisions()} == {r.id for r in sent}


@pytest.mark.postgres
def test_answers_that_come_at_once_are_all_kept_and_in_no_order(postgres: Any) -> None:
    schema = f"test_{uuid.uuid4().hex}"
    postgres.execute(f"CREATE SCHEMA {schema}")
    address = postgres.address(schema)
    try:
        Store.open(address).close()
        sent = [new_revision("here", ANSWER) for _ in range(40)]

        def hand_in(part: list[Revision]) -> None:
            with Store.open(address) as store:
                for answer in part:
                    store.append([answer])

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(hand_in, [sent[n::4] for n in range(4)]))
        found = postgres.execute(f"SELECT id, xmin::text FROM {schema}.answer ORDER BY ctid")
        assert sorted(row[0] for row in found) == sorted(r.id for r in sent)
        assert stretches([row[0] for row in found]) <= 3
        assert len({row[1] for row in found}) == 1, "one transaction wrote them all"
    finally:
        postgres.execute(f"DROP SCHEMA {schema} CASCADE")


@pytest.mark.postgres
def test_the_file_of_a_table_tells_no_order_once_the_round_is_closed(postgres: Any) -> None:
    """Rows that are no more lie in it until then: the earlier an answer came, the more often."""
    schema = f"test_{uuid.uuid4().hex}"
    postgres.execute(f"CREATE SCHEMA {schema}")

    def times(sent: list[Revision]) -> list[int]:
        postgres.execute("CHECKPOINT")
        ((place,),) = postgres.execute(f"SELECT pg_relation_filepath('{schema}.answer')")
        ((held,),) = postgres.execute(f"SELECT pg_read_binary_file('{place}')")
        return [bytes(held).count(answer.id.encode()) for answer in sent]

    try:
        with Store.open(postgres.address(schema)) as store:
            sent = [new_revision("here", ANSWER) for _ in range(8)]
            for answer in sent:
                store.append(answer)
            assert times(sent) != [1] * 8
            store.append(new_revision("here", ClosedRound(round="2027-03")))
            assert times(sent) == [1] * 8
    finally:
        postgres.execute(f"DROP SCHEMA {schema} CASCADE")


def answer_file(folder: Path, *revisions: Revision) -> Path:
    path = folder / "answers.json"
    content = {
        "format": "playbook-answers/1",
        "partnership": "here",
        "practice": "trust",
        "made": NOON,
        "revisions": [r.to_json() for r in revisions],
    }
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_an_answer_file_is_taken_once_and_without_its_traces(tmp_path: Path) -> None:
    path = answer_file(tmp_path, traced())
    with filled(tmp_path, 0) as store:
        import_paths(store, [path])
        import_paths(store, [path])
        (head,) = store.heads("here", kind="check_in")
        assert (head.author, head.client_time) == ("", "")
        assert version(head.record) == 5


def test_a_csv_of_answers_twice_is_the_same_answers(tmp_path: Path) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    (folder / "partnership.csv").write_text("name\nHere\n")
    (folder / "check_in.csv").write_text("round,sector,helps\n2027-03,,4\n2027-03,,4\n2027-03,,2\n")
    with Store.open(f"sqlite:///{tmp_path / 'own.db'}") as store:
        import_paths(store, [folder], partnership="here")
        import_paths(store, [folder], partnership="here")
        heads = store.heads("here", kind="check_in")
        assert sorted(h.payload["helps"] for h in heads) == ["2", "4", "4"]
        assert {(h.author, h.client_time) for h in heads} == {("", "")}


def test_an_export_has_the_answers_in_no_order_and_comes_back_whole(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path / 'own.db'}") as store:
        store.append([new_revision("here", Partnership(name="Here"))])
        for n in range(12):  # one after the other, as people come
            store.append([new_revision("here", CheckIn(round="2027-03", comment=f"No. {n:02}"))])
        package = export_partnership(store, "here", tmp_path / "out")
        for name in ("check_in.csv", "revisions.jsonl"):
            order = re.findall(r"No\. \d\d", (package / name).read_text(encoding="utf-8"))
            assert len(order) == 12
            assert order != sorted(order)
        with Store.open(f"sqlite:///{tmp_path / 'other.db'}") as other:
            import_paths(other, [package])
            assert len(other.heads("here", kind="check_in")) == 12


def test_a_package_for_anybody_holds_no_single_answer(tmp_path: Path) -> None:
    with filled(tmp_path, 7) as store:
        package = export_partnership(store, "here", tmp_path / "out", public=True)
    assert not (package / "check_in.csv").exists()
    assert (package / "small_win.csv").exists()
    assert SECRET not in "".join(f.read_text(encoding="utf-8") for f in package.iterdir())


def html_of(shown: Any) -> str:
    return str(shown._repr_mimebundle_()["text/html"])


def test_a_document_says_how_many_came_in_and_never_lists_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYBOOK_SHOW", "document")
    filled(tmp_path, 3).close()
    sheet = Worksheet("trust", "here", store=f"sqlite:///{tmp_path / 'own.db'}")
    for shown in (sheet.form(), sheet.form("check_in"), sheet.table("check_in", "comment")):
        page = html_of(shown)
        assert SECRET not in page
        assert "Came in" in page
        assert re.search(r"<t[dh][^>]*>3</t[dh]>", page)
    assert "Tea for all" in html_of(sheet.form())
    for part in (sheet.measures(), sheet.findings(), sheet.rows("comments", "comment")):
        assert SECRET not in html_of(part)


def test_the_live_form_is_given_no_answer_and_remembers_none() -> None:
    kept: list[Any] = []
    view = FormView(form_description("trust"), partnership="here", on_save=kept.append)
    reply = view.answer({"type": "save", "revision": new_revision("here", ANSWER).to_json()})
    assert reply is not None
    assert reply["saved"]
    assert len(kept) == 1
    told = view.answer({"type": "list"})
    assert told is not None
    assert told["revisions"] == []
    described = {k["kind"]: k["pseudonymous"] for k in form_description("trust")["kinds"]}
    assert described == {
        "check_in": True,
        "turnout": False,
        "closed_round": False,
        "agreement_point": False,
        "small_win": False,
        "decision": False,
    }


def test_a_live_worksheet_gives_the_page_no_answers_and_draws_nothing_again_after_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYBOOK_SHOW", "live")
    filled(tmp_path, 3).close()
    sheet = Worksheet("trust", "here", store=f"sqlite:///{tmp_path / 'own.db'}")
    form = sheet.form()
    assert SECRET not in json.dumps([form.get_state(), form.answer({"type": "list"})], default=str)
    drawn: list[int] = []
    sheet._listeners.append(lambda: drawn.append(1))
    sheet.save(new_revision("here", ANSWER).to_json())
    assert drawn == []
    sheet.save(new_revision("here", SmallWin(action="Walk")).to_json())
    assert drawn == [1]
