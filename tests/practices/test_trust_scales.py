"""Scores, alpha, agreement and change: values worked out by hand, published, or by other means.

`fixtures/somerville_happiness_2015.csv` is the City of Somerville's resident survey of 2015 as
the UCI repository gives it out (no. 479, CC BY 4.0).
"""

from __future__ import annotations

import csv
import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook_helpers.core.errors import InputError
from playbook_helpers.practices.trust import agreement, change, cronbach_alpha, score
from playbook_helpers.practices.trust.scales import paired

FIXTURE = Path(__file__).parent / "fixtures" / "somerville_happiness_2015.csv"
# Deviations -2 -1 0 1 2 and -1 -2 1 0 2, twice: variances 20/9, covariance 16/9, r = 0.8.
PAIR = [[1, 2], [2, 1], [3, 4], [4, 3], [5, 5]] * 2
answers = st.lists(
    st.lists(st.one_of(st.none(), st.integers(1, 5)), min_size=3, max_size=3),
    min_size=0,
    max_size=30,
)


complete = st.lists(st.lists(st.integers(1, 5), min_size=3, max_size=3), min_size=10, max_size=30)


def somerville() -> list[list[int]]:
    with FIXTURE.open(encoding="utf-8") as file:
        return [[int(v) for v in list(row.values())[1:]] for row in csv.DictReader(file)]


def test_alpha_of_two_items_is_what_spearman_and_brown_say() -> None:
    # 2 * 0.8 / (1 + 0.8), and 2 * (1 - (40/9) / (72/9)).
    assert cronbach_alpha(PAIR).value == pytest.approx(8 / 9)
    assert float(cronbach_alpha(PAIR)) == pytest.approx(8 / 9)


