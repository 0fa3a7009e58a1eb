"""The controls above a what-if, and the drawing again when one of them moves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from playbook_helpers.drawing.display import Html
from playbook_helpers.drawing.tables import styled

_DECIMALS = 4
_PARTS = tuple(part * 10**power for power in range(7) for part in (1, 2, 5))


@dataclass(frozen=True, slots=True)
class Choice:
    """One control: a list to pick from (`options`), or a number between `low` and `high`."""

    name: str
    label: str
    start: Any
    options: tuple[str, ...] = ()
    low: float = 0.0
    high: float = 1.0
    step: float = 1.0
    readout: str = ",.2f"

    def on_grid(self) -> Choice:
        """The choice with a step fine enough that the slider can stand where it starts.

        A slider counts its steps from `low` and shows the nearest: it would show 71 for 70.5.

        >>> fitted = Choice("target", "Target", 70.5, low=33, high=100, readout=",.0f").on_grid()
        >>> fitted.step, fitted.readout
        (0.5, ',.1f')
        """
        low, step = Decimal(str(self.low)), Decimal(str(self.step))
        off = Decimal(str(round(float(self.start), _DECIMALS))) - low
        fine = next((step / part for part in _PARTS if off % (step / part) == 0), step / _PARTS[-1])
        shown = int(self.readout.rpartition(".")[2][:-1])
        decimals = max(shown, -int(fine.normalize().as_tuple().exponent))
        thousands = "," if "," in self.readout else ""
        return replace(self, step=float(fine), readout=f"{thousands}.{decimals}f")


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A what-if: its controls, and what it shows for the values chosen.

    `controls` is asked again with the values so far, so that picking another goal gives the
    sliders of that goal.
    """

    controls: Callable[[Mapping[str, Any]], tuple[Choice, ...]]
    draw: Callable[[Mapping[str, Any]], Html]


def live(chosen: WhatIf) -> Any:
    """The what-if as a widget: its controls, and below them what it shows."""
    import ipywidgets as widgets

    output = widgets.HTML()
    box = widgets.VBox()

    def build(values: dict[str, Any]) -> None:
        choices = chosen.controls(values)
        values = {c.name: values.get(c.name, c.start) for c in choices}
        controls = [_control(choice, values[choice.name]) for choice in choices]

        def changed(_: object = None) -> None:
            now = {c.name: w.value for c, w in zip(choices, controls, strict=True)}
            if any(c.options and now[c.name] != values[c.name] for c in choices):
                # Another goal has other limits: start again from its own values.
                build({c.name: now[c.name] for c in choices if c.options})
                return
            output.value = styled(chosen.draw(now).html())

        for control in controls:
            control.observe(changed, names="value")
        box.children = (*controls, output)
        output.value = styled(chosen.draw(values).html())

    build({})
    return box


def _control(choice: Choice, value: Any) -> Any:
    import ipywidgets as widgets

    look = {"style": {"description_width": "initial"}, "layout": {"width": "min(100%, 36rem)"}}
    if choice.options:
        return widgets.Dropdown(
            options=choice.options, value=value, description=choice.label, **look
        )
    choice = choice.on_grid()
    return widgets.FloatSlider(
        value=value,
        min=choice.low,
        max=choice.high,
        step=choice.step,
        description=choice.label,
        continuous_update=False,
        readout_format=choice.readout,
        **look,
    )
