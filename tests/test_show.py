"""Findings and measures as a reader sees them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from playbook_helpers.core.assessment import Assessment, Context, Finding, Measure
from playbook_helpers.core.errors import InputError
from playbook_helpers.practices import PRACTICES
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files import import_paths
from playbook_helpers.worksheet.sections.results import findings_html, measures_html

DATA = Path(__file__).parents[1] / "data"


def assessment(*findings: Finding, measures: tuple[Measure, ...] = ()) -> Assessment:
    return Assessment("goals", "x", date(2026, 6, 30), measures=measures, findings=findings)


ACT = Finding("a", "<script>alert(1)</script> is open", "act", "Ask & write", "Who?", "minutes",
              better="By 2028, <we> will …")  # fmt: skip
NOTE = Finding("n", "Good to know this", "note", effort="months")
HARD = Finding("h", "Hard to do", "act", "Begin", effort="months")


def test_findings_come_most_serious_first_with_next_step_question_and_wording() -> None:
    html = findings_html(assessment(NOTE, HARD, ACT)).html()
    assert html.index("is open") < html.index("Hard to do") < html.index("Good to know this")
    for words in ("Act on this · takes minutes", "<strong>Next:</strong> Ask &amp; write", "Who?",
                  "By 2028, &lt;we&gt; will …"):  # fmt: skip
        assert words in html
    assert "<script>" not in html


def test_findings_can_be_limited_to_some_severities() -> None:
    held = assessment(NOTE, HARD, ACT)
    assert [f.code for f in findings_html(held, only=("note",)).findings] == ["n"]
    assert [f.code for f in findings_html(held, only="act").findings] == ["a", "h"]
    assert [f.code for f in findings_html(held, codes=("h",)).findings] == ["h"]
    with pytest.raises(InputError, match="act, look, note, good"):
        findings_html(held, only=("urgent",))  # type: ignore[arg-type]


def test_a_long_list_keeps_its_tail_behind_a_summary() -> None:
    many = [Finding(str(i), f"Thing {i}", "look") for i in range(20)]
    html = findings_html(assessment(*many)).html()
    assert "<summary>17 more findings</summary>" in html
    assert html.count("<li") == 20
    crowd = [Finding(str(i), f"Thing {i}", "look") for i in range(1060)]
    html = findings_html(assessment(*crowd)).html()
    assert html.count("<li") == 60
    assert "And 1,000 more not listed here: look into this." in html


def test_no_findings_is_said_and_not_left_blank() -> None:
    shown = findings_html(assessment())
    assert "Nothing to report" in shown.html()
    assert shown._repr_mimebundle_()["text/plain"] == "Nothing to report under this heading."


def test_measures_show_unit_range_and_what_they_rest_on() -> None:
    table = measures_html(
        assessment(
            measures=(
                Measure("a", "Covered", 66.66, "%", 6, 1),
                Measure("b", "Money", 40000, "USD", 2, low=1, high=2.5, interval="95% confidence"),
                Measure("c", "Trust", None, note="fewer than five answers"),
                Measure("d", "Open", 1.0, "needs", 3),
            )
        )
    )
    html = table.html()
    for words in ("66.7%", "6 (1 missing)", "USD 40,000", "USD 1 to USD 2.5 (95% confidence)",
                  "not known", "fewer than five answers", "1 need<"):  # fmt: skip
        assert words in html
    assert len(measures_html(assessment(measures=(Measure("a", "A", 1.0),)), "a").rows) == 1


def test_a_measure_says_how_sure_it_is_or_that_it_is_a_full_count() -> None:
    """No number stands alone: a range with its kind, or the words that there is no chance in it."""
    counted = Measure("a", "A", 3.0, "", 4, 1)
    ranged = Measure("b", "B", 3.0, "", 4, low=2.0, high=5.0, interval="95 % confidence")
    unknown = Measure("c", "C", None, note="nothing yet")
    table = measures_html(Assessment("goals", "here", date(2026, 1, 1), (counted, ranged, unknown)))
    assert [row["range"] for row in table.rows] == ["full count", "2 to 5 (95 % confidence)", "–"]
    assert counted.interval == "full count"
    assert unknown.interval == ""


@pytest.mark.parametrize("practice", PRACTICES, ids=lambda practice: practice.stem)
def test_every_measure_of_the_examples_carries_its_count_and_its_uncertainty(practice) -> None:  # type: ignore[no-untyped-def]
    with Store.open("sqlite://") as store:
        import_paths(store, [DATA / "riverside-invented"])
        heads = store.heads("riverside-invented")
    assessment = practice.assessed(heads, Context("riverside-invented", date(2026, 10, 31)))
    known = [m for m in assessment.measures if m.value is not None]
    assert known
    for measure in known:
        assert measure.interval, measure.name
        assert measure.n > 0, measure.name
