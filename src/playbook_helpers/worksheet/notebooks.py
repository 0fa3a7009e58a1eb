"""A partnership's own copies of the worksheets, and the parameters that a notebook is given.

The worksheets in `worksheets/` are published with an example, and are the same for everybody. A
group's choice, and what a notebook shows of its answers, belong into a copy of its own: in
`notebooks/SLUG/`, which git leaves alone. A copy is made once. What a group has changed in it is
never written over; one in which nobody changed a cell follows the worksheet it was made from.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from playbook_helpers.core.errors import InputError
from playbook_helpers.core.slugs import check_slug
from playbook_helpers.drawing.display import notebook_shell

Notebook = dict[str, Any]
FOLDER = "notebooks"
_OWN = "playbook"  # the key of what is ours in a notebook's metadata
_TAG = "parameters"
_SETTING = re.compile(
    r"""(?P<name>\w+)(?P<type>:\s*[\w |]+?)?\s*=\s*("[^"#]*"|'[^'#]*'|[^"'#]*?)(?P<said>\s*\#.*)?"""
)
"""A line that sets a parameter, with its type and with what is said of it."""
_GIVEN = "# Parameters\n"
"""How papermill begins the cell with the values that it was given."""


@dataclass(frozen=True, slots=True)
class Copies:
    """Where a partnership's notebooks are, by their names, and what became of each."""

    folder: Path
    made: tuple[str, ...] = ()
    renewed: tuple[str, ...] = ()
    """Nobody had changed a cell, and the worksheet is newer."""
    older: tuple[str, ...] = ()
    """The group changed something, so that it was kept, and the worksheet is newer."""
    unread: tuple[str, ...] = ()
    """The worksheet is no notebook that can be read: the others are there all the same."""


def own_copies(root: Path, slug: str, worksheets: Iterable[Path]) -> Copies:
    """Make a partnership's copies of the worksheets that are not there yet.

    Raises InputError for a short name that cannot be a folder, and where the folder cannot be
    written.
    """
    folder = root / FOLDER / check_slug(slug)
    became: dict[str, list[str]] = {"made": [], "renewed": [], "older": [], "unread": []}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path in worksheets:
            try:
                fresh = _copy(path.read_bytes(), path, slug)
            except InputError:
                became["unread"].append(path.stem)
                continue
            target = folder / path.name
            fate = _fate(target, fresh)
            if fate in ("made", "renewed"):
                part = target.with_name(f".{target.name}.part")
                part.write_text(_written(fresh), "utf-8")
                part.replace(target)
            if fate:
                became[fate].append(path.stem)
    except OSError as error:
        raise InputError(
            "The copies of the worksheets could not be written",
            value=f"{error.filename or folder}: {error.strerror}",
            kept="the copies that were there",
        ) from error
    return Copies(folder, *(tuple(names) for names in became.values()))


def _copy(source: bytes, path: Path, slug: str) -> Notebook:
    notebook = without_results(read_notebook(source, path.name))
    given = parameters_of(notebook)
    if "partnership" in given:  # the portfolio stands above them
        notebook = with_parameters(notebook, given | {"partnership": slug})
    own = {"worksheet": hashlib.sha256(source).hexdigest(), "cells": _cells_hash(notebook)}
    notebook["metadata"] = notebook["metadata"] | {_OWN: own}
    return notebook


def _fate(target: Path, fresh: Notebook) -> str:
    """What is to become of the copy at `target`: empty where it stays as it is."""
    if not target.exists():
        return "made"
    try:
        held = json.loads(target.read_bytes())
        own = held["metadata"][_OWN]
        if own["worksheet"] == fresh["metadata"][_OWN]["worksheet"]:
            return ""
        return "renewed" if own["cells"] == _cells_hash(held) else "older"
    except (ValueError, LookupError, TypeError, AttributeError):
        return ""  # it is the group's file by now, whatever it is


def read_notebook(content: bytes | str, name: str) -> Notebook:
    """A notebook's parts. Raises InputError, naming it, for what is none."""
    try:
        notebook = json.loads(content)
        cells = [
            (cell["cell_type"], source_of(cell), cell["metadata"]) for cell in notebook["cells"]
        ]
        if not cells or not isinstance(notebook["metadata"], dict):
            raise ValueError
    except (ValueError, LookupError, TypeError) as error:
        raise InputError("This is no notebook that can be read", value=name) from error
    return dict(notebook)


def source_of(cell: Mapping[str, Any]) -> str:
    """A cell's text, which a file may hold as one string or in lines."""
    return "".join(cell["source"])


