"""No words of a story leave without a consent that holds: everywhere, for every way it can fail."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook_helpers.core.assessment import Context
from playbook_helpers.core.partnership import Partnership
from playbook_helpers.core.revisions import Revision, heads_of, new_revision
from playbook_helpers.practices.communication import (
    Story,
    consent_problem,
    draft,
    for_showing,
    gate_day,
    may_be_told,
)
from playbook_helpers.practices.communication.pages import (
    draft_html,
    progress_report_html,
    report_page,
)
from playbook_helpers.practices.communication.records import SCOPES, Scope
from playbook_helpers.practices.kinds import read_heads
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files import (
    export_partnership,
    import_paths,
    package_files,
    withheld_stories,
)
from playbook_helpers.storage.files.package import zip_bytes
from playbook_helpers.worksheet import Worksheet

SLUG = "our-town"
TODAY = date(2027, 3, 1)
WORDS = "the geese came back on a Tuesday"
GOOD: dict[str, Any] = {
    "name": "The geese",
    "text": WORDS,
    "consent": True,
    "scope": "public",
    "expires": "2990-12",
    "reviewed": True,
}
BROKEN: dict[str, dict[str, Any]] = {
    "the teller has not agreed": {"consent": False},
    "the teller has taken the consent back": {"withdrawn": True},
    "the consent ended with February 2027": {"expires": "2027-02"},
    "the consent ended with 28 February 2027": {"expires": "2027-02-28"},
    "the consent ended with 2026": {"expires": "2026"},
    "nothing says where it may be told": {"scope": None},
    "the teller has not read or heard this version": {"reviewed": False},
    "the teller is under age and no parent or guardian has agreed": {"minor": True},
}


def story(**changes: Any) -> Story:
    return Story.model_validate(GOOD | changes)


def saved(*stories: Story, deleted: bool = False) -> list[Revision]:
    """The states of one story, one after the other."""
    states: list[Revision] = []
    for place, each in enumerate(stories):
        last = place == len(stories) - 1
        states.append(
            new_revision(
                SLUG,
                each,
                record_id=states[0].record if states else "",
                parents=[states[-1].id] if states else [],
                deleted=deleted and last,
            )
        )
    return states


def with_partnership(states: list[Revision]) -> list[Revision]:
    return [new_revision(SLUG, Partnership(name="Our Town")), *states]


def everything(files: dict[str, bytes]) -> str:
    return "".join(data.decode("utf-8-sig") for data in files.values())


def pages(revisions: list[Revision], tmp_path: Path, day: str, monkeypatch: Any) -> dict[str, str]:
    """All that could carry a story's words out of a store as of that day, in each kind of page."""
    monkeypatch.setenv("PLAYBOOK_SHOW", "document")
    url = f"sqlite:///{tmp_path / 'store.db'}"
    with Store.open(url) as store:
        store.append(revisions)
        package = export_partnership(store, SLUG, tmp_path / "package", replace=True)
        public = export_partnership(store, SLUG, tmp_path / "public", public=True, replace=True)
    sheet = Worksheet("communication", SLUG, store=url, as_of=day)
    told = {
        "package": "".join(p.read_text("utf-8-sig") for p in sorted(package.iterdir())),
        "public package": "".join(p.read_text("utf-8-sig") for p in sorted(public.iterdir())),
        "form in a document": sheet.form().html(),
        "table": sheet.table("story").html(),
        "table of the text": sheet.table("story", "name", "text").html(),
        "measures": sheet.measures().html(),
        "findings": sheet.findings().html(),
        "rows": sheet.rows("stories").html(),
        "progress report": sheet.progress_report().html(),
        "progress report for inside": sheet.progress_report(scope="inside").html(),
        "calendar": sheet.calendar().html(),
        "assessment.json": json.dumps(sheet.assess().to_json()),
        "text of outputs": json.dumps(
            [sheet.table("story")._repr_mimebundle_(), sheet.progress_report()._repr_mimebundle_()]
        ),
    }
    for practice in ("goals", "resources", "trust"):
        other = Worksheet(practice, SLUG, store=url, as_of=day)
        told[f"{practice} asked for stories"] = other.table("story").html()
    return told


@pytest.mark.parametrize("reason", BROKEN)
def test_each_way_a_consent_can_fail_has_its_reason(reason: str) -> None:
    assert consent_problem(story(**BROKEN[reason]), "inside", TODAY) == reason


