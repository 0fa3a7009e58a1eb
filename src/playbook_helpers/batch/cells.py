"""Which cell of a worksheet a run stopped in, and the mark that says so in the notebook."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import Any

ERROR_TAG = "papermill-error-cell-tag"
"""papermill's own tag: cells that carry it are taken out again at the next run."""
_NOT_THE_AUTHORS = {ERROR_TAG, "injected-parameters"}
_COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def place_of(cells: list[Any], index: int) -> int:
    """The place of cell `index` in the worksheet as its author sees it, counted from one."""
    return sum(1 for cell in cells[: index + 1] if not _added(cell))


def stopped_at(notebook: Mapping[str, Any]) -> tuple[int | None, str]:
    """(place, first line of code) of the cell that failed or was running; None if none was.

    papermill notes in each cell when it began and how it ended. A kernel that died or was
    killed leaves the last code cell that began.
    """
    cells = list(notebook.get("cells", ()))
    begun = None
    for index, cell in enumerate(cells):
        notes = cell.get("metadata", {}).get("papermill", {})
        if cell.get("cell_type") != "code" or not notes.get("start_time"):
            continue
        begun = index
        if notes.get("status") in ("running", "failed"):
            break
    if begun is None:
        return None, ""
    place = None if _added(cells[begun]) else place_of(cells, begun)
    return place, first_line(cells[begun].get("source", ""))


def first_line(source: str | list[str]) -> str:
    """The first line of code that is no comment, cut to a length that fits a message."""
    text = source if isinstance(source, str) else "".join(source)
    lines = [line.strip() for line in text.splitlines()]
    line = next((line for line in lines if line and not line.startswith("#")), "")
    return line if len(line) <= 60 else line[:57] + "..."


def one_line(text: str, limit: int = 400) -> str:
    """Text without colour codes and line breaks, cut to `limit`.

    >>> one_line("There is no such chart\\n  value: 'x'")
    "There is no such chart value: 'x'"
    """
    plain = " ".join(_COLOUR.sub("", text).split())
    return plain if len(plain) <= limit else plain[: limit - 3] + "..."


def mark_stopped(notebook: dict[str, Any], reason: str) -> None:
    """Put a cell on top that says why the run did not come to its end."""
    text = f"**This run did not come to its end: {escape(reason)}.**"
    from nbformat import from_dict

    mark = {
        "cell_type": "markdown",
        "id": "stopped",
        "metadata": {"tags": [ERROR_TAG]},
        "source": text,
    }
    notebook["cells"] = [from_dict(mark), *notebook.get("cells", ())]  # type: ignore[no-untyped-call]


def _added(cell: Mapping[str, Any]) -> bool:
    return bool(_NOT_THE_AUTHORS & set(cell.get("metadata", {}).get("tags", ())))
