"""What the trust worksheet works out: scores that may be shown, agreement gaps, small wins."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from playbook_helpers.assessment import (
    Assessment,
    Context,
    Head,
    Measure,
    Row,
    current,
    of_type,
    sorted_findings,
)
from playbook_helpers.errors import InputError
from playbook_helpers.partnership import SECTORS
from playbook_helpers.practices.trust.findings import (
    agreement_findings,
    is_late,
    round_findings,
    win_findings,
)
from playbook_helpers.practices.trust.items import ENDS, GROUPS, ITEMS
from playbook_helpers.practices.trust.records import (
    POINTS,
    STATES,
    AgreementPoint,
    CheckIn,
    SmallWin,
    Turnout,
)
from playbook_helpers.practices.trust.rounds import (
    ALL,
    GENERAL,
    Round,
    in_time,
    reverse_places,
    round_of,
    trust_items,
)
from playbook_helpers.practices.trust.scales import Change, agreement, change, cronbach_alpha
from playbook_helpers.suppression import LEAST
from playbook_helpers.whens import first_day, last_day


def assess(heads: Iterable[Head], context: Context) -> Assessment:
    """The assessment of one partnership's trust as of `context.as_of`.

    The round is `context.round` where answers bear it, else the latest that is not in the future.
    """
    now = current(heads)
    counts = Counter(head.kind for head in now if head.practice == "trust")
    rounds = _rounds(now, context)
    named = [r for r in rounds if r.when == context.round]
    latest = named[-1] if named else rounds[-1] if rounds else None
    earlier = rounds[: rounds.index(latest)] if latest else []
    before = next((r for r in reversed(earlier) if r.shown), None)
    points = of_type(now, AgreementPoint)
    wins = of_type(now, SmallWin)
    moved = _moved(before, latest)
    findings = [
        *round_findings(latest, before, moved, _item_rows(latest), context),
        *agreement_findings(points),
        *win_findings(wins, context),
    ]
    rows: dict[str, tuple[Row, ...]] = {
        "scales": _scale_rows(latest),
        "items": _item_rows(latest),
        "sectors": _sector_rows(latest),
        "rounds": tuple(_round_row(r) for r in rounds),
        "comments": _comment_rows(latest),
        "turnout": _turnout_rows(latest),
        "agreement": _agreement_rows(points),
        "wins": tuple(_win_row(head, win, context) for head, win in wins),
    }
    measures = [*_score_measures(latest, moved), *_agreement_measures(points), _wins_done(wins)]
    return Assessment(
        practice="trust",
        partnership=context.slug,
        as_of=context.as_of,
        measures=tuple(measures),
        findings=sorted_findings(findings),
        rows=rows,
        counts=dict(counts),
    )


def _rounds(now: Sequence[Head], context: Context) -> list[Round]:
    answers: dict[str, list[Head]] = defaultdict(list)
    for head in now:
        if head.kind == "check_in" and isinstance(head.value, CheckIn):
            answers[str(head.payload["round"])].append(head)
    turnout: dict[str, dict[str, int]] = defaultdict(dict)
    for _, count in of_type(now, Turnout):
        turnout[count.round][count.organisation] = count.answers
    rounds = []
    for when in sorted(answers, key=lambda when: (last_day(when), when)):
        if first_day(when) > context.as_of and when != context.round:
            continue
        timely = in_time([head.stored for head in answers[when]], when, context.as_of)
        kept = [head.payload for head, taken in zip(answers[when], timely, strict=True) if taken]
        rounds.append(
            round_of(
                when,
                kept,
                turnout.get(when, {}),
                context.partners,
                over=last_day(when) < context.as_of,
                late=len(timely) - len(kept),
            )
        )
    return rounds


def _moved(before: Round | None, latest: Round | None) -> Change | None:
    if before is None or latest is None:
        return None
    scores = [r.figure(ALL, GENERAL).score for r in (before, latest)]
    if scores[0] is None or scores[1] is None:
        return None
    old, new = ([p for p in s.people if p is not None] for s in scores if s is not None)
    return change(old, new)


# Measures ------------------------------------------------------------------------------------


def _score_measures(latest: Round | None, moved: Change | None) -> Iterable[Measure]:
    if latest is None:
        yield Measure("general", "Trust, all in all", None, "of 5", note="nobody has answered yet")
        return
    for name, label in ((GENERAL, "Trust, all in all"), *GROUPS.items()):
        figure = latest.figure(ALL, name)
        if figure.score is None or figure.score.value is None:
            why = latest.why_hidden(ALL, name) or "nobody has answered this"
            yield Measure(name, label, None, "of 5", note=f"not shown: {why}")
        else:
            s = figure.score
            yield Measure(
                name, label, s.value, "of 5", s.n, s.missing, s.low, s.high, "95 % confidence"
            )
    if moved is not None:
        yield Measure(
            "change",
            "Change since the last round",
            moved.value,
            "",
            latest.n,
            low=moved.low,
            high=moved.high,
            interval="95 % confidence",
            note="within what chance can do" if moved.noise else "",
        )
    yield _alpha_measure(latest)


def _alpha_measure(latest: Round) -> Measure:
    label = "How far the twelve items go together (alpha)"
    if not latest.shown:
        why = latest.why_hidden(ALL, GENERAL)
        return Measure("alpha", label, None, note=f"not shown: {why}")
    try:
        alpha = cronbach_alpha(latest.rows, reverse_places(trust_items()), ENDS)
    except InputError as error:
        return Measure("alpha", label, None, note=f"not worked out: {error.what.lower()}")
    return Measure(
        "alpha",
        label,
        alpha.value,
        "",
        alpha.n,
        alpha.missing,
        alpha.low,
        alpha.high,
        "95 % confidence",
        "a high value does not prove that they measure one thing",
    )


def _agreement_measures(points: Sequence[tuple[Head, AgreementPoint]]) -> Iterable[Measure]:
    relevant = [p for _, p in points if p.state != "not_relevant"]
    done = sum(p.state == "in_place" for p in relevant)
    yield Measure(
        "agreement",
        "Points of the agreement that are in place",
        float(done) if points else None,
        "",
        len(relevant),
        len(POINTS) - len(points),
        note="" if points else "the checklist has not been gone through yet",
    )


def _wins_done(wins: Sequence[tuple[Head, SmallWin]]) -> Measure:
    done = sum(win.done is not None for _, win in wins)
    value = float(done) if wins else None
    return Measure("wins", "Small wins done", value, "", len(wins), note="" if wins else "none yet")


# Rows ----------------------------------------------------------------------------------------


def _figure_row(round_: Round, sector: str, scale: str) -> dict[str, object]:
    figure = round_.figure(sector, scale)
    s = figure.score
    return {
        "value": None if s is None else s.value,
        "low": None if s is None else s.low,
        "high": None if s is None else s.high,
        "n": None if s is None else s.n,
        "missing": None if s is None else s.missing,
        "hidden": round_.why_hidden(sector, scale),
    }


def _scale_rows(latest: Round | None) -> tuple[Row, ...]:
    if latest is None:
        return ()
    names = {GENERAL: "Trust, all in all", **GROUPS}
    return tuple(
        {"scale": name, "label": label, **_figure_row(latest, ALL, name)}  # type: ignore[dict-item]
        for name, label in names.items()
    )


def _item_rows(latest: Round | None) -> tuple[Row, ...]:
    if latest is None:
        return ()
    rows = []
    for item in ITEMS:
        figure = latest.figure(ALL, item.name)
        row = {"item": item.name, "group": item.group, "words": item.words, "reverse": item.reverse}
        row |= _figure_row(latest, ALL, item.name)
        people = [] if figure.score is None else figure.score.people
        given = [p for p in people if p is not None]
        # A share of one person in six tells on that person: shares only from ten answers on.
        enough = len(given) >= 2 * LEAST
        row["agreement"] = agreement(people) if given and figure.score else None
        row["doubt"] = sum(p < 3 for p in given) / len(given) if enough else None
        row["partly"] = sum(p == 3 for p in given) / len(given) if enough else None
        row["agree"] = sum(p > 3 for p in given) / len(given) if enough else None
        rows.append(row)
    return tuple(sorted(rows, key=lambda r: (r["value"] is None, r["value"] or 0.0)))  # type: ignore[arg-type]


def _sector_rows(latest: Round | None) -> tuple[Row, ...]:
    if latest is None:
        return ()
    return tuple(
        {
            "sector": sector,
            "label": SECTORS.get(sector, "Not told"),
            **_figure_row(latest, sector, GENERAL),  # type: ignore[dict-item]
        }
        for sector in latest.sectors
    )


def _round_row(round_: Round) -> Row:
    row: dict[str, object] = {"round": round_.when, "day": last_day(round_.when).isoformat()}
    return row | _figure_row(round_, ALL, GENERAL)  # type: ignore[return-value]


def _comment_rows(latest: Round | None) -> tuple[Row, ...]:
    if latest is None or not latest.shown:
        return ()
    return tuple({"comment": text} for text in latest.comments)


def _turnout_rows(latest: Round | None) -> tuple[Row, ...]:
    if latest is None:
        return ()
    return tuple(
        {"organisation": name, "answers": count} for name, count in sorted(latest.turnout.items())
    )


def _agreement_rows(points: Sequence[tuple[Head, AgreementPoint]]) -> tuple[Row, ...]:
    held = {point.point: (head, point) for head, point in points}
    rows: list[Row] = []
    for name, words in POINTS.items():
        head, point = held.get(name, (None, None))  # type: ignore[call-overload]
        rows.append(
            {
                "record": head.record if head else None,
                "point": name,
                "words": words,
                "state": point.state if point else None,
                "state_words": STATES[point.state] if point else "Not talked about yet",
                "where": point.where if point else None,
            }
        )
    return tuple(rows)


def _win_row(head: Head, win: SmallWin, context: Context) -> Row:
    return {
        "record": head.record,
        "action": win.action,
        "owner": win.owner,
        "due": win.due,
        "done": win.done,
        "late": is_late(win, context),
    }