def parameters_of(notebook: Notebook) -> dict[str, Any]:
    """The parameters that a worksheet is published with, by name.

    They stand in its metadata, where nobody changes them while filling in; without that, what
    its parameters cell says. Raises InputError where that is more than names and plain values.
    """
    own = notebook["metadata"].get(_OWN, {})
    if "parameters" in own:
        return dict(own["parameters"])
    cell = _parameters_cell(notebook)
    found: dict[str, Any] = {}
    try:
        for name, value in _settings(source_of(cell)).items() if cell else ():
            found[name] = ast.literal_eval(value)
    except (SyntaxError, ValueError) as error:
        raise InputError(
            "A worksheet's parameters cannot be read",
            value=source_of(cell) if cell else "",
            allowed='lines such as partnership = "our-town"',
        ) from error
    return found


def with_parameters(notebook: Notebook, values: Mapping[str, Any]) -> Notebook:
    """The notebook with its parameters cell written anew; one without such a cell gets one.

    >>> bare = {"metadata": {}, "cells": [{"cell_type": "code", "metadata": {}, "source": "x"}]}
    >>> source_of(with_parameters(bare, {"partnership": "our-town"})["cells"][0])
    'partnership = "our-town"'
    """
    cells, there = list(notebook["cells"]), _parameters_cell(notebook)
    held = source_of(there).splitlines() if there else []
    remarks = [line for line in held if line[:1] == "#"]
    around = {found["name"]: found for line in held if (found := _SETTING.fullmatch(line))}
    lines = []
    for name, value in values.items():
        type_, said = (
            (part or "" for part in around[name].group("type", "said"))
            if name in around
            else ("", "")
        )
        lines.append(f"{name}{type_} = {json.dumps(value, ensure_ascii=False)}{said}")
    source = "\n".join([*remarks, *lines])
    if there is not None:
        cells[cells.index(there)] = there | {"source": source}
    else:
        first = next((i for i, cell in enumerate(cells) if cell["cell_type"] == "code"), 0)
        metadata = {"tags": [_TAG, "remove-input"]}
        new = {"cell_type": "code", "id": _TAG, "metadata": metadata, "source": source}
        cells.insert(first, new | {"outputs": [], "execution_count": None})
    return notebook | {"cells": cells}


def cells_run() -> list[str]:
    """The code cells that this notebook has run so far; none outside a notebook."""
    shell = notebook_shell()
    return [str(cell) for cell in shell.user_ns.get("In", ())] if shell is not None else []


def refuse_unknown(cells: Sequence[str]) -> None:
    r"""Raise InputError where papermill was given a parameter that the notebook has not.

    papermill only logs it: the notebook would go on and show its example in place of what was
    asked for. What papermill was given stands in a cell of its own, after the parameters.

    >>> refuse_unknown(["partnership = 'a'", "# Parameters\npartnershp = 'b'"])
    Traceback (most recent call last):
    ...
    playbook_helpers.core.errors.InputError: This worksheet has no parameter of that name
      value: 'partnershp'
      allowed: partnership
    """
    for declared, given in pairwise(cells):
        if not given.startswith(_GIVEN):
            continue
        names = assigned(declared)
        if names and (unknown := [name for name in assigned(given) if name not in names]):
            raise InputError(
                "This worksheet has no parameter of that name",
                value=", ".join(unknown),
                allowed=", ".join(names),
            )


def assigned(code: str) -> list[str]:
    """The names that a cell sets, also with a type: `partnership: str = "our-town"`.

    Raises SyntaxError for what is no Python.
    """
    return list(_settings(code))


def _settings(code: str) -> dict[str, ast.expr]:
    """Name -> what a cell sets it to."""
    found: dict[str, ast.expr] = {}
    for statement in ast.parse(code).body:
        if isinstance(statement, ast.Assign):
            found |= {t.id: statement.value for t in statement.targets if isinstance(t, ast.Name)}
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            found |= {statement.target.id: statement.value} if statement.value is not None else {}
    return found


def without_results(notebook: Notebook) -> Notebook:
    """The notebook as it was before it ran: no outputs, no state of controls."""
    cells = [
        cell | {"outputs": [], "execution_count": None} if cell["cell_type"] == "code" else cell
        for cell in notebook["cells"]
    ]
    metadata = {k: v for k, v in notebook["metadata"].items() if k != "widgets"}
    return notebook | {"cells": cells, "metadata": metadata}


def as_published(content: str, name: str) -> str:
    """A worksheet's file as it was published, whatever was filled in and saved in it since.

    Its text and code are left as they are; its parameters are the example's again.
    """
    notebook = without_results(read_notebook(content, name))
    return _written(with_parameters(notebook, parameters_of(notebook)))


def _parameters_cell(notebook: Notebook) -> dict[str, Any] | None:
    tagged = (c for c in notebook["cells"] if _TAG in c["metadata"].get("tags", ()))
    return next(tagged, None)


def _cells_hash(notebook: Notebook) -> str:
    cells = [[cell["cell_type"], source_of(cell)] for cell in notebook["cells"]]
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()


def _written(notebook: Notebook) -> str:
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
