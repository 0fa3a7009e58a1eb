"""Community: how sure a sample is and how like the community; published and hand-worked values."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook_helpers.core.errors import InputError
from playbook_helpers.practices.community import margin_of_error, representation, sample_size


def test_sample_sizes_are_the_published_ones() -> None:
    """Cochran's tables: 385 for 5 points of a large population, 278 of 1,000, 80 of 100."""
    assert sample_size(0.05) == 385
    assert [sample_size(0.05, population=n) for n in (100, 500, 1000, 10_000)] == [
        80,
        218,
        278,
        370,
    ]
    assert sample_size(0.03) == 1068
    assert sample_size(0.05, confidence=0.99) == 664


def test_margins_are_the_published_ones_with_and_without_the_finite_correction() -> None:
    assert margin_of_error(72_000) == pytest.approx(0.0037, abs=5e-5)
    assert margin_of_error(72_000, population=300_000) == pytest.approx(0.0032, abs=5e-5)
    assert margin_of_error(385) == pytest.approx(0.049945, abs=1e-6)
    assert margin_of_error(50, population=50) == 0


@pytest.mark.parametrize("sampling", ["open_link", "convenience", "by_invitation", "everyone"])
def test_no_margin_is_given_where_people_were_not_drawn_at_random(sampling: str) -> None:
    with pytest.raises(InputError, match="random samples only"):
        margin_of_error(412, sampling=sampling)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "call",
    [
        lambda: sample_size(5),
        lambda: sample_size(0),
        lambda: sample_size(0.05, population=0),
        lambda: sample_size(0.05, confidence=1),
        lambda: sample_size(math.nan),
        lambda: margin_of_error(0),
        lambda: margin_of_error(20, population=10),
        lambda: margin_of_error(20, p=1.5),
        lambda: representation({"a": -1}, {"a": 1}),
        lambda: representation({"a": 1}, {"a": 0}),
        lambda: representation({"b": 1}, {"a": 1}),
    ],
)
def test_values_out_of_range_are_refused_with_the_reason(call) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InputError):
        call()


@given(st.floats(0.005, 0.3), st.integers(2, 10**7))
def test_a_sample_of_the_needed_size_has_at_most_the_margin_asked_for(
    margin: float, population: int
) -> None:
    n = sample_size(margin, population)
    assert 1 <= n <= population
    # n0 / (1 + (n0 - 1) / N) is the exact solution of the corrected margin.
    assert margin_of_error(n, population) <= margin * (1 + 1e-9)
    assert n <= sample_size(margin)


def test_shares_ratios_weights_and_index_worked_out_by_hand() -> None:
    """Sample 50/30/20 against 40/40/20: ratios 1.25, 0.75, 1; index 1 - (10 + 10 + 0) / 200."""
    result = representation({"a": 50, "b": 30, "c": 20}, {"a": 40, "b": 40, "c": 20})
    assert [g.ratio for g in result.groups] == pytest.approx([1.25, 0.75, 1.0])
    assert [g.weight for g in result.groups] == pytest.approx([0.8, 4 / 3, 1.0])
    assert result.index == pytest.approx(0.9)
    # (50 x 0.8 + 30 x 4/3 + 20)^2 / (50 x 0.64 + 30 x 16/9 + 20) = 100^2 / 105.33
    assert result.effective_n == pytest.approx(10_000 / (32 + 480 / 9 + 20))
    assert result.missing == ()


def test_counts_come_as_a_series_as_names_or_as_numpys_numbers() -> None:
    community = {"under 30": 50, "30 and over": 50}
    by_hand = representation({"under 30": 10, "30 and over": 40}, community)
    each = ["under 30"] * 10 + ["30 and over"] * 40
    for sample in (
        each,
        pd.Series(each),
        pd.Series(each, dtype="category"),
        pd.Series(each).value_counts(),
        {"under 30": "10", "30 and over": " 40 "},
        pd.Series({"under 30": 10.0, "30 and over": 40.0}),
        {"under 30": np.int64(10), "30 and over": np.int64(40)},
    ):
        assert representation(sample, pd.Series(community)) == by_hand  # type: ignore[arg-type]
    for left_out in (None, "", "NA", "Prefer not to say", float("nan"), pd.NA):
        for sample in ([*each, left_out], pd.Series([*each, left_out], dtype="object")):
            assert representation(sample, community) == replace(by_hand, unsaid=1)
    for wrong in ({"under 30": "ten"}, {"under 30": float("nan")}, {"under 30": True}):
        with pytest.raises(InputError, match="count of 'under 30' is wrong"):
            representation(wrong, community)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="no whole number"):
        representation({"under 30": 0.2, "30 and over": 0.8}, community)
    assert sample_size(0.05, population=np.int64(1000)) == sample_size(0.05, 1000.0) == 278  # type: ignore[arg-type]
    assert margin_of_error(np.int64(100)) == margin_of_error(100.0) == margin_of_error(100)  # type: ignore[arg-type]
    with pytest.raises(InputError):
        margin_of_error(99.5)  # type: ignore[arg-type]


def test_a_group_called_none_is_a_group_where_the_community_has_one() -> None:
    each = ["None"] * 6 + ["Muslim"] * 6 + [""]
    result = representation(each, {"None": 50, "Muslim": 50})
    assert ([g.n for g in result.groups], result.unsaid) == ([6, 6], 1)


def test_weights_are_capped_at_three_and_a_missing_group_gets_none() -> None:
    result = representation({"a": 95, "b": 5, "c": 0}, {"a": 50, "b": 40, "c": 10})
    assert [(g.weight, g.capped) for g in result.groups][1] == (3.0, True)
    assert result.groups[2].weight is None
    assert result.missing == ("c",)


@given(
    st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 400), min_size=1),
    st.dictionaries(st.sampled_from("abcdef"), st.floats(1, 1e6), min_size=6, max_size=6),
    st.randoms(),
)
def test_order_does_not_matter_and_the_index_stays_within_bounds(sample, community, rng) -> None:  # type: ignore[no-untyped-def]
    result = representation(sample, community)
    items = list(sample.items())
    rng.shuffle(items)
    again = representation(dict(items), community)
    assert result == again
    if result.index is not None:
        assert -1e-9 <= result.index <= 1 + 1e-9
    if result.effective_n is not None:
        assert 0 < result.effective_n <= result.n * (1 + 1e-9)
