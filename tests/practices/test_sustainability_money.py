"""Money: how long it lasts and how concentrated it is, against values worked out by hand.

`fixtures/irs990_2021_eight_lines.csv` is the income by line of 600 US human-service non-profits,
tax year 2021: US Internal Revenue Service, Form 990 e-file, public domain.
"""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path as File

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook_helpers.core.errors import InputError, NotFound
from playbook_helpers.practices.sustainability import (
    Cost,
    Funding,
    concentration,
    hhi,
    runway,
    to_come,
)
from playbook_helpers.practices.sustainability.money import Path
from playbook_helpers.practices.sustainability.reference import (
    HHI_PERCENTILES,
    hhi_percentile,
    less_concentrated,
)

IRS = File(__file__).parent / "fixtures" / "irs990_2021_eight_lines.csv"
START = date(2027, 1, 1)
YEAR = (date(2027, 1, 1), date(2027, 12, 31))
HALF = (date(2027, 1, 1), date(2027, 6, 30))


def free(path: Path) -> list[float]:
    return [round(month.free, 6) for month in path.months]


# Runway ----------------------------------------------------------------------------------------


def test_three_paths_by_hand() -> None:
    """1,500 a month goes out; 1,000 is signed for a year, 1,000 at even odds for half of it.

    Expected: 2,000 holds until June, then 500 less each month: 0 in October.
    Signed: 500 less each month: 0 in April. Without the year's grant: 1,000, then 0.
    """
    funding = [
        Funding("City", 12_000, *YEAR),
        Funding("Bank", 6_000, *HALF, likelihood=0.5, signed=False),
    ]
    paths = runway(funding, [Cost("Team", 1_500)], 2_000, START, 12)
    assert free(paths.expected)[5:11] == [2_000, 1_500, 1_000, 500, 0, -500]
    assert (paths.expected.runs_out, paths.expected.months_covered) == ("2027-11", 10)
    assert free(paths.signed_only)[:5] == [1_500, 1_000, 500, 0, -500]
    assert (paths.signed_only.runs_out, paths.signed_only.months_covered) == ("2027-05", 4)
    assert paths.largest_source == "City"
    assert free(paths.largest_stops)[:3] == [1_000, 0, -1_000]
    assert (paths.largest_stops.runs_out, paths.largest_stops.months_covered) == ("2027-03", 2)


def test_money_for_one_thing_pays_for_nothing_else() -> None:
    """1,000 a month may pay for visits (800) only; rent (400) has 1,000 in the bank: two months."""
    funding = [Funding("Trust", 12_000, *YEAR, restricted_to="visits ")]
    costs = [Cost("Visits", 800), Cost("Rent", 400)]
    path = runway(funding, costs, 1_000, START, 6).expected
    assert free(path)[:3] == [600, 200, -200]
    assert [round(m.held) for m in path.months[:3]] == [200, 400, 600]
    assert path.runs_out == "2027-03"
    without = runway([replace(funding[0], restricted_to="")], costs, 1_000, START, 6).expected
    assert without.months_covered == 5, "200 less each month: 1,000 is gone after five"


def test_money_kept_for_one_thing_goes_on_paying_for_it_after_the_grant() -> None:
    funding = [Funding("Trust", 6_000, *HALF, restricted_to="Visits")]
    path = runway(funding, [Cost("Visits", 500)], 0, START, 24).expected
    assert path.months_covered == 12


def test_what_belongs_to_months_gone_by_is_spent() -> None:
    """A grant of 1,200 for a year, seen from July: 600 is left to come."""
    grant = Funding("City", 1_200, *YEAR)
    path = runway([grant], [Cost("Team", 100)], 0, date(2027, 7, 1), 12).expected
    assert path.months_covered == 6
    assert to_come([grant], date(2027, 7, 1)) == {"City": pytest.approx(600)}
    assert to_come([grant], date(2027, 7, 1), 2) == {"City": pytest.approx(200)}
    assert to_come([grant], date(2028, 1, 1)) == {}


