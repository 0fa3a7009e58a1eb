"""What each example partnership's records come to is what `tests/assessed` says.

One file for each worksheet of each example: its measures, its findings with what to do next, and
its rows. Numbers have six digits, more than any page shows. For the invented partnership, which
has something of everything, there is what is found on other days as well.

Who changes a figure or a sentence on purpose finds the new text in `_build/assessed`: read what
changed in it, and copy it to `tests/assessed`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from example_records import INVENTED, PACKAGES, assessed, read_for

from playbook_helpers.core.assessment import Assessment, Measure
from playbook_helpers.practices import PRACTICES
from playbook_helpers.practices.kinds import practice_named
from playbook_helpers.practices.views import pages_of, what_ifs_of

ASSESSED = Path(__file__).with_name("assessed")
FOUND = Path(__file__).parents[1] / "_build" / "assessed"
STEMS = [practice.stem for practice in PRACTICES]
DAYS = [date(2025, 6, 30), date(2026, 4, 1), date(2027, 3, 31), date(2029, 1, 1)]
CASES: dict[str, tuple[str, str, date | None]] = {
    **{f"{slug}-{stem}": (slug, stem, None) for slug in PACKAGES for stem in STEMS},
    **{f"{INVENTED}-{stem}-{day}": (INVENTED, stem, day) for stem in STEMS for day in DAYS},
}
"""Name of a file -> an example, a practice, and the day if it is not the example's own."""


def plain(value: object) -> str:
    """A value as it stands in the text.

    >>> plain(1 / 3), plain("a\\nb"), plain(("x", 2.0)), plain(True)
    ('0.333333', 'a b', 'x, 2', 'yes')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, tuple | list):
        return ", ".join(plain(each) for each in value)
    return " ".join(str(value).split())


def measured(measure: Measure) -> str:
    parts = [f"{plain(measure.value)} {measure.unit}".strip(), f"n {measure.n}"]
    if measure.missing:
        parts.append(f"without {measure.missing}")
    if measure.low is not None or measure.high is not None:
        parts.append(f"{plain(measure.low)} to {plain(measure.high)}")
    parts += [each for each in (measure.interval, measure.note) if each]
    return f"measure {measure.name} ({measure.label}): {'; '.join(parts)}"


def lines_of(assessment: Assessment) -> Iterator[str]:
    yield f"as of {assessment.as_of}, from " + ", ".join(
        f"{count} {kind}" for kind, count in sorted(assessment.counts.items())
    )
    yield from map(measured, assessment.measures)
    for found in assessment.findings:
        about = f"{len(found.records)} record{'' if len(found.records) == 1 else 's'}"
        yield f"finding {found.code} ({found.severity}, {found.effort}, {about}): {found.sentence}"
        for name in ("next_step", "question", "better"):
            if words := getattr(found, name):
                yield f"  {name.replace('_', ' ')}: {plain(words)}"
    for name, rows in assessment.rows.items():
        assert isinstance(rows, tuple)
        for row in rows:
            assert isinstance(row, Mapping)
            held = {k: v for k, v in row.items() if v not in (None, "", ()) and k != "record"}
            yield f"{name}: " + "; ".join(f"{key} {plain(value)}" for key, value in held.items())


def tried_out(stem: str) -> Iterator[str]:
    """The what-ifs of a practice over the invented partnership, each with its controls as they
    stand at first, and what they show; and its pages to put up, word by word."""
    heads, context = read_for(INVENTED)
    practice = practice_named(stem)
    assessment = practice.assess(heads, context)
    for name, kind in what_ifs_of(practice).items():
        made = kind.make(assessment, heads, context)
        assert made is not None, name
        choices = made.controls({})
        for each in choices:
            limits = f"{each.low:g} to {each.high:g} by {each.step:g}, shown as {each.readout}"
            yield f"{name}: {each.label} {plain(each.start)} ({plain(each.options) or limits})"
        shown = made.draw({each.name: each.start for each in choices})
        yield from (f"  shows: {line}" for line in shown.text().splitlines())
    for name, page in pages_of(practice).items():
        text = re.sub("<(style|script).*?</\\1>", "", page(assessment, "Riverside"), flags=re.S)
        said = (plain(unescape(part)) for part in re.split("<[^>]+>", text))
        yield from (f"page {name}: {part}" for part in said if part)


TRIED = {
    f"{INVENTED}-{practice.stem}-tried-out": practice.stem
    for practice in PRACTICES
    if {**what_ifs_of(practice), **pages_of(practice)}
}


@pytest.mark.parametrize("name", [*CASES, *TRIED])
def test_an_example_comes_to_what_is_written_down(name: str) -> None:
    if name in TRIED:
        lines = list(tried_out(TRIED[name]))
    else:
        slug, stem, day = CASES[name]
        assessment = assessed(slug, stem, day)
        lines = list(lines_of(assessment if day is None else replace(assessment, rows={})))
    held = ASSESSED / f"{name}.txt"
    before = held.read_text("utf-8").splitlines() if held.is_file() else []
    if lines != before:
        FOUND.mkdir(parents=True, exist_ok=True)
        (FOUND / held.name).write_text("\n".join(lines) + "\n", "utf-8")
        changes = difflib.unified_diff(before, lines, "written down", "found", lineterm="", n=0)
        pytest.fail("\n".join([f"read _build/assessed/{held.name}", *changes]))


def test_whatever_is_written_down_is_worked_out() -> None:
    assert {held.stem for held in ASSESSED.glob("*.txt")} == {*CASES, *TRIED}
