"""What the innovation worksheet works out: riskiest assumptions, pass lines, what was learned."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from statistics import median

from playbook_helpers.assessment import (
    Assessment,
    Context,
    Finding,
    Head,
    Measure,
    Row,
    current,
    of_type,
    sorted_findings,
)
from playbook_helpers.distributions import wilson
from playbook_helpers.practices.innovation.records import (
    DECISIONS,
    Assumption,
    Decision,
    Experiment,
    Result,
)
from playbook_helpers.revisions import Revision, age
from playbook_helpers.whens import first_day, last_day, spoken

RISKY = 12
"""Importance times missing evidence from which an assumption is called risky: a reading aid."""


def risk(importance: int, evidence: int) -> int:
    """How much hangs on an assumption nobody has looked at: importance x (5 - evidence), 0 to 25.

    More evidence never raises it.

    >>> risk(5, 0), risk(5, 4), risk(2, 1)
    (25, 5, 8)
    """
    return importance * (5 - evidence)


def assess(heads: Iterable[Head], context: Context) -> Assessment:
    """The assessment of one partnership's trying-out as of `context.as_of`."""
    now = current(heads)
    counts = Counter(head.kind for head in now if head.practice == "innovation")
    assumptions = of_type(now, Assumption)
    experiments = of_type(now, Experiment)
    results = _by_experiment(of_type(now, Result))
    decisions = _by_experiment(of_type(now, Decision))
    tested = {_fold(e.assumption) for _, e in experiments if e.assumption}
    assumption_rows = sorted(
        (_assumption_row(head, a, _fold(a.name) in tested) for head, a in assumptions),
        key=lambda row: (-(row["risk"] if isinstance(row["risk"], int) else -1), str(row["name"])),
    )
    moved = {
        head.record: moved_lines(context.history.get(head.record, ()), e) for head, e in experiments
    }
    experiment_rows = [
        _experiment_row(head, e, results, decisions, moved[head.record], context.as_of)
        for head, e in experiments
    ]
    findings = [
        *_start_findings(assumptions, experiments),
        *_assumption_findings(assumption_rows),
        *(f for row in experiment_rows for f in _experiment_findings(row)),
    ]
    return Assessment(
        practice="innovation",
        partnership=context.slug,
        as_of=context.as_of,
        measures=tuple(_measures(assumption_rows, experiment_rows)),
        findings=sorted_findings(findings),
        rows={
            "assumptions": tuple(assumption_rows),
            "experiments": tuple(experiment_rows),
            "moved": tuple(
                {"record": record, "on": on, "line": line, "started": started}
                for record, lines in moved.items()
                for on, line, started in lines
            ),
        },
        counts=dict(counts),
    )


def _fold(name: str) -> str:
    return " ".join(name.split()).casefold()


def _by_experiment(
    pairs: Sequence[tuple[Head, Result]] | Sequence[tuple[Head, Decision]],
) -> dict[str, list[Result | Decision]]:
    """Folded experiment name -> its results or decisions, oldest first."""
    grouped: dict[str, list[Result | Decision]] = defaultdict(list)
    for _, value in pairs:
        grouped[_fold(value.experiment)].append(value)
    for values in grouped.values():
        values.sort(key=lambda v: last_day(v.date))
    return grouped


def moved_lines(
    history: Sequence[Revision], experiment: Experiment
) -> list[tuple[str, str, bool]]:
    """Every pass line the experiment has had after its first: (when written, line, after start).

    Revisions are never changed, so an edited pass line can always be seen.
    """
    lines: list[tuple[str, str, bool]] = []
    last: str | None = None
    begins = first_day(experiment.starts) if experiment.starts else None
    for revision in sorted(history, key=age):
        if revision.deleted:
            continue
        line = _line(revision.payload)
        written = revision.client_time[:10]
        if last is not None and line != last:
            after = begins is not None and bool(written) and date.fromisoformat(written) >= begins
            lines.append((written, line, after))
        last = line
    return lines


def _line(payload: Mapping[str, object]) -> str:
    side, number = payload.get("pass_side"), payload.get("pass_line")
    if number is None:
        return "none"
    words = {"at_least": "at least ", "at_most": "at most "}.get(str(side), "")
    return f"{words}{number:g}" if isinstance(number, int | float) else f"{words}{number}"