def test_two_grants_of_one_funder_stop_together_whatever_the_spelling() -> None:
    funding = [
        Funding("Two  Bridges", 1_200, *YEAR),
        Funding("two bridges", 1_200, *YEAR),
        Funding("City", 1_800, *YEAR),
    ]
    paths = runway(funding, [Cost("Team", 350)], 0, START, 12)
    assert paths.largest_source == "Two  Bridges"
    assert paths.largest_stops.months_covered == 0
    assert paths.expected.months_covered == 12
    named = runway(funding, [Cost("Team", 350)], 1_000, START, 12, stops="CITY")
    assert named.largest_source == "CITY"
    assert free(named.largest_stops)[0] == 850


def test_costs_begin_and_end_with_their_months() -> None:
    costs = [Cost("Team", 100), Cost("Book", 50, date(2027, 2, 1), date(2027, 3, 15))]
    path = runway([], costs, 1_000, START, 4).expected
    assert [m.cost for m in path.months] == [100, 150, 150, 100]
    assert [m.month for m in path.months] == ["2027-01", "2027-02", "2027-03", "2027-04"]


def test_a_month_that_comes_out_even_is_paid() -> None:
    funding = [Funding("City", 100, *YEAR)]
    path = runway(funding, [Cost("Team", 100 / 12)], 0, START, 12).expected
    assert path.runs_out is None


def test_several_currencies_are_refused_without_rates_and_added_with_them() -> None:
    funding = [
        Funding("A", 1_200, *YEAR, currency="USD"),
        Funding("B", 1_200, *YEAR, currency="EUR"),
    ]
    with pytest.raises(InputError, match="several currencies"):
        runway(funding, [], 0, START)
    with pytest.raises(InputError, match="no rate from EUR to USD"):
        runway(funding, [], 0, START, currency="USD")
    path = runway(funding, [], 0, START, 1, currency="USD", rates={"EUR": 1.5}).expected
    assert path.months[0].income == pytest.approx(100 + 150)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"amount": -5.0}, "amount"),
        ({"amount": float("nan")}, "amount"),
        ({"likelihood": 1.2}, "likelihood"),
        ({"ends": date(2026, 1, 1)}, "ends before"),
    ],
)
def test_wrong_funding_is_refused_with_its_name(change: dict[str, object], what: str) -> None:
    fund = replace(Funding("City", 1.0, *YEAR), **change)  # type: ignore[arg-type]
    with pytest.raises(InputError, match=what) as caught:
        runway([fund], [], 0, START)
    assert "City" in str(caught.value)


amounts = st.floats(0, 1e6)
funds = st.builds(
    Funding,
    st.sampled_from("ABC"),
    amounts,
    st.dates(date(2026, 1, 1), date(2027, 6, 1)),
    st.dates(date(2027, 6, 1), date(2029, 1, 1)),
    st.floats(0, 1),
    st.just(False),
    st.sampled_from(["", "Team"]),
)
costs_ = st.builds(Cost, st.sampled_from(["Team", "Rent"]), st.floats(0, 1e5))


@settings(max_examples=60, deadline=None)
@given(st.lists(funds, max_size=4), st.lists(costs_, max_size=3), amounts)
def test_more_money_never_shortens_and_more_cost_never_lengthens(
    funding: list[Funding], costs: list[Cost], reserve: float
) -> None:
    before = runway(funding, costs, reserve, START, 24)
    more = [*funding, Funding("D", 5_000, *YEAR)]
    richer = runway(more, costs, reserve, START, 24)
    dearer = runway(funding, [*costs, Cost("More", 700)], reserve, START, 24)
    for case in ("expected", "signed_only"):
        months = getattr(before, case).months_covered
        assert getattr(richer, case).months_covered >= months
        assert getattr(dearer, case).months_covered <= months
    assert before.largest_stops.months_covered <= before.expected.months_covered
    assert runway(funding, costs, reserve + 900, START, 24).expected.months_covered >= (
        before.expected.months_covered
    )
    backwards = runway(funding[::-1], costs[::-1], reserve, START, 24)
    assert backwards.largest_source.casefold() == before.largest_source.casefold()
    for one, other in zip(before.expected.months, backwards.expected.months, strict=True):
        assert one.free == pytest.approx(other.free, abs=1e-3)


