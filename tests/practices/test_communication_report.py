"""Communication: the progress report that is drafted from the records."""

from __future__ import annotations

import re

from read_back import Page
from told_records import AS_OF, HOSTILE, heads

from playbook_helpers.core.assessment import Context
from playbook_helpers.core.partnership import Partnership
from playbook_helpers.core.records import Record
from playbook_helpers.practices.communication import (
    ProgressReport,
    Story,
    draft,
)
from playbook_helpers.practices.communication.pages import draft_html
from playbook_helpers.practices.community import Activity, Heard
from playbook_helpers.practices.goals import Goal, Measurement
from playbook_helpers.practices.learning import Milestone, Review

FULL: tuple[Record, ...] = (
    Goal(
        name="Readiness",
        sentence="More children ready",
        level="outcome",
        unit="percent",
        unit_words="% of children",
        baseline_value=44,
        baseline_date="2020",
        target_value=84,
        target_date="2030",
        source="Plan",
    ),
    Measurement(goal="Readiness", date="2027-02", value=54, source="School check"),
    Milestone(name="First hundred", planned="2027-01", actual="2027-02-10"),
    Milestone(name="Second hundred", planned="2027-09"),
    Review(name="The van", date="2027-02", happened="It stopped.", sharing="anyone"),
    Review(name="The quarrel", date="2027-02", happened="We shouted.", sharing="inside"),
    Activity(name="Spring survey", type="survey", date="2027-02", completed=212),
    Heard(what="Buses stop early", heard_on="2027-02", outcome="taken_up", told_on="2027-03"),
    Heard(what="Too dark", heard_on="2027-03", outcome="open"),
    ProgressReport(
        period="Early 2027", starts="2027-01", ends="2027-03", scope="public", well="A good start."
    ),
)


def test_every_number_leads_to_the_record_it_comes_from() -> None:
    now = heads(*FULL)
    made = draft(now, Context("our-town", AS_OF), today=AS_OF)
    page = Page(draft_html(made))
    led = {text: target for target, text in page.links}
    by_kind = {
        head.value.mention().split(",")[0] + head.kind: head.record for head in now if head.value
    }
    # (54 - 44) / (84 - 44) = 25 % of the way.
    assert led["54%"] == f"#record-{by_kind['Readinessmeasurement']}"
    for number in ("44%", "84%", "25%"):
        assert led[number] == f"#record-{by_kind['Readinessgoal']}"
    assert led["212"] == f"#record-{by_kind['Spring surveyactivity']}"
    assert led["2"].startswith("#records-2-")  # two things heard: the list of both
    assert {target.removeprefix("#") for target, _ in page.links} == set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    for head in now:
        if f"record-{head.record}" in page.ids:
            assert f"Record {head.record}" in draft_html(made)
    assert "Where the numbers come from" in made.markdown()
    assert f"[54%](#record-{by_kind['Readinessmeasurement']})" in made.markdown()
    targets = set(re.findall(r"\]\(#([^)]+)\)", made.markdown()))
    assert targets == set(re.findall(r'<a id="([^"]+)">', made.markdown()))


def test_lessons_go_only_as_far_as_the_group_agreed() -> None:
    public = draft(heads(*FULL), Context("our-town", AS_OF), today=AS_OF)
    assert "It stopped" in draft_html(public)
    assert "We shouted" not in draft_html(public)
    inside = [r for r in FULL if not isinstance(r, ProgressReport)]
    told = draft(heads(*inside), Context("our-town", AS_OF), scope="inside", today=AS_OF)
    assert "We shouted" in draft_html(told)


def test_a_report_is_for_the_public_unless_somebody_says_otherwise() -> None:
    assert draft([], Context("our-town", AS_OF)).scope == "public"
    record = ProgressReport(period="Now", scope="inside")
    made = draft(heads(record), Context("our-town", AS_OF))
    assert made.scope == "inside"
    assert draft(heads(record), Context("our-town", AS_OF), scope="public").scope == "public"
    wide = ProgressReport(period="Now", scope="public")
    assert draft(heads(wide), Context("our-town", AS_OF), scope="inside").scope == "public"


def test_numbers_of_another_time_stay_out() -> None:
    old = ProgressReport(period="2026", starts="2026-01", ends="2026-12")
    records = [r for r in FULL if not isinstance(r, ProgressReport)]
    made = draft_html(draft(heads(*records, old), Context("our-town", AS_OF), today=AS_OF))
    assert "54%" not in made
    assert "Spring survey" not in made
    assert "not measured yet" in made or "44%" in made


def test_hostile_text_is_shown_as_text_in_the_report() -> None:
    one_line = " ".join(HOSTILE.split())
    made = draft(
        heads(
            Goal(name=one_line, sentence=HOSTILE, level="outcome"),
            Activity(name=one_line, type="survey", completed=5),
            Heard(what=one_line, decided=HOSTILE),
            Milestone(name=one_line, actual="2027", thanks=HOSTILE),
            ProgressReport(period=one_line, well=HOSTILE, hard=HOSTILE, scope="inside"),
            Story(name=one_line, text=HOSTILE, consent=True, scope="public", reviewed=True),
            Partnership(name=one_line, purpose=HOSTILE),
        ),
        Context("our-town", AS_OF, Partnership(name=one_line, purpose=HOSTILE)),
        today=AS_OF,
    )
    page = Page(draft_html(made))
    assert not page.tags & {"script", "title", "img"}
    assert all(target.startswith("#record") for target, _ in page.links)
    plain = made.markdown()
    assert "<script" not in plain.replace("\\<", "")
    assert "](javascript" not in plain.replace("\\]", "")
    assert not [line for line in plain.splitlines() if line.startswith("# Ha")]
    assert "END:VEVENT" in plain


def test_a_missing_own_word_says_so_and_is_not_made_up() -> None:
    made = draft(heads(*FULL), Context("our-town", AS_OF), today=AS_OF).markdown()
    assert "A good start." in made
    assert made.count("Still to be written by the group.") == 3
