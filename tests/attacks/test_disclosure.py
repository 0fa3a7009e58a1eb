"""Nothing published tells a single answer of the check-in: attacked over all whole answers.

`PLAYBOOK_ATTACKS=whole` (`make attacks`) tries 600 rounds of each kind; a test run tries fewer.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from datetime import date
from itertools import product
from typing import Any

import numpy as np
import pytest
from answer_solver import SCALE, differences, fitting, sets_of, tells
from trust_answers import KINDS, people, round_heads

from playbook_helpers.core.assessment import Assessment, Context, Head
from playbook_helpers.core.partnership import Partner, Partnership
from playbook_helpers.practices.trust import Turnout, assess
from playbook_helpers.practices.trust.disclosure import told
from playbook_helpers.practices.trust.items import ITEMS

TODAY = date(2027, 1, 31)
Payload = dict[str, Any]
Tried = Callable[[str, int], None]


def published(heads: Sequence[Any], **about: Any) -> dict[str, Any]:
    """All that `assessment.json` holds, after a way through JSON."""
    about_us = Partnership(name="Here", **about) if about else None
    found: Assessment = assess(heads, Context("here", TODAY, about_us))
    return json.loads(json.dumps(found.to_json()))  # type: ignore[no-any-return]


def given(payloads: Sequence[Payload], name: str) -> list[int]:
    reverse = next(i.reverse for i in ITEMS if i.name == name)
    answers = [int(p[name]) for p in payloads if p.get(name) not in (None, "dk")]
    return [6 - a for a in answers] if reverse else answers


def leaning(rng: random.Random, n: int) -> list[Payload]:
    """People who nearly agree on each statement: the rounds that tell most."""
    towards = {i.name: rng.choice((1, 2, 3, 4, 5, 5)) for i in ITEMS}
    out = people(rng, [n], rng.choice((0.0, 0.0, 0.1)))
    for person, (name, value) in product(out, towards.items()):
        if name in person and rng.random() < 0.85:
            person[name] = str(value)
    return out


@pytest.mark.parametrize("draw", [lambda rng, n: people(rng, [n], 0.1), leaning])
@pytest.mark.parametrize("setting", ["standard", "careful"])
def test_no_item_of_a_round_tells_a_single_answer(
    draw: Any, setting: str, rounds: int, tried: Tried
) -> None:
    rng = random.Random(5)
    items = shown = 0
    for _ in range(rounds):
        answers = draw(rng, rng.choice((*range(5, 13), 14, 17, 20, 24, 28)))
        out = published(round_heads(answers), check_in_shown=setting)
        for row in out["rows"]["items"]:
            items += 1
            if setting == "careful":
                # A number in fives stands for three to seven answers; the true one tells most.
                row = row | ({"n": len(given(answers, row["item"]))} if row["n"] else {})
            sets = fitting(row)
            if sets is not None:
                shown += row["value"] is not None
                assert not tells(sets, given(answers, row["item"])), row
    tried(f"items of single rounds, {setting} setting", items)
    assert shown > items / 20


def outcome(answers: Sequence[int]) -> tuple[Any, ...]:
    held = told(answers)
    return (held.value, held.bound, held.hidden, held.n, held.differ)


@pytest.mark.parametrize("n", [5, 6, 7, 9, 10, 13, 20, 21, 26])
def test_an_attacker_who_knows_the_rule_finds_two_ways_for_whatever_is_told(
    n: int, tried: Tried
) -> None:
    """Every set of n answers there is, sorted by what is told of it: the strongest attack."""
    alike: dict[tuple[Any, ...], list[Any]] = {}
    for ways in sets_of(n):
        alike.setdefault(outcome(np.repeat(SCALE, ways).tolist()), []).append(ways)
    tried("sets of answers sorted by what is told of them", sum(map(len, alike.values())))
    for ways in alike.values():
        assert not tells(np.array(ways), [1, 2, 3, 4, 5]) or _impossible(ways)


def _impossible(ways: Sequence[Any]) -> bool:
    """Whether what is told comes about only where nobody gave one of the answers tried."""
    sets = np.array(ways)
    return not tells(sets, [v for v in range(1, 6) if sets[:, v - 1].any()])


def test_from_means_of_all_statements_the_scores_tell_nothing_more(rounds: int) -> None:
    """Scores are made of what is told of their statements: the same lines give the same scores."""
    rng = random.Random(8)
    for _ in range(rounds):
        n = rng.randint(5, 9)
        answers = leaning(rng, n)
        out = published(round_heads(answers))
        scales = {row["scale"]: row for row in out["rows"]["scales"]}
        for group in {item.group for item in ITEMS}:
            rows = [r for r in out["rows"]["items"] if r["group"] == group]
            spans = [
                (r["value"] or r["band_low"], r["value"] or r["band_high"])
                for r in rows
                if r["n"] is not None
            ]
            if len(spans) == 3:
                low, high = (sum(side) / 3 for side in zip(*spans, strict=True))
                row = scales[group]
                if row["value"] is not None:
                    assert low - 0.05 - 1e-9 <= row["value"] <= high + 0.05 + 1e-9
                else:
                    assert row["bound"].startswith("between")
                    assert row["band_low"] <= low + 1e-9
                    assert row["band_high"] >= high - 1e-9


def test_two_pictures_of_one_round_tell_none_of_the_answers_that_came_between(
    rounds: int, tried: Tried
) -> None:
    rng = random.Random(12)
    compared = 0
    for _ in range(rounds):
        first = (leaning if rng.random() < 0.5 else lambda r, n: people(r, [n]))(
            rng, rng.randint(5, 16)
        )
        more = leaning(rng, rng.randint(5, 9))
        before = published(round_heads(first))
        after = published(round_heads(first, more))
        earlier = {row["item"]: row for row in before["rows"]["items"]}
        for row in after["rows"]["items"]:
            sets = differences(earlier[row["item"]], row)
            if sets is not None:
                compared += 1
                assert not tells(sets, given(more, row["item"])), (earlier[row["item"]], row)
    tried("pairs of pictures of one round", compared)
    assert compared > rounds


def test_two_rounds_together_tell_no_more_than_each_alone(rounds: int, tried: Tried) -> None:
    """The same people come again, and all but one answer as before."""
    rng = random.Random(21)
    for _ in range(rounds):
        before = leaning(rng, rng.randint(5, 14))
        after = [dict(p) for p in before]
        after[0] |= {i.name: str(rng.randint(1, 5)) for i in ITEMS}
        heads = [*round_heads(before), *round_heads(after, when="2026-09")]
        out = published(heads)
        for row in out["rows"]["items"]:
            sets = fitting(row)
            assert sets is None or not tells(sets, given(after, row["item"])), row
        told_now, told_then = (
            published(some)["rows"]["scales"][0]["value"]
            for some in (round_heads(after), round_heads(before))
        )
        step = next((m for m in out["measures"] if m["name"] == "change"), None)
        # What is said of the step follows from what each round tells by itself.
        if step is None:
            assert None in (told_now, told_then)
        else:
            assert step["value"] == round(told_now - told_then, 1)
            assert (step["low"] is None) == (len(before) < 10)
    tried("pairs of consecutive rounds", rounds)


def test_a_careful_partnership_shows_nothing_that_the_standard_does_not(
    rounds: int, tried: Tried
) -> None:
    """So that whoever has seen both cannot subtract: each figure is the same, rounded, or gone."""
    rng = random.Random(31)
    for _ in range(rounds):
        first = people(rng, [rng.randint(0, 9) for _ in range(4)], 0.1) or people(rng, [5])
        more = leaning(rng, rng.choice((0, 5, 6)))
        heads = round_heads(first, *([more] if more else []))
        plain, careful = (published(heads, check_in_shown=s) for s in ("standard", "careful"))
        for name in ("items", "scales", "sectors", "rounds"):
            key = name.removesuffix("s")
            known = {row[key]: row for row in plain["rows"][name]}
            for other in careful["rows"][name]:
                if other["hidden"]:
                    continue
                one = known[other[key]]
                finer = {"n", "missing", "answered"}
                assert {k: v for k, v in other.items() if k not in finer} == {
                    k: v for k, v in one.items() if k not in finer
                }
                assert one["n"] >= 10
                assert (other["n"] % 5, abs(other["n"] - one["n"]) < 3) == (0, True)
        said = {row["comment"] for row in plain["rows"]["comments"]}
        assert {row["comment"] for row in careful["rows"]["comments"]} <= said
        assert careful["counts"].get("check_in", 0) % 5 == 0  # one or two are none in fives
    tried("rounds by both rules", rounds)


def test_a_turnout_that_is_corrected_leaves_no_small_sector_alone(
    rounds: int, tried: Tried
) -> None:
    """Two pages of one round, before and after: what either shows is put together."""
    rng = random.Random(17)
    for _ in range(rounds):
        sizes = [rng.choice((0, 2, 3, 4, 6, 9, 12)) for _ in range(4)]
        if sum(sizes) < 5:
            continue
        heads = round_heads(people(rng, sizes))
        partners = tuple(Partner(name=f"{s} {n}", sector=s) for s in KINDS[:4] for n in range(2))
        shown: set[str] = set()
        for _ in range(3):
            counts = [
                Turnout(round="2026-03", organisation=p.name, answers=rng.randint(0, 6))
                for p in partners
            ]
            records = [
                Head(r.organisation, r.organisation, "trust", r.kind, r.payload(), r)
                for r in counts
            ]
            found = assess([*heads, *records], Context("here", TODAY, None, partners))
            shown |= {str(r["sector"]) for r in found.rows["sectors"] if not r["hidden"]}
        left = [n for kind, n in zip(KINDS, sizes, strict=False) if n and kind not in shown]
        assert not left or sum(left) >= 5, (sizes, shown)
        assert all(n >= 5 for kind, n in zip(KINDS, sizes, strict=False) if kind in shown)
    tried("rounds with a turnout corrected after they were shown", rounds)


def test_ten_who_all_but_agree_are_told_as_means_alone() -> None:
    """Ten threes throughout, but for one person's two fours: what alpha and a range would tell."""
    alike = [{i.name: "3" for i in ITEMS} for _ in range(10)]
    alike[0] |= {"helps": "4", "heard": "4"}
    out = published(round_heads(alike))
    assert not [m for m in out["measures"] if m["name"] == "alpha"]
    for row in out["rows"]["items"]:
        sets = fitting(row)
        assert sets is not None
        assert not tells(sets, given(alike, row["item"]))
        assert (row["low"], row["high"]) == (None, None)


