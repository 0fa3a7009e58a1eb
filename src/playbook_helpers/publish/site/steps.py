"""Steps bear the same numbers in a chapter and on its worksheet; here each leads to the other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from playbook_helpers.drawing.html import Markup, element

_CHAPTER = re.compile(r"(\d+)\. (?=\w)")
_WORKSHEET = re.compile(r"Steps? (\d[\d, andto]*)\. ")


@dataclass(frozen=True, slots=True)
class Step:
    """A part of a page that is about one step of the meeting, or about several."""

    numbers: tuple[int, ...]
    anchor: str
    title: str


def step_numbers(title: str) -> tuple[int, ...]:
    """The steps that a heading of a chapter or of a worksheet names.

    >>> step_numbers("2. Write three goals (30 minutes)"), step_numbers("Steps 1 to 3. Look")
    ((2,), (1, 2, 3))
    >>> step_numbers("Steps 2 and 4. Write it down"), step_numbers("In one minute")
    ((2, 4), ())
    """
    found = _CHAPTER.match(title) or _WORKSHEET.match(title)
    if found is None:
        return ()
    numbers = [int(number) for number in re.findall(r"\d+", found[1])]
    return tuple(range(numbers[0], numbers[1] + 1)) if "to" in found[1] else tuple(numbers)


def _without_minutes(title: str) -> str:
    return re.sub(r" \(\d+ minutes.*\)$", "", title)


def steps_of(page: Any) -> Iterator[Step]:
    """The steps of a page, in its order; it is a document of docutils, which says no types."""
    from docutils import nodes

    for section in page.findall(nodes.section):
        title = section.next_node(nodes.title)
        numbers = step_numbers(title.astext()) if title is not None else ()
        if title is not None and numbers:
            yield Step(numbers, section["ids"][0], title.astext())


def with_steps_joined(
    body: str, own: list[Step], others: list[Step], address: str, words: str
) -> str:
    """The body with a line below the heading of each step: where it is on the other page.

    `address` is that of the other page, `words` say which it is.
    """
    first: Mapping[int, Step] = {n: step for step in reversed(others) for n in step.numbers}
    for step in own:
        met = dict.fromkeys(first[number] for number in step.numbers if number in first)
        if not met:
            continue
        # Of several the numbers will do: the line stays one.
        links = [
            element(
                "a",
                _without_minutes(other.title) if len(met) == 1 else f"Step {other.numbers[0]}",
                href=f"{address}#{other.anchor}",
            )
            for other in met
        ]
        listed = [part for link in links for part in (Markup(" "), link)]
        line = str(element("p", words, *listed, class_="step-on"))
        head = re.compile(rf'<section\b[^>]*\bid="{re.escape(step.anchor)}".*?</h\d>', re.DOTALL)
        found = head.search(body)
        if found is not None:
            body = body[: found.end()] + line + body[found.end() :]
    return body
