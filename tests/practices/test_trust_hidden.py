"""Nobody can be picked out of the check-in: what is hidden cannot be worked out from the rest.

The attack here does not use the code under test: it takes every figure that is shown and every
sum that links the figures, and asks linear algebra in floating point (a singular value
decomposition) whether a hidden one follows.
"""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook_helpers.assessment import Assessment, Context, Head
from playbook_helpers.partnership import SECTORS, Partner
from playbook_helpers.practices.trust import CheckIn, Turnout, assess
from playbook_helpers.practices.trust.items import GROUPS, ITEMS, TRUST_GROUPS, items_of
from playbook_helpers.practices.trust.rounds import ALL, GENERAL, Round, round_of
from playbook_helpers.revisions import new_revision
from playbook_helpers.store import Store
from playbook_helpers.suppression import Cell, Sum, solvable, suppressed

KINDS = tuple(SECTORS)[:5]
Payload = dict[str, Any]


def person(rng: random.Random, sector: str | None, skip: float = 0.0) -> Payload:
    given = {i.name: str(rng.randint(1, 5)) for i in ITEMS if rng.random() >= skip}
    return {"round": "2026-03", **({"sector": sector} if sector else {}), **given}


def people(rng: random.Random, sizes: Sequence[int], skip: float = 0.0) -> list[Payload]:
    sectors = (*KINDS, None)
    return [person(rng, s, skip) for s, n in zip(sectors, sizes, strict=False) for _ in range(n)]


def orgs(sizes: Mapping[str, Sequence[int]]) -> tuple[dict[str, int], tuple[Partner, ...]]:
    """Turnout, and the partners: for each sector the answers of each of its organisations."""
    turnout, partners = {}, []
    for sector, counts in sizes.items():
        for place, count in enumerate(counts):
            turnout[f"{sector} {place}"] = count
            partners.append(Partner(name=f"{sector} {place}", sector=sector))
    return turnout, tuple(partners)


# The attack ------------------------------------------------------------------------------------


def links_of(held: Round) -> list[tuple[tuple[str, str], list[tuple[str, str]]]]:
    """Whole and parts of every sum that a reader can make.

    Sectors add up to all. Groups add up to the general score, and items to groups, where somebody
    answered enough of each part; where nobody did, the whole is not their sum.
    """

    def n_above_0(*keys: tuple[str, str]) -> list[bool]:
        scores = [held.figures[key].score for key in keys]
        return [score is None or score.n > 0 for score in scores]

    links = [
        ((ALL, scale), [(sector, scale) for sector in held.sectors])
        for scale in (GENERAL, *GROUPS)
        if all(n_above_0((ALL, scale)))
    ]
    whole_rounds = True
    for sector in held.sectors:
        parts = [(sector, group) for group in TRUST_GROUPS]
        filled = n_above_0((sector, GENERAL), *parts)
        if all(filled):
            links.append(((sector, GENERAL), parts))
        whole_rounds &= all(filled) or not any(filled)
    if whole_rounds:
        links.append(((ALL, GENERAL), [(ALL, group) for group in TRUST_GROUPS]))
    for group in GROUPS:
        parts = [(ALL, item.name) for item in items_of(group)]
        if all(n_above_0((ALL, group), *parts)):
            links.append(((ALL, group), parts))
    return links


def found_out(links: Sequence[tuple[Any, Sequence[Any]]], hidden: Sequence[Any]) -> set[Any]:
    """The hidden figures that have one value only, given all the others."""
    if not hidden:
        return set()
    place = {key: number for number, key in enumerate(hidden)}
    matrix = np.zeros((len(links), len(hidden)))
    for row, (whole, parts) in enumerate(links):
        for key, sign in ((whole, -1.0), *((part, 1.0) for part in parts)):
            if key in place:
                matrix[row, place[key]] += sign
    _, sizes, vectors = np.linalg.svd(matrix)
    free = vectors[int((sizes > 1e-9).sum()) :]
    return {key for key in hidden if not np.any(np.abs(free[:, place[key]]) > 1e-9)}