def test_answers_that_came_late_change_nothing_that_is_published() -> None:
    rng = random.Random(2)
    for late in range(1, 5):
        first, more = people(rng, [4, 4]), people(rng, [late])
        before = published(round_heads(first))
        after = published(round_heads(first, waiting=more))
        assert after["rows"] == before["rows"]
        assert after["measures"] == before["measures"]


def test_below_ten_no_row_and_no_measure_has_a_range_a_spread_or_an_end() -> None:
    rng = random.Random(3)
    for n in range(5, 10):
        out = published(round_heads(people(rng, [n])))
        rows = [r for name in ("items", "scales", "sectors", "rounds") for r in out["rows"][name]]
        finer = ("low", "high", "agreement", "differ", "doubt", "partly", "agree")
        assert {row.get(name) for row in rows for name in finer} == {None}
        assert {(m["low"], m["high"]) for m in out["measures"]} == {(None, None)}


def test_every_mean_has_one_decimal_and_lies_between_the_lines() -> None:
    rng = random.Random(4)
    for n in range(5, 40):
        out = published(round_heads(leaning(rng, n)))
        for row in (*out["rows"]["items"], *out["rows"]["sectors"]):
            if row["value"] is not None:
                assert row["value"] == round(row["value"], 1)
                # To one decimal a mean just inside the line may read as the line.
                assert 1 + 5 / row["n"] - 0.05 < row["value"] < 5 - 5 / row["n"] + 0.05


