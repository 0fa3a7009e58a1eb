"""Findings and measures as a reader sees them."""

from __future__ import annotations

from datetime import date

import pytest

from playbook_helpers.assessment import Assessment, Finding, Measure
from playbook_helpers.errors import InputError
from playbook_helpers.show import findings_html, measures_html


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
    assert "<summary>12 more: look into this</summary>" in html
    assert html.count("<li") == 20
    crowd = [Finding(str(i), f"Thing {i}", "look") for i in range(1060)]
    html = findings_html(assessment(*crowd)).html()
    assert html.count("<li") == 60
    assert "And 1,000 more of this kind" in html


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
