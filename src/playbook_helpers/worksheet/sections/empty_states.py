"""What to write down first: said where a chart, a what-if or a whole worksheet is still empty.

"Nothing to draw yet" helps nobody. So each chart and each what-if says what it is drawn from, and
a worksheet without a record says at its head where to begin.
"""

from __future__ import annotations

from collections.abc import Mapping

from playbook_helpers.core.assessment import Assessment

CHARTS_NEED: Mapping[str, Mapping[str, str]] = {
    "trust": {
        "scales": "the check-in answers of at least five people in a round that is closed",
        "items": "the check-in answers of at least five people in a round that is closed",
        "sectors": "a closed round in which at least five people of one kind of organisation "
        "say what kind it is",
        "rounds": "the check-in answers of at least five people in each of two closed rounds",
        "agreement": "one point of the agreement checklist",
    },
    "goals": {
        "progress": "one goal",
        "run": "one goal and one dated value of it",
    },
    "resources": {
        "heatmap": "one offer by a partner",
        "gaps": "one need",
        "network": "one need, and one offer that says which need it is for",
    },
    "community": {
        "missing": "the groups that the community is made up of, and how many people of each "
        "took part in an activity",
        "say": "one activity with the say that people had in it",
        "loop": "one thing that you heard",
    },
    "innovation": {
        "risk": "one assumption, with how much hangs on it and how well you know it",
        "board": "one experiment",
        "tests": "one experiment with a pass line",
    },
    "communication": {
        "audiences": "one audience, with its influence and its interest",
        "overdue": "one message, with how often it goes out and when it last did",
        "meetings": "one meeting, with people, hours and how often it is held",
    },
    "learning": {
        "milestones": "one milestone with a date",
        "lessons": "one review",
    },
    "sustainability": {
        "runway": "one cost a month, and one source of money or a reserve",
        "sources": "one source of money with its amount",
        "people": "one task and how many can do it",
        "tornado": "one change with a worth that has a low and a high value, and what went in",
    },
}
"""Practice -> chart -> what has to be written down before there is something to draw."""

WHAT_IFS_NEED: Mapping[str, Mapping[str, str]] = {
    "goals": {"pace": "one goal with a target, its date, and two dated values"},
    "resources": {"partner_leaves": "one offer by a partner"},
    "community": {"sample_size": ""},
    "sustainability": {
        "source_stops": "one cost a month and one source of money",
        "social_value": "one change with a worth, and what went in",
    },
}
"""Practice -> what-if -> what it needs; empty where it can be tried without any record."""


def nothing_to_draw(practice: str, chart: str) -> str:
    """What stands in a chart's place while there is nothing to draw.

    >>> nothing_to_draw("resources", "gaps")
    'Nothing to draw yet. First write down one need.'
    """
    return f"Nothing to draw yet. First write down {CHARTS_NEED[practice][chart]}."


def nothing_to_try(practice: str, what_if: str) -> str:
    """What stands in a what-if's place while there is nothing to try out.

    >>> nothing_to_try("resources", "partner_leaves")
    'There is nothing to try out yet. First write down one offer by a partner.'
    """
    return f"There is nothing to try out yet. First write down {WHAT_IFS_NEED[practice][what_if]}."


def where_to_begin(assessment: Assessment) -> str:
    """What an empty worksheet says at its head: its own first step, from its findings.

    A practice without a record has at least one finding that says how to begin.
    """
    first = next((f for f in assessment.findings if f.severity == "note" and f.next_step), None)
    return f"{first.sentence} {first.next_step}" if first else ""