def hidden_in(held: Round) -> list[tuple[str, str]]:
    return [key for key, figure in held.figures.items() if figure.score is None]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 9), min_size=2, max_size=6),
    st.integers(0, 10_000),
    st.sampled_from([0.0, 0.3, 0.6]),
)
def test_no_hidden_figure_follows_from_those_shown(
    sizes: list[int], seed: int, skip: float
) -> None:
    held = round_of("2026-03", people(random.Random(seed), sizes, skip), {}, ())
    assert not found_out(links_of(held), hidden_in(held))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=2, max_size=6), st.integers(0, 10_000))
def test_nothing_shown_rests_on_fewer_than_five_and_neither_does_what_is_left_over(
    sizes: list[int], seed: int
) -> None:
    held = round_of("2026-03", people(random.Random(seed), sizes, 0.2), {}, ())
    assert all(f.score is None or f.score.n == 0 or f.score.n >= 5 for f in held.figures.values())
    counts = Counter(dict(zip((*KINDS, "not told"), sizes, strict=False)))
    if held.figure(ALL, GENERAL).score is not None:
        left = [s for s in held.sectors if held.figure(s, GENERAL).score is None]
        # The rest is the total less what is shown.
        assert sum(counts[s] for s in left) == 0 or sum(counts[s] for s in left) >= 5


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.integers(1, 7), min_size=1, max_size=3), min_size=2, max_size=5),
    st.integers(0, 10_000),
)
def test_no_figure_and_no_left_over_is_mostly_one_organisations(
    sizes: list[list[int]], seed: int
) -> None:
    by_sector = dict(zip(KINDS, sizes, strict=False))
    turnout, partners = orgs(by_sector)
    answers = people(random.Random(seed), [sum(counts) for counts in by_sector.values()])
    held = round_of("2026-03", answers, turnout, partners)
    assert not found_out(links_of(held), hidden_in(held))
    for sector, counts in by_sector.items():
        if held.figure(sector, GENERAL).score is not None:
            assert max(counts) / sum(counts) <= 0.5
    every = [count for counts in by_sector.values() for count in counts]
    if held.figure(ALL, GENERAL).score is not None:
        assert max(every) / sum(every) <= 0.5
        left = [s for s in by_sector if held.figure(s, GENERAL).score is None]
        rest = [count for s in left for count in by_sector[s]]
        assert not rest or max(rest) / sum(rest) <= 0.5


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_a_table_with_both_margins_keeps_its_hidden_cells(data: st.DataObject) -> None:
    """Rows and columns at once: sectors down, rounds across, with all totals shown."""
    rows = data.draw(st.integers(2, 4))
    columns = data.draw(st.integers(2, 4))
    n = [[data.draw(st.integers(0, 12)) for _ in range(columns)] for _ in range(rows)]
    cells = {(r, c): Cell(n[r][c]) for r in range(rows) for c in range(columns)}
    cells |= {(r, "all"): Cell(sum(n[r])) for r in range(rows)}
    cells |= {("all", c): Cell(sum(row[c] for row in n)) for c in range(columns)}
    cells[("all", "all")] = Cell(sum(map(sum, n)))
    sums = [Sum((r, "all"), tuple((r, c) for c in range(columns))) for r in (*range(rows), "all")]
    sums += [Sum(("all", c), tuple((r, c) for r in range(rows))) for c in (*range(columns), "all")]
    hidden = suppressed(cells, sums)
    assert all(key in hidden for key, cell in cells.items() if 0 < cell.n < 5)
    links = [(link.whole, link.parts) for link in sums]
    # Cells without answers are known to be nothing, so they do not cover for others.
    assert not found_out(links, list(hidden))
    assert found_out(links, list(hidden)) == solvable(sums, hidden)


def shown_counts(counts: Sequence[int]) -> tuple[int | None, ...]:
    """What a reader sees of the counts of some sectors whose total is shown."""
    parts = {place: Cell(n) for place, n in enumerate(counts)}
    cells = {**parts, "all": Cell(sum(counts))}
    hidden = suppressed(cells, [Sum("all", tuple(parts))])
    return tuple(None if key in hidden else cell.n for key, cell in cells.items())