# Concentration ---------------------------------------------------------------------------------


def test_concentration_by_hand() -> None:
    """Shares 0.5, 0.3, 0.2: 0.25 + 0.09 + 0.04 = 0.38; (0.38 - 1/3) / (2/3) = 0.07."""
    found = concentration([50, 30, 20])
    assert found.hhi == pytest.approx(0.38)
    assert found.normalised == pytest.approx(0.07)
    assert (found.largest_share, found.sources, found.left_out) == (0.5, 3, 0)


def test_one_source_has_no_normalised_value() -> None:
    assert hhi([7]) == 1
    assert concentration([7]).normalised is None


def test_grants_of_zero_or_less_are_left_out_and_counted() -> None:
    found = concentration([100, 0, -40])
    assert (found.hhi, found.sources, found.left_out) == (1, 1, 2)
    with pytest.raises(InputError, match="no amount above zero"):
        concentration([0, -1])
    with pytest.raises(InputError, match="not a number"):
        concentration([1, float("nan")])


@given(st.lists(st.floats(0.01, 1e9), min_size=1, max_size=12))
def test_concentration_lies_between_one_over_n_and_one(given_: list[float]) -> None:
    value = hhi(given_)
    assert 1 / len(given_) - 1e-9 <= value <= 1 + 1e-9
    assert hhi(given_[::-1]) == pytest.approx(value)
    assert hhi([3 * a for a in given_]) == pytest.approx(value)


def test_the_quartiles_of_600_non_profits() -> None:
    """Published beside the data: 0.588, 0.838, 0.997."""
    assert [HHI_PERCENTILES[p] for p in (25, 50, 75)] == [0.588, 0.838, 0.997]
    assert len(HHI_PERCENTILES) == 101
    assert list(HHI_PERCENTILES) == sorted(HHI_PERCENTILES)
    assert hhi_percentile(0.25) == 0, "a limit of 0.25 would flag every one of them"
    assert less_concentrated(0.25) == "none"
    steps = [hhi_percentile(v / 100) for v in range(25, 101)]
    assert steps == sorted(steps)


def test_amounts_come_as_a_mapping_an_array_or_text_and_nothing_else() -> None:
    for amounts in (
        {"City": 50, "Fund": 30, "Shop": 20},
        np.array([50, 30, 20]),
        ["50", "30", "20"],
    ):
        assert hhi(amounts) == pytest.approx(0.38)  # type: ignore[arg-type]
    for wrong in (None, "", float("nan"), True, "lots"):
        with pytest.raises(InputError, match="not a number"):
            hhi([1, wrong])  # type: ignore[list-item]


def test_the_index_of_all_600_non_profits_is_what_the_reference_holds() -> None:
    with IRS.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    indexes = [hhi(row) for row in rows]
    assert len(indexes) == 600
    assert np.percentile(indexes, range(101)) == pytest.approx(HHI_PERCENTILES, abs=0.0005)
    # Half of them lie below their own median, and the percentile says so.
    assert hhi_percentile(float(np.median(indexes))) == pytest.approx(50, abs=0.5)


