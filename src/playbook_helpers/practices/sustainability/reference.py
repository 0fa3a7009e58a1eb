"""How concentrated the income of real non-profits is, to read one's own figure against.

Percentiles 0 to 100 of the HHI over eight lines of income (government grants, membership dues,
other contributions, programme services, investment, fundraising events, royalties, other) of 600
US human-service non-profits, tax year 2021. Source: US Internal Revenue Service, Form 990 e-file,
public domain, as drawn by the Nonprofit Open Data Collective. Worked out by the playbook.

A half of them have an HHI of 0.838 or more (and 91 % or more of their income by one line), so a
threshold of 0.25 would flag practically everyone. There is no red line here.
"""

from __future__ import annotations

from itertools import pairwise

from playbook_helpers.core.errors import InputError

# fmt: off
HHI_PERCENTILES: tuple[float, ...] = (
    0.301, 0.337, 0.365, 0.384, 0.41, 0.43, 0.44, 0.456, 0.468, 0.478, 0.491, 0.498, 0.501, 0.502,
    0.505, 0.508, 0.51, 0.518, 0.524, 0.533, 0.543, 0.551, 0.56, 0.57, 0.576, 0.588, 0.597, 0.604,
    0.619, 0.629, 0.637, 0.647, 0.651, 0.662, 0.668, 0.68, 0.685, 0.7, 0.706, 0.715, 0.729, 0.736,
    0.746, 0.754, 0.761, 0.778, 0.788, 0.804, 0.812, 0.827, 0.838, 0.847, 0.857, 0.874, 0.881,
    0.891, 0.904, 0.916, 0.923, 0.928, 0.937, 0.945, 0.957, 0.964, 0.968, 0.97, 0.972, 0.977,
    0.982, 0.985, 0.988, 0.992, 0.993, 0.995, 0.996, 0.997, 0.998, 0.999, 0.999, 0.999, 0.999,
    *([1.0] * 20),
)
# fmt: on


def hhi_percentile(value: float) -> float:
    """The percent of the 600 non-profits whose income is less concentrated than `value`.

    Raises InputError for what no HHI can be: it is above 0 and at most 1 (and not 10,000, as where
    shares are taken in percent).

    >>> hhi_percentile(0.838), hhi_percentile(0.2), hhi_percentile(1.0)
    (50.0, 0.0, 81.0)
    """
    if not 0 < value <= 1 + 1e-9:
        raise InputError("This is no HHI", value=value, allowed="above 0, at most 1, such as 0.38")
    if value <= HHI_PERCENTILES[0]:
        return 0.0
    for place, (low, high) in enumerate(pairwise(HHI_PERCENTILES)):
        if low < value <= high:
            return round(place + (value - low) / (high - low), 1)
    return 100.0


def less_concentrated(value: float) -> str:
    """How many of the 600 are less concentrated, in words that "of 600" follows.

    >>> less_concentrated(0.2), less_concentrated(0.303), less_concentrated(0.838)
    ('none', 'fewer than six', 'about 50 %')
    """
    below = hhi_percentile(value)
    if value <= HHI_PERCENTILES[0]:
        return "none"
    # Below the first percentile lie fewer than six of the 600.
    return "fewer than six" if value < HHI_PERCENTILES[1] else f"about {below:.0f} %"