@pytest.mark.parametrize(("sectors", "most"), [(2, 24), (3, 24), (4, 16)])
def test_no_hidden_count_follows_from_which_cells_are_hidden(sectors: int, most: int) -> None:
    """The attack on minimality: try every way to fill the sectors that shows just the same.

    With the smallest cell left as the one that goes with a small one, 5, 5 and 3 answers showed
    that the two hidden counts are 5 and 3; reasons told apart gave 1 and 5 of six answers away.
    """
    for total in range(5, most + 1):
        alike: dict[object, list[tuple[int, ...]]] = defaultdict(list)
        for counts in product(range(total + 1), repeat=sectors):
            if sum(counts) == total:
                # That a sector has no answers at all is known.
                seen = (shown_counts(counts), tuple(n == 0 for n in counts))
                alike[seen].append(counts)
        for (seen, _), ways in alike.items():
            for place in range(sectors):
                if seen[place] is None:
                    assert len({way[place] for way in ways}) > 1, (total, ways)


def test_the_worksheet_tells_no_sectors_reason_and_hides_by_what_is_public() -> None:
    rng = random.Random(9)
    partners = tuple(
        Partner(name=f"{s} {n}", sector=s)
        for s, many in (("nonprofit", 2), ("company", 4), ("government", 3))
        for n in range(many)
    )
    for sizes in ([3, 5, 5], [3, 9, 6], [3, 6, 9]):
        rows = assessed({"2026-03": people(rng, sizes)}, partners=partners).rows["sectors"]
        # Of the two others, government has fewer partners, however many answered.
        assert [r["sector"] for r in rows if r["n"] is None] == ["government", "nonprofit"]
        assert len({r["hidden"] for r in rows if r["n"] is None}) == 1


def test_a_cell_that_is_small_hides_the_first_of_the_others() -> None:
    cells = {"a": Cell(4), "b": Cell(9), "c": Cell(8), "all": Cell(21)}
    assert suppressed(cells, [Sum("all", ("a", "b", "c"))]) == {"a": "few", "b": "complement"}


def test_fours_that_must_be_fours_to_add_up_need_another() -> None:
    cells = {"a": Cell(4), "b": Cell(4), "c": Cell(8), "d": Cell(9), "all": Cell(25)}
    hidden = suppressed(cells, [Sum("all", ("a", "b", "c", "d"))])
    assert hidden == {"a": "few", "b": "few", "c": "complement"}


def test_two_small_parts_that_are_four_together_need_a_third() -> None:
    cells = {"a": Cell(2), "b": Cell(2), "c": Cell(6), "d": Cell(9), "all": Cell(19)}
    hidden = suppressed(cells, [Sum("all", ("a", "b", "c", "d"))])
    assert hidden == {"a": "few", "b": "few", "c": "complement"}


def test_hidden_parts_that_are_mostly_one_organisation_need_another() -> None:
    cells = {"a": Cell(4, 1.0), "b": Cell(3, 0.4), "c": Cell(6, 0.5), "d": Cell(9), "all": Cell(22)}
    hidden = suppressed(cells, [Sum("all", ("a", "b", "c", "d"))])
    assert hidden == {"a": "few", "b": "few", "c": "complement"}


# The whole assessment --------------------------------------------------------------------------


def assessed(
    rounds: Mapping[str, Sequence[Payload]],
    turnout: Mapping[str, Mapping[str, int]] | None = None,
    partners: tuple[Partner, ...] = (),
    as_of: date = date(2027, 1, 31),
    **more: Any,
) -> Assessment:
    records = [CheckIn(**{**p, "round": when}) for when, some in rounds.items() for p in some]
    records += [
        Turnout(round=when, organisation=name, answers=count)
        for when, counts in (turnout or {}).items()
        for name, count in counts.items()
    ]
    heads = [
        Head(f"record-{n}", f"revision-{n}", r.practice, r.kind, r.payload(), r)
        for n, r in enumerate(records)
    ]
    return assess(heads, Context("here", as_of, None, partners, **more))