def test_money_comes_as_dictionaries_with_dates_as_people_write_them() -> None:
    begin = date(2027, 1, 1)
    by_hand = runway([Funding("G", 1200, begin, date(2027, 12, 31))], [Cost("T", 150)], 300, begin)
    grant = {"source": "G", "amount": 1200, "starts": "2027-01", "ends": "2027"}
    assert runway([grant], [{"line": "T", "monthly": 150}], 300, "2027-01") == by_hand
    assert runway([grant], 150, 300, begin).expected == by_hand.expected
    with pytest.raises(InputError, match="no funding"):
        runway([{"from": "G"}], 150, 300, begin)
    with pytest.raises(InputError, match="no date"):
        Funding("G", 1200, "soon", "2027")  # type: ignore[arg-type]


def test_money_comes_as_the_rows_of_a_file_with_text_and_empty_cells() -> None:
    by_hand = runway([Funding("G", 1200, *YEAR, likelihood=0.5, signed=False)], 150, 300, START)
    row = {"source": "G", "amount": "1200", "starts": "2027-01", "ends": "2027",
           "likelihood": "0.5", "signed": "no"}  # fmt: skip
    frame = pd.DataFrame([row | {"restricted_to": float("nan"), "currency": None}])
    for funding in ([row], row, frame):
        for costs in (150, "150", np.int64(150), {"Costs": 150}, [Cost("Costs", 150)]):
            assert runway(funding, costs, "300", START) == by_hand  # type: ignore[arg-type]
    day = {"starts": pd.Timestamp("2027-01-01"), "ends": pd.Timestamp("2027-12-31")}
    assert runway(pd.DataFrame([row | day]), 150, 300, pd.Timestamp(START)) == by_hand


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"amount": "a lot"}, "The amount of 'G' is not a number"),
        ({"amount": None}, "The amount of 'G' is not a number"),
        ({"likelihood": "even"}, "The likelihood of 'G' is not a number"),
        ({"signed": "perhaps"}, "Whether 'G' is signed is not clear"),
        ({"ends": pd.NaT}, "This is no date"),
    ],
)
def test_a_cell_that_cannot_be_read_is_refused_with_the_name_of_its_source(
    change: dict[str, object], what: str
) -> None:
    row = {"source": "G", "amount": 1200, "starts": "2027", "ends": "2027"} | change
    with pytest.raises(InputError, match=what):
        runway([row], 150, 300, START)


def test_a_currency_is_the_same_in_small_letters() -> None:
    funding = [
        Funding("A", 1_200, *YEAR, currency="usd"),
        Funding("B", 1_200, *YEAR, currency="USD "),
    ]
    paths = runway(funding, 100, 0, START, 1)
    assert paths.expected.months[0].income == 200
    mixed = [*funding, Funding("C", 1_200, *YEAR, currency="eur")]
    paths = runway(mixed, 100, 0, START, 1, rates={"Eur": 1.5}, currency="usd")
    assert paths.expected.months[0].income == 200 + 150


def test_a_source_that_is_not_there_cannot_stop() -> None:
    funding = [Funding("City", 1_200, *YEAR)]
    with pytest.raises(NotFound, match="no such source") as refused:
        runway(funding, 100, 0, START, stops="Bank")
    assert refused.value.allowed == "City"
    assert runway(funding, 100, 0, START, stops=" city ").largest_stops.months_covered == 0


def test_whole_numbers_of_64_bits_read_as_fractions_are_refused() -> None:
    """R's files keep them in the bytes of fractions: 10,000 comes out as 4.94e-320."""
    misread = np.array([10_000, 30_000]).view(np.float64)
    assert 0 < misread[0] < 1e-319
    with pytest.raises(InputError, match="64 bits"):
        hhi(misread)
    assert hhi(misread.view(np.int64)) == 0.25**2 + 0.75**2


@pytest.mark.parametrize("wrong", [0, -0.1, 1.5, 2_500, float("nan")])
def test_what_can_be_no_hhi_has_no_percentile(wrong: float) -> None:
    with pytest.raises(InputError, match="no HHI"):
        hhi_percentile(wrong)
    assert hhi_percentile(sum([0.1] * 10)) == hhi_percentile(1.0)
