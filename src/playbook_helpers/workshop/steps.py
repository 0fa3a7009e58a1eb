"""The steps of a sitting: from a workshop plan, or from the chapters of its worksheets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from playbook_helpers.core.errors import NotFound
from playbook_helpers.core.partnership import OVERVIEW, WORKSHEETS

_STEP = re.compile(r"^### (?:\d+\. )?(.+?) \((\d+) minutes\)$", re.MULTILINE)
_PLAN = re.compile(r"^\(([a-z]+-[a-z0-9]+)\)=$", re.MULTILINE)
_ROW = re.compile(r"^\| (\d+) to (\d+) \| (.+?) \| (.*?) ?\|$", re.MULTILINE)
_ROLE = re.compile(r"\s*\{cite\}`[^`]*`|\{\w+\}`([^`<]+?)(?: <[^`]*>)?`")
_CHAPTER = re.compile(r"\]\((\w+)\.md\)")
_NUMBERED = re.compile(r"\bsteps? (\d)", re.IGNORECASE)
_OPENING = re.compile(
    r"^(?:\[[^\]]+\]\([^)]*\)[,.] ?)?(?:steps? \d(?: and \d)?[.,]? ?)?", re.IGNORECASE
)
"""What a row of a plan begins with where it names a chapter or its step."""
_SAY = re.compile(r"^\*\*Say (?:at the (start)|before the ([\w ]+)):\*\* \"(.+?)\"", re.MULTILINE)
_WRONG = re.compile(r"^\*\*When it goes wrong\.\*\* (.+)$", re.MULTILINE)
_STEMS = re.compile(r"^\*\*Worksheets?:\*\* ([^.]+)\.", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
_EMPHASIS = re.compile(r"\*{1,2}([^*]+)\*{1,2}")


@dataclass(frozen=True, slots=True)
class Step:
    """One step: how long, what to do, what to say, and what to do if it sticks."""

    title: str
    minutes: int
    what: str = ""
    say: str = ""
    stuck: str = ""
    stem: str = ""
    """The worksheet whose picture belongs to it; empty where none does."""
    doing: str = ""
    """What phones do besides: `choose` (a number from 1 to 5), `decide`, `rest`."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole workshop: its worksheets and its steps."""

    stems: tuple[str, ...]
    steps: tuple[Step, ...]


FIRST_ROUND = (
    Step(
        "Eight lines, each alone",
        5,
        "Each answers alone, on a phone or on a paper slip. Nothing is shown until the round is "
        "closed.",
        "First thought, eight taps. Leave a line empty if you do not know. Nobody sees whose is "
        "whose.",
        "somebody has no phone. Hand a phone on, or take a paper slip: it counts the same.",
        OVERVIEW,
    ),
    Step(
        "Look together",
        3,
        "Close the round, then show the picture. What surprises you?",
        "The counts say where to begin. They are no marks.",
        "fewer than five answered. There is no picture then: each names one line that goes well "
        "and one that needs you.",
        OVERVIEW,
    ),
    Step(
        "Choose one",
        2,
        "Choose one line to begin with: what do you do, who sees to it, by when? Put the same "
        "eight lines into the calendar, two months from now.",
        "Which one line do we work on first?",
        "you cannot agree on one. Send a number from 1 to 5 for each of two.",
        OVERVIEW,
        "decide",
    ),
)
"""The ten-minute first round."""


def plans_in(book: Path) -> dict[str, Plan]:
    """The workshop plans of the guide, by name; none where it is not there."""
    file = book / "workshops.md"
    if not file.is_file():
        return {}
    _, *parts = _PLAN.split(file.read_text("utf-8"))
    return {
        name: _plan(text.split("\n## Afterwards")[0], book)
        for name, text in zip(parts[::2], parts[1::2], strict=True)
    }


def plan_named(book: Path, name: str) -> Plan:
    """The plan of that name; raises NotFound listing those there are."""
    plans = plans_in(book)
    if name not in plans:
        raise NotFound("There is no such plan", value=name, allowed=", ".join(plans) or "none")
    return plans[name]