@pytest.mark.parametrize("reason", BROKEN)
def test_words_without_consent_are_on_no_page_and_in_no_file(
    reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    revisions = with_partnership(saved(story(**BROKEN[reason])))
    # What a package holds goes by the machine's own clock, which may not have come to 2027 yet.
    over = consent_problem(story(**BROKEN[reason]), "public", gate_day(date(1999, 1, 1)))
    for place, text in pages(revisions, tmp_path, "2027-03-01", monkeypatch).items():
        if over or "package" not in place:
            assert WORDS not in text, place


def test_with_consent_the_words_are_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = pages(with_partnership(saved(story())), tmp_path, "2027-03-01", monkeypatch)
    silent = {"measures", "findings", "rows", "calendar", "assessment.json"}
    for place, text in told.items():
        assert (WORDS in text) == (place not in silent), place


@pytest.mark.parametrize("reason", BROKEN)
@pytest.mark.parametrize("scope", SCOPES)
def test_reports_and_packages_withhold_on_the_day_itself(reason: str, scope: Scope) -> None:
    revisions = with_partnership(saved(story(**BROKEN[reason])))
    made = draft(read_heads(revisions), Context(SLUG, TODAY), scope=scope, today=TODAY)
    assert WORDS not in draft_html(made) + made.markdown() + report_page(made)
    assert made.withheld == 1
    for public in (False, True):
        files = package_files(SLUG, revisions, public=public, on=TODAY)
        assert WORDS not in everything(files)
        assert WORDS.encode() not in zip_bytes(SLUG, files)
        assert reason in json.loads(files["datapackage.json"])["withheld"]
        assert list(withheld_stories(revisions, public=public, on=TODAY).values()) == [reason]


@pytest.mark.parametrize("agreed", SCOPES)
@pytest.mark.parametrize("asked", SCOPES)
def test_a_story_goes_as_far_as_agreed_and_no_further(agreed: Scope, asked: Scope) -> None:
    order = list(SCOPES)
    allowed = order.index(asked) <= order.index(agreed)
    assert may_be_told(story(scope=agreed), asked, TODAY) == allowed
    revisions = with_partnership(saved(story(scope=agreed)))
    heads = read_heads(revisions)
    made = draft(heads, Context(SLUG, TODAY), scope=asked, today=TODAY)
    assert (WORDS in draft_html(made)) == (WORDS in made.markdown()) == allowed
    (shown,) = (h for h in for_showing(heads, asked, TODAY) if h.kind == "story")
    assert (WORDS in str(shown)) == allowed
    if asked != "funders":
        files = package_files(SLUG, revisions, public=asked == "public", on=TODAY)
        assert (WORDS in everything(files)) == allowed


def test_a_guardian_s_yes_lets_a_minor_s_story_be_told() -> None:
    assert may_be_told(story(minor=True, guardian=True), "public", TODAY)
    assert not may_be_told(story(minor=True, guardian=True, consent=False), "inside", TODAY)


def test_the_last_day_of_a_consent_counts_and_the_next_does_not() -> None:
    until = story(expires="2027-02")
    assert may_be_told(until, "public", date(2027, 2, 28))
    assert not may_be_told(until, "public", date(2027, 3, 1))


def test_a_page_about_last_year_asks_whether_the_consent_holds_today() -> None:
    heads = read_heads(saved(story(expires="2027-02")))
    made = draft(heads, Context(SLUG, date(2026, 12, 31)), scope="public", today=TODAY)
    assert WORDS not in draft_html(made)
    assert gate_day(date(2026, 12, 31), TODAY) == TODAY
    assert gate_day(date(2028, 1, 1), TODAY) == date(2028, 1, 1)


# The history ------------------------------------------------------------------------------------


def lines(revisions: list[Revision], **more: Any) -> list[dict[str, Any]]:
    files = package_files(SLUG, with_partnership(revisions), on=TODAY, **more)
    held = [json.loads(line) for line in files["revisions.jsonl"].decode().splitlines()]
    return [line for line in held if line["kind"] == "story"]


def test_earlier_words_stay_behind_where_the_teller_has_seen_only_the_last() -> None:
    states = saved(story(text="as first typed, with her name"), story())
    (only,) = lines(states)
    assert only["payload"]["text"] == WORDS
    assert only["id"] == states[-1].id


def test_a_history_with_the_same_words_goes_whole() -> None:
    states = saved(story(text=None, consent=False), story(expires="2027-12"), story())
    assert {line["id"] for line in lines(states)} == {state.id for state in states}


@pytest.mark.parametrize("public", [False, True])
def test_words_taken_back_are_in_no_line_of_the_history(public: bool) -> None:
    states = saved(story(), story(withdrawn=True), story(withdrawn=True, text=None))
    for upto in (2, 3):
        held = lines(states[:upto], public=public)
        assert WORDS not in json.dumps(held)
        if public:
            assert not held


def test_another_store_learns_that_a_story_was_taken_back(tmp_path: Path) -> None:
    states = saved(story(), story(withdrawn=True))
    base = with_partnership([])
    with (
        Store.open(f"sqlite:///{tmp_path / 'ours.db'}") as ours,
        Store.open(f"sqlite:///{tmp_path / 'theirs.db'}") as theirs,
    ):
        ours.append([*base, *states])
        theirs.append([*base, states[0]])
        import_paths(theirs, [export_partnership(ours, SLUG, tmp_path / "package")])
        (head,) = theirs.heads(SLUG, kind="story")
        assert head.value == Story(name="The geese", withdrawn=True)
        # The same package again, and into the store that it came from, changes nothing more.
        import_paths(theirs, [tmp_path / "package"])
        import_paths(ours, [tmp_path / "package"])
        for store in (ours, theirs):
            (head,) = store.heads(SLUG, kind="story")
            assert consent_problem(story(**head.payload), "inside", TODAY)


def test_a_deleted_story_leaves_no_words_and_stays_deleted_elsewhere() -> None:
    states = saved(story(), story(), deleted=True)
    (notice,) = lines(states)
    assert WORDS not in json.dumps(notice)
    assert notice["deleted"]
    assert set(notice["parents"]) == {state.id for state in states}
    assert not lines(states, public=True)


def test_of_two_versions_nobody_has_settled_the_stricter_counts() -> None:
    first = saved(story())[0]
    edits = [
        new_revision(SLUG, each, record_id=first.record, parents=[first.id])
        for each in (story(withdrawn=True), story(text=f"{WORDS}, twice"))
    ]
    for order in (edits, edits[::-1]):
        revisions = with_partnership([first, *order])
        assert len(heads_of(revisions)[first.record]) == 2
        heads = read_heads(revisions)
        made = draft(heads, Context(SLUG, TODAY), scope="inside", today=TODAY)
        assert WORDS not in draft_html(made)
        assert WORDS not in str(for_showing(heads, "inside", TODAY))
        assert WORDS not in everything(package_files(SLUG, revisions, on=TODAY))


def test_a_story_this_version_cannot_read_stays_behind() -> None:
    (sound,) = saved(story())
    payload = dict(sound.payload) | {"tale": WORDS}
    odd = Revision(sound.id, SLUG, "communication", "story", sound.record, payload)
    assert WORDS not in everything(package_files(SLUG, with_partnership([odd]), on=TODAY))
    assert WORDS not in str(for_showing(read_heads([odd]), "inside", TODAY))


def test_the_list_of_audiences_is_not_in_a_package_for_anybody() -> None:
    from playbook_helpers.practices.communication import Audience

    revisions = with_partnership([new_revision(SLUG, Audience(name="Councillors", influence=5))])
    assert "audience.csv" in package_files(SLUG, revisions)
    assert "Councillors" not in everything(package_files(SLUG, revisions, public=True))


# Laws -------------------------------------------------------------------------------------------

STORIES = st.builds(
    Story,
    name=st.just("A"),
    text=st.just(WORDS),
    consent=st.booleans(),
    scope=st.sampled_from([None, *SCOPES]),
    expires=st.sampled_from([None, "2027-02", "2027-03", "2030"]),
    withdrawn=st.booleans(),
    reviewed=st.booleans(),
    minor=st.booleans(),
    guardian=st.booleans(),
)


@given(STORIES)
def test_a_wider_circle_and_a_later_day_never_allow_more(each: Story) -> None:
    for day in (date(2027, 2, 28), TODAY, date(2031, 1, 1)):
        inside, funders, public = (may_be_told(each, scope, day) for scope in SCOPES)  # type: ignore[arg-type]
        assert inside >= funders >= public
    for scope in SCOPES:
        assert may_be_told(each, scope, TODAY) >= may_be_told(each, scope, date(2031, 1, 1))  # type: ignore[arg-type]


@given(STORIES, STORIES)
def test_no_package_holds_words_that_its_last_state_does_not_allow(one: Story, two: Story) -> None:
    revisions = with_partnership(saved(one, two))
    for public in (False, True):
        scope: Scope = "public" if public else "inside"
        text = everything(package_files(SLUG, revisions, public=public, on=TODAY))
        assert (WORDS in text) == may_be_told(two, scope, TODAY)


def test_the_live_form_is_where_a_story_is_written_and_a_report_draft_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYBOOK_SHOW", "live")
    url = f"sqlite:///{tmp_path / 'store.db'}"
    with Store.open(url) as store:
        store.append(with_partnership(saved(story(consent=False))))
    sheet = Worksheet("communication", SLUG, store=url)
    heads = sheet.heads()
    assert WORDS not in progress_report_html(SLUG, "x", heads, sheet.context(heads)).html()
    assert sheet.assess().counts == {"story": 1}


def test_a_batch_makes_pages_anew_when_a_consent_has_ended(tmp_path: Path) -> None:
    from playbook_helpers.batch.plan import make_plan

    root = Path(__file__).parents[2]
    with Store.open(f"sqlite:///{tmp_path / 'store.db'}") as store:
        store.append(with_partnership(saved(story(expires="2027-02"))))
        before, still, after = (
            make_plan(root, store, as_of="2026-12-31", today=day).tasks[0].fingerprint
            for day in (date(2027, 1, 1), date(2027, 2, 28), date(2027, 3, 1))
        )
    assert before == still != after
