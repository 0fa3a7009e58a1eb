"""One small example of every chart, or two where it can look in two ways, on plain numbers.

Values lie at ends, halves and quarters of their scales, so that what is written down of a picture
in `tests/pictures` can be followed in the head.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from chart_results import CHARTS, goal, series

from playbook_helpers.core.assessment import Assessment, Measure
from playbook_helpers.drawing.chart import Chart
from playbook_helpers.practices.communication.rows import AudienceRow, MeetingRow, MessageRow
from playbook_helpers.practices.community.charts.samples import sample_chart
from playbook_helpers.practices.community.records import LEVELS
from playbook_helpers.practices.community.rows import ActivityRow, GroupRow
from playbook_helpers.practices.innovation.rows import AssumptionRow, ExperimentRow, MovedRow
from playbook_helpers.practices.learning.rows import MilestoneRow, ReviewRow
from playbook_helpers.practices.resources.rows import LinkRow, NeedRow
from playbook_helpers.practices.sustainability.rows import (
    MonthRow,
    SourceRow,
    TaskRow,
    TornadoRow,
)

TODAY = date(2026, 6, 30)


def chart_of(practice: str, name: str, **rows: list[Any]) -> Chart:
    """The one chart of that name that is drawn from such rows."""
    held = {key: tuple(each) for key, each in rows.items()}
    (chart,) = CHARTS[practice][name](Assessment(practice, "x", TODAY, rows=held))
    return chart


def row(kind: type, **given: Any) -> Any:
    """A row of a kind of which only what is given is known; it is its own record."""
    assert given.keys() <= kind.__annotations__.keys()
    return dict.fromkeys(kind.__annotations__) | {"record": given.get("name")} | given


# Trust ------------------------------------------------------------------------------------------


def told(value: float | None = None, **more: Any) -> dict[str, Any]:
    names = ("bound", "band_low", "band_high", "low", "high")
    return dict.fromkeys(names) | {"value": value, "n": 10, "missing": 0, "hidden": ""} | more


def trust() -> dict[str, Chart]:
    items = [
        told(1.0, words="We keep promises", reverse=False, low=1.0, high=2.0),
        told(3.0, words="Some of us decide alone, without a word to the others", reverse=True),
        told(bound="4 or more", band_low=4.0, band_high=5.0, words="We ask", reverse=False),
        told(5.0, words="We listen", reverse=False, low=4.0, high=5.0, differ=True),
    ]
    sectors = [
        told(2.0, label="School", low=1.5, high=2.5),
        told(4.0, label="Council", low=3.5, high=4.5),
        told(label="Business", n=None, hidden="fewer than five answers"),
    ]
    rounds = [told(2.0, round="2025"), told(4.0, round="2026", low=3.0, high=5.0)]
    change = Measure("change", "Change", 2.0, "points", low=1.0, high=3.0)
    (over,) = CHARTS["trust"]["rounds"](
        Assessment("trust", "x", TODAY, (change,), rows={"rounds": tuple(rounds)})
    )
    scales = [
        told(3.0, scale="general", label="Trust"),
        told(2.0, scale="a", label="Honesty"),
        told(4.0, scale="b", label="Ability"),
    ]
    states = {"not_yet": "Not yet", "partly": "Partly", "": "Not answered", "in_place": "Agreed",
              "not_relevant": "Not needed"}  # fmt: skip
    points = [
        {"words": f"Point {n}", "state": state, "state_words": words, "where": None}
        for n, (state, words) in enumerate(states.items(), 1)
    ]
    points[1]["words"] = "Who may speak for the partnership, and who has to be asked before"
    return {
        "trust-items": chart_of("trust", "items", items=items),
        "trust-scales": chart_of("trust", "scales", scales=scales),
        "trust-sectors": chart_of("trust", "sectors", sectors=sectors),
        "trust-rounds": over,
        "trust-agreement": chart_of("trust", "agreement", agreement=points),
    }


# Goals ------------------------------------------------------------------------------------------


def goals() -> dict[str, Chart]:
    way = {"baseline_value": 0.0, "baseline_date": "2020", "target_value": 100.0,
           "target_date": "2030", "latest_date": "2025"}  # fmt: skip
    moving = [
        goal("Half way", unit_words="% of children", latest_value=50.0, percent=50.0, **way),
        goal("Far beyond", latest_value=200.0, percent=200.0, status="met", **way),
        goal("Away", latest_value=-50.0, percent=-50.0, status="getting_worse", **way),
        goal("Met, and lost again after a year that nobody had expected", latest_value=75.0,
             percent=75.0, status="met_then_lost", **way),
        goal("There", latest_value=100.0, percent=100.0, status="met", **way),
        goal("Nothing yet", latest_value=0.0, percent=0.0, status="no_change", **way),
    ]  # fmt: skip
    still = {"baseline_value": 5.0, "target_value": 5.0, "unit": "number"}
    others = [
        goal("Kept", latest_value=5.0, latest_date="2025", status="kept", **still),
        goal("Not kept", latest_value=3.0, latest_date="2025", status="not_kept", **still),
        goal("No target", latest_value=5.0, status="no_target"),
        goal("Unknown", status="no_measurement"),
        goal("Vision", level="vision", status="no_target"),
    ]
    both = [
        goal("Ready", latest_value=60.0, percent=50.0, broken=False,
             **way | {"baseline_value": 20.0}),
        goal("Lost", latest_value=40.0, percent=20.0, status="met_then_lost",
             unit="number", unit_words="children", **way | {"target_date": "2026-06"}),
        goal("Open", latest_value=4.0, status="no_target", unit="number"),
        goal("No date", latest_value=4.0, status="improving", unit="number",
             baseline_value=2.0, target_value=8.0, percent=100 / 3),
    ]  # fmt: skip
    values = [
        *series("Ready", [("2020", 20), ("2025", 60)]),
        *series("Lost", [("2024-06", 0), ("2024-12", 120), ("2025-06", 60), ("2025-12", 40)],
                lambda value: value >= 100, breaks=("2025-12",)),
        *series("Open", [("2026-03-15", 4)]),
        *series("No date", [(str(2000 + n), 2 + n % 3) for n in range(26)]),
    ]  # fmt: skip
    held = Assessment("goals", "x", TODAY, rows={"progress": tuple(both), "series": tuple(values)})
    runs = dict(zip(("years", "months", "day", "many"), CHARTS["goals"]["run"](held), strict=True))
    return {
        "goals-progress": chart_of("goals", "progress", progress=moving, series=[]),
        "goals-progress-without-shares": chart_of("goals", "progress", progress=others, series=[]),
        **{f"goals-run-{name}": chart for name, chart in runs.items()},
    }


# Resources --------------------------------------------------------------------------------------


def resources() -> dict[str, Chart]:
    matrix: list[Any] = [
        {"partner": partner, "type": kind, "offers": offers, "firm": firm}
        for partner, kind, offers, firm in (
            ("City", "money", 2, 2), ("City", "space", 3, 1), ("Mill", "money", 1, 0),
            ("The Association of Friends of the Library", "staff_time", 1, 1),
        )
    ]  # fmt: skip
    counted = {"must_have": False, "amount": 100.0, "unit": "hours", "providers": 1}
    needs = [
        row(NeedRow, **counted | {"must_have": True}, name="Coordinator", delivered=25.0,
            committed=50.0, offered=75.0, coverage=0.5, single_source=True, top_provider="City"),
        row(NeedRow, **counted, name="Hall", delivered=0.0, committed=100.0, offered=100.0,
            coverage=1.0, single_source=False),
        row(NeedRow, must_have=False, name="Advice", coverage=0.0, providers=0,
            single_source=False),
        row(NeedRow, must_have=False, name="Room", coverage=1.0, providers=2,
            single_source=True, top_provider="City"),
        row(NeedRow, **counted, name="Drivers who know their way about the villages in winter",
            single_source=False),
    ]  # fmt: skip
    links = [
        row(LinkRow, partner=partner, need=need, amount=amount, share=share, status=status)
        for partner, need, amount, share, status in (
            ("City", "Coordinator", 50.0, 0.5, "committed"),
            ("Mill", "Coordinator", 25.0, 0.25, "offered"),
            ("Mill", "Hall", 100.0, 1.0, "in_use"),
            ("Friends", "Room", None, None, "committed"),
            ("City", "Room", None, 0.6, "committed"),
            ("Friends", "Advice", None, None, "offered"),
        )
    ]
    return {
        "resources-heatmap": chart_of("resources", "heatmap", matrix=matrix, needs=needs),
        "resources-gaps": chart_of("resources", "gaps", needs=needs, links=links),
        "resources-network": chart_of("resources", "network", needs=needs, links=links),
    }


# Community --------------------------------------------------------------------------------------


def community() -> dict[str, Chart]:
    groups = [
        row(GroupRow, trait="Age", group=group, n=n, sample_share=there, community_share=expected,
            ratio=None if there is None else there / expected,
            low=low, high=high, few=group == "Young",
            hidden="few people" if there is None else "", total=100, waiting=0, source="")
        for group, n, there, low, high, expected in (
            ("Young", 10, 10.0, 4.9, 17.6, 40.0), ("Old", 40, 40.0, 30.3, 50.3, 20.0),
            ("Very old", None, None, None, None, 10.0),
        )
    ]  # fmt: skip
    say = [
        row(ActivityRow, name=f"Evening {n}", date=when, level=level,
            level_words=words.split(":")[0])
        for n, (when, (level, words)) in enumerate(
            zip(("2026-01", None, "2026-03", None, "2026-05"), LEVELS.items(), strict=True), 1
        )
    ]  # fmt: skip
    loop = [
        {"step": step, "count": count, "of": of}
        for step, count, of in (
            ("Heard", 8, 8), ("Decided", 4, 8), ("Done", 1, 2), ("Told back", 0, 8),
        )
    ]  # fmt: skip
    return {
        "community-missing": chart_of("community", "missing", groups=groups),
        "community-say": chart_of("community", "say", activities=say),
        "community-loop": chart_of("community", "loop", loop=loop),
        "community-samples": sample_chart(5, 10_000, 0.95),
    }


# Innovation -------------------------------------------------------------------------------------


def innovation() -> dict[str, Chart]:
    places = [(5, 0, "none"), (4, 1, "running"), (4, 1, "planned"), (1, 5, "known"), (3, 3, "none"),
              *[(2, 2, "none")] * 10]  # fmt: skip
    assumptions = [
        row(AssumptionRow, name=f"Assumption {n}", importance=i, evidence=e, risk=i * (5 - e),
            test=test)
        for n, (i, e, test) in enumerate(places, 1)
    ]  # fmt: skip
    assumptions[1]["name"] = "People come in the evening, and bring all of their neighbours too"
    trials = [
        row(ExperimentRow, name="Drop-in", line="at least 50 %", unit="percent", value=75.0,
            low=50.0, high=100.0, pass_line=50.0, pass_side="at_least", before=25.0, passed=True,
            clear=True, moved=0, n=40),
        row(ExperimentRow, name="Letters", line="at most 10", unit="number", unit_words="letters",
            value=0.0, pass_line=10.0, pass_side="at_most", passed=True, moved=1),
        row(ExperimentRow, name="Calls", unit="number", value=-20.0, moved=0, line="none"),
        row(ExperimentRow, name="Visits", line="at least 2", unit="number", value=100.0,
            pass_line=200.0, pass_side="at_least", passed=False, clear=False, moved=0),
    ]  # fmt: skip
    moved = [row(MovedRow, name="Letters", on="2026-02-03", was="at most 5", was_value=5.0,
                 late=True, line="at most 10", when="after the result")]  # fmt: skip
    return {
        "innovation-risk": chart_of("innovation", "risk", assumptions=assumptions),
        "innovation-tests": chart_of("innovation", "tests", experiments=trials, moved=moved),
        "innovation-board": chart_of("innovation", "board", experiments=[
            row(ExperimentRow, name="Drop-in", state="known", known_on="2026-05", moved=1),
            row(ExperimentRow, name="Letters to all parents of children who begin school in June",
                state="running", ends="2026-08"),
            *[row(ExperimentRow, name=f"Visit {n}", state="planned") for n in range(1, 9)],
        ]),
    }  # fmt: skip


# Communication ----------------------------------------------------------------------------------


def communication() -> dict[str, Chart]:
    audiences = [
        row(AudienceRow, name=name, community=own, influence=influence, interest=interest,
            place="keep in touch", messages=1, reached=reached, can_answer=can)
        for name, own, influence, interest, reached, can in (
            ("Parents", True, 3, 5, True, False), ("Pupils", True, 1, 1, False, False),
            ("Council", False, 5, 3, True, True), ("Press", False, 5, 3, False, True),
            ("Shops along the High Street and in the two villages on the other side of the river "
             "and the hill", False, 5, 3, True, True),
        )
    ]  # fmt: skip
    crowd = [
        row(AudienceRow, name=f"Club {n}", community=False, influence=2, interest=4, place="listen",
            messages=1, reached=True, can_answer=True)
        for n in range(1, 6)
    ]  # fmt: skip
    messages = [
        row(MessageRow, name=name, days_over=max(0, days), days_left=max(0, -days))
        for name, days in (("Letter", 30), ("Post", 15), ("Call", 0), ("A report to all that have "
                           "given money in the last year", -10))
    ]  # fmt: skip
    meetings = [
        row(MeetingRow, name=name, people=people, hours=1.0, per_month=1.0, hours_each=each,
            hours_all=every)
        for name, people, each, every in (("Board", 10, 2.0, 20.0), ("Pair", 2, 5.0, 10.0),
                                          ("Alone", 1, 5.0, 5.0))
    ]  # fmt: skip
    return {
        "communication-audiences": chart_of("communication", "audiences", audiences=audiences),
        "communication-audiences-crowded": chart_of("communication", "audiences", audiences=crowd),
        "communication-overdue": chart_of("communication", "overdue", messages=messages),
        "communication-meetings": chart_of("communication", "meetings", meetings=meetings),
    }


# Learning ---------------------------------------------------------------------------------------


def learning() -> dict[str, Chart]:
    steps = [
        row(MilestoneRow, name="Opening", planned="2026-01-01", actual="2026-01-31", slip=30,
            late=False),
        row(MilestoneRow, name="First summer, with all of the schools and with both of the clubs",
            planned="2026-03-02", late=True, days_late=120),
        row(MilestoneRow, name="Second summer", actual="2026-05-01", late=False),
        row(MilestoneRow, name="Report", planned="2026-06", late=False),
    ]  # fmt: skip
    years = [
        row(MilestoneRow, name="Begun", planned="2020", actual="2020", slip=0, late=False),
        row(MilestoneRow, name="Ended", planned="2025", late=False),
    ]
    reviews = [
        row(ReviewRow, name="Summer", state="done", done="2026-05", owner="Ada"),
        row(ReviewRow, name="Autumn", state="late", due="2026-05", owner="Ben"),
        row(ReviewRow, name="Winter", state="no owner", due="2026-09"),
        row(ReviewRow, name="Spring", state="no change named", date="2026-04"),
    ]
    return {
        "learning-milestones": chart_of("learning", "milestones", milestones=steps),
        "learning-milestones-over-years": chart_of("learning", "milestones", milestones=years),
        "learning-lessons": chart_of("learning", "lessons", reviews=reviews),
    }


# Sustainability ---------------------------------------------------------------------------------


def sustainability() -> dict[str, Chart]:
    def path(case: str, free: list[float]) -> list[Any]:
        # The first month that cannot be paid is the one in which free money falls below nothing.
        first = next((place for place, each in enumerate(free) if each < 0), None)
        return [
            row(MonthRow, case=case, month=f"2027-{n:02d}", income=0.0, cost=10.0, free=each,
                held=0.0, out=n - 1 == first, source="City", currency="GBP")
            for n, each in enumerate(free, 1)
        ]  # fmt: skip

    runway = [
        *path("expected", [50, 40, 30, 20, 10, 0]),
        *path("signed_only", [40, 20, 0, -20, -40, -60]),
        *path("largest_stops", [30, 10, -10, -30, -50, -70]),
    ]
    sources = [
        row(SourceRow, source=source, amount=amount, signed=signed, share=share, basis="expected",
            currency="GBP")
        for source, amount, signed, share in (
            ("City", 50.0, 25.0, 0.5), ("Mill", 25.0, 25.0, 0.25), ("Friends", 25.0, 0.0, 0.25),
        )
    ]  # fmt: skip
    tasks = [
        row(TaskRow, task="Books", able=0, alone=False, written=False),
        row(TaskRow, task="Rota", able=1, alone=True, written=True),
        row(TaskRow, task="Website, newsletter and everything else that goes out", able=8,
            alone=False),
        row(TaskRow, task="Keys", alone=True),
        row(TaskRow, task="Van", alone=False),
        row(TaskRow, task="Bills"),
    ]  # fmt: skip

    def swing(name: str, low: float, high: float, even: float | None) -> Any:
        return row(TornadoRow, assumption=name, at_low=low, at_high=high, width=abs(high - low),
                   central=3.0, break_even=even)  # fmt: skip

    wide = [swing("Work: quantity", 1.0, 5.0, 0.25), swing("Work: deadweight", 4.0, 2.0, 0.9),
            swing("Work: worth", 3.0, 3.01, None)]  # fmt: skip
    near = [{**each, "central": 1.2} for each in (swing("Work: worth", 1.0, 1.4, -5.0),)]
    return {
        "sustainability-runway": chart_of("sustainability", "runway", runway=runway),
        "sustainability-sources": chart_of("sustainability", "sources", sources=sources),
        "sustainability-people": chart_of("sustainability", "people", capacity=tasks),
        "sustainability-tornado": chart_of("sustainability", "tornado", tornado=wide),
        "sustainability-tornado-near": chart_of("sustainability", "tornado", tornado=near),
    }


SMALL_CHARTS = (
    trust, goals, resources, community, innovation, communication, learning, sustainability,
)  # fmt: skip
"""For each practice what gives its charts by name."""
