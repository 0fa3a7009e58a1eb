"""What an experiment's records come to: where it stands, its result against its line, how sure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from playbook_helpers.core.assessment import Head, Row
from playbook_helpers.core.distributions import wilson
from playbook_helpers.core.partial_dates import first_day, last_day
from playbook_helpers.core.text import folded
from playbook_helpers.practices.innovation.lines import MovedLine, line_words, plain_number
from playbook_helpers.practices.innovation.records import DECISIONS, Decision, Experiment, Result
from playbook_helpers.practices.innovation.rows import ExperimentRow

STATES: Mapping[str, str] = {
    "planned": "Planned",
    "running": "Running",
    "over": "Over, no result yet",
    "known": "Result known",
    "decided": "Decided",
}


_DAY = len("2027-03-31")


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What is known of the experiments by a date: folded name -> results, decisions, in order."""

    results: Mapping[str, Sequence[Result]] = field(default_factory=dict)
    decisions: Mapping[str, Sequence[Decision]] = field(default_factory=dict)


def outcomes(results: Iterable[Result], decisions: Iterable[Decision], as_of: date) -> Outcomes:
    """Results and decisions up to `as_of`, oldest first."""
    found: dict[str, list[Result]] = defaultdict(list)
    decided: dict[str, list[Decision]] = defaultdict(list)
    for result in results:
        if first_day(result.date) <= as_of:
            found[folded(result.experiment)].append(result)
    for decision in decisions:
        if first_day(decision.date) <= as_of:
            decided[folded(decision.experiment)].append(decision)
    for each in found.values():
        each.sort(key=lambda r: last_day(r.date))
    for every in decided.values():
        every.sort(key=lambda d: last_day(d.date))
    return Outcomes(found, decided)


@dataclass(frozen=True, slots=True)
class ResultValue:
    """One result in the unit of its pass line: the value, its interval, and the count behind it."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    problem: str = ""


def result_value(experiment: Experiment, result: Result | None) -> ResultValue:
    """The value of a result and, where it is a share of so many, its Wilson interval.

    Counts speak before a typed value. 7 of 20 are 35 for a pass line in percent, and 7 for one
    in numbers; where nobody said which, they are not set against the line at all.

    >>> told = result_value(Experiment(name="A", pass_line=60, unit="percent"),
    ...     Result(experiment="A", date="2026", successes=7, out_of=10))
    >>> told.value, round(told.low, 1), round(told.high, 1)
    (70.0, 39.7, 89.2)
    """
    if result is None:
        return ResultValue()
    successes, n = result.successes, result.out_of
    if successes is None or n is None:
        value = result.value
        if value is None and successes is not None and experiment.unit == "number":
            value = float(successes)
        return ResultValue(value, n=n)
    if successes > n:
        return ResultValue(result.value, problem="counts")
    unit = experiment.unit
    if unit is None and experiment.pass_line is not None and result.value is None:
        return ResultValue(n=n, problem="unit")
    if unit is None and result.value is not None and experiment.pass_line is not None:
        return ResultValue(result.value, n=n)
    whole = float(n) if unit == "number" else 100.0
    low, high = wilson(successes, n)
    value = whole * successes / n
    differs = result.value is not None and abs(result.value - value) > max(1.0, 0.01 * abs(value))
    return ResultValue(value, whole * low, whole * high, n, "differs" if differs else "")


def passed(experiment: Experiment, value: float | None) -> bool | None:
    """Whether a value is on the right side of the pass line; None without either.

    >>> passed(Experiment(name="A", pass_line=12), 12)
    True
    """
    if experiment.pass_line is None or value is None:
        return None
    if experiment.pass_side == "at_most":  # noqa: S105 - not a password
        return value <= experiment.pass_line
    return value >= experiment.pass_line


def clear(experiment: Experiment, low: float | None, high: float | None) -> bool | None:
    """Whether the whole interval lies on one side of the pass line; None without an interval."""
    if experiment.pass_line is None or low is None or high is None:
        return None
    return not low < experiment.pass_line < high


def state(
    experiment: Experiment, result: Result | None, decision: Decision | None, as_of: date
) -> str:
    """Where an experiment stands: a result that came after the last decision opens it again."""
    if decision is not None and (
        result is None or first_day(result.date) <= last_day(decision.date)
    ):
        return "decided"
    if result is not None:
        return "known"
    if experiment.ends is not None and last_day(experiment.ends) < as_of:
        return "over"
    if experiment.starts is not None and first_day(experiment.starts) <= as_of:
        return "running"
    return "planned"


def experiment_row(
    head: Head,
    e: Experiment,
    known: Outcomes,
    moved: Sequence[MovedLine],
    as_of: date,
    assumptions: Collection[str],
) -> ExperimentRow:
    """One row for tables and charts; `assumptions` are the names that there are, folded."""
    results = known.results.get(folded(e.name), ())
    decisions = known.decisions.get(folded(e.name), ())
    result = results[-1] if results else None
    decision = decisions[-1] if decisions else None
    told = result_value(e, result)
    late = [move for move in moved if move.late]
    return {
        "record": head.record,
        "name": e.name,
        "state": state(e, result, decision, as_of),
        "assumption": e.assumption,
        "measure": e.measure,
        "pass_line": e.pass_line,
        "pass_side": e.pass_side or ("at_least" if e.pass_line is not None else None),
        "unit": e.unit or ("percent" if told.low is not None else None),
        "unit_words": e.unit_words,
        "before": e.before,
        "line": line_words(e.payload()),
        "starts": e.starts,
        "ends": e.ends,
        "stop_rule": e.stop_rule is not None,
        "cost_cap": e.cost_cap,
        "harm": e.harm is not None,
        "moved": len(late),
        "moved_to": "; ".join(
            f"{m.was}, then {m.line}, changed {m.on or 'some day'}" for m in late
        ),
        "value": told.value,
        "n": told.n,
        "low": told.low,
        "high": told.high,
        "problem": told.problem or None,
        "passed": passed(e, told.value),
        "clear": clear(e, told.low, told.high),
        "known_on": result.date if result else None,
        "learned": result.learned if result else None,
        "decision": decision.decision if decision else None,
        "decision_words": DECISIONS[decision.decision] if decision else None,
        "decided_on": decision.date if decision else None,
        "days_to_decision": _days(results, decisions),
        "assumption_missing": bool(e.assumption) and folded(e.assumption or "") not in assumptions,
    }


def _days(results: Sequence[Result], decisions: Sequence[Decision]) -> int | None:
    """Days from the last result that a decision could rest on to the last decision.

    Only where both are known to the day: between a day and a year there is nothing to count.
    """
    if not decisions:
        return None
    decided = decisions[-1].date
    before = [r.date for r in results if last_day(r.date) <= last_day(decided)]
    if not before or len(before[-1]) < _DAY or len(decided) < _DAY:
        return None
    return (last_day(decided) - last_day(before[-1])).days


def result_words(row: Row) -> str:
    """A result with its unit and how many it rests on; empty without one.

    >>> result_words({"value": 70.0, "unit": "percent", "n": 10, "unit_words": "of families"})
    '70 % of families (n = 10)'
    """
    value = row.get("value")
    if not isinstance(value, int | float):
        return ""
    sign = " %" if row.get("unit") == "percent" else ""
    words = f" {row['unit_words']}" if row.get("unit_words") else ""
    count = f" (n = {row['n']})" if row.get("n") else ""
    shown = round(float(value), 1) if sign else float(value)
    return f"{plain_number(shown)}{sign}{words}{count}"
