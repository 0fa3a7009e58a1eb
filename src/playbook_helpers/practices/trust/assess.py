"""What the trust worksheet works out: scores that may be shown, agreement gaps, small wins."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

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
from playbook_helpers.errors import InputError
from playbook_helpers.partnership import SECTORS
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
    reverse_places,
    round_of,
    shuffled_comments,
    trust_items,
)
from playbook_helpers.practices.trust.scales import Change, agreement, change, cronbach_alpha
from playbook_helpers.suppression import LEAST, REASON_WORDS
from playbook_helpers.whens import first_day, last_day, spoken

LOW = 3.0
"""A mean below the middle of the scale: a reading aid for where to start talking, not a norm."""


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
        *_round_findings(latest, before, moved, context),
        *_agreement_findings(points),
        *_win_findings(wins, context),
    ]
    rows: dict[str, tuple[Row, ...]] = {
        "scales": _scale_rows(latest),
        "items": _item_rows(latest),
        "sectors": _sector_rows(latest),
        "rounds": tuple(_round_row(r) for r in rounds),
        "comments": _comment_rows(now, latest),
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
    answers: dict[str, list[dict[str, object]]] = defaultdict(list)
    for head in now:
        if head.kind == "check_in" and isinstance(head.value, CheckIn):
            answers[str(head.payload["round"])].append(dict(head.payload))
    turnout: dict[str, dict[str, int]] = defaultdict(dict)
    for _, count in of_type(now, Turnout):
        turnout[count.round][count.organisation] = count.answers
    return [
        round_of(
            when,
            answers[when],
            turnout.get(when, {}),
            context.partners,
            over=last_day(when) < context.as_of,
        )
        for when in sorted(answers, key=lambda when: (last_day(when), when))
        if first_day(when) <= context.as_of or when == context.round
    ]


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
            why = REASON_WORDS[figure.reason] if figure.reason else "nobody has answered this"
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
        why = REASON_WORDS[latest.figure(ALL, GENERAL).reason or "few"]
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
        "hidden": "" if figure.reason is None else REASON_WORDS[figure.reason],
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


def _comment_rows(now: Sequence[Head], latest: Round | None) -> tuple[Row, ...]:
    if latest is None or not latest.shown:
        return ()
    payloads = [
        h.payload for h in now if h.kind == "check_in" and h.payload.get("round") == latest.when
    ]
    return tuple({"comment": text} for text in shuffled_comments(payloads, latest.when))


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
        "late": _late(win, context),
    }


def _late(win: SmallWin, context: Context) -> bool:
    return win.done is None and win.due is not None and last_day(win.due) < context.as_of


# Findings ------------------------------------------------------------------------------------


def _round_findings(
    latest: Round | None, before: Round | None, moved: Change | None, context: Context
) -> Iterable[Finding]:
    if context.round and (latest is None or latest.when != context.round):
        yield Finding(
            "other_round",
            f"No answers bear the round “{context.round}”"
            + (f"; shown is {spoken(latest.when)}." if latest else "."),
            "note",
            "Write the round the same way in every answer, such as 2027-03.",
            effort="minutes",
        )
    if latest is None:
        yield Finding(
            "no_answers",
            "Nobody has filled in the check-in yet.",
            "note",
            "Give everyone five quiet minutes before the next meeting.",
            effort="minutes",
        )
        return
    if latest.n < LEAST:
        yield Finding(
            "too_few",
            f"Fewer than {LEAST} people answered in {spoken(latest.when)}, so no figure is shown.",
            "look",
            "Talk instead, or ask more of the people who do the work to answer.",
            "What would make it safe and easy for more people to answer?",
        )
    if latest.waiting and latest.n >= LEAST:
        counted = sum(latest.turnout.values())
        yield Finding(
            "waiting",
            f"{latest.n} answers came in for {spoken(latest.when)}, and "
            + (f"{counted} people were counted." if latest.turnout else "nobody has counted yet.")
            + " Nothing is shown until the two agree, so that nobody can see what one more answer"
            " changes.",
            "look",
            "Ask who has handed in an answer, by show of hands, and write it down as turnout.",
            effort="minutes",
        )
    if latest.dominated_by:
        yield Finding(
            "one_voice",
            f"Over half of the answers come from {latest.dominated_by}.",
            "look",
            "Ask the other partners to answer before anybody reads the scores.",
            "Whose view are we about to take for everyone's?",
        )
    if not latest.turnout and latest.n >= LEAST and not latest.waiting:
        yield Finding(
            "no_turnout",
            "How many answered from each organisation is not written down, so nobody can tell "
            "whether one of them speaks for all.",
            "note",
            "Count by show of hands and write it down.",
            effort="minutes",
        )
    for row in _item_rows(latest):
        if isinstance(row["value"], float) and round(row["value"], 1) < LOW:
            words = str(row["words"])
            turned = " (turned round)" if row["reverse"] else ""
            yield Finding(
                "low_item",
                f"“{words}” scores {row['value']:.1f} of 5{turned}.",
                "look",
                "Read it aloud and ask for an example, from any partner, without names.",
                "What would have to happen for this to be one point higher next time?",
            )
    if moved is not None and before is not None:
        fell = not moved.noise and moved.value < 0
        rose = not moved.noise and moved.value > 0
        yield Finding(
            "change",
            f"Since {spoken(before.when)}: {moved.sentence[0].lower()}{moved.sentence[1:]}",
            "act" if fell else "good" if rose else "note",
            "Find out what happened in between, partner by partner." if fell else "",
        )


def _agreement_findings(points: Sequence[tuple[Head, AgreementPoint]]) -> Iterable[Finding]:
    if not points:
        return
    open_points = [(h, p) for h, p in points if p.state in ("not_yet", "partly")]
    for head, point in open_points:
        state = "is not settled yet" if point.state == "not_yet" else "is only partly settled"
        urgent = point.point in ("money", "decisions", "conflict", "leaving", "data")
        yield Finding(
            "agreement_gap",
            f"{POINTS[point.point]}: this {state}.",
            "act" if urgent and point.state == "not_yet" else "look",
            "Settle it while nothing hangs on it.",
            "Who would be hurt most if we left this open?",
            records=(head.record,),
        )
    missing = len(POINTS) - len(points)
    if missing:
        yield Finding(
            "agreement_unread",
            f"{missing} of the {len(POINTS)} points have not been talked about yet.",
            "note",
            "Go through them at the next meeting; ten minutes are enough for a first round.",
        )


def _win_findings(wins: Sequence[tuple[Head, SmallWin]], context: Context) -> Iterable[Finding]:
    for head, win in wins:
        if win.done is not None:
            continue
        if win.owner is None or win.due is None:
            lacks = " and ".join(
                w for w, v in (("no owner", win.owner), ("no date", win.due)) if v is None
            )
            yield Finding(
                "win_open",
                f"The small win “{win.action}” has {lacks}.",
                "look",
                "Ask who would enjoy doing it, and by when.",
                effort="minutes",
                records=(head.record,),
            )
        elif _late(win, context):
            yield Finding(
                "win_late",
                f"The small win “{win.action}” was due {spoken(win.due)}.",
                "look",
                "Do it, make it smaller, or let it go and say so.",
                effort="minutes",
                records=(head.record,),
            )
    done = [head.record for head, win in wins if win.done is not None]
    if done:
        yield Finding(
            "wins_done",
            f"{len(done)} small {'win is' if len(done) == 1 else 'wins are'} done.",
            "good",
            records=tuple(done),
        )
