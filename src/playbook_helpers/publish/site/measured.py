"""Measured figures in the guide: a sentence stands only if every figure in it was measured.

The figures lie in one file, `book/_data/measured.json`, beside the day and the machine they were
measured on. A figure that is not there takes its sentence with it, so that no page ever shows a
gap, a guess, or a number that nobody has seen.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from playbook_helpers.core.errors import InputError
from playbook_helpers.core.partial_dates import spoken
from playbook_helpers.drawing.display import Html
from playbook_helpers.drawing.html import element
from playbook_helpers.drawing.tables import Column, Table, number
from playbook_helpers.storage.files.cells import fold
from playbook_helpers.storage.files.mapping.templates import read_template
from playbook_helpers.worksheet.project import project_root

FILE = Path("book") / "_data" / "measured.json"
WORKSHEETS_EACH = 9
"""Worksheets of one partnership: eight practices and the overview."""
MEASURED: Mapping[str, tuple[str, str]] = {
    "cores": ("number", "cores of the machine"),
    "worksheet": ("seconds", "one worksheet all in, with one worker for each core: wall time"),
    "worksheet by papermill": ("seconds", "the same by plain papermill, as many at once"),
    "partnership": ("seconds", "its report's first page, assessment and data: wall time"),
    "unchanged": ("seconds", "a second run over 1,000 unchanged partnerships"),
    "batch memory": ("MB", "most memory that a batch takes, shared pages counted once"),
    "portfolio": ("seconds", "the portfolio of 10,000 partnerships with some 30 records each"),
    "portfolio full": ("seconds", "the same with some 300 records each"),
    "portfolio memory": ("MB", "most memory that it takes"),
    "portfolio page": ("MB", "its page"),
    "store": ("kB", "what one partnership's records take in the store"),
    "report": ("kB", "one partnership's nine pages, with its data"),
    "notebooks": ("kB", "one partnership's nine executed notebooks"),
    "cluster cores": ("number", "cores of all workers of the cluster that was tried"),
    "cluster worksheet": ("seconds", "one worksheet all in, over that cluster: wall time"),
}
"""Name -> the unit and what is measured. No other name may stand in the file."""


def read_words(root: Path) -> dict[str, str]:
    """Everything in the file as it stands in sentences, with `day` and `machine` where given.

    Where the file is missing, nothing was measured. Raises InputError as `checked` does.
    """
    path = Path(root) / FILE
    content = json.loads(path.read_text("utf-8")) if path.is_file() else {}
    words = in_words(checked(content.get("figures", {})))
    if content.get("day"):
        words["day"] = spoken(str(content["day"]))
    if content.get("machine"):
        words["machine"] = str(content["machine"])
    return words


def checked(figures: Mapping[str, object]) -> dict[str, float]:
    """The figures, each of a known name. Raises InputError for another name, or no number."""
    found: dict[str, float] = {}
    for name, value in figures.items():
        if name not in MEASURED:
            raise InputError("No such figure is measured", value=name, allowed=", ".join(MEASURED))
        number_ = isinstance(value, int | float) and not isinstance(value, bool)
        if not number_ or not 0 < float(str(value)) < math.inf:
            raise InputError(f"The figure {name!r} is wrong", value=value, allowed="above nought")
        found[name] = float(str(value))
    return found


def in_words(figures: Mapping[str, float]) -> dict[str, str]:
    """Every measured figure as it stands in a sentence, and what follows from it.

    `batch N` is how long one machine takes for N partnerships, with their reports where it was
    measured what those take. `batch N on C` is the same for a cluster of C cores, if each goes on
    as fast as one core here. `store N`, `report N` and `notebooks N` are what they take on disk.
    """
    words = {name: _words(MEASURED[name][0], value) for name, value in figures.items()}
    each, cores = figures.get("worksheet"), figures.get("cores")
    first = figures.get("partnership", 0.0)
    for many in (10, 1_000, 10_000, 100_000):
        if each is not None:
            whole = (each * WORKSHEETS_EACH + first) * many
            words[f"batch {many}"] = duration(whole)
            if cores is not None:
                spread = whole * cores / 64
                words[f"batch {many} on 64"] = duration(spread)
        for name in ("store", "report", "notebooks"):
            if name in figures:
                words[f"{name} {many}"] = size(figures[name] * many)
    plain = figures.get("worksheet by papermill")
    if each is not None and plain is not None:
        words["times as fast"] = number(plain / each, decimals=0 if plain / each >= 10 else 1)
    return words


def told(text: str, words: Mapping[str, str]) -> str:
    """The text with its figures, or nothing if one of them was not measured.

    >>> words = in_words({"worksheet": 0.07})
    >>> told("It took {worksheet}.", words), told("It took {portfolio}.", words)
    ('It took 0.07 seconds.', '')
    """
    template = read_template(text)
    unknown = [name for name in template.names if name not in known_names()]
    if unknown:
        raise InputError("No such figure is measured", value=unknown[0])
    if any(name not in words for name in template.names):
        return ""
    return template.filled(words)


def known_names() -> frozenset[str]:
    """Every name that a sentence may use."""
    everything = in_words(dict.fromkeys(MEASURED, 1.0))
    return frozenset(map(fold, (*everything, "day", "machine")))


def paragraph(*sentences: str, root: Path | None = None) -> Html:
    """Those of the sentences whose figures are all known, as one paragraph; it may be empty."""
    words = read_words(root or project_root())
    said = " ".join(filter(None, (told(sentence, words) for sentence in sentences)))
    return Html(element("p", said) if said else "", said or " ")


def figures_table(
    caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]], root: Path | None = None
) -> Html:
    """A table of those rows whose figures are all known; nothing where there is none."""
    words = read_words(root or project_root())
    kept = [
        {str(place): cell for place, cell in enumerate(cells)}
        for row in rows
        if all(cells := [told(text, words) for text in row])
    ]
    if not kept:
        return Html("", " ")
    columns = tuple(Column(str(place), head) for place, head in enumerate(heads))
    return Html(Table(caption, columns, tuple(kept), cards=True).html(), caption)


def duration(seconds: float) -> str:
    """A length of time as people say it, no more exact than it is.

    >>> [duration(s) for s in (0.068, 0.956, 0.998, 1.12, 12.4)]
    ['0.07 seconds', '0.96 seconds', '1 second', '1.1 seconds', '12 seconds']
    >>> [duration(s) for s in (300, 5880, 65520)]
    ['5 minutes', '98 minutes', '18 hours']
    """
    if seconds < 0.995:
        return f"{seconds:.{1 if seconds < 0.1 else 2}g} seconds"
    if seconds < 10 and round(seconds, 1) % 1:
        return f"{seconds:.1f} seconds"
    for most, unit, length in ((120, "second", 1), (7200, "minute", 60), (172_800, "hour", 3600)):
        if seconds < most:
            return _counted(round(seconds / length), unit)
    return _counted(round(seconds / 86_400), "day")


def size(kilobytes: float) -> str:
    """An amount of data as people say it.

    >>> size(24.7), size(24_700), size(2_470_000), size(90_000_000)
    ('25 kB', '25 MB', '2.5 GB', '90 GB')
    """
    for unit in ("kB", "MB", "GB"):
        if kilobytes < 1000 or unit == "GB":
            return f"{number(kilobytes, decimals=0 if kilobytes >= 10 else 1)} {unit}"
        kilobytes /= 1000
    raise AssertionError("the last unit takes all")


def _counted(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def _words(unit: str, value: float) -> str:
    if unit == "seconds":
        return duration(value)
    if unit in ("kB", "MB"):
        return size(value if unit == "kB" else value * 1000)
    return number(value)