def as_text(assessment: Assessment) -> str:
    return json.dumps(assessment.to_json(), sort_keys=True)


def test_people_of_hidden_kinds_could_change_places_and_nobody_would_see_it() -> None:
    rng = random.Random(7)
    answers = people(rng, [8, 7, 6, 2, 2])
    before = assessed({"2026-03": answers})
    shown = [r["sector"] for r in before.rows["sectors"] if r["value"] is not None]
    # Four answers in the two smallest are too few, so the first of the others goes with them.
    assert shown == ["government", "nonprofit"]
    hidden = [p for p in answers if p["sector"] not in shown]
    sectors = [p["sector"] for p in hidden]
    rng.shuffle(sectors)
    for p, sector in zip(hidden, sectors, strict=True):
        p["sector"] = sector
    assert as_text(assessed({"2026-03": answers})) == as_text(before)


def test_the_order_in_which_answers_came_in_shows_nowhere() -> None:
    rng = random.Random(3)
    answers = people(rng, [8, 7, 6])
    for place, p in enumerate(answers[:9]):
        p["comment"] = f"Thought {place}"
    before = assessed({"2026-03": answers})
    rng.shuffle(answers)
    after = assessed({"2026-03": answers})
    assert before.rows["comments"] == after.rows["comments"]
    assert {r["comment"] for r in after.rows["comments"]} == {f"Thought {n}" for n in range(9)}
    first = [f"Thought {n}" for n in range(9)]
    assert [r["comment"] for r in after.rows["comments"]] != first


def test_four_answers_show_no_figure_no_comment_and_no_alpha() -> None:
    answers = people(random.Random(1), [2, 2])
    answers[0]["comment"] = "It was me."
    result = assessed({"2026-03": answers})
    assert "It was me." not in as_text(result)
    assert {m.value for m in result.measures if m.name not in ("agreement", "wins")} == {None}
    rows = [*result.rows["scales"], *result.rows["items"], *result.rows["sectors"]]
    assert {row["value"] for row in rows} == {row["n"] for row in rows} == {None}
    assert "too_few" in {f.code for f in result.findings}


def test_a_change_is_not_shown_beside_a_round_that_is_hidden() -> None:
    rng = random.Random(2)
    result = assessed({"2026-03": people(rng, [2, 2]), "2026-09": people(rng, [8, 8])})
    assert "change" not in {m.name for m in result.measures}
    assert [row["value"] is None for row in result.rows["rounds"]] == [True, False]


def test_one_organisation_with_over_half_hides_all_and_its_comments() -> None:
    turnout, partners = orgs({"nonprofit": [6], "company": [3], "funder": [2]})
    answers = people(random.Random(4), [6, 3, 0, 0, 2])
    answers[0]["comment"] = "From the six."
    result = assessed({"2026-03": answers}, {"2026-03": turnout}, partners)
    assert result.measure("general").value is None
    assert "over half of the answers are from one organisation" in result.measure("general").note
    assert "From the six." not in as_text(result)
    assert "one_voice" in {f.code for f in result.findings}


def test_a_kind_with_one_partner_is_hidden_where_nobody_counted() -> None:
    partners = tuple(
        Partner(name=f"{s} {n}", sector=s)
        for s, many in (("nonprofit", 1), ("company", 2), ("government", 2))
        for n in range(many)
    )
    answers = people(random.Random(5), [6, 6, 6])
    reasons = {
        row["sector"]: row["hidden"]
        for row in assessed({"2026-03": answers}, partners=partners).rows["sectors"]
    }
    assert "one organisation" in str(reasons["nonprofit"])


