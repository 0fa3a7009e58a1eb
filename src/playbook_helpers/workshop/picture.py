"""What the room sees of a worksheet or a vote: one picture, under a title that says the point."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from statistics import mean

from playbook_helpers.core.as_of import resolve_as_of
from playbook_helpers.core.assessment import Context, Head, current
from playbook_helpers.core.partial_dates import spoken
from playbook_helpers.core.partnership import OVERVIEW, WORKSHEETS
from playbook_helpers.core.suppression import LEAST
from playbook_helpers.drawing.html import Child, Markup, element, joined
from playbook_helpers.practices import first_round
from playbook_helpers.practices.goals.records import Goal
from playbook_helpers.practices.goals.rows import rows_of
from playbook_helpers.practices.kinds import practice_named
from playbook_helpers.practices.views import charts_of
from playbook_helpers.storage.database import Store
from playbook_helpers.worksheet.sections.view import WorksheetView
from playbook_helpers.worksheet.snapshot import Snapshot
from playbook_helpers.workshop.sitting import Vote

MOST_DOTS = 18
"""Above so many people a column draws bars in place of dots."""
JUST_IN = timedelta(minutes=10)
"""A record that was written so lately is marked as new."""
MOST_ROWS = 9
"""Rows that can be read from the back of a room."""
_NUMBERS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_PARTS = {
    "metric": "what is measured",
    "baseline": "starts from",
    "target": "goes to",
    "deadline": "by when",
    "owner": "who",
}


def view_of(store: Store, stem: str, slug: str) -> WorksheetView:
    """The sections of a worksheet as the records stand, for all eyes in a room."""
    practice = practice_named(stem)
    held = Snapshot(store, slug, whole=bool(practice.history), reads=practice.reading)
    context = Context(
        slug,
        resolve_as_of(held.record, ""),
        held.record,
        held.partners,
        "",
        held.histories(practice.history),
    )
    return WorksheetView(practice, held.heads, context, "public")


def picture(store: Store, stem: str, slug: str, when: str = "") -> Markup:
    """The picture of a worksheet, as HTML in which all that people typed is escaped.

    `when` is the round of secret answers that is answered here.
    """
    if stem == OVERVIEW:
        return _first_round(store.heads(slug, practice=OVERVIEW), when)
    view = view_of(store, stem, slug)
    if stem == "goals" and (drawn := _goals(view)):
        return drawn
    for kind in charts_of(view.practice).values():
        if kind(view.assessment):
            name = next(n for n, one in charts_of(view.practice).items() if one is kind)
            return element("div", Markup(view.chart(name).html()), class_="playbook chart")
    return element("p", "The picture grows as you write.", class_="empty")


def open_picture(store: Store, stem: str, slug: str) -> Markup:
    """What may be seen of a worksheet whose secret answers the room has not been shown."""
    if stem == "trust":
        view = view_of(store, stem, slug)
        if charts_of(view.practice)["agreement"](view.assessment):
            return element("div", Markup(view.chart("agreement").html()), class_="playbook chart")
    return Markup()


def _goals(view: WorksheetView) -> Markup:
    """What each goal's sentence says already, the newest first among the last few."""
    goals = [h for h in current(view.heads) if isinstance(h.value, Goal)]
    if not goals:
        return Markup()
    there: dict[str, dict[str, bool]] = {}
    for row in rows_of(view.assessment).get("checks", ()):
        says = row["in_sentence"] == "yes" or row["in_fields"]
        there.setdefault(row["record"], {})[row["element"]] = says
    asked = [h for h in goals if there.get(h.record)]
    full = sum(all(there[h.record].values()) for h in asked)
    lacking = {part: sum(not there[h.record][part] for h in asked) for part in _PARTS}
    title = _goals_title(full, len(asked), lacking)
    shown = goals[-MOST_ROWS:]
    since = (datetime.now(UTC) - JUST_IN).isoformat()
    rows: list[Child] = []
    for head in shown:
        assert isinstance(head.value, Goal)
        own = there.get(head.record)
        cells = [
            element("td", _mark(own[part]), class_="mark")
            if own
            else element("td", "–", class_="mark")
            for part in _PARTS
        ]
        newest = head is shown[-1] and head.client_time > since
        said = head.value.sentence if len(head.value.sentence) < 130 else head.value.name
        told = element("th", said, newest and element("strong", " just in"), scope="row")
        rows.append(element("tr", told, *cells, class_="new" if newest else None))
    heads = [element("th", "What the sentence says", scope="col")]
    heads += [element("th", words, scope="col", class_="mark") for words in _PARTS.values()]
    left = len(goals) - len(shown)
    return joined(
        element("h2", title),
        element(
            "table",
            element("thead", element("tr", heads)),
            element("tbody", rows),
            class_="said",
        ),
        left > 0 and element("p", f"The last {len(shown)} of {len(goals)} goals.", class_="hint"),
    )


def _goals_title(full: int, asked: int, lacking: dict[str, int]) -> str:
    if not asked:
        return "A vision says where to. Now write a goal that a stranger could check"
    if full == asked:
        return "All goals can be checked" if asked > 1 else "This goal can be checked"
    most = [part for part, n in lacking.items() if n and n == max(lacking.values())]
    words = {
        "metric": "what is measured",
        "baseline": "the start",
        "target": "how far to go",
        "deadline": "the date",
        "owner": "who",
    }
    missing = " and ".join(words[part] for part in most[:2])
    verb = "are" if len(most) > 1 else "is"
    begin = f"{_number(full).capitalize()} of {_number(asked)} goals can be checked"
    if asked == 1:
        return f"This goal cannot be checked yet: {missing} {verb} missing"
    return f"{begin}; {missing} {verb} missing most"


