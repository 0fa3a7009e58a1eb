"""What the innovation worksheet says: assumptions nobody tests, and tests that test little."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from playbook_helpers.core.assessment import Finding, Row
from playbook_helpers.core.partial_dates import first_day, last_day, spoken
from playbook_helpers.core.text import folded
from playbook_helpers.practices.innovation.lines import MOMENT_WORDS, MovedLine, plain_number
from playbook_helpers.practices.innovation.rows import AssumptionRow, ExperimentRow

RISKY = 12
"""Importance times missing evidence from which an assumption is called risky: a reading aid."""
VERY_RISKY = 20


def start_findings(
    assumptions: Sequence[AssumptionRow], experiments: Sequence[ExperimentRow]
) -> Iterable[Finding]:
    """What to fill in first."""
    if not assumptions:
        yield Finding(
            "no_assumptions",
            "No assumption is written down yet.",
            "note",
            "Finish this sentence three times: for our plan to work, it must be true that ...",
            "What do we all believe that nobody has checked?",
            effort="minutes",
        )
    elif not experiments:
        yield Finding(
            "no_experiments",
            "Assumptions are written down, and nothing is being tried yet.",
            "note",
            "Take the riskiest one and ask what you could learn about it in two weeks.",
        )


def assumption_findings(rows: Sequence[AssumptionRow]) -> Iterable[Finding]:
    """Assumptions that are unweighed, risky and untested, or tested and not looked at again."""
    for row in rows:
        record = (str(row["record"]),)
        risk = row["risk"]
        if risk is None:
            yield Finding(
                "unweighed",
                f"“{row['name']}” has no importance or no evidence beside it.",
                "note",
                "Give both a number from the group, without long talk.",
                effort="minutes",
                records=record,
            )
        elif isinstance(risk, int) and risk >= RISKY and not row["tested"]:
            yield Finding(
                "risky_untested",
                f"Much hangs on “{row['name']}”, little is known of it, and nothing tests it.",
                "act" if risk >= VERY_RISKY else "look",
                "Think of the smallest thing that would show you are wrong.",
                "What would we do if it were not true?",
                records=record,
            )
        elif isinstance(risk, int) and risk >= RISKY and row["test"] == "known":
            yield Finding(
                "weigh_again",
                f"“{row['name']}” has been tested, and still counts as little known.",
                "look",
                "Read the result together and give the evidence a new number.",
                "Did the test show us anything, or did we test the wrong thing?",
                effort="minutes",
                records=record,
            )


def lost_findings(
    rows: Sequence[ExperimentRow], names: frozenset[str], told: Iterable[tuple[str, str, str]]
) -> Iterable[Finding]:
    """Names that lead nowhere: `told` are (record, title, experiment named) of results and so on;
    `names` the folded names of the experiments there are."""
    for record, title, name in told:
        if folded(name) not in names:
            yield Finding(
                "lost",
                f"A {title.lower()} names the experiment “{name}”, and there is no such one.",
                "look",
                "Write the name as it stands on the experiment's card, or add the card.",
                effort="minutes",
                records=(record,),
            )
    for row in rows:
        if row["assumption_missing"]:
            yield Finding(
                "lost",
                f"“{row['name']}” tests “{row['assumption']}”, which is not among the assumptions.",
                "note",
                "Add the assumption and weigh it, or name the one you mean.",
                effort="minutes",
                records=(str(row["record"]),),
            )


def experiment_findings(row: Row, moved: Sequence[MovedLine]) -> Iterable[Finding]:
    """All that one experiment's card, result and decision say."""
    yield from _set_up(row)
    yield from _line_findings(row, moved)
    yield from _outcome(row)


