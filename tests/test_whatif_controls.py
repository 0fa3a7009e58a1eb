"""A slider shows the number that the text beside it says, for every what-if there is."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ipywidgets import FloatSlider

from playbook_helpers.core.revisions import new_revision
from playbook_helpers.drawing.controls import Choice
from playbook_helpers.practices.goals import Goal, Measurement
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files import load_examples
from playbook_helpers.worksheet import Worksheet

ROOT = Path(__file__).parents[1]


def shown(slider: FloatSlider) -> str:
    """The number as the browser shows it: on the grid of steps from the least value on."""
    least, step = Decimal(str(slider.min)), Decimal(str(slider.step))
    steps = round((Decimal(str(round(slider.value, 6))) - least) / step)
    return format(float(least + steps * step), slider.readout_format)


@pytest.mark.parametrize("slug", ["strive-partnership", "riverside-invented"])
def test_every_slider_of_the_examples_shows_where_it_stands(
    slug: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYBOOK_SHOW", "live")
    url = f"sqlite:///{tmp_path / 'own.db'}"
    with Store.open(url) as store:
        load_examples(store, ROOT / "data")
    sliders = 0
    for stem, name in (
        ("goals", "pace"),
        ("community", "sample_size"),
        ("sustainability", "social_value"),
    ):
        box = Worksheet(stem, slug, store=url).what_if(name)
        for slider in getattr(box, "children", ()):
            if isinstance(slider, FloatSlider):
                sliders += 1
                said = float(shown(slider).replace(",", ""))
                assert said == pytest.approx(slider.value, abs=1e-4), slider.description
    assert sliders >= 4


def test_a_target_between_two_steps_is_shown_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYBOOK_SHOW", "live")
    goal = Goal(
        name="Reading",
        sentence="More.",
        level="outcome",
        unit="percent",
        baseline_value=48.25,
        baseline_date="2020",
        target_value=70.5,
        target_date="2030",
    )
    url = f"sqlite:///{tmp_path / 'own.db'}"
    with Store.open(url) as store:
        store.append([new_revision("our-town", goal)])
        store.append([new_revision("our-town", Measurement(goal="Reading", date="2024", value=50))])
    box = Worksheet("goals", "our-town", store=url).what_if("pace")
    _, target, _, output = box.children
    assert shown(target) == "70.5"
    assert "to 70.5 by 2030" in output.value


@given(
    st.decimals(-1000, 1000, places=3),
    st.integers(-1000, 1000),
    st.sampled_from([0.1, 0.5, 1.0, 10.0, 100.0]),
)
def test_any_start_lies_on_the_steps_from_any_least_value(
    start: Decimal, low: int, step: float
) -> None:
    fitted = Choice("a", "A", float(start), low=low, high=low + 5000, step=step).on_grid()
    assert (start - low) % Decimal(str(fitted.step)) == 0
    assert float(format(float(start), fitted.readout.replace(",", ""))) == float(start)
    assert Decimal(str(step)) % Decimal(str(fitted.step)) == 0, "no step is lost"