def _assumption_row(head: Head, a: Assumption, tested: bool) -> Row:
    known = a.importance is not None and a.evidence is not None
    return {
        "record": head.record,
        "name": a.name,
        "type": a.type,
        "importance": a.importance,
        "evidence": a.evidence,
        "risk": risk(a.importance or 0, a.evidence or 0) if known else None,
        "tested": tested,
    }


def _experiment_row(
    head: Head,
    e: Experiment,
    results: Mapping[str, Sequence[Result | Decision]],
    decisions: Mapping[str, Sequence[Result | Decision]],
    moved: Sequence[tuple[str, str, bool]],
    as_of: date,
) -> Row:
    found = [
        r
        for r in results.get(_fold(e.name), ())
        if isinstance(r, Result) and first_day(r.date) <= as_of
    ]
    decided = [
        d
        for d in decisions.get(_fold(e.name), ())
        if isinstance(d, Decision) and first_day(d.date) <= as_of
    ]
    result = found[-1] if found else None
    decision = decided[-1] if decided else None
    share = low = high = None
    counted = result is not None and result.successes is not None and result.out_of
    if counted and result and result.successes is not None and result.out_of:
        if result.successes <= result.out_of:
            share = 100 * result.successes / result.out_of
            low, high = (100 * bound for bound in wilson(result.successes, result.out_of))
    value = result.value if result is not None and result.value is not None else share
    days = None
    if result and decision and last_day(decision.date) >= last_day(result.date):
        days = (last_day(decision.date) - last_day(result.date)).days
    return {
        "record": head.record,
        "name": e.name,
        "assumption": e.assumption,
        "measure": e.measure,
        "pass_line": e.pass_line,
        "pass_side": e.pass_side or ("at_least" if e.pass_line is not None else None),
        "starts": e.starts,
        "ends": e.ends,
        "stop_rule": e.stop_rule is not None,
        "cost_cap": e.cost_cap,
        "harm": e.harm is not None,
        "moved": sum(after for _, _, after in moved),
        "value": value,
        "n": result.out_of if result else None,
        "low": low,
        "high": high,
        "passed": _passed(e, value),
        "clear": _clear(e, low, high),
        "decision": decision.decision if decision else None,
        "decision_words": DECISIONS[decision.decision] if decision else None,
        "learned": result.learned if result else None,
        "days_to_decision": days,
        "state": _state(e, result, decision, as_of),
    }


def _passed(e: Experiment, value: float | None) -> bool | None:
    if e.pass_line is None or value is None:
        return None
    return value <= e.pass_line if e.pass_side == "at_most" else value >= e.pass_line


def _clear(e: Experiment, low: float | None, high: float | None) -> bool | None:
    """Whether the whole interval lies on one side of the pass line; None without an interval."""
    if e.pass_line is None or low is None or high is None:
        return None
    return not low < e.pass_line < high


def _state(e: Experiment, result: Result | None, decision: Decision | None, as_of: date) -> str:
    if decision is not None:
        return "decided"
    if result is not None:
        return "known"
    if e.ends is not None and last_day(e.ends) < as_of:
        return "over"
    if e.starts is not None and first_day(e.starts) <= as_of:
        return "running"
    return "planned"


def _measures(assumptions: Sequence[Row], experiments: Sequence[Row]) -> Iterable[Measure]:
    weighed = [row for row in assumptions if row["risk"] is not None]
    risky = [r for r in weighed if isinstance(r["risk"], int) and r["risk"] >= RISKY]
    yield Measure(
        "untested",
        "Risky assumptions that nothing tests yet",
        float(sum(not row["tested"] for row in risky)) if weighed else None,
        "",
        len(weighed),
        len(assumptions) - len(weighed),
        note="" if weighed else "none is weighed yet",
    )
    with_line = sum(row["pass_line"] is not None for row in experiments)
    yield Measure(
        "pass_lines",
        "Experiments with a pass line",
        100 * with_line / len(experiments) if experiments else None,
        "%",
        len(experiments),
        note="" if experiments else "no experiment yet",
    )
    days = [row["days_to_decision"] for row in experiments]
    known = [float(d) for d in days if isinstance(d, int)]
    yield Measure(
        "days_to_decision",
        "Days from a result to a decision (median)",
        float(median(known)) if known else None,
        "days",
        len(known),
        len(experiments) - len(known),
        low=min(known) if known else None,
        high=max(known) if known else None,
        interval="shortest and longest" if known else "",
        note="" if known else "no experiment has both yet",
    )


