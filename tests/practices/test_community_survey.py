"""A survey's file becomes people per group, and nobody's answers; and how many answers it takes."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from playbook_helpers.cli import app
from playbook_helpers.core.errors import InputError, NotFound, PlaybookError
from playbook_helpers.core.partnership import Partnership
from playbook_helpers.core.revisions import new_revision
from playbook_helpers.drawing.controls import WhatIf, live
from playbook_helpers.practices.community import CommunityGroup, GroupRule, count_groups
from playbook_helpers.practices.community.what_if import (
    LOUD,
    sample_chart,
    sample_sentence,
    sample_size,
)
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files import export_partnership
from playbook_helpers.storage.files.surveys import import_survey
from playbook_helpers.worksheet import Worksheet

SOMERVILLE = Path(__file__).parents[2] / "data" / "surveys" / "somerville_happiness_2015.csv"
SLUG = "our-town"
HAPPY = [GroupRule.read("Happiness: 0 = Unhappy"), GroupRule.read("Happiness: 1 = Happy")]


@pytest.fixture
def url(tmp_path: Path) -> str:
    address = f"sqlite:///{tmp_path / 'store.db'}"
    make_up = [
        CommunityGroup(trait="Age", group=group, people=people)
        for group, people in (("Under 30", 40), ("30 to 59", 40), ("60 and over", 20))
    ]
    with Store.open(address) as store:
        about = Partnership(name="Our town")
        store.append([new_revision(SLUG, record) for record in (about, *make_up)])
    return address


def survey_file(folder: Path, ages: list[object], heading: str = "How old are you?") -> Path:
    path = folder / "survey.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Secret thought", heading])
        writer.writerows([[f"thought-{i}", age] for i, age in enumerate(ages)])
    return path


AGES: list[object] = [*[22] * 8, *[45] * 30, *[71] * 3, ""]
RULES = [
    GroupRule.read(text)
    for text in ("Age: ..29 = Under 30", "Age: 30-59 = 30 to 59", "Age: 60.. = 60 and over")
]
COLUMNS = {"how old are YOU?": "Age"}


# Counting --------------------------------------------------------------------------------------


def test_the_happiness_survey_of_somerville_has_77_happy_and_66_unhappy_people() -> None:
    with SOMERVILLE.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    [count] = count_groups(rows, {"happy": "Happiness"}, rules=HAPPY)
    assert (dict(count.people), count.unsaid) == ({"Unhappy": 66, "Happy": 77}, 0)
    [schools] = count_groups(rows, {"school_quality": "Schools"})
    assert list(schools.people) == ["1", "2", "3", "4", "5"]
    assert sum(schools.people.values()) == len(rows) == 143


def test_ranges_hold_both_ends_and_empty_answers_are_unsaid() -> None:
    rows = [{"age": v} for v in (29, "30", 59.0, "60", "", None, "rather not say")]
    [count] = count_groups(rows, {"Age": "Age"}, rules=RULES)
    assert dict(count.people) == {"Under 30": 1, "30 to 59": 2, "60 and over": 1}
    assert count.unsaid == 3


def test_words_for_no_answer_are_no_group_of_their_own() -> None:
    said = ["North", "Prefer not to say", "Don’t know", "(no answer)", "#N/A", "North"]
    [count] = count_groups([{"area": value} for value in said], {"area": "Area"})
    assert (dict(count.people), count.unsaid) == ({"North": 2}, 4)


def test_known_groups_count_by_name_whatever_the_case_and_with_nobody_as_nought() -> None:
    rows = [{"sex": "women "}, {"sex": "Women"}]
    [count] = count_groups(rows, {"sex": "Sex"}, known={"sex": ["Women", "Men"]})
    assert dict(count.people) == {"Women": 2, "Men": 0}


def test_an_answer_of_no_group_is_refused_and_named() -> None:
    with pytest.raises(InputError, match="belong to no group") as refused:
        count_groups([{"sex": "x"}], {"sex": "Sex"}, known={"Sex": ["Women", "Men"]})
    assert "'x'" in str(refused.value)
    assert "Sex: x = Women" in str(refused.value)


def test_a_column_of_free_text_is_never_taken_for_groups() -> None:
    rows = [{"name": f"Person {i}"} for i in range(31)]
    with pytest.raises(InputError, match="31 different answers"):
        count_groups(rows, {"name": "Name"})


@pytest.mark.parametrize(
    "text", ["Age", "Age: = x", "Age 1 = x", ": 1 = x", "Age: 9-3 = x", "a:b="]
)
def test_a_rule_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        GroupRule.read(text)


def test_a_code_below_nought_is_a_value_and_no_range() -> None:
    assert GroupRule.read("Age: -1 = Not asked").value == "-1"


@given(st.lists(st.sampled_from(["a", "b", "c", ""]), min_size=1))
def test_everyone_is_counted_once_in_any_order(answers: list[str]) -> None:
    [count] = count_groups([{"x": a} for a in answers], {"x": "X"})
    [again] = count_groups([{"x": a} for a in reversed(answers)], {"x": "X"})
    assert sum(count.people.values()) + count.unsaid == len(answers)
    assert dict(count.people) == dict(again.people)


# Into the store --------------------------------------------------------------------------------


def test_only_counts_are_kept_and_small_groups_are_not_shown(url: str, tmp_path: Path) -> None:
    path = survey_file(tmp_path, AGES)
    with Store.open(url) as store:
        done = import_survey(
            store, path, partnership=SLUG, activity="Spring", columns=COLUMNS, rules=RULES
        )
        assert (done.answers, done.new, done.activity_is_new) == (42, 3, True)
        held = json.dumps([r.to_json() for r in store.revisions(SLUG)])
        assert "thought" not in held
        groups = {g.group: g for g in done.shown["Age"].groups}
        assert [groups[g].n for g in ("Under 30", "30 to 59", "60 and over")] == [None, 30, None]
        public = export_partnership(store, SLUG, tmp_path / "out", public=True)
        assert not (public / "group_count.csv").exists()
        assert "group_count" not in (public / "revisions.jsonl").read_text("utf-8")


def test_doing_it_again_changes_nothing_and_more_answers_replace_the_counts(
    url: str, tmp_path: Path
) -> None:
    def take(ages: list[object]) -> tuple[int, int, int]:
        done = import_survey(
            store, survey_file(tmp_path, ages), partnership=SLUG, activity="spring ",
            columns=COLUMNS, rules=RULES,
        )  # fmt: skip
        return done.new, done.changed, done.unchanged

    with Store.open(url) as store:
        assert take(AGES) == (3, 0, 0)
        assert take(AGES) == (0, 0, 3)
        assert take([*AGES, 25, 26]) == (0, 1, 2)
        heads = [h for h in store.heads(SLUG) if h.kind == "group_count"]
        assert {h.payload["group"]: h.payload["people"] for h in heads}["Under 30"] == 10
        assert not any(h.rivals for h in heads)
        assert sum(h.kind == "activity" for h in store.heads(SLUG)) == 1


def test_trying_writes_nothing(url: str, tmp_path: Path) -> None:
    with Store.open(url) as store:
        before = store.fingerprint(SLUG)
        import_survey(
            store, survey_file(tmp_path, AGES), partnership=SLUG, activity="x",
            columns=COLUMNS, rules=RULES, dry_run=True,
        )  # fmt: skip
        assert store.fingerprint(SLUG) == before


def test_what_is_wrong_is_said_and_nothing_is_written(url: str, tmp_path: Path) -> None:
    path = survey_file(tmp_path, AGES)
    empty = tmp_path / "empty.csv"
    empty.write_text("age\n", "utf-8")
    with Store.open(url) as store:
        before = store.fingerprint(SLUG)
        for error, change in (
            (NotFound, {"partnership": "no-such-town"}),
            (NotFound, {"columns": {"shoe size": "Age"}}),
            (InputError, {"columns": {}}),
            (InputError, {"rules": ()}),
            (InputError, {"path": empty}),
            (InputError, {"path": tmp_path / "not-there.csv"}),
        ):
            asked = {"partnership": SLUG, "columns": COLUMNS, "rules": RULES, "path": path} | change
            with pytest.raises(error):
                import_survey(store, asked.pop("path"), activity="x", **asked)  # type: ignore[arg-type]
        assert store.fingerprint(SLUG) == before


def test_the_command_counts_and_hides(url: str, tmp_path: Path) -> None:
    rules = [a for text in ("..29 = Under 30", "30-59 = 30 to 59", "60.. = 60 and over")
             for a in ("--group", f"Age: {text}")]  # fmt: skip
    asked = ["import-survey", str(survey_file(tmp_path, AGES)), "--partnership", SLUG,
             "--activity", "Spring", "--map", "How old are you?=Age", *rules,
             "--store", url]  # fmt: skip
    told = CliRunner().invoke(app, asked)
    assert told.exit_code == 0, told.output
    assert "Under 30: hidden, few people" in told.output
    assert "30 to 59: 30 people, 73 %, 40 % of the community" in told.output
    assert "Age (1 did not say)" in told.output
    summary = json.loads(CliRunner().invoke(app, [*asked, "--json"]).stdout)
    assert summary["unchanged"] == 3
    assert [g["people"] for g in summary["traits"][0]["groups"]] == [None, 30, None]
    wrong = CliRunner().invoke(app, [*asked, "--map", "age"])
    assert isinstance(wrong.exception, PlaybookError)


# How many answers ------------------------------------------------------------------------------


def asked(url: str) -> WhatIf:
    ws = Worksheet("community", SLUG, store=url)
    return sample_size(ws.assess(), ws.heads(), ws.context())


def test_the_what_if_says_loudly_that_it_is_for_random_samples_only(url: str) -> None:
    chosen = asked(url)
    names = [choice.name for choice in chosen.controls({})]
    assert names == ["margin", "population", "confidence"]
    html = chosen.draw({"margin": 5.0, "population": 1000.0, "confidence": 95.0}).html()
    assert html.startswith(f"<p><strong>{LOUD}</strong></p>")
    assert LOUD.startswith("Random samples only.")
    assert "you need 278 answers" in html


def test_moving_a_slider_keeps_the_others(url: str) -> None:
    box = live(asked(url))
    margin, population, confidence, output = box.children
    population.value = 1000
    margin.value = 10
    confidence.value = 99
    # 2.5758^2 x .25 / .01 = 165.87; 165.87 / (1 + 164.87 / 1000) = 142.4
    assert "you need 143 answers" in output.value


def test_where_the_sample_would_be_half_of_all_it_says_to_ask_everyone() -> None:
    assert "ask everyone" in sample_sentence(3, 60)
    assert sample_chart(5, 1000, 0.95).title == (
        "A margin of 5 takes 278 answers; half that margin takes 607"
    )
