"""Charts of community engagement: who is missing, how much say, how far what was heard got."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from playbook_helpers.core.assessment import Assessment
from playbook_helpers.core.errors import NotFound
from playbook_helpers.core.partial_dates import spoken
from playbook_helpers.core.text import folded, listed
from playbook_helpers.drawing.chart import Chart, numeric, text_of
from playbook_helpers.drawing.dumbbells import Dumbbell, dumbbells
from playbook_helpers.drawing.kinds import ChartKind
from playbook_helpers.drawing.rows import Rows, in_parts
from playbook_helpers.drawing.scales import Scale, nice_ticks
from playbook_helpers.drawing.style import GREY, INK, LINE, PAPER, SMALL, TEAL, TRACK, WIDTH
from playbook_helpers.drawing.surface import Side, Surface
from playbook_helpers.drawing.tables import Column, Table
from playbook_helpers.practices.community.records import LEVELS
from playbook_helpers.practices.community.rows import ActivityRow, GroupRow, LoopRow, rows_of

MOST, MOST_FIGURES = 10, 4
LEFT, RIGHT = 0.08, WIDTH - 0.08
_LEVEL_WORDS = [words.split(":")[0] for words in LEVELS.values()]


# Who is missing -------------------------------------------------------------------------------


def missing(assessment: Assessment, *, trait: str = "") -> list[Chart]:
    """The share of each group among those who took part, beside its share of the community.

    One chart for each trait; `trait` picks one. Groups of few people are named as hidden.
    """
    rows = rows_of(assessment).get("groups", ())
    traits = list(dict.fromkeys(text_of(row["trait"]) for row in rows))
    if trait:
        chosen = [t for t in traits if folded(t) == folded(trait)]
        if not chosen:
            raise NotFound(
                "There is no such trait", value=trait, allowed=", ".join(traits) or "none"
            )
        traits = chosen
    return [_missing([row for row in rows if text_of(row["trait"]) == t], t) for t in traits]


def _missing(rows: Sequence[GroupRow], trait: str) -> Chart:
    shown = rows[: MOST * 2]
    total = rows[0]["total"]
    pairs = [
        Dumbbell(
            text_of(row["group"]),
            row["community_share"],
            numeric(row["sample_share"]),
            _pair_words(row, total),
            numeric(row["low"]),
            numeric(row["high"]),
            row["few"],
        )
        for row in shown
    ]
    surface = dumbbells(pairs, ("the community", "those who took part"))
    source = text_of(rows[0]["source"])
    note = (
        f"Community: {source}" if source else "Where the community's numbers are from is not said."
    )
    if len(rows) > len(shown):
        note = f"{len(rows) - len(shown)} more groups are in the table only. {note}"
    alt = " ".join(f"{pair.label}: {pair.words}." for pair in pairs)
    return Chart(
        surface, _missing_title(rows, trait, total), alt, _missing_table(rows, trait), note
    )


def _pair_words(row: GroupRow, total: int) -> str:
    community = f"{row['community_share']:.0f} % of the community"
    if row["hidden"]:
        return f"hidden, few people; {community}"
    share = numeric(row["sample_share"])
    if share is None:
        return f"nobody counted; {community}"
    if share == 0:
        return f"nobody of {total:,}; {community}"
    return f"{share:.0f} % of {total:,}; {community}"


def _missing_title(rows: Sequence[GroupRow], trait: str, total: int) -> str:
    by = trait.lower()
    absent = [text_of(r["group"]) for r in rows if r["n"] == 0 and r["few"]]
    few = [text_of(r["group"]) for r in rows if r["n"] and r["few"]]
    if absent:
        been = "is in the comparison" if any(r["waiting"] for r in rows) else "has been counted"
        return f"By {by}, nobody from {listed([f'“{g}”' for g in absent])} {been}"
    if few:
        return f"By {by}, fewer came than chance explains from {listed([f'“{g}”' for g in few])}"
    if any(r["hidden"] for r in rows):
        return f"By {by}, small groups are hidden, and no other is fewer than chance explains"
    return f"By {by}, no group is fewer than chance explains"


def _missing_table(rows: Sequence[GroupRow], trait: str) -> Table:
    columns = (
        Column("group", trait),
        Column("n", "Took part", align="right"),
        Column("sample_share", "Share of those who took part", align="right"),
        Column("range", "95% range of it", align="right"),
        Column("community_share", "Share of the community", format="percent"),
        Column("ratio", "Ratio (1 is even)", align="right"),
        Column("weight", "Weight", align="right"),
        Column("hidden", "Hidden because"),
    )
    cells = tuple(
        {
            **{k: "–" if row.get(k) is None else row[k] for k in ("n", "ratio", "weight")},
            "sample_share": "–"
            if numeric(row["sample_share"]) is None
            else f"{numeric(row['sample_share']):.1f} %",
            "range": "–"
            if row["low"] is None or row["high"] is None
            else f"{row['low']:.0f} % to {row['high']:.0f} %",
            "group": row["group"],
            "community_share": row["community_share"],
            "hidden": row["hidden"] or "–",
        }
        for row in rows
    )
    return Table(f"Who took part, by {trait.lower()}", columns, cells)


# How much say ---------------------------------------------------------------------------------


def say(assessment: Assessment) -> list[Chart]:
    """How much say people had in each activity, from being told to deciding."""
    rows = [row for row in rows_of(assessment).get("activities", ()) if row["level"]]
    if not rows:
        return []
    shown = rows[-MOST * MOST_FIGURES :]
    unknown = len(rows_of(assessment).get("activities", ())) - len(rows)
    columns = (
        Column("name", "Activity"),
        Column("date", "When", format="when"),
        Column("decision", "About which decision"),
        Column("level_words", "How much say"),
        Column("promise", "What was promised"),
    )
    charts = []
    for part in in_parts(shown, MOST, MOST_FIGURES, "activities"):
        note = "The level is what the group wrote down. More say is not always better: match it "
        note += "to the promise."
        if part.last and len(shown) < len(rows):
            note += f" {len(rows) - len(shown)} earlier activities are not drawn."
        if part.last and unknown:
            note += f" Not drawn, because the level is not known: {unknown}."
        alt = " ".join(f"{text_of(r['name'])}: {_say_words(r)}." for r in part.rows)
        table = Table(f"How much say people had{part.caption}", columns, tuple(part.rows))
        title = _say_title(rows) + part.title
        charts.append(Chart(_say_surface(part.rows), title, alt, table, note))
    return charts


def _say_title(rows: Sequence[ActivityRow]) -> str:
    levels = list(LEVELS)
    high = [row for row in rows if levels.index(text_of(row["level"])) >= 3]
    if len(rows) == 1:
        return f"In the one activity whose level is known, it was: {_say_words(rows[0])}"
    if not high:
        best = max(levels.index(text_of(row["level"])) for row in rows)
        return f"In none of {len(rows)} activities did people decide; the most was: " + (
            _LEVEL_WORDS[best].lower()
        )
    return f"In {len(high)} of {len(rows)} activities people had a hand on the decision"


def _say_words(row: ActivityRow) -> str:
    return text_of(row["level_words"]).lower()


def _say_surface(rows: Sequence[ActivityRow]) -> Surface:
    layout = Rows([text_of(row["name"]) for row in rows], 0.74, left=LEFT,
                  room=RIGHT - LEFT - 1.35, head=0.05, foot=0.05)  # fmt: skip
    surface, levels = layout.surface, list(LEVELS)
    step = (RIGHT - LEFT) / len(levels)
    for row, place in zip(rows, layout.places(), strict=True):
        if when := text_of(row["date"]):
            surface.write(RIGHT, place.first, spoken(when), size=SMALL, color=GREY, side="right")
        reached, last = levels.index(text_of(row["level"])), len(levels) - 1
        for level in range(len(levels)):
            fill, edge = (TEAL, INK) if level <= reached else (PAPER, LINE)
            left = LEFT + level * step
            surface.rectangle(left, place.base + 0.1, step - 0.05, 0.12, fill=fill, stroke=edge)
        side: Side = "left" if reached == 0 else "right" if reached == last else "center"
        x = {"left": LEFT, "right": RIGHT - 0.05, "center": LEFT + (reached + 0.5) * step}[side]
        words = text_of(row["level_words"])
        surface.write(x, place.base + 0.42, words, size=SMALL, color=GREY, side=side)
    return surface


# What was heard -------------------------------------------------------------------------------


def loop(assessment: Assessment) -> list[Chart]:
    """How many things that were heard were decided, done, and told back."""
    rows = rows_of(assessment).get("loop", ())
    if not rows or not rows[0]["count"]:
        return []
    heard, told = rows[0]["count"], rows[-1]["count"]
    things = "thing" if heard == 1 else "things"
    title = f"Of {heard} {things} heard, people know what became of {told}"
    if told == 0:
        title = f"Of {heard} {things} heard, people have been told about none"
    surface = _loop_surface(rows)
    alt = " ".join(f"{text_of(row['step'])}: {_loop_words(row)}." for row in rows)
    columns = (
        Column("step", "Step"),
        Column("count", "How many", align="right"),
        Column("of", "Of how many", align="right"),
    )
    table = Table("What became of what was heard", columns, tuple(rows))
    note = (
        "Only what is taken up, in full or in part, can be done. A no with its reason is an answer."
    )
    return [Chart(surface, title, alt, table, note)]


def _loop_words(row: LoopRow) -> str:
    count, of = row["count"], row["of"]
    if row["step"] == "Heard":
        return f"{count}"
    return f"{count} of {of}" + (" taken up" if row["step"] == "Done" else "")


def _loop_surface(rows: Sequence[LoopRow]) -> Surface:
    most = max(row["of"] for row in rows)
    layout = Rows([text_of(row["step"]) for row in rows], 0.66, left=LEFT, room=3.0, head=0.05,
                  foot=0.57)  # fmt: skip
    surface, scale = layout.surface, Scale(0, most, LEFT, RIGHT)
    for row, place in zip(rows, layout.places(), strict=True):
        words = _loop_words(row)
        surface.write(RIGHT, place.first, words, size=SMALL, color=GREY, side="right")
        for count, fill, edge in ((row["of"], TRACK, LINE), (row["count"], TEAL, INK)):
            wide = scale(count) - LEFT
            if wide > 0:
                surface.rectangle(LEFT, place.base + 0.1, wide, 0.2, fill=fill, stroke=edge)
    ticks = [(tick, f"{int(tick)}") for tick in nice_ticks(0, most) if tick == int(tick)]
    layout.axis(scale, ticks, inward=True)
    words = "number of things people said"
    surface.write(LEFT, layout.bottom + 0.48, words, size=SMALL, color=GREY)
    return surface


CHARTS: Mapping[str, ChartKind] = {
    "missing": ChartKind(
        missing,
        "the groups that the community is made up of, and how many people of each took "
        "part in an activity",
    ),
    "say": ChartKind(say, "one activity with the say that people had in it"),
    "loop": ChartKind(loop, "one thing that you heard"),
}
