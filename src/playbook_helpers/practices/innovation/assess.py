"""What the innovation worksheet works out: riskiest assumptions, pass lines, what was learned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from statistics import median

from playbook_helpers.core.assessment import (
    Assessment,
    Context,
    Head,
    Measure,
    Row,
    current,
    of_type,
    sorted_findings,
)
from playbook_helpers.core.errors import InputError
from playbook_helpers.core.text import folded
from playbook_helpers.practices.innovation.findings import (
    RISKY,
    assumption_findings,
    experiment_findings,
    lost_findings,
    start_findings,
)
from playbook_helpers.practices.innovation.lines import MOMENT_WORDS, MovedLine, moved_lines
from playbook_helpers.practices.innovation.records import (
    Assumption,
    Decision,
    Experiment,
    Result,
)
from playbook_helpers.practices.innovation.rows import AssumptionRow, ExperimentRow, MovedRow
from playbook_helpers.practices.innovation.trials import experiment_row, outcomes

_TESTS = ("known", "running", "planned", "none")


def risk(importance: int, evidence: int) -> int:
    """How much hangs on an assumption nobody has looked at: importance x (5 - evidence), 0 to 25.

    Importance runs from 1 to 5, evidence from 0 to 5; more evidence never raises the risk. It
    sets an order to talk about, and is no measurement. Raises InputError outside those bounds.

    >>> risk(5, 0), risk(5, 4), risk(2, 1)
    (25, 5, 8)
    """
    if not 1 <= importance <= 5 or not 0 <= evidence <= 5:
        raise InputError(
            "Risk cannot be worked out",
            value=(importance, evidence),
            allowed="importance 1 to 5, evidence 0 to 5",
        )
    return importance * (5 - evidence)


def assess(heads: Iterable[Head], context: Context) -> Assessment:
    """The assessment of one partnership's trying-out as of `context.as_of`.

    Needs `context.history` of the experiments to tell which pass lines were moved; without it,
    none is said to have been.
    """
    now = current(heads)
    counts = Counter(head.kind for head in now if head.practice == "innovation")
    experiments = sorted(of_type(now, Experiment), key=lambda pair: _by_start(pair[1]))
    results, decisions = of_type(now, Result), of_type(now, Decision)
    known = outcomes((r for _, r in results), (d for _, d in decisions), context.as_of)
    moved = {
        head.record: moved_lines(
            context.history.get(head.record, ()),
            (result.date for result in known.results.get(folded(e.name), ())),
        )
        for head, e in experiments
    }
    assumptions = of_type(now, Assumption)
    named = {folded(a.name) for _, a in assumptions}
    experiment_rows = [
        experiment_row(head, e, known, moved[head.record], context.as_of, named)
        for head, e in experiments
    ]
    tests = _tests(experiment_rows)
    assumption_rows = sorted(
        (_assumption_row(head, a, tests.get(folded(a.name), "none")) for head, a in assumptions),
        key=_riskiest_untested_first,
    )
    told = [
        *((head.record, r.title, r.experiment) for head, r in results),
        *((head.record, d.title, d.experiment) for head, d in decisions),
    ]
    findings = [
        *start_findings(assumption_rows, experiment_rows),
        *assumption_findings(assumption_rows),
        *(f for row in experiment_rows for f in experiment_findings(row, moved[_id(row)])),
        *lost_findings(experiment_rows, frozenset(folded(e.name) for _, e in experiments), told),
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
            "moved": tuple(_moved_rows(experiment_rows, moved)),
        },
        counts=dict(counts),
    )


def _by_start(e: Experiment) -> tuple[bool, str, str]:
    return (e.starts is None, e.starts or "", e.name)


def _id(row: Row) -> str:
    return str(row["record"])


def _tests(rows: Iterable[ExperimentRow]) -> dict[str, str]:
    """Folded assumption -> how far its testing has come: known, running or planned."""
    found: dict[str, str] = {}
    for row in rows:
        if not row["assumption"]:
            continue
        here = {"planned": "planned", "running": "running", "over": "running"}.get(
            str(row["state"]), "known" if row["known_on"] else "running"
        )
        name = folded(str(row["assumption"]))
        found[name] = min(here, found.get(name, "none"), key=_TESTS.index)
    return found


def _riskiest_untested_first(row: Row) -> tuple[bool, int, str]:
    """Those without a result come first, then the others; the riskiest first in both."""
    risky = row["risk"] if isinstance(row["risk"], int) else -1
    return (row["test"] == "known", -risky, str(row["name"]))


def _assumption_row(head: Head, a: Assumption, test: str) -> AssumptionRow:
    weighed = a.importance is not None and a.evidence is not None
    return {
        "record": head.record,
        "name": a.name,
        "type": a.type,
        "importance": a.importance,
        "evidence": a.evidence,
        "risk": risk(a.importance or 1, a.evidence or 0) if weighed else None,
        "test": test,
        "tested": test != "none",
    }


def _moved_rows(
    rows: Iterable[ExperimentRow], moved: Mapping[str, Sequence[MovedLine]]
) -> Iterable[MovedRow]:
    for row in rows:
        for move in moved[_id(row)]:
            yield {
                "record": row["record"],
                "name": row["name"],
                "on": move.on or None,
                "was": move.was,
                "line": move.line,
                "when": MOMENT_WORDS[move.moment],
                "late": move.late,
                "was_value": move.was_value,
            }


def _measures(
    assumptions: Sequence[AssumptionRow], experiments: Sequence[ExperimentRow]
) -> Iterable[Measure]:
    weighed = [row for row in assumptions if row["risk"] is not None]
    risky = [r for r in weighed if isinstance(r["risk"], int) and r["risk"] >= RISKY]
    yield Measure(
        "untested",
        "Risky assumptions that nothing tests yet",
        float(sum(not row["tested"] for row in risky)) if weighed else None,
        "",
        len(weighed),
        len(assumptions) - len(weighed),
        note=f"risky: {RISKY} or more of 25, a reading aid" if weighed else "none is weighed yet",
    )
    kept = sum(row["pass_line"] is not None and not row["moved"] for row in experiments)
    yield Measure(
        "pass_lines",
        "Experiments with a pass line that was not touched after the start",
        100 * kept / len(experiments) if experiments else None,
        "%",
        len(experiments),
        note="as far as saved changes tell" if experiments else "no experiment yet",
    )
    ruled = sum(bool(row["stop_rule"]) for row in experiments)
    yield Measure(
        "stop_rules",
        "Experiments with a stop rule",
        100 * ruled / len(experiments) if experiments else None,
        "%",
        len(experiments),
        note="" if experiments else "no experiment yet",
    )
    days = [float(d) for row in experiments if isinstance(d := row["days_to_decision"], int)]
    over = [row for row in experiments if row["known_on"] or row["decision"]]
    yield Measure(
        "days_to_decision",
        "Days from a result to a decision (median)",
        float(median(days)) if days else None,
        "days",
        len(days),
        len(over) - len(days),
        low=min(days) if days else None,
        high=max(days) if days else None,
        interval="shortest and longest" if days else "",
        note="" if days else "no experiment has both, known to the day",
    )


__all__ = ["assess", "risk"]
