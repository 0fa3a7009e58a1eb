"""What the trust worksheet works out: scores that may be shown, agreement gaps, small wins."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from playbook_helpers.core.assessment import (
    Assessment,
    Context,
    Head,
    Measure,
    current,
    of_type,
    sorted_findings,
)
from playbook_helpers.core.partial_dates import first_day, last_day
from playbook_helpers.core.partnership import SECTORS, Partner, Partnership
from playbook_helpers.core.suppression import LEAST
from playbook_helpers.practices.trust.closing import closed_rounds
from playbook_helpers.practices.trust.disclosure import Told, rule_of
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
    GENERAL,
    Payload,
    Round,
    round_of,
    told_change,
)
from playbook_helpers.practices.trust.rows import (
    AgreementRow,
    ItemRow,
    RoundRow,
    Rows,
    ScaleRow,
    SectorRow,
    ToldRow,
    TurnoutRow,
    WinRow,
)
from playbook_helpers.practices.trust.scales import Change

CONFIDENCE = "95 % confidence"


def assess(heads: Iterable[Head], context: Context) -> Assessment:
    """The assessment of one partnership's trust as of `context.as_of`.

    The round is `context.round` where answers bear it, else the latest closed one that is not in
    the future, else the latest.
    """
    held = list(heads)
    now = current(held)
    counts = Counter(head.kind for head in now if head.practice == "trust")
    # A careful partnership rounds this number too.
    counts[CheckIn.kind] = rule_of(context.partnership).count(counts[CheckIn.kind])
    rounds = _rounds(held, context)
    named = [r for r in rounds if r.when == context.round]
    closed = [r for r in rounds if r.closed]
    latest = next((some[-1] for some in (named, closed, rounds) if some), None)
    earlier = rounds[: rounds.index(latest)] if latest else []
    before = next((r for r in reversed(earlier) if r.shown), None)
    moved = _moved(before, latest)
    points = of_type(now, AgreementPoint)
    wins = of_type(now, SmallWin)
    findings = [
        *round_findings(latest, rounds, before, moved, _item_rows(latest), context),
        *agreement_findings(points),
        *win_findings(wins, context),
    ]
    rows: Rows = {
        "scales": _scale_rows(latest),
        "items": _item_rows(latest),
        "sectors": _sector_rows(latest),
        "rounds": tuple(_round_row(r) for r in rounds),
        "comments": tuple({"comment": text} for text in latest.comments) if latest else (),
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
        counts=dict(+counts),
    )


def disclosed(heads: Iterable[Head], slug: str) -> str:
    """All that may be told of the check-in's answers, as one text.

    It changes when what may be told changes, in any round and as of any day, and with nothing
    else: two sets of answers of which the same is told have the same text.
    """
    held = list(heads)
    now = current(held)
    about = next((record for _, record in of_type(now, Partnership)), None)
    partners = tuple(partner for _, partner in of_type(now, Partner))
    rounds = _rounds(held, Context(slug, date.max, about, partners))
    shown = [r for r in rounds if r.shown]
    steps = [_moved(old, new) for old, new in pairwise(shown)]
    return repr(([replace(r, people=()) for r in rounds], steps))


def _rounds(heads: Sequence[Head], context: Context) -> list[Round]:
    now = current(heads)
    # Round -> picture in which an answer first was -> answers. While it is open there is one.
    pictures: dict[str, dict[int, list[Payload]]] = defaultdict(lambda: defaultdict(list))
    late, lost = Counter[str](), Counter[str]()
    for head in now:
        if not isinstance(head.value, CheckIn):
            continue
        when = str(head.payload["round"])
        late[when] += head.waiting
        if not head.waiting:
            pictures[when][head.showing].append(head.payload)
    for head in heads:
        if head.kind == CheckIn.kind and head.erased and head.showing:
            lost[str(head.payload["round"])] += 1
    turnout: dict[str, dict[str, int]] = defaultdict(dict)
    for _, count in of_type(now, Turnout):
        turnout[count.round][count.organisation] = count.answers
    closed = closed_rounds(heads)
    rule = rule_of(context.partnership)
    rounds = []
    for when in sorted({*pictures, *late, *lost}, key=lambda when: (last_day(when), when)):
        if first_day(when) > context.as_of and when != context.round:
            continue
        first, *added = _as_shown(pictures[when])
        rounds.append(
            round_of(
                when,
                first,
                turnout.get(when, {}),
                context.partners,
                closed=when in closed,
                rule=rule,
                added=added,
                late=late[when],
                lost=lost[when],
            )
        )
    return rounds


def _as_shown(pictures: Mapping[int, list[Payload]]) -> list[list[Payload]]:
    """Answers by the picture they came in with; those of which nothing was shown go together."""
    shown: list[list[Payload]] = [[]]
    for place in sorted(pictures):
        if shown[0] and len(shown[0]) >= LEAST:
            shown.append(pictures[place])
        else:
            shown[0] = [*shown[0], *pictures[place]]
    return shown


def _moved(before: Round | None, latest: Round | None) -> Change | None:
    """The step between two general scores as they are told; None where either is not."""
    if before is None or latest is None:
        return None
    old, new = before.scales[GENERAL], latest.scales[GENERAL]
    if old.value is None or new.value is None:
        return None
    return told_change(old, new, before.people, latest.people)


# Measures ------------------------------------------------------------------------------------


def _score_measures(latest: Round | None, moved: Change | None) -> Iterable[Measure]:
    if latest is None:
        yield Measure("general", "Trust, all in all", None, "of 5", note="nobody has answered yet")
        return
    for name, label in ((GENERAL, "Trust, all in all"), *GROUPS.items()):
        yield _measure(name, label, latest.scales[name], "of 5")
    if moved is not None:
        n = latest.scales[GENERAL].n or 0
        note = {None: "too few answers to tell it from chance", True: "within what chance can do"}
        yield Measure(
            "change",
            "Change since the last round",
            moved.value,
            "",
            n,
            low=moved.low,
            high=moved.high,
            interval="" if moved.low is None else CONFIDENCE,
            note=note.get(moved.noise, ""),
        )


def _measure(name: str, label: str, figure: Told, unit: str) -> Measure:
    if figure.hidden:
        return Measure(name, label, None, unit, note=f"not shown: {figure.hidden}")
    n, missing = figure.n or 0, figure.missing or 0
    if figure.value is None:
        note = f"{figure.bound}: more would tell single answers"
        return Measure(name, label, None, unit, n, missing, note=note)
    interval = "no range is given" if figure.low is None else CONFIDENCE
    return Measure(name, label, figure.value, unit, n, missing, figure.low, figure.high, interval)


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


def _figure_row(figure: Told) -> ToldRow:
    return {
        "value": figure.value,
        "bound": figure.bound or None,
        "band_low": figure.least if figure.bound else None,
        "band_high": figure.most if figure.bound else None,
        "low": figure.low,
        "high": figure.high,
        "n": figure.n,
        "missing": figure.missing,
        "hidden": figure.hidden,
    }


def _scale_rows(latest: Round | None) -> tuple[ScaleRow, ...]:
    if latest is None:
        return ()
    names = {GENERAL: "Trust, all in all", **GROUPS}
    return tuple(
        {
            "scale": name,
            "label": label,
            "lower_than": ", ".join(GROUPS[high] for low, high in latest.apart if low == name),
            **_figure_row(latest.scales[name]),
        }
        for name, label in names.items()
    )


def _item_rows(latest: Round | None) -> tuple[ItemRow, ...]:
    """The single statements, the lowest first and those that are not told last."""
    if latest is None:
        return ()
    figures = {item: latest.items[item.name] for item in ITEMS}
    ordered = sorted(figures, key=lambda item: _height(figures[item]))
    return tuple(
        {
            "item": item.name,
            "group": item.group,
            "words": item.words,
            "reverse": item.reverse,
            **_figure_row(figures[item]),
            "differ": figures[item].differ,
        }
        for item in ordered
    )


def _height(figure: Told) -> tuple[bool, float]:
    if figure.least is None or figure.most is None:
        return True, 0.0
    return False, figure.least if figure.most == ENDS[1] else figure.most


def _sector_rows(latest: Round | None) -> tuple[SectorRow, ...]:
    if latest is None:
        return ()
    return tuple(
        {"sector": sector, "label": SECTORS.get(sector, "Not told"), **_figure_row(figure)}
        for sector, figure in latest.sectors.items()
    )


def _round_row(round_: Round) -> RoundRow:
    return {
        "round": round_.when,
        "day": last_day(round_.when).isoformat(),
        "closed": round_.closed,
        "answered": round_.n,
        **_figure_row(round_.scales[GENERAL]),
    }


def _turnout_rows(latest: Round | None) -> tuple[TurnoutRow, ...]:
    if latest is None:
        return ()
    return tuple(
        {"organisation": name, "answers": count} for name, count in sorted(latest.turnout.items())
    )


def _agreement_rows(points: Sequence[tuple[Head, AgreementPoint]]) -> tuple[AgreementRow, ...]:
    held = {point.point: (head, point) for head, point in points}
    rows: list[AgreementRow] = []
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


def _win_row(head: Head, win: SmallWin, context: Context) -> WinRow:
    return {
        "record": head.record,
        "action": win.action,
        "owner": win.owner,
        "due": win.due,
        "done": win.done,
        "late": is_late(win, context),
    }