def below(f: float, degrees: int, steps: int = 20_000) -> float:
    """The share of an F distribution with equal degrees that lies below f, by Simpson's rule.

    With t = F / (1 + F) its density is (t (1 - t)) ** (degrees / 2 - 1) over its own integral.
    """

    def area(end: float) -> float:
        t = np.linspace(0, end, steps + 1)
        heights = (t * (1 - t)) ** (degrees / 2 - 1)
        weights = np.array([1, *([4, 2] * (steps // 2))[:-1], 1])
        return float((heights * weights).sum() * end / steps / 3)

    return area(f / (1 + f)) / area(1)


def test_the_interval_of_alpha_is_feldts() -> None:
    """(1 - alpha) / (1 - low) and (1 - high) / (1 - alpha) cut 2.5% off F with 9 and 9 degrees.

    10 rows and 2 items: 10 - 1 and (10 - 1) (2 - 1) degrees. Equal degrees: f above, 1 / f below.
    """
    alpha = cronbach_alpha(PAIR)
    assert below(1, 9) == pytest.approx(0.5)
    f = (1 - alpha.low) / (1 - 8 / 9)
    assert below(f, 9) == pytest.approx(0.975, abs=1e-6)
    assert (1 - 8 / 9) / (1 - alpha.high) == pytest.approx(f)


def test_an_item_worded_the_other_way_ruins_alpha_unless_it_is_turned_round() -> None:
    other_way = [[a, 6 - b] for a, b in PAIR]
    # Total variance (20 + 20 - 32) / 9: 2 * (1 - (40/9) / (8/9)) = -8.
    assert cronbach_alpha(other_way).value == pytest.approx(-8)
    assert cronbach_alpha(other_way, reverse=[1]).value == pytest.approx(8 / 9)


def test_alpha_of_a_real_survey_is_what_its_covariances_give() -> None:
    rows = somerville()
    covariances = np.cov(np.array(rows).T)
    expected = 6 / 5 * (1 - np.trace(covariances) / covariances.sum())
    alpha = cronbach_alpha(rows)
    assert (alpha.n, alpha.items, alpha.missing) == (len(rows), 6, 0)
    assert alpha.value == pytest.approx(expected)
    assert cronbach_alpha(np.array(rows)).value == pytest.approx(expected)
    turned = [[*row[:1], 6 - row[1], *row[2:]] for row in rows]
    assert cronbach_alpha(turned, reverse=(1,)).value == pytest.approx(expected)
    assert cronbach_alpha(turned).value < alpha.value


ITEMS = [f"q{n}" for n in range(1, 7)]


def as_tables(rows: list[list[int]]) -> dict[str, object]:
    frame = pd.DataFrame(rows, columns=ITEMS)
    return {
        "an array of floats": np.array(rows, dtype=float),
        "a data frame": frame,
        "a data frame of whole numbers that may be missing": frame.astype("Int64"),
        "dictionaries": frame.to_dict("records"),
        "text, as a CSV reader gives it": [[str(a) for a in row] for row in rows],
        "a generator": (tuple(row) for row in rows),
    }


@pytest.mark.parametrize("form", list(as_tables([[1] * 6])))
def test_alpha_and_score_take_a_table_in_any_form(form: str) -> None:
    rows = somerville()
    assert cronbach_alpha(as_tables(rows)[form]) == pytest.approx(cronbach_alpha(rows))
    assert score(as_tables(rows)[form]).value == pytest.approx(np.array(rows).mean())


def test_an_item_is_turned_round_by_its_place_or_by_its_name() -> None:
    rows = somerville()
    frame = pd.DataFrame(rows, columns=ITEMS)
    by_place = cronbach_alpha(rows, reverse=[1, 4])
    for reverse in (["q2", "q5"], ("q2", 4), np.array([1, 4]), {1, 4}):
        assert cronbach_alpha(frame, reverse=reverse) == pytest.approx(by_place)
    assert cronbach_alpha(frame, reverse="q2") == cronbach_alpha(rows, reverse=(1,))
    with pytest.raises(InputError, match="no such item") as refused:
        cronbach_alpha(frame, reverse=["q9"])
    assert "q1, q2, q3, q4, q5, q6" in refused.value.allowed
    numbered = pd.DataFrame(rows, columns=[1, 2, 3, 4, 5, 6])
    with pytest.raises(InputError, match="not clear which"):
        cronbach_alpha(numbered, reverse=[2])
    assert cronbach_alpha(numbered, reverse=[6]) == cronbach_alpha(rows, reverse=[5])


def test_every_way_of_leaving_an_answer_out_is_the_same() -> None:
    without = score([[2, 3, None]])
    for nothing in ("dk", "Don’t know", "", "NA", " n/a ", float("nan"), np.nan, pd.NA, pd.NaT):
        assert score([[2, 3, nothing]]) == without
    for words in ("Do not know", "Not applicable", "No answer", "Prefer not to say", "Refused",
                  "Not sure", "(don't know)", "#N/A", "n.a.", ".", "Missing"):  # fmt: skip
        assert score([[2, 3, words]]) == without
    assert score([{"a": 2, "b": 3}, {"a": 4, "b": 4, "c": 4}]).people == (2.5, 4.0)
    for wrong in ("lots", True, [4], object()):
        with pytest.raises(InputError, match="Row 1, item 3"):
            score([[2, 3, wrong]])
    for table in ({"a": [1, 2]}, "12345", 5, [1, 2, 3], ["123"], [[1, 2], {"a": 1}]):
        with pytest.raises(InputError, match="row"):
            score(table)


@pytest.mark.parametrize("code", [9, 99, -99, "9", "99", 0, "4,5", "5 - Strongly agree", "Agree"])
def test_a_code_or_a_word_is_never_taken_for_an_answer_nor_for_none(code: object) -> None:
    """In one survey 9 is "no answer", in another one it is nine: whoever asks has to say."""
    with pytest.raises(InputError, match="Row 2, item 1") as refused:
        score([[1, 2], [code, 3]])
    assert refused.value.value == code
    assert "1 to 5, or nothing; where a word or a code such as 9 stands" in refused.value.allowed


def test_the_interval_of_alpha_is_what_the_quantiles_of_scipy_give() -> None:
    # scipy 1.17: f.ppf(0.975, 142, 710), f.ppf(0.025, 142, 710).
    alpha = cronbach_alpha(somerville())
    assert (alpha.n, alpha.items) == (143, 6)
    upper, lower = 1.277115903975, 0.765953616040
    assert alpha.low == pytest.approx(1 - (1 - alpha.value) * upper, abs=1e-9)
    assert alpha.high == pytest.approx(1 - (1 - alpha.value) * lower, abs=1e-9)
    assert alpha.interval == (alpha.low, alpha.high)


def test_alpha_is_a_number_to_compare_round_print_and_keep() -> None:
    alpha = cronbach_alpha(PAIR)
    assert alpha > 0.7
    assert round(alpha, 2) == 0.89
    assert f"{alpha:.2f}" == "0.89"
    again = pickle.loads(pickle.dumps(alpha))
    assert (again, again.low, again.n) == (alpha, alpha.low, 10)


def test_alpha_leaves_out_who_left_something_out_and_refuses_fewer_than_ten() -> None:
    alpha = cronbach_alpha([*PAIR, [1, None], [float("nan"), 5]])
    assert (alpha.n, alpha.missing, alpha.value) == (10, 2, pytest.approx(8 / 9))
    with pytest.raises(InputError, match="Too few") as caught:
        cronbach_alpha(PAIR[:9])
    assert caught.value.value == 9


@pytest.mark.parametrize(
    ("rows", "reverse", "words"),
    [
        ([[1, 6]] * 10, (), "outside the scale"),
        ([[1, 2]] * 10, (2,), "no such item"),
        ([[1, 2]] * 9 + [[1]], (), "has 1 answers"),
        ([[3]] * 10, (), "two items"),
        ([[3, 3]] * 10, (), "total is the same"),
    ],
)
def test_what_is_no_set_of_answers_is_refused(
    rows: list[list[int]], reverse: tuple[int, ...], words: str
) -> None:
    with pytest.raises(InputError, match=words):
        cronbach_alpha(rows, reverse)


@settings(max_examples=50, deadline=None)
@given(complete, st.randoms())
def test_alpha_is_at_most_one_lies_in_its_interval_and_knows_no_order(rows, random) -> None:  # type: ignore[no-untyped-def]
    try:
        alpha = cronbach_alpha(rows)
    except InputError:
        return
    assert alpha.low <= alpha.value <= alpha.high <= 1 + 1e-9
    shuffled = random.sample(rows, len(rows))
    assert cronbach_alpha(shuffled).value == pytest.approx(alpha.value)


def test_a_person_counts_with_two_thirds_of_the_items_and_not_with_less() -> None:
    # Four of six is two thirds; three of six is not.
    kept, left = [5, 5, 5, 1, None, None], [1, 1, 1, None, None, None]
    result = score([kept, left, [2] * 6])
    assert (result.n, result.missing, result.value) == (2, 1, 3.0)
    eight_of_twelve = [4.0] * 8 + [None] * 4
    assert score([eight_of_twelve]).n == 1
    assert score([[4.0] * 7 + [None] * 5]).n == 0


def test_the_interval_of_a_score_is_students() -> None:
    # Means 1 to 5: variance 2.5, standard error sqrt(0.5), t(0.975; 4) = 2.776.
    result = score([[value] for value in (2, 3, 3, 3, 4)])
    assert result.value == 3
    assert result.high - 3 == pytest.approx(2.776 * (0.5 / 5) ** 0.5, abs=1e-3)


@settings(max_examples=50, deadline=None)
@given(answers, st.randoms())
def test_a_score_stays_on_the_scale_and_turning_all_items_mirrors_it(rows, random) -> None:  # type: ignore[no-untyped-def]
    result = score(rows)
    assert result.n + result.missing == len(rows)
    if result.value is None:
        assert result.n == 0
        return
    assert 1 <= result.value <= 5
    assert score(rows, reverse=(0, 1, 2)).value == pytest.approx(6 - result.value)
    assert score(random.sample(rows, len(rows))).value == pytest.approx(result.value)


def test_agreement_is_one_minus_the_variance_over_that_of_even_answers() -> None:
    # Variance of 3 4 4 5 is 2/3; (25 - 1) / 12 = 2.
    assert agreement([3, 4, 4, 5]) == pytest.approx(1 - (2 / 3) / 2)
    assert agreement([None, 4]) is None
    assert agreement([1, 5, 1, 5]) == 0


def test_a_change_within_noise_says_so_and_one_beyond_it_says_which_way() -> None:
    small = change([3, 3, 4, 3, 4], [4, 3, 4, 3, 4])
    assert small is not None
    assert small.noise
    assert small.sentence.endswith("so nobody can tell yet whether it moved.")
    rise = change([2, 2, 3, 2, 2, 3], [4, 4, 5, 4, 5, 4])
    assert rise is not None
    assert not rise.noise
    assert "rose by 2.0" in rise.sentence
    fall = change([4, 4, 5, 4, 5, 4], [2, 2, 3, 2, 2, 3])
    assert fall is not None
    assert (fall.value, fall.low, fall.high) == pytest.approx((-rise.value, -rise.high, -rise.low))
    # Welch: variances 0.3 and 0.3 of five each, 8 degrees of freedom, t(0.975; 8) = 2.306.
    assert small.high - small.value == pytest.approx(2.306 * (0.06 + 0.06) ** 0.5, abs=1e-3)
    none = change([3, 4, 3], [3, 4, 3])
    assert none is not None
    assert "hardly moved" in none.sentence
    assert change([3], [4, 4]) is None


def test_agreement_and_change_of_arrays_are_those_of_their_numbers() -> None:
    """Variances of numpy's whole numbers were once rounded to whole numbers."""
    old, new = np.array([1, 2, 2, 4]), np.array([2, 3, 3, 3])
    # Variances 19/12 and 1/4.
    assert agreement(old) == pytest.approx(1 - (19 / 12) / 2)
    assert agreement([1, 2, float("nan"), 2, None, "4"]) == pytest.approx(1 - (19 / 12) / 2)
    assert change(old, new) == change(old.tolist(), new.tolist())
    assert change([1, None, 2, 2, 4], [2, 3, 3, 3]) == change(old, new)
    assert change(score([[v] for v in old]), score([[v] for v in new])) == change(old, new)


def test_a_small_change_beyond_noise_is_never_told_as_nought() -> None:
    moved = change([3.0] * 5, [3.02] * 5)
    assert moved is not None
    assert "rose by 0.02" in moved.sentence


def test_parts_are_compared_within_the_same_people_and_corrected_for_many() -> None:
    # Ten people put the second part one higher each time but twice: mean 0.8, variance 0.1778,
    # t of 6 on 9 degrees of freedom, p = 0.0002. Unpaired, the two overlap: 3.0 and 3.8, both with
    # variances of about 1.8.
    first = [1, 2, 2, 3, 3, 3, 4, 4, 4, 4]
    second = [2, 3, 3, 4, 4, 4, 5, 5, 4, 4]
    assert paired(list(zip(first, second, strict=True))) == [(0, 1)]
    # The same difference twice up and once down of six people is chance: t = 0.54, p = 0.61.
    assert paired([(3, 4), (3, 4), (4, 3), (3, 3), (3, 3), (3, 3)]) == []
    # Mean 0.6, variance 0.4889: t = 2.71 of 9, p = 0.024. Alone that is enough, and as one of six
    # comparisons it is not (0.14).
    down = [(3.0, 4.0)] * 7 + [(3.0, 3.0)] * 2 + [(4.0, 3.0)]
    assert paired(down) == [(0, 1)]
    assert paired([(a, b, a, a) for a, b in down]) == []
    assert paired([(a, None) for a, _ in down]) == []


def test_no_alpha_where_most_left_something_out() -> None:
    whole = [[3, 4, 3], [4, 5, 4], [2, 2, 3], [5, 4, 5], [1, 2, 1], [3, 3, 4], [4, 4, 4], [2, 3, 2],
             [5, 5, 4], [3, 2, 3], [4, 3, 4]]  # fmt: skip
    assert cronbach_alpha(whole).n == 11
    with pytest.raises(InputError, match="Most people left something out"):
        cronbach_alpha([*whole, *([[None, 3, 4]] * 13)])