def _set_up(row: Row) -> Iterable[Finding]:
    name, record = f"“{row['name']}”", (str(row["record"]),)
    state, ahead = row["state"], row["state"] in ("planned", "running")
    if row["pass_line"] is None:
        yield Finding(
            "no_pass_line",
            f"{name} has no pass line, so any result can be told as a success.",
            "act" if state == "running" else "look",
            "Write the number that would make you go on, before you look at any result."
            if ahead
            else "Tell the result as what you saw, and not as a pass.",
            "What result would make us stop?" if ahead else "What result would have made us stop?",
            effort="minutes",
            records=record,
        )
    if ahead and not row["stop_rule"]:
        yield Finding(
            "no_stop_rule",
            f"{name} has no stop rule.",
            "look",
            "Say what would make you stop at once, and who may say it.",
            "Who would be the first to see that it does harm?",
            effort="minutes",
            records=record,
        )
    if ahead and not row["harm"]:
        yield Finding(
            "no_harm_check",
            f"Nobody has written down what harm {name} could do.",
            "look",
            "Ask those it touches: what could go wrong for you?",
            "Who carries the risk, and who gets the gain?",
            records=record,
        )
    if ahead and row["ends"] is None:
        yield Finding(
            "no_end",
            f"{name} has no end date.",
            "look",
            "Give it one. A try-out without an end becomes a programme that nobody decided on.",
            "When would we know enough?",
            effort="minutes",
            records=record,
        )
    if ahead and row["cost_cap"] is None:
        yield Finding(
            "no_cost_cap",
            f"Nothing says what {name} may cost at most.",
            "note",
            "Write the most you would spend to learn this; 0 is an answer.",
            effort="minutes",
            records=record,
        )
    starts, ends = row["starts"], row["ends"]
    if starts and ends and last_day(str(ends)) < first_day(str(starts)):
        yield Finding(
            "ends_before_start",
            f"{name} ends in {spoken(str(ends))}, before it starts in {spoken(str(starts))}.",
            "look",
            "Put the two dates right.",
            effort="minutes",
            records=record,
        )


def _line_findings(row: Row, moved: Sequence[MovedLine]) -> Iterable[Finding]:
    name, record = f"“{row['name']}”", (str(row["record"]),)
    for move in moved:
        day = f" on {spoken(move.on)}" if move.on else ""
        how = f"from {move.was} to {move.line}"
        if move.late and move.was == "none":
            yield Finding(
                "line_late",
                f"The pass line of {name} ({move.line}) was written{day}, "
                f"{MOMENT_WORDS[move.moment]}.",
                "act" if move.moment == "after_result" else "look",
                "Say so wherever you tell the result.",
                "Would we have drawn it there without seeing how it went?",
                effort="minutes",
                records=record,
            )
        elif move.late:
            yield Finding(
                "line_moved",
                f"The pass line of {name} was changed {how}{day}, {MOMENT_WORDS[move.moment]}.",
                "act",
                "Say openly why, and show both lines with the result.",
                "Would we have moved it the other way?",
                effort="minutes",
                records=record,
            )
        elif move.moment == "unsure" and move.was != "none":
            yield Finding(
                "line_unsure",
                f"The pass line of {name} was changed {how}{day}. "
                "The dates do not tell whether that was before it began.",
                "note",
                "Write the day it started.",
                effort="minutes",
                records=record,
            )


def _outcome(row: Row) -> Iterable[Finding]:
    name, record = f"“{row['name']}”", (str(row["record"]),)
    if row["problem"]:
        yield _counting(row, name, record)
    if row["state"] == "over":
        yield Finding(
            "no_result",
            f"{name} ended ({spoken(str(row['ends']))}), and no result is written down.",
            "look",
            "Write what you know, even if it is that you could not tell.",
            "What keeps us from looking at it?",
            effort="minutes",
            records=record,
        )
    if row["state"] == "known":
        yield Finding(
            "no_decision",
            f"The result of {name} is known. No decision is written down.{_too_few(row)}",
            "look",
            f"Whoever runs {name} tells the result at the next meeting, with what was learned; the "
            "group decides to go on, change, stop or widen.",
            "What are we waiting for, and who waits with us?",
            records=record,
        )
    elif row["state"] == "decided":
        yield _decided(row, name, record)


