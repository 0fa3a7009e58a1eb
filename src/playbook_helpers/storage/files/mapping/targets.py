"""Target rules: the number to reach, worked out from the number to begin with.

Sums are done on the decimals as they are written, so that half of 40.4 and 100 is 70.2 and no
digit is lost on the way. A half in the last digit is rounded up.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

Way = Literal["up", "down"]
RuleName = Literal["value", "column", "points", "percent", "gap"]
RULES: dict[RuleName, str] = {
    "value": "one number for all",
    "column": "a column of the table",
    "points": "so many points better than the baseline",
    "percent": "so many percent of the baseline better",
    "gap": "a share of the way from the baseline to an end, such as 100",
}


@dataclass(frozen=True, slots=True)
class TargetRule:
    """How a target is found. `number` is the value, points, percent or share; `end` is for gap."""

    rule: RuleName
    date: str
    number: float = 0.0
    column: str = ""
    end: float = 100.0
    way: Way = "up"
    digits: int = 1

    def value(self, baseline: float | None) -> float:
        """The target for that baseline; rule `column` is read from the table and not here.

        >>> TargetRule("gap", "2019-06", 0.5).value(40.4)
        70.2
        >>> TargetRule("percent", "2030", 10, way="down").value(25.0)
        22.5
        """
        if self.rule == "value":
            return self.number
        if baseline is None or self.rule == "column":
            raise ValueError("this rule needs a baseline")
        start, number = Decimal(str(baseline)), Decimal(str(self.number))
        sign = 1 if self.way == "up" else -1
        found = {
            "points": start + sign * number,
            "percent": start + sign * start * number / 100,
            "gap": start + (Decimal(str(self.end)) - start) * number,
        }[self.rule]
        return float(found.quantize(Decimal(1).scaleb(-self.digits), ROUND_HALF_UP))
