"""The rules by which a goal's sentence is judged, in the open: what each looks for, and why.

Each judgement of `check_statement` names its rule; the guide prints this table. The rules are
grammar, not memory: number words, dates, comparisons, and who stands before a verb of intent.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from playbook_helpers.practices.goals.reading import Element, Verdict

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


_TABLE = (
    # metric ---------------------------------------------------------------------------------
    Rule(
        "M1",
        "metric",
        "yes",
        "A word that says something is counted: number, share, rate, "
        "average, length, gap, emissions, deaths; or more or fewer of something",
        "it names something that can be counted or measured",
        PIRS,
    ),
    Rule(
        "M2",
        "metric",
        "yes",
        "“measured as”, “measured by”, “indicator:”",
        "it says how it is measured",
        PIRS,
    ),
    Rule(
        "M3",
        "metric",
        "yes",
        "A number, percentage or benchmark tied to what it counts",
        "a number is tied to something that can be counted",
        DORAN,
    ),
    Rule(
        "M4",
        "metric",
        "partial",
        "A count of people or places described by a judgement (healthy, "
        "stable, ready) with no value measured so far",
        "something is counted, but two people could count it differently: a word needs a "
        "definition",
        PIRS,
    ),
    Rule(
        "M5",
        "metric",
        "partial",
        "“levels of”, “to safe levels”: a scale without its unit",
        "it speaks of a level, but not of what is measured or in what unit",
        PIRS,
    ),
    Rule(
        "M6",
        "metric",
        "no",
        "A number under a verb such as help, impact or benefit, with nothing "
        "that would be seen to change",
        "it counts people, but not what changes for them",
        CDC,
    ),
    Rule("M0", "metric", "no", "None of these", "nothing in it can be counted or measured", DORAN),
    # baseline -------------------------------------------------------------------------------
    Rule(
        "B1",
        "baseline",
        "yes",
        "“from Q to Q”, “baseline: Q”, “up from Q”, “compared to Q”, “Q now”, “Q (2025)”",
        "it gives the number that things start from",
        NACCHO,
    ),
    Rule(
        "B2",
        "baseline",
        "yes",
        "A quantity in a year before the deadline",
        "it gives a number for an earlier year",
        NCHS,
    ),
    Rule(
        "B3",
        "baseline",
        "partial",
        "“compared to 2015”, “below 2005 levels”, “2011 baseline”",
        "it names the year to compare with, but not the number in that year",
        NCHS,
    ),
    Rule(
        "B4",
        "baseline",
        "partial",
        "“current levels”, “pre-2020 rate”, “than now”",
        "it compares with where things stand, but gives no number",
        NCHS,
    ),
    Rule(
        "B5",
        "baseline",
        "partial",
        "double, halve, by a third: a change told as a part of what "
        "there is. (A bare percentage is not read so: it may be percentage points, or a change "
        "against a forecast.)",
        "double, half or a third of something unspoken: the number it starts from is only implied",
        NCHS,
    ),
    Rule("B0", "baseline", "no", "None of these", "it does not say where things stand now", NACCHO),
    # target ---------------------------------------------------------------------------------
    Rule(
        "T1",
        "target",
        "yes",
        "A quantity that is neither the baseline nor part of describing who is counted",
        "it gives a number to reach or to change by",
        DORAN,
    ),
    Rule(
        "T2",
        "target",
        "yes",
        "“above the national average”, “to pre-2019 levels”, “to safe levels”",
        "it names a benchmark to reach",
    ),
    Rule(
        "T3",
        "target",
        "yes",
        "end, eliminate or eradicate something that is measured",
        "nothing is to be left of something that is measured, so the target is zero",
    ),
    Rule(
        "T4",
        "target",
        "partial",
        "end, eliminate or eradicate something not measured",
        "it wants nothing left of it, but not how anyone could tell",
        DORAN,
    ),
    Rule(
        "T5",
        "target",
        "partial",
        "for all, every child, universal, nobody: as what is to be "
        "reached, not as mere scope (“at all levels”)",
        "it wants all or none, but gives no number that could be checked",
        DORAN,
    ),
    Rule(
        "T6",
        "target",
        "partial",
        "thousands of, most, a majority of",
        "it gives a rough size and no number",
        DORAN,
    ),
    Rule(
        "T7",
        "target",
        "partial",
        "“maintain current levels”",
        "it wants to keep what there is, but gives no number to keep it at",
        DORAN,
    ),
    Rule(
        "T0",
        "target",
        "no",
        "None of these; “substantially” is no amount",
        "it does not say how far to go",
        DORAN,
    ),
    # deadline -------------------------------------------------------------------------------
    Rule(
        "D1",
        "deadline",
        "yes",
        "A date that a calendar knows and that is not the start",
        "it gives a date",
        DORAN,
    ),
    Rule(
        "D2",
        "deadline",
        "partial",
        "within three years, by next winter, by Year 3, by 30 June",
        "the date hangs on when the sentence is read or the work began",
        DORAN,
    ),
    Rule(
        "D3",
        "deadline",
        "partial",
        "each year, annually, 50 a week",
        "it gives a rhythm, but no end",
        DORAN,
    ),
    Rule("D0", "deadline", "no", "None of these", "it does not say by when", DORAN),
    # owner ----------------------------------------------------------------------------------
    Rule(
        "O1",
        "owner",
        "yes",
        "A proper name before a verb of intent or duty",
        "it names who will do it",
        DORAN,
    ),
    Rule(
        "O2",
        "owner",
        "yes",
        "“the council will”, “all partners will”: one body, or every one of a kind",
        "it says which body will do it",
        DORAN,
    ),
    Rule(
        "O3",
        "owner",
        "partial",
        "we, schools, countries: a class with no member named",
        "it says what kind of body, but not which one",
        DORAN,
    ),
    Rule("O4", "owner", "yes", "“Lead: ...”, “led by ...”", "it names who leads", DORAN),
    Rule("O5", "owner", "yes", "“will be done by the ...”", "it says by whom it is done", DORAN),
    Rule(
        "O6", "owner", "no", "we as a nation, we all", "where all of us are meant, nobody is", DORAN
    ),
    Rule(
        "O7",
        "owner",
        "partial",
        "“the plan will”: a paper in place of a body",
        "it names a document, but not who carries it out",
        DORAN,
    ),
    Rule(
        "O8",
        "owner",
        "partial",
        "“... (the health board)”: a body in brackets at the end",
        "it names a body, but does not say that it will do it",
        DORAN,
    ),
    Rule(
        "O0",
        "owner",
        "no",
        "None of these. “The project's goal is to ...” says whose wish it is, "
        "not who acts; those who are counted are not the owner",
        "it does not say who will do it",
        DORAN,
    ),
    # warnings -------------------------------------------------------------------------------
    Rule(
        "two_goals",
        "warning",
        "warning",
        "Two verbs of action joined by and, or two numbers for two things",
        "one part can be reached and the other missed, and nobody can say whether the goal was met",
        CDC,
    ),
    Rule(
        "steps",
        "warning",
        "warning",
        "Several numbers for several dates",
        "steps on the way are useful, but only one of them can be followed as the target",
        CDC,
    ),
    Rule(
        "percent_of_percent",
        "warning",
        "warning",
        "A share, percentage or rate changed by a percentage",
        "“10 percent more” of 40 percent can mean 44 or 50",
        PIRS,
    ),
    Rule(
        "no_base",
        "warning",
        "warning",
        "A relative change with no year and no number to start from",
        "a change needs something it is a change from",
        NCHS,
    ),
    Rule(
        "up_to",
        "warning",
        "warning",
        "“up to” before a quantity",
        "“up to” sets a ceiling: doing nothing would keep to it",
    ),
    Rule(
        "activity",
        "warning",
        "warning",
        "A first verb that says what you do, or a count of things you make",
        "it can all be done and nothing change for anybody",
        RBA,
    ),
    Rule(
        "unobservable_verb",
        "warning",
        "warning",
        "understand, know, be aware; or a verb of trying with no number",
        "nobody can see or count it happen",
        CDC,
    ),
    Rule(
        "date_passed",
        "warning",
        "warning",
        "A deadline before the day of the check",
        "a date that has passed can no longer be worked towards",
    ),
    Rule(
        "date_outside",
        "warning",
        "warning",
        "A deadline before the partnership begins or after it ends",
        "nobody will be there to work towards it",
    ),
    Rule(
        "too_long",
        "warning",
        "warning",
        "More than 5,000 characters",
        "only the first 5,000 characters were read",
    ),
)
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
