"""No name turns a sentence of ours round: neither by hidden signs nor by the way it is written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from playbook_helpers.batch.parameters import check_round
from playbook_helpers.core.bidi import isolated, unturned
from playbook_helpers.core.errors import InputError
from playbook_helpers.core.partnership import Partnership
from playbook_helpers.core.records import fields_of
from playbook_helpers.core.revisions import from_json, new_revision
from playbook_helpers.core.slugs import check_slug
from playbook_helpers.practices.goals import Goal
from playbook_helpers.practices.kinds import RECORD_TYPES, read_heads
from playbook_helpers.publish.portfolio import write_portfolio
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files import import_paths
from playbook_helpers.storage.files.answers import read_answers
from playbook_helpers.worksheet import Worksheet
from playbook_helpers.worksheet.forms import form_description
from playbook_helpers.worksheet.forms.widget import FormView

SIGNS = [chr(n) for n in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))]
HEBREW, ARABIC = "\u05e7\u05e8\u05d9\u05d0\u05d4", "\u0642\u0631\u0627\u0621\u0629"
TEXTS = [
    (type_, spec.name)
    for type_ in RECORD_TYPES.values()
    for spec in fields_of(type_)
    if spec.type in ("text", "long", "reference")
]
GOAL = {"name": "Reading", "sentence": "More.", "level": "outcome"}


@pytest.mark.parametrize(("type_", "name"), TEXTS)
def test_no_text_field_takes_a_sign_that_turns_text(type_: Any, name: str) -> None:
    for sign in SIGNS:
        with pytest.raises(ValidationError) as caught:
            type_.model_validate({name: f"East{sign}west"})
        wrong = [e["msg"] for e in caught.value.errors() if e["loc"] == (name,)]
        assert len(wrong) == 1
        assert f"U+{ord(sign):04X}" in wrong[0]


def test_the_sign_is_named_at_every_way_in(tmp_path: Path) -> None:
    named = r"U\+202E RIGHT-TO-LEFT OVERRIDE"
    bad = new_revision("our-town", Goal(**GOAL)).to_json()  # type: ignore[arg-type]
    with pytest.raises(InputError, match="author holds a sign that turns text round") as caught:
        from_json(bad | {"author": "Anna\u202eB"})
    assert caught.value.value == "U+202E RIGHT-TO-LEFT OVERRIDE"
    bad["payload"] = GOAL | {"name": "Rea\u202eding"}
    content = {"format": "playbook-answers/1", "partnership": "our-town", "practice": "goals"}
    (problem,) = read_answers("f", json.dumps(content | {"revisions": [bad]}).encode()).problems
    assert re.search(named, problem.what)
    view = FormView(form_description("goals"), partnership="our-town", on_save=lambda data: None)
    answer = view.answer({"type": "save", "revision": bad})
    assert answer is not None
    assert re.search(named, answer["problems"][0][1])
    file = tmp_path / "goal.csv"
    file.write_text("name,sentence,level\nRea\u202eding,More.,Outcome\n", "utf-8")
    with Store.open(f"sqlite:///{tmp_path / 'own.db'}") as store:
        store.append([new_revision("our-town", Partnership(name="Our Town"))])
        with pytest.raises(InputError, match=named) as refused:
            import_paths(store, [file], partnership="our-town")
    assert "row 2, column 'name'" in str(refused.value)
    for way in (check_slug, check_round):
        with pytest.raises(InputError):
            way("east\u202ewest")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Names from right to left, and one with a hidden sign that an older version took."""
    with Store.open(f"sqlite:///{tmp_path / 'playbook.db'}") as opened:
        opened.append([new_revision("our-town", Partnership(name=f"{ARABIC} 5"))])
        for number, name in enumerate((HEBREW, f"{HEBREW} 2")):
            goal = Goal(name=name, sentence=f"{number}", level="outcome")
            opened.append([new_revision("our-town", goal), new_revision("our-town", goal)])
        old = new_revision("our-town", Goal(name="Old", sentence="a", level="output"))
        payload = dict(old.payload) | {"name": "Old\u202egoal", "sentence": "We \u2066all\u2069"}
        opened.append([replace(old, payload=payload)])
        yield opened


def test_what_was_stored_before_is_read_without_the_sign(store: Store) -> None:
    goals = [h for h in store.heads("our-town") if h.kind == "goal" and h.value is not None]
    names = {head.value.name for head in goals if isinstance(head.value, Goal)}
    assert "Oldgoal" in names
    again = read_heads(store.revisions("our-town"))
    assert [head.problem for head in again] == [""] * len(again)


def test_users_words_are_set_apart_in_sentences_tables_captions_and_pages(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYBOOK_SHOW", "document")
    sheet = Worksheet("goals", "our-town", store=store.address)
    shown = [
        sheet.title(),
        sheet.form(),
        sheet.findings(),
        sheet.measures(),
        sheet.chart("progress"),
    ]
    pages = ["".join(str(s._repr_mimebundle_()["text/html"]) for s in shown)]
    pages.append(write_portfolio(tmp_path, store, today=date(2026, 6, 1)).page.read_text("utf-8"))
    assert f"<bdi>{HEBREW}</bdi>: neither" in pages[0]
    assert f"<bdi>{ARABIC} 5</bdi>" in pages[0]
    for page in pages:
        assert not set(SIGNS) & set(page)
        body = re.sub(r"<(script|style|title)\b.*?</\1>", "", page, flags=re.DOTALL)
        outside = re.sub(r"<bdi>.*?</bdi>|<[^>]*>", "", body, flags=re.DOTALL)
        assert not re.search("[\u0590-\u06ff]", outside)


def test_a_quoted_name_is_set_apart_as_a_whole() -> None:
    page = f"<p>2 goals are called “{HEBREW} 5”; see “Reading”.</p><td>{ARABIC} 5</td>"
    assert isolated(page) == (
        f"<p>2 goals are called “<bdi>{HEBREW} 5</bdi>”; see “Reading”.</p>"
        f"<td><bdi>{ARABIC} 5</bdi></td>"
    )
    for left_alone in (f"<script>{HEBREW}</script>", f'<p title="{HEBREW}">a</p>', "<p>a</p>"):
        assert isolated(left_alone) == left_alone


@given(st.text(st.sampled_from([*"ab <>&\"'“” 5.", HEBREW[0], ARABIC[0], *SIGNS]), max_size=40))
def test_setting_apart_changes_no_word_and_breaks_no_markup(words: str) -> None:
    page = f'<p title="{escape(words)}">{escape(words)}</p>'
    told = isolated(page)
    assert told.replace("<bdi>", "").replace("</bdi>", "") == unturned(page)
    assert told.count("<bdi>") == told.count("</bdi>")
    assert "<bdi>" not in told.split(">")[0]
    assert isolated(told) == told
