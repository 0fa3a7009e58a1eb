"""How often the assessments find something where there is nothing: made-up records, fair by design.

- `community`: people drawn fairly from a town with three traits of four groups each. False is any
  finding that a group is missing or few, per partnership.
- `flat`: a goal measured once a year whose true value never moves, with noise of a tenth or half of
  the way to its target. False is "keep going" (good), and "moved away" as something to act on.
- `season`: a count that only follows the seasons, July at the start and November the year after.
- `early`: a steady goal, measured in the first tenth of its time.
- `trust`: the same people give four parts of trust the same answer but for chance. False is a
  sentence that one part is lower than the others.

Run it in two trees to compare: `PYTHONPATH=<tree>/src python benchmarks/false_findings.py`.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Iterable
from datetime import date

from playbook_helpers.core.assessment import Assessment, Context, Head
from playbook_helpers.core.records import Record
from playbook_helpers.practices.community.assess import assess as community
from playbook_helpers.practices.community.records import Activity, CommunityGroup, GroupCount
from playbook_helpers.practices.goals.assess import assess as goals
from playbook_helpers.practices.goals.records import Goal, Measurement
from playbook_helpers.practices.trust.assess import assess as trust
from playbook_helpers.practices.trust.charts import scales as scale_charts
from playbook_helpers.practices.trust.records import CheckIn, ClosedRound
from playbook_helpers.practices.trust.rounds import reverse_places, trust_items

AS_OF = date(2027, 6, 30)
REVERSE = {trust_items()[place].name for place in reverse_places(trust_items())}
TRAITS = {
    "Age": {"Under 18": 22, "18 to 39": 30, "40 to 64": 31, "65 and over": 17},
    "Language": {"English": 80, "Polish": 9, "Arabic": 6, "Other": 5},
    "Area": {"North": 40, "South": 35, "Hill": 15, "Moorings": 10},
}


def heads(practice: str, records: Iterable[Record]) -> list[Head]:
    """Records as an assessment takes them, in this order."""
    return [
        Head(f"{n:012d}", f"v{n}", practice, r.kind, r.payload(), r, client_time=f"2027-01-{n:05}")
        for n, r in enumerate(records)
    ]


def worked_out(
    assess: Callable[[Iterable[Head], Context], Assessment], practice: str, records: list[Record]
) -> set[tuple[str, str]]:
    """The codes and severities that are found."""
    held = assess(heads(practice, records), Context("bench", AS_OF))
    return {(f.code, f.severity) for f in held.findings}


def fair_draw(rng: random.Random, n: int) -> list[Record]:
    """An open activity to which `n` people come who are a fair draw of the town."""
    made: list[Record] = [Activity(name="Open day", type="meeting", date="2027-05", completed=n)]
    for trait, groups in TRAITS.items():
        drawn = rng.choices(list(groups), weights=list(groups.values()), k=n)
        for group, people in groups.items():
            made.append(CommunityGroup(trait=trait, group=group, people=people))
            count = drawn.count(group)
            made.append(GroupCount(activity="Open day", trait=trait, group=group, people=count))
    return made


def goal(due: str, start: str, value: float = 50.0) -> Goal:
    """A goal from about 50 to 100."""
    return Goal(
        name="Places",
        sentence="More places.",
        level="outcome",
        baseline_value=round(value, 1),
        baseline_date=start,
        target_value=100,
        target_date=due,
    )


def flat(rng: random.Random, noise: float) -> list[Record]:
    """Six years around 50, and a target of 100 two years later."""
    made: list[Record] = [goal("2029", "2021", 50 + rng.gauss(0, noise))]
    for year in range(2022, 2027):
        value = round(50 + rng.gauss(0, noise), 1)
        made.append(Measurement(goal="Places", date=str(year), value=value))
    return made


def season(rng: random.Random, noise: float) -> list[Record]:
    """A count of 50 in each July and of 80 in each November."""
    made: list[Record] = [goal("2028-07", "2025-07", 50 + rng.gauss(0, noise))]
    value = round(80 + rng.gauss(0, noise), 1)
    return [*made, Measurement(goal="Places", date="2026-11", value=value)]


def early(rng: random.Random, noise: float) -> list[Record]:
    """A start, and a value a month later, of a goal that has three years."""
    made: list[Record] = [goal("2030-05", "2027-05", 50 + rng.gauss(0, noise))]
    value = round(50 + rng.gauss(0, noise), 1)
    return [*made, Measurement(goal="Places", date="2027-06", value=value)]


def check_ins(rng: random.Random, n: int) -> list[dict[str, str]]:
    """Answers of `n` people who each trust all four parts alike, more or less than others do."""
    people: list[dict[str, int]] = []
    for _ in range(n):
        own = rng.gauss(3.6, 0.7)
        people.append(
            {
                item.name: int(min(5, max(1, round(own + rng.gauss(0, 0.7)))))
                for item in trust_items()
            }
        )
    return [
        {name: str(6 - a if name in REVERSE else a) for name, a in person.items()}
        for person in people
    ]


def names_a_part(rng: random.Random, n: int) -> bool:
    """Whether a part of trust is called lower or lowest."""
    answers: list[Record] = [CheckIn(round="2027-03", **given) for given in check_ins(rng, n)]
    held = heads("trust", [*answers, ClosedRound(round="2027-03")])
    assessed = trust(held, Context("bench", AS_OF))
    return any("lower" in c.title or "lowest" in c.title for c in scale_charts(assessed))


def rate(draws: int, false: Callable[[], bool]) -> str:
    return f"{100 * sum(false() for _ in range(draws)) / draws:5.1f} %"


def main() -> None:
    """Print the rates."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=400)
    draws = parser.parse_args().draws
    rng = random.Random(13)
    missed = {"group_missing", "group_few"}
    for n in (25, 40, 60, 100, 150, 250):
        found = rate(
            draws,
            lambda n=n: any(  # type: ignore[misc]
                c in missed for c, _ in worked_out(community, "community", fair_draw(rng, n))
            ),
        )
        print(f"community, {n:3} people: a group few or missing {found}")
    for n in (12, 24, 60):
        found = rate(draws, lambda n=n: names_a_part(rng, n))  # type: ignore[misc]
        print(f"trust, {n:3} people: a part called lower or lowest {found}")
    for name, made, noise in (
        ("flat, little noise", flat, 5.0),
        ("flat, much noise", flat, 25.0),
        ("season", season, 5.0),
        ("early", early, 5.0),
    ):
        results = [worked_out(goals, "goals", made(rng, noise)) for _ in range(draws)]
        good = sum(("on_pace", "good") in found for found in results) / draws
        act = sum(("getting_worse", "act") in found for found in results) / draws
        slow = sum(any(c == "behind" for c, _ in found) for found in results) / draws
        print(
            f"{name:20} keep going {100 * good:5.1f} %   moved away, act {100 * act:5.1f} %   "
            f"too slow {100 * slow:5.1f} %"
        )


if __name__ == "__main__":
    main()
