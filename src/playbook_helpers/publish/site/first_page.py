"""The picture on the site's first page: what one gets, worked out of a published example.

The sentence, the chart and the finding are those that the goals worksheet shows for the
StrivePartnership; nothing is typed in.
"""

from __future__ import annotations

from playbook_helpers.core.assessment import SEVERITY_WORDS, Finding, current, of_type
from playbook_helpers.core.errors import NotFound
from playbook_helpers.drawing.display import Html
from playbook_helpers.drawing.html import Markup, element, in_lines
from playbook_helpers.practices.goals.records import Goal
from playbook_helpers.practices.views import charts_of
from playbook_helpers.worksheet.sections.results import EFFORT_WORDS
from playbook_helpers.worksheet.worksheet import Worksheet

EXAMPLE, GOAL, FINDING = "strive-partnership", "Kindergarten readiness, Cincinnati", "behind"


def what_you_get() -> Html:
    """One goal's sentence, its chart, and the finding about its pace.

    Raises NotFound if the example has no such goal or finding any more.
    """
    worksheet = Worksheet("goals", EXAMPLE)
    goals = {goal.name: goal for _, goal in of_type(current(worksheet.heads()), Goal)}
    if GOAL not in goals:
        raise NotFound("The first page's goal is gone", value=GOAL, allowed=", ".join(goals))
    (chart,) = charts_of(worksheet.practice)["run"](worksheet.assess(), goal=GOAL)
    html = element(
        "figure",
        element("p", "You write one sentence together …", class_="small"),
        element("p", goals[GOAL].sentence, class_="sentence"),
        element("p", "… and see where you stand, and what that means", class_="small"),
        element("p", chart.title, class_="point"),
        chart.image(),
        _finding(worksheet),
        element(
            "figcaption",
            f"From the goals worksheet of {worksheet.name}. ",
            element("a", "See the whole example", href="worksheets/goals.html"),
        ),
        class_="get",
    )
    return Html(html, f"{goals[GOAL].sentence}\n{chart.alt}")


def _finding(worksheet: Worksheet) -> Markup:
    found = next(
        (f for f in worksheet.assess().findings if f.code == FINDING and GOAL in f.sentence), None
    )
    if found is None:
        raise NotFound("The first page's finding is gone", value=FINDING, allowed=GOAL)
    return element(
        "div",
        element("p", _weight(found), class_="small"),
        element("p", in_lines(found.sentence)),
        element("p", element("strong", "Next:"), " ", in_lines(found.next_step)),
        class_="said",
    )


def _weight(finding: Finding) -> str:
    return f"{SEVERITY_WORDS[finding.severity]} · {EFFORT_WORDS[finding.effort]}"
