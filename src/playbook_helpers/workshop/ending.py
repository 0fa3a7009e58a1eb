"""The end of a workshop: everything is written into one folder, to be there tomorrow."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from playbook_helpers.core.assessment import current, of_type
from playbook_helpers.core.errors import InputError
from playbook_helpers.core.partial_dates import last_day, spoken
from playbook_helpers.core.partnership import Decision
from playbook_helpers.drawing.html import Markup, element, in_lines, joined
from playbook_helpers.practices.communication.calendar import Event, calendar
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files import export_partnership
from playbook_helpers.workshop.desk import secret_kind, title_of
from playbook_helpers.workshop.picture import picture, vote_picture
from playbook_helpers.workshop.sitting import Sitting

AGAIN = 2
"""Months after which a first round is answered again."""
Exported = list[tuple[str, str]]
"""For each file or folder what it is, and its path."""


def export_day(store: Store, sitting: Sitting, name: str, place: Path, style: str) -> Exported:
    """Write everything into a new folder under `place`, and say what lies where.

    Raises StoreError or InputError where something cannot be written; what was written stays.
    """
    folder = _new_folder(place, f"{sitting.partnership}-{sitting.day}")
    slug = sitting.partnership
    made: Exported = []
    report = folder / "report-of-the-day.html"
    try:
        report.write_text(day_report(store, sitting, name, style), "utf-8")
        made.append(("Report of the day", str(report)))
        text = decisions_calendar(store, sitting, name)
        if text:
            dates = folder / "decisions.ics"
            dates.write_text(text, "utf-8", newline="")
            made.append(("Decisions, for a calendar", str(dates)))
    except OSError as error:
        raise InputError(
            f"The report of the day cannot be written: {error.strerror}",
            value=str(folder),
            kept="every answer, in the store",
        ) from error
    package = export_partnership(store, slug, folder / "data-package")
    made.append(("Data package (tables)", str(package)))
    answers = export_partnership(store, slug, folder / "answers", answers=True)
    made.append(("Answers, to open on the site's pages", str(answers)))
    made.append(("Backup of the whole store", str(store.backup(folder / "backup.db"))))
    return made


def _new_folder(place: Path, name: str) -> Path:
    try:
        place.mkdir(parents=True, exist_ok=True)
        for number in range(1, 1000):
            folder = place / (name if number == 1 else f"{name}-{number}")
            if not folder.exists():
                folder.mkdir(mode=0o700)
                return folder
    except OSError as error:
        raise InputError(
            f"The folder for the day cannot be made: {error.strerror}",
            value=str(place),
            kept="every answer, in the store",
        ) from error
    raise InputError("This day has a thousand folders already", value=str(place))


def decided_on(store: Store, sitting: Sitting) -> list[Decision]:
    """What was decided on the day of the workshop."""
    heads = current(store.heads(sitting.partnership, kind=Decision.kind))
    return [d for _, d in of_type(heads, Decision) if d.date == sitting.day]


def decisions_calendar(store: Store, sitting: Sitting, name: str) -> str:
    """The decisions with a date as a calendar file, and the next first round; empty without any."""
    events = [
        Event(f"{sitting.partnership} {d.decided}", _title(d), last_day(d.by))
        for d in decided_on(store, sitting)
        if d.by
    ]
    kind = secret_kind("overview")
    if "overview" in sitting.stems:
        day = again(date.fromisoformat(sitting.day))
        words = f"{name}: the eight lines again"
        events.append(Event(f"{sitting.partnership} {kind} {day}", words, day))
    return calendar(name, events, date.fromisoformat(sitting.day)) if events else ""


def again(day: date) -> date:
    """The day two months later, or the last of that month."""
    month = day.month - 1 + AGAIN
    year, month = day.year + month // 12, month % 12 + 1
    for number in range(day.day, 27, -1):
        try:
            return date(year, month, number)
        except ValueError:
            continue
    return date(year, month, min(day.day, 28))


def _title(decision: Decision) -> str:
    return f"{decision.decided} ({decision.who})" if decision.who else decision.decided


def _because(decision: Decision) -> Markup:
    """What a decision rests on, in small letters below it."""
    saw = f"We saw: {decision.seen}" if decision.seen else ""
    why = f"It may be because: {decision.why}" if decision.why else ""
    said = " · ".join(part for part in (saw, why) if part)
    return element("small", element("br"), said) if said else Markup()


def day_report(store: Store, sitting: Sitting, name: str, style: str) -> str:
    """The report of the day as one page: what was decided, what the room saw, what it voted."""
    decided = decided_on(store, sitting)
    rows = [
        element(
            "tr",
            element("th", d.decided, _because(d), scope="row"),
            element("td", d.who or "nobody yet"),
            element("td", spoken(d.by) if d.by else "no date yet"),
        )
        for d in decided
    ]
    head = element(
        "tr", (element("th", words, scope="col") for words in ("What", "Who", "By when"))
    )
    table = element("table", element("thead", head), element("tbody", rows))
    nothing = element("p", "Nothing was written down as decided.")
    parts = [
        element("h1", f"{name}: {spoken(sitting.day)}"),
        element("p", _who_was_there(sitting), class_="lead"),
        element("section", element("h2", "What was decided"), table if rows else nothing),
    ]
    for stem in sitting.stems:
        kept_back = bool(secret_kind(stem)) and stem not in sitting.shown
        drawn = (
            element("p", "The room has not been shown this picture.")
            if kept_back
            else picture(store, stem, sitting.partnership, sitting.round_of(secret_kind(stem)))
        )
        title = element("p", title_of(stem), class_="hint")
        parts.append(element("section", title, drawn, class_="picture"))
    for vote in sitting.votes:
        if vote.shown:
            parts.append(element("section", vote_picture(vote), class_="picture"))
    if sitting.notes_told and sitting.notes.strip():
        said = element("p", in_lines(sitting.notes.strip()))
        parts.append(element("section", element("h2", "Notes"), said))
    if sitting.begun:
        done = sitting.steps[: sitting.step + 1]
        listed = element(
            "ol", (element("li", f"{one.title}, {one.minutes} minutes") for one in done)
        )
        parts.append(element("section", element("h2", "What we did"), listed))
    page = element(
        "html",
        element(
            "head",
            element("meta", charset="utf-8"),
            element("meta", name="viewport", content="width=device-width, initial-scale=1"),
            element("title", f"{name}, {sitting.day}"),
            element("style", Markup(style)),
        ),
        element("body", element("main", joined(parts)), class_="day"),
        lang="en",
    )
    return f"<!DOCTYPE html>\n{page}"


def _who_was_there(sitting: Sitting) -> str:
    number = len(sitting.people)
    return f"{number} {'person' if number == 1 else 'people'} joined by phone."
