"""The steps of a sitting: from a workshop plan, or from the chapters of its worksheets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from playbook_helpers.core.errors import NotFound
from playbook_helpers.practices.kinds import practice_named

_STEP = re.compile(r"^### (?:\d+\. )?(.+?) \((\d+) minutes\)$", re.MULTILINE)
_PLAN = re.compile(r"^\(([a-z]+-[a-z0-9]+)\)=$", re.MULTILINE)
_ROW = re.compile(r"^\| (\d+) to (\d+) \| (.+?) \| (.*?) ?\|$", re.MULTILINE)
_ROLE = re.compile(r"\s*\{cite\}`[^`]*`|\{\w+\}`([^`<]+?)(?: <[^`]*>)?`")
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


def steps_for(book: Path, stems: Iterable[str], plan: str = "") -> list[Step]:
    """The steps of the plan, else those of the chapters of the worksheets, in their order.

    Where no guide is there, each worksheet is a step. Raises NotFound for an unknown plan.
    """
    if plan:
        plans = _plans(book / "workshops.md")
        if plan not in plans:
            raise NotFound("There is no such plan", value=plan, allowed=", ".join(plans) or "none")
        return plans[plan]
    steps: list[Step] = []
    for stem in stems:
        chapter = book / f"{stem}.md"
        told = _chapter(chapter.read_text("utf-8")) if chapter.is_file() else []
        steps += told or [Step(practice_named(stem).title, 30)]
    return steps


def _plans(file: Path) -> dict[str, list[Step]]:
    if not file.is_file():
        return {}
    _, *parts = _PLAN.split(file.read_text("utf-8"))
    return {
        name: [
            Step(_plain(title), int(end) - int(start), _plain(what))
            for start, end, title, what in _ROW.findall(text)
        ]
        for name, text in zip(parts[::2], parts[1::2], strict=True)
    }


def _chapter(text: str) -> list[Step]:
    _, *parts = _STEP.split(text)
    steps = []
    for title, minutes, rest in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        body = re.split(r"^#{2,3} ", rest, maxsplit=1, flags=re.MULTILINE)[0]
        blocks = [block.strip() for block in body.split("\n\n") if block.strip()]
        say = next((b.removeprefix("> **Say:**") for b in blocks if b.startswith("> **Say:**")), "")
        stuck = [b for b in blocks if b.startswith("**If it goes wrong:**")]
        aid = stuck[0].removeprefix("**If it goes wrong:**") if stuck else ""
        what = blocks[0] if blocks and not blocks[0].startswith(("> ", "**If")) else ""
        said = _plain(say.replace("\n> ", " ")).strip('"“” ')
        steps.append(Step(_plain(title), int(minutes), _plain(what), said, _plain(aid)))
    return steps


def _plain(markdown: str) -> str:
    """Text without the marks of MyST: links and terms by their words, no citations."""
    text = _ROLE.sub(lambda found: found[1] or "", markdown)
    text = _EMPHASIS.sub(r"\1", _LINK.sub(r"\1", text))
    return " ".join(text.split())
