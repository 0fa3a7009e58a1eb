"""What the sustainability worksheet works out: money, people, what goes on, social value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from playbook_helpers.core.assessment import (
    Assessment,
    Context,
    Head,
    current,
    of_type,
    sorted_findings,
)
from playbook_helpers.practices.sustainability.finances import (
    fund_row,
    money_measures,
    money_of,
    runway_rows,
)
from playbook_helpers.practices.sustainability.money_findings import money_findings
from playbook_helpers.practices.sustainability.people import (
    going_findings,
    going_row,
    people_measures,
    task_findings,
    task_row,
)
from playbook_helpers.practices.sustainability.records import Capacity, Continuing
from playbook_helpers.practices.sustainability.rows import Rows
from playbook_helpers.practices.sustainability.value import (
    outcome_rows,
    published_rows,
    reckoning_rows,
    tornado_rows,
    value_findings,
    value_measures,
    value_of,
    value_rows,
)


def assess(heads: Iterable[Head], context: Context) -> Assessment:
    """The assessment of how a partnership, and what it brings about, can last."""
    now = current(heads)
    counts = Counter(head.kind for head in now if head.practice == "sustainability")
    money = money_of(now, context)
    tasks, going = of_type(now, Capacity), of_type(now, Continuing)
    value = value_of(now)
    rows: Rows = {
        "funds": tuple(fund_row(head, fund, context) for head, fund in money.funds),
        "sources": money.sources,
        "runway": runway_rows(money.paths, money.currency),
        "capacity": tuple(task_row(head, task, context) for head, task in tasks),
        "continuing": tuple(going_row(head, c, context) for head, c in going),
        "social_value": value_rows(value),
        "outcomes": outcome_rows(value),
        "tornado": tornado_rows(value),
        "reckoning": reckoning_rows(value),
        "published": published_rows(value),
    }
    findings = [
        *money_findings(money, context),
        *task_findings(tasks, context),
        *going_findings(going, context),
        *value_findings(value, now),
    ]
    return Assessment(
        practice="sustainability",
        partnership=context.slug,
        as_of=context.as_of,
        measures=(*money_measures(money), *people_measures(tasks), *value_measures(value)),
        findings=sorted_findings(findings),
        rows=rows,
        counts=dict(counts),
    )