def test_while_answers_come_in_nothing_is_shown_until_hands_are_counted() -> None:
    """Whoever saw the mean before and after one more answer could subtract."""
    rng = random.Random(6)
    answers, today = people(rng, [6, 6]), date(2026, 3, 20)
    turnout, partners = orgs({"nonprofit": [3, 3], "company": [3, 3]})
    live = assessed({"2026-03": answers}, partners=partners, as_of=today)
    assert live.measure("general").value is None
    assert "waiting" in {f.code for f in live.findings}
    counted = assessed({"2026-03": answers}, {"2026-03": turnout}, partners, today)
    assert counted.measure("general").n == 12
    one_more = [*answers, person(rng, "company")]
    for day in (today, date(2026, 5, 1)):
        late = assessed({"2026-03": one_more}, {"2026-03": turnout}, partners, day)
        assert late.measure("general").value is None
    past = assessed({"2026-03": answers}, partners=partners, as_of=date(2026, 4, 1))
    assert past.measure("general").n == 12


def kept(answers: Sequence[Payload], months: Sequence[str]) -> list[Head]:
    """The answers as a store gives them that took each in in one of `months`."""
    return [
        Head(f"r{n}", f"v{n}", "trust", "check_in", p, CheckIn(**p), stored=month)
        for n, (p, month) in enumerate(zip(answers, months, strict=True))
    ]


def test_an_answer_that_comes_a_month_later_cannot_be_subtracted() -> None:
    """Two pages of one round, with and without one more answer, gave that answer away."""
    answers = people(random.Random(11), [6, 6, 4])
    answers[12]["comment"] = "Mine alone."
    context = Context("here", date(2026, 8, 1))
    first = assess(kept(answers[:12], ["2026-03"] * 12), context)
    one = assess(kept(answers[:13], ["2026-03"] * 12 + ["2026-05"]), context)
    assert one.measures == first.measures
    assert one.rows == first.rows
    assert {f.code for f in one.findings} - {f.code for f in first.findings} == {"late"}
    five = [*answers, answers[0]]
    late = ["2026-03"] * 12 + ["2026-05"] * 2 + ["2026-06"] * 3
    assert assess(kept(five, late), context).measure("general").n == 17
    # In June itself the sixth may still come.
    in_june = assess(kept(five, late), Context("here", date(2026, 6, 20)))
    assert in_june.measure("general").n == 12


def test_answers_that_all_come_in_later_are_the_round() -> None:
    answers = people(random.Random(12), [6, 6])
    for months in (["2026-09"] * 12, [""] * 12, ["2026-02"] * 4 + ["2026-03"] * 8):
        result = assess(kept(answers, months), Context("here", date(2026, 9, 2)))
        assert result.measure("general").n == 12
    # Three at first, so that nothing was shown that could be subtracted.
    slow = ["2026-03"] * 3 + ["2026-05"] * 9
    assert assess(kept(answers, slow), Context("here", date(2026, 6, 1))).measure("general").n == 12


def test_a_late_answer_shows_nothing_when_hands_were_counted() -> None:
    rng = random.Random(13)
    answers = people(rng, [6, 6])
    turnout, partners = orgs({"nonprofit": [3, 3], "company": [3, 4]})
    # Thirteen hands, twelve answers: the thirteenth would show by subtraction once it is there.
    result = assessed({"2026-03": answers}, {"2026-03": turnout}, partners)
    assert result.measure("general").value is None
    found = next(f for f in result.findings if f.code == "waiting")
    assert "12 answers came in" in found.sentence
    assert "13 people were counted" in found.sentence


def test_the_store_tells_the_worksheet_the_month_and_no_more(tmp_path: Path) -> None:
    with Store.open(f"sqlite:///{tmp_path / 'own.db'}") as store:
        store.append([new_revision("here", CheckIn(round="2020-01", helps="4"))])
        (head,) = store.heads("here", kind="check_in")
    assert len(head.stored) == len("2026-03")


def test_a_share_is_given_only_from_ten_answers_on() -> None:
    rng = random.Random(8)
    nine = assessed({"2026-03": people(rng, [9])}).rows["items"]
    assert {row["agree"] for row in nine} == {None}
    ten = assessed({"2026-03": people(rng, [10])}).rows["items"]
    assert None not in {row["agree"] for row in ten}