def _start_findings(
    assumptions: Sequence[tuple[Head, Assumption]], experiments: Sequence[tuple[Head, Experiment]]
) -> Iterable[Finding]:
    if not assumptions:
        yield Finding(
            "no_assumptions",
            "No assumption is written down yet.",
            "note",
            "Finish this sentence three times: for our plan to work, it must be true that ...",
            effort="minutes",
        )
    elif not experiments:
        yield Finding(
            "no_experiments",
            "Assumptions are written down, and nothing is being tried yet.",
            "note",
            "Take the riskiest one and ask what you could learn about it in two weeks.",
        )


def _assumption_findings(rows: Sequence[Row]) -> Iterable[Finding]:
    for row in rows:
        record = (str(row["record"]),)
        if row["risk"] is None:
            yield Finding(
                "unweighed",
                f"“{row['name']}” has no importance or no evidence beside it.",
                "note",
                "Give both a number from the group, without long talk.",
                effort="minutes",
                records=record,
            )
        elif isinstance(row["risk"], int) and row["risk"] >= RISKY and not row["tested"]:
            yield Finding(
                "risky_untested",
                f"Much hangs on “{row['name']}”, little is known of it, and nothing tests it.",
                "act" if row["risk"] >= 20 else "look",
                "Think of the smallest thing that would show you are wrong.",
                "What would we do if it were not true?",
                records=record,
            )


def _experiment_findings(row: Row) -> Iterable[Finding]:
    name, record = f"“{row['name']}”", (str(row["record"]),)
    begun = row["state"] != "planned"
    if row["pass_line"] is None:
        yield Finding(
            "no_pass_line",
            f"{name} has no pass line, so any result can be told as a success.",
            "act" if begun else "look",
            "Write the number that would make you go on, before you look at any result.",
            effort="minutes",
            records=record,
        )
    if not row["stop_rule"] and row["state"] in ("planned", "running"):
        yield Finding(
            "no_stop_rule",
            f"{name} has no stop rule.",
            "look",
            "Say what would make you stop at once, and who may say it.",
            effort="minutes",
            records=record,
        )
    if not row["harm"] and row["state"] in ("planned", "running"):
        yield Finding(
            "no_harm_check",
            f"Nobody has written down what harm {name} could do.",
            "look",
            "Ask those it touches: what could go wrong for you?",
            "Who carries the risk, and who gets the gain?",
            records=record,
        )
    if row["moved"]:
        yield Finding(
            "line_moved",
            f"The pass line of {name} was changed after it had begun.",
            "act",
            "Say openly why, and show both lines with the result.",
            "Would we have moved it the other way?",
            effort="minutes",
            records=record,
        )
    if row["state"] == "over":
        yield Finding(
            "no_result",
            f"{name} ended in {spoken(str(row['ends']))}, and no result is written down.",
            "look",
            "Write what you know, even if it is that you could not tell.",
            effort="minutes",
            records=record,
        )
    if row["state"] == "known":
        yield Finding(
            "no_decision",
            f"The result of {name} is known, and nothing has been decided.",
            "act",
            "Put it first on the next agenda: go on, change, stop or widen.",
            records=record,
        )
    if row["clear"] is False:
        yield Finding(
            "unclear",
            f"{name}: {row['n']} cases are too few to say which side of the pass line it is on "
            f"({row['low']:.0f} % to {row['high']:.0f} %).",
            "note",
            "Go on a little longer, or decide on what you saw and say that it was thin.",
            records=record,
        )
    if row["learned"] and row["decision"]:
        passed = row["passed"]
        how = "passed" if passed else "did not pass" if passed is False else "came to an end"
        yield Finding(
            "learned",
            f"{name} {how}, and you know what you learned and what follows.",
            "good",
            records=record,
        )