def _number(count: int) -> str:
    return _NUMBERS[count] if count < len(_NUMBERS) else str(count)


def _mark(there: bool) -> Markup:
    words = "yes" if there else "missing"
    return element("span", element("span", words, class_="unseen"), class_=f"dot {words}")


# The first round -------------------------------------------------------------------------------


def _first_round(heads: Sequence[Head], when: str) -> Markup:
    told = next((one for one in first_round.told(heads) if one.round == when), None)
    if told is None or not told.closed:
        return element("p", "Nothing is shown until the round is closed.", class_="empty")
    if not told.lines:
        answers = f"{_number(told.answers).capitalize()} answered: too few to show"
        return joined(
            element("h2", answers),
            element(
                "p",
                f"With fewer than {LEAST}, each could be guessed. They are kept and stay unseen. "
                "Talk instead: each names one line that goes well and one that needs you.",
                class_="lead",
            ),
        )
    words = first_round.SAID
    columns = [element("th", f"{told.answers} answers", scope="col")]
    columns += [element("th", said, scope="col") for said in words.values()]
    columns.append(element("th", element("span", "To talk about", class_="unseen"), scope="col"))
    rows = [_line(line, told, line == told.first) for line in told.lines]
    note = (
        f"Answered on {spoken(told.round)}. In the order of the guide, not of need. The counts say "
        "where to begin; they are no marks."
    )
    table = element(
        "table",
        element("thead", element("tr", columns)),
        element("tbody", rows),
        class_="lines",
    )
    return joined(element("h2", _lines_title(told)), table, element("p", note, class_="hint"))


def _line(line: first_round.Line, told: first_round.Told, first: bool) -> Markup:
    name = element(
        "th", element("b", WORKSHEETS[line.stem]), " ", element("small", line.text), scope="row"
    )
    cells = [
        element("td", _counted(number, look, told.answers), " ", element("b", number))
        for number, look in (
            (line.well, "yes"),
            (line.partly, "partly"),
            (line.needs_us, "missing"),
        )
    ]
    note: Child = None
    if first:
        note = element("strong", "Talk about this one first", class_="act")
    elif line.of_two_minds:
        note = element("strong", "You are of two minds")
    elif line.empty:
        note = f"{line.empty} left it empty"
    return element("tr", name, cells, element("td", note))


def _counted(number: int, look: str, of: int) -> Markup:
    if of > MOST_DOTS:
        width = round(100 * number / of)
        return element(
            "span", class_=f"count-bar {look}", style=f"--part:{width}%", aria_hidden="true"
        )
    dots = [element("span", class_=f"dot {look}") for _ in range(number)]
    return element("span", dots, class_="dots", aria_hidden="true")


def _lines_title(told: first_round.Told) -> str:
    split = [line for line in told.lines if line.of_two_minds and line != told.first]
    parts = []
    if told.first is not None:
        parts.append(f"{WORKSHEETS[told.first.stem]} needs you most")
    if split:
        parts.append(f"on {WORKSHEETS[split[0].stem].lower()} you are of two minds")
    if not parts:
        best = max(told.lines, key=lambda line: line.well - line.needs_us)
        parts.append(f"{WORKSHEETS[best.stem]} goes best; nothing stands out as needing you")
    title = "; ".join(parts)
    return title[:1].upper() + title[1:]


# Votes -----------------------------------------------------------------------------------------


def vote_picture(vote: Vote) -> Markup:
    """A vote: the count until it is shown, then all at once, the widest spread first."""
    if not vote.shown:
        state = "The vote is closed." if vote.closed else "All votes are shown at once."
        return joined(
            element("h2", vote.question),
            element("p", element("b", vote.number, class_="huge"), " have voted. ", state),
        )
    rows = [_voted(vote, place, thing) for place, thing in enumerate(vote.things)]
    rows.sort(key=lambda row: -row[0])
    look = "votes dotted" if vote.dots else "votes"
    hands = f", {vote.by_hand} of them by hand" if vote.by_hand else ""
    note = f"{vote.number} votes{hands}. "
    note += "Most dots first." if vote.dots else "Widest spread first."
    return joined(
        element("h2", vote.question),
        element("table", _vote_head(vote), element("tbody", [row for _, row in rows]), class_=look),
        element("p", note, class_="hint"),
    )


def _vote_head(vote: Vote) -> Markup:
    ends = {1: "1, can wait", 5: "5, now"}
    columns = ["dots"] if vote.dots else [ends.get(n, str(n)) for n in range(1, 6)]
    cells = [element("th", words, scope="col") for words in columns]
    return element("thead", element("tr", element("td"), cells))


def _voted(vote: Vote, place: int, thing: str) -> tuple[float, Markup]:
    counted = vote.counts[place]
    if vote.dots:
        number = counted.get("dots", 0)
        dots = _counted(number, "yes", number)
        row = element(
            "tr", element("th", thing, scope="row"), element("td", dots, " ", element("b", number))
        )
        return float(number), row
    given = [int(said) for said, times in sorted(counted.items()) for _ in range(times)]
    spread = max(given) - min(given) if given else -1
    columns = [
        element(
            "td",
            _counted(counted.get(str(n), 0), "yes", max(vote.number, 1)),
            " ",
            element("b", counted.get(str(n), 0)),
        )
        for n in range(1, 6)
    ]
    told = f"from {min(given)} to {max(given)}, mean {mean(given):.1f}" if given else "no votes"
    name = element("th", element("b", thing), " ", element("small", told), scope="row")
    return float(spread), element("tr", name, columns)
