"""The rules by which a goal's sentence is judged, in the open: what each looks for, and why.

Each part that `read_sentence` reads names its rule; the guide prints this table. The rules are
grammar, not memory: numbers, dates, comparisons, and who stands before a verb of intent.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Verdict = Literal["yes", "partial", "no"]
Element = Literal["metric", "baseline", "target", "deadline", "owner"]
ELEMENTS: tuple[Element, ...] = ("metric", "baseline", "target", "deadline", "owner")

DORAN = "Doran 1981 (SMART: specific, measurable, assignable, realistic, time-related)"
NACCHO = "NACCHO, action plan training 2012 (date, change, measure, from baseline to target)"
CDC = "CDC, evaluation brief on SMART objectives (one observable verb; who and what)"
PIRS = "USAID guidance on indicator reference sheets (defined terms, unit, baseline with its year)"
RBA = "Friedman, results-based accountability (a change for people, as against what we do)"
NCHS = "NCHS, Healthy People: baseline, target and source stand beside every objective"
OWN = "the playbook's own reading"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its id, what it judges and how, what it looks for, why, and whence."""

    id: str
    element: Element | Literal["warning"]
    verdict: Verdict | Literal["warning"]
    looks_for: str
    reason: str
    source: str = OWN


_METRIC = (
    Rule("M1", "metric", "yes",
         "A word that says something is counted: number, share, rate, deaths; or “measured by”",
         "it names something that can be counted or measured", PIRS),
    Rule("M2", "metric", "yes", "A number or a benchmark tied to what it counts",
         "a number is tied to something that can be counted", DORAN),
    Rule("M3", "metric", "partial",
         "A count of people described by a judgement (healthy, stable); a level without its unit",
         "something is counted, but two people could count it differently", PIRS),
    Rule("M0", "metric", "no", "None of these; a number of people helped or reached",
         "we read nothing in it that is counted or measured", DORAN),
)  # fmt: skip
_BASELINE = (
    Rule("B1", "baseline", "yes",
         "“from 48% to 61%”, “48% → 61%”, “baseline: 48%”, “48% now”, “48% (2025)”",
         "it gives the number that things start from", NACCHO),
    Rule("B2", "baseline", "partial", "“compared to 2015”, “below 2005 levels”",
         "it names the year to compare with, but not the number in that year", NCHS),
    Rule("B3", "baseline", "partial", "“current levels”, “than now”; double, halve, by a third",
         "it compares with where things stand, but gives no number", NCHS),
    Rule("B4", "baseline", "partial", "Two numbers that could be a start and an end",
         "there are two numbers, and we are not sure that the first is where things start"),
    Rule("B0", "baseline", "no", "None of these", "we read no number for where things stand now",
         NACCHO),
)  # fmt: skip
_TARGET = (
    Rule("T1", "target", "yes", "A number that is neither the start nor part of who is counted",
         "it gives a number to reach or to change by", DORAN),
    Rule("T2", "target", "yes", "“above the national average”, “to safe levels”",
         "it names a benchmark to reach"),
    Rule("T3", "target", "yes", "End, eliminate or eradicate something that is measured",
         "nothing is to be left of something that is measured, so the target is zero"),
    Rule("T4", "target", "partial", "For all, every child, nobody; end something not measured",
         "it wants all or none, but gives no number that could be checked", DORAN),
    Rule("T5", "target", "partial", "Thousands of, most; “maintain current levels”",
         "it gives a rough size or keeps what there is, but gives no number", DORAN),
    Rule("T0", "target", "no", "None of these; “substantially” is no amount",
         "we read no number for how far to go", DORAN),
)  # fmt: skip
_DEADLINE = (
    Rule("D1", "deadline", "yes", "A date that a calendar knows and that is not the start",
         "it gives a date", DORAN),
    Rule("D2", "deadline", "partial", "Within three years, by next winter; each year",
         "it gives a span or a rhythm, but no date that a calendar knows", DORAN),
    Rule("D0", "deadline", "no", "None of these", "we read no date by which it is due", DORAN),
)  # fmt: skip
_OWNER = (
    Rule("O1", "owner", "yes",
         "A partner, a name or one body before a verb of intent; “led by ...”",
         "it says who will do it", DORAN),
    Rule("O2", "owner", "partial",
         "We, schools; “the plan will”; a body in brackets at the end",
         "it names a kind of body, a paper or a name, but does not say which body will do it",
         DORAN),
    Rule("O0", "owner", "no", "None of these; “we as a nation”; those who are counted",
         "we read nobody in it who will do it", DORAN),
)  # fmt: skip
_WARNINGS = (
    Rule("two_goals", "warning", "warning", "Two numbers for two things, joined by and",
         "one can be reached and the other missed", CDC),
    Rule("steps", "warning", "warning", "Several numbers for several dates",
         "steps on the way are useful, but only one of them can be followed as the target", CDC),
    Rule("percent_of_percent", "warning", "warning",
         "A share, percentage or rate changed by a percentage, with no number to start from",
         "“10 percent more” of 40 percent can mean 44 or 50", PIRS),
    Rule("no_base", "warning", "warning",
         "A change in percent or doubling, with no year and no number to start from",
         "a change needs something it is a change from", NCHS),
    Rule("up_to", "warning", "warning", "“by up to” before an amount of change",
         "“up to” sets a ceiling: doing nothing would keep to it"),
    Rule("activity", "warning", "warning",
         "A count of meetings, reports and their like; “hold 12 workshops”",
         "it can all be done and nothing change for anybody", RBA),
    Rule("unobservable_verb", "warning", "warning",
         "Raise awareness, understand, know: with no number and nobody who is asked",
         "nobody can see or count it happen", CDC),
    Rule("date_passed", "warning", "warning", "A deadline before the day of the check",
         "a date that has passed can no longer be worked towards"),
    Rule("date_outside", "warning", "warning",
         "A deadline before the partnership begins or after it ends",
         "nobody will be there to work towards it"),
    Rule("too_long", "warning", "warning", "More than 5,000 characters",
         "only the first 5,000 characters were read"),
)  # fmt: skip
_TABLE = (*_METRIC, *_BASELINE, *_TARGET, *_DEADLINE, *_OWNER, *_WARNINGS)
RULES = {rule.id: rule for rule in _TABLE}
"""Rule id -> rule, in the order of the table."""


def rules_markdown(rules: Iterable[Rule] = _TABLE) -> str:
    """The rules as a Markdown table, for the guide.

    >>> print(rules_markdown(list(RULES.values())[:1]).splitlines()[0])
    | Rule | Judges | Says | Looks for | Because | Source |
    """
    lines = ["| Rule | Judges | Says | Looks for | Because | Source |", "|---|---|---|---|---|---|"]
    lines += [
        f"| {r.id} | {r.element} | {r.verdict} | {r.looks_for} | {r.reason} | {r.source} |"
        for r in rules
    ]
    return "\n".join(lines) + "\n"