def test_five_who_all_gave_the_same_end_are_told_as_a_line_alone() -> None:
    """Worked out by hand: five fives lie on the line 5 - 5/5 = 4 and beyond it."""
    answers = [{"round": "2026-03", **{i.name: "1" if i.reverse else "5" for i in ITEMS}}] * 5
    rows = published(round_heads(answers))["rows"]["items"]
    assert {(r["value"], r["bound"], r["n"]) for r in rows} == {(None, "above 3.9", 5)}


def test_the_solver_finds_what_the_version_before_told() -> None:
    """With whole numbers for mean and range five answers were one set: the attack works."""
    # Sum 20 and squares 86; 2.776 times the standard error 0.548 is 1.52.
    answers = [5, 5, 4, 4, 2]
    row = {"n": 5, "value": 4.0, "low": 2.48, "high": 5.0}
    assert tells(fitting(row), answers)  # type: ignore[arg-type]
    assert tells(fitting({"n": 5, "value": 5.0}), [5] * 5) == [  # type: ignore[arg-type]
        "an outsider",
        "one who answered 5",
    ]
    assert "one who answered 2" in tells(fitting({"n": 6, "value": 1.2}), [1, 1, 1, 1, 1, 2])  # type: ignore[arg-type]
    assert not tells(fitting({"n": 6, "value": 3.5}), [1, 3, 4, 4, 4, 5])  # type: ignore[arg-type]