def steps_for(book: Path, stems: Iterable[str]) -> list[Step]:
    """The steps of the chapters of the worksheets, in their order.

    Where no guide is there, each worksheet is a step.
    """
    steps: list[Step] = []
    for stem in stems:
        told = list(FIRST_ROUND) if stem == OVERVIEW else _chapter(book, stem)
        steps += told or [Step(WORKSHEETS[stem], 30, stem=stem)]
    return steps


def _plan(text: str, book: Path) -> Plan:
    named = _STEMS.search(text)
    stems = tuple(
        stem for stem in re.findall(r"\w+", named[1] if named else "") if stem in WORKSHEETS
    )
    chapters = {stem: _chapter(book, stem) for stem in stems}
    wrong = _WRONG.search(text)
    steps: list[Step] = []
    stem = stems[0] if stems else ""
    for start, end, title, what in _ROW.findall(text):
        linked = [found for found in _CHAPTER.findall(what) if found in stems]
        stem = linked[0] if linked else stem
        made = Step(
            _plain(title),
            int(end) - int(start),
            _plain(_OPENING.sub("", what)),
            stem=stem,
            doing=_doing(title, what),
        )
        steps.append(_with_chapter(made, what, chapters.get(stem, [])))
    for begin, before, words in _SAY.findall(text):
        for place, step in enumerate(steps):
            said_of = f"{step.title} {step.stem} {step.what}".lower()
            if begin or all(word in said_of for word in before.lower().split()):
                steps[place] = replace(step, say=_plain(words))
                break
    help_ = _plain(wrong[1]) if wrong else ""
    full = [s if s.stuck or s.doing == "rest" else replace(s, stuck=help_) for s in steps]
    return Plan(stems, tuple(full))


def _doing(title: str, what: str) -> str:
    if title in ("Break", "Lunch", "Stand up"):
        return "rest"
    if "a number from 1 to 5" in what or "Choose two" in what:
        return "choose"
    return "decide" if "into the form" in what and re.search(r"by when", what) else ""


def _with_chapter(step: Step, what: str, chapter: list[Step]) -> Step:
    """A row of a plan that names a step of a chapter, with what the chapter says of it."""
    number = _NUMBERED.search(what)
    if number is None or int(number[1]) > len(chapter):
        return step
    full = chapter[int(number[1]) - 1]
    said = step.what if len(step.what.split()) > 4 else full.what
    return replace(step, what=said[:1].upper() + said[1:], say=full.say, stuck=full.stuck)


def _chapter(book: Path, stem: str) -> list[Step]:
    file = book / f"{stem}.md"
    if not file.is_file():
        return []
    _, *parts = _STEP.split(file.read_text("utf-8"))
    steps = []
    for title, minutes, rest in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        body = re.split(r"^#{2,3} ", rest, maxsplit=1, flags=re.MULTILINE)[0]
        blocks = [block.strip() for block in body.split("\n\n") if block.strip()]
        say = next((b.removeprefix("> **Say:**") for b in blocks if b.startswith("> **Say:**")), "")
        stuck = [b for b in blocks if b.startswith("**If it goes wrong:**")]
        aid = stuck[0].removeprefix("**If it goes wrong:**") if stuck else ""
        what = blocks[0] if blocks and not blocks[0].startswith(("> ", "**If")) else ""
        said = _plain(say.replace("\n> ", " ")).strip('"“” ')
        doing = "decide" if "close" in title.lower() else ""
        steps.append(
            Step(_plain(title), int(minutes), _plain(what), said, _plain(aid), stem, doing)
        )
    return steps


def _plain(markdown: str) -> str:
    """Text without the marks of MyST: links and terms by their words, no citations."""
    text = _ROLE.sub(lambda found: found[1] or "", markdown)
    text = _EMPHASIS.sub(r"\1", _LINK.sub(r"\1", text))
    return " ".join(text.split())