def _too_few(row: Row) -> str:
    """What a result of few people leaves open, for those who decide on it."""
    if row["clear"] is not False:
        return ""
    return f" With {row['n']}, the true rate could be anywhere from {_span(row)}: too few to call."


def _decided(row: Row, name: str, record: tuple[str, ...]) -> Finding:
    """The one thing to say of a decision: what stands against it, what is missing, or that it is
    well done."""
    widened = row["decision"] == "widen"
    if row["decision"] in ("widen", "go_on") and row["passed"] is False:
        return Finding(
            "against_line",
            f"{name} did not reach its pass line ({row['line']}), and was decided to "
            f"{'be widened' if widened else 'go on'}.",
            "look",
            "Write the reason beside the decision.",
            "If no result could have stopped it, what was the test for?",
            effort="minutes",
            records=record,
        )
    if row["decision"] in ("widen", "go_on") and (than := _below_start(row)):
        return Finding(
            "below_start",
            f"{name} passed its line ({row['line']}), and stands {than} before it began.",
            "look",
            "Ask what else changed in that time before it goes on.",
            "Was the line drawn where it stood anyway?",
            records=record,
        )
    if row["clear"] is False:
        return Finding(
            "unclear",
            f"{name}: with {row['n']}, the true rate could be anywhere from {_span(row)}, on "
            "either side of the pass line.",
            "look" if widened else "note",
            "Widen it in small steps and go on counting."
            if widened
            else "Go on a little longer, or decide on what you saw and say that it was thin.",
            records=record,
        )
    if not row["known_on"]:
        return Finding(
            "decided_blind",
            f"{name} was decided on, and no result is written down.",
            "look",
            "Write down what you saw until then.",
            "What did the decision rest on?",
            effort="minutes",
            records=record,
        )
    if not row["learned"]:
        return Finding(
            "nothing_learned",
            f"{name} has a result. Nothing says what you learned.",
            "look",
            "Finish the sentence: we used to think ..., now we think ...",
            "What surprised us?",
            effort="minutes",
            records=record,
        )
    passed = row["passed"]
    done = "passed" if passed else "came to an end" if passed is None else "did not pass"
    return Finding(
        "learned",
        f"{name} {done}, and you know what you learned and what follows.",
        "good",
        records=record,
    )


def _below_start(row: Row) -> str:
    """How a result stands to where it was before; empty where it is better, or nobody knows."""
    value, before = row["value"], row["before"]
    if not isinstance(value, int | float) or not isinstance(before, int | float):
        return ""
    less = row["pass_side"] == "at_most"  # noqa: S105 - not a password
    better = before - value if less else value - before
    if better > 0:
        return ""
    unit = "%" if row["unit"] == "percent" else ""
    stood = f"{plain_number(float(value))}{unit}, {plain_number(float(before))}{unit}"
    return f"no better than ({stood})" if better == 0 else f"worse than ({stood})"


def _counting(row: Row, name: str, record: tuple[str, ...]) -> Finding:
    sentence, step = {
        "counts": (
            f"The result of {name} counts more who did it than there were.",
            "Count again, and put the two numbers right.",
        ),
        "unit": (
            f"The result of {name} is so many out of so many, and nothing says whether its pass "
            "line is in percent or a number.",
            "Say on the experiment's card what the pass line is counted in.",
        ),
    }.get(
        str(row["problem"]),
        (
            f"The result of {name} holds a value that its own counts do not give.",
            "Keep the counts, and empty the value or put it right.",
        ),
    )
    return Finding("counting", sentence, "look", step, effort="minutes", records=record)


def _span(row: Row) -> str:
    low, high = row["low"], row["high"]
    if not isinstance(low, int | float) or not isinstance(high, int | float):
        return ""
    if row["unit"] == "percent":
        return f"{low:.0f} % to {high:.0f} %"
    return f"{plain_number(round(low, 1))} to {plain_number(round(high, 1))}"
