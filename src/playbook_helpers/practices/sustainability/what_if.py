"""What if a source of money stops, and what if an assumption of the social value were another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from playbook_helpers.core.assessment import Assessment, Context, Head, current
from playbook_helpers.drawing.chart import shown
from playbook_helpers.drawing.controls import Choice, WhatIf
from playbook_helpers.drawing.display import Html
from playbook_helpers.drawing.html import element, joined
from playbook_helpers.drawing.kinds import WhatIfKind
from playbook_helpers.drawing.tables import Column, Table, number
from playbook_helpers.practices.sustainability.charts.months import runway_chart
from playbook_helpers.practices.sustainability.charts.tornado import ratio
from playbook_helpers.practices.sustainability.finances import (
    MONTHS_AHEAD,
    money_of,
    path_rows,
)
from playbook_helpers.practices.sustainability.money import runway
from playbook_helpers.practices.sustainability.money_findings import until
from playbook_helpers.practices.sustainability.social_value import (
    SocialReturn,
    present_value,
    sroi,
    sure,
)
from playbook_helpers.practices.sustainability.value import value_of

_LABELS = {"expected": "As expected", "stops": "If {source} stops"}


def source_stops(assessment: Assessment, heads: Sequence[Head], context: Context) -> WhatIf | None:
    """Take a source of money away. None where there is no runway or no source in it."""
    money = money_of(current(heads), context)
    if money.paths is None or not money.counted:
        return None
    expected = money.paths.expected
    known: dict[str, str] = {}
    for fund in money.counted:
        known.setdefault(fund.source.casefold(), fund.source)
    names = tuple(known.values())
    largest = money.paths.largest_source
    start = largest if largest in names else names[0]

    def controls(values: Mapping[str, Any]) -> tuple[Choice, ...]:
        return (Choice("source", "Which source stops?", values.get("source", start), names),)

    def draw(values: Mapping[str, Any]) -> Html:
        source = str(values["source"])
        paths = runway(
            money.counted,
            money.outgoings,
            money.free,
            money.start,
            MONTHS_AHEAD,
            rates=money.rates,
            currency=money.currency,
            stops=source,
        )
        without = paths.largest_stops
        lost = expected.months_covered - without.months_covered
        words = f"If {source} stopped, the money would last {until(without)}."
        if lost:
            months = "1 month" if lost == 1 else f"{lost} months"
            words += f" That is {months} less than expected."
        else:
            words += " It would last as long as expected."
        rows = path_rows("expected", expected, source, money.currency)
        rows += path_rows("stops", without, source, money.currency)
        return shown(runway_chart(rows, _LABELS), before=element("p", words))

    return WhatIf(controls, draw)


_ASKED = (
    ("deadweight", "Would have happened anyway, %"),
    ("attribution", "Brought about by others, %"),
    ("drop_off", "Lost each year, %"),
)


def social_value(assessment: Assessment, heads: Sequence[Head], context: Context) -> WhatIf | None:
    """Change one outcome's assumptions, or the discount rate. None where there is no ratio."""
    value = value_of(current(heads))
    before = value.result
    if before is None:
        return None
    outcomes = {outcome.name: outcome for outcome in value.outcomes}
    start = max(outcomes, key=lambda n: abs(present_value(outcomes[n], value.rate.central)))

    def controls(values: Mapping[str, Any]) -> tuple[Choice, ...]:
        name = str(values.get("outcome", start))
        outcome = outcomes[name]
        shares = tuple(
            Choice(asked, words, 100 * getattr(outcome, asked).central, high=100.0, readout=".0f")
            for asked, words in _ASKED
        )
        rate = Choice(
            "rate", "Discount rate, %", 100 * value.rate.central, high=20.0, step=0.5, readout=".1f"
        )
        return (Choice("outcome", "Which change?", name, tuple(outcomes)), *shares, rate)

    def draw(values: Mapping[str, Any]) -> Html:
        name = str(values["outcome"])
        moved = replace(
            outcomes[name],
            **{asked: _moved(getattr(outcomes[name], asked), values[asked]) for asked, _ in _ASKED},
        )
        held = [moved if each.name == name else each for each in value.outcomes]
        rate = _moved(value.rate, values["rate"])
        after = sroi(held, value.inputs, rate)
        sentence = value_sentence(before, after)
        return Html(joined(element("p", sentence), _table(before, after).html()), sentence)

    return WhatIf(controls, draw)


def _moved(spread: Any, percent: float) -> Any:
    """The range where the slider stands where it was; else the slider's value, as if sure."""
    chosen = float(percent) / 100
    return spread if abs(chosen - spread.central) < 1e-9 else sure(chosen)


def value_sentence(before: SocialReturn, after: SocialReturn) -> str:
    """What the change does to the ratio, and that it stays a range."""
    same = abs(after.central - before.central) < 0.005
    words = f"The best guess is {ratio(after.central)} for each 1 put in"
    words += ", as before" if same else f", and was {ratio(before.central)}"
    words += (
        f". With all assumptions at their ends it lies between {ratio(after.low)} and "
        f"{ratio(after.high)}."
    )
    if before.central >= 1 > after.central:
        words += " It has fallen below 1: then what has a price is worth less than what went in."
    elif before.central < 1 <= after.central:
        words += " It has risen to 1 or more. Would those who doubt you believe this assumption?"
    return words


def _table(before: SocialReturn, after: SocialReturn) -> Table:
    columns = (
        Column("what", "For each 1 put in"),
        Column("before", "As written down", format="text", align="right"),
        Column("after", "Now", format="text", align="right"),
    )
    rows = [
        {
            "what": words,
            "before": ratio(getattr(before, name)),
            "after": ratio(getattr(after, name)),
        }
        for name, words in (("low", "Lowest"), ("central", "Best guess"), ("high", "Highest"))
    ]
    rows.append(
        {
            "what": "Worth less what went in, best guess",
            "before": number(before.net, 0),
            "after": number(after.net, 0),
        }
    )
    return Table("The ratio before and now", columns, tuple(rows))


WHAT_IFS: Mapping[str, WhatIfKind] = {
    "source_stops": WhatIfKind(source_stops, "one cost a month and one source of money"),
    "social_value": WhatIfKind(social_value, "one change with a worth, and what went in"),
}
