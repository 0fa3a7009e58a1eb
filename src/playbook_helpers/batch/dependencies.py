"""Which records a worksheet's notebook reads, from what stands in its cells.

The cells of a worksheet are a line long each and go through `Worksheet`, whose practice declares
what it reads. A notebook that does anything else (imports something, opens a file, takes the
heads into its own hands) may read anything, and is taken to.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from playbook_helpers.core.errors import NotFound
from playbook_helpers.core.reads import EVERYTHING, Reads
from playbook_helpers.practices.kinds import RECORD_TYPES, practice_named

_FACE, _NAMES = "playbook_helpers.worksheet", ("Worksheet", "OverviewWorksheet")
_PARTS = frozenset(
    (
        *(
            "title",
            "example",
            "form",
            "table",
            "decisions",
            "rows",
            "measures",
            "findings",
            "chart",
            "next",
        ),
        *("calendar", "progress_report", "page", "what_if", "assess", "name", "as_of", "round"),
        "gaps",
    )
)
"""What a cell may ask of a worksheet that keeps to what its practice declares."""
_PLAIN = frozenset({"print", "str", "len", "repr", "display"})

_STRAIGHT = (
    *(ast.Module, ast.ImportFrom, ast.alias, ast.Assign, ast.AnnAssign, ast.Expr, ast.Call),
    *(ast.keyword, ast.Attribute, ast.Name, ast.Load, ast.Store, ast.Constant, ast.Tuple),
    *(ast.List, ast.Starred),
)
"""Code that is done once, and ends."""


def reads_of(cells: Iterable[str]) -> Reads:
    """What the code of a worksheet's cells reads.

    >>> code = 'ws = Worksheet("trust", partnership)', 'ws.chart("items")'
    >>> reading = reads_of(("from playbook_helpers.worksheet import Worksheet", *code))
    >>> reading.has("trust", "check_in"), reading.has("goals", "goal")
    (True, False)
    >>> reads_of(("import sqlite3", *code)).everything
    True
    """
    nodes = _nodes(cells)
    found = _declared(nodes)
    if not any(reads.practices or reads.everything for reads in found or ()):
        return EVERYTHING  # it comes by its records some other way
    total = Reads()
    for reads in found or ():
        total |= reads
    return total


def only_asks_worksheets(cells: Iterable[str]) -> bool:
    """Whether the code of a notebook's cells only has worksheets show things, one after the other.

    >>> only_asks_worksheets(["print(1)"]), only_asks_worksheets(["while True: print(1)"])
    (True, False)
    """
    nodes = _nodes(cells)
    return all(isinstance(node, _STRAIGHT) for node in nodes) and _declared(nodes) is not None


def _nodes(cells: Iterable[str]) -> list[ast.AST]:
    """All parts of the code; what cannot be read, such as a magic, may import anything."""
    try:
        return list(ast.walk(ast.parse("\n".join(cells))))
    except (SyntaxError, ValueError):
        return [ast.Import(names=[])]


def _declared(nodes: list[ast.AST]) -> list[Reads] | None:
    """What each call reads; None if anything is done that is not known."""
    found: list[Reads] = []
    for node in nodes:
        if isinstance(node, ast.Import) or (
            isinstance(node, ast.ImportFrom)
            and (node.module != _FACE or any(a.name not in _NAMES or a.asname for a in node.names))
        ):
            return None
        if isinstance(node, ast.Attribute) and node.attr not in _PARTS:
            return None
        if isinstance(node, ast.Call):
            reads = _call(node)
            if reads is None:
                return None
            found.append(reads)
    return found


def _call(call: ast.Call) -> Reads | None:
    """What one call reads; None if that cannot be told."""
    match call.func:
        case ast.Name(id="OverviewWorksheet"):
            return EVERYTHING
        case ast.Name(id="Worksheet"):
            match call.args:
                case [ast.Constant(value=str(stem)), *_]:
                    try:
                        return practice_named(stem).reading
                    except NotFound:
                        return None
            return None
        case ast.Name(id=name):
            return Reads() if name in _PLAIN else None
        case ast.Attribute(attr="form" | "table"):
            kinds = [a.value for a in call.args if isinstance(a, ast.Constant)]
            if len(kinds) < len(call.args) or call.keywords:
                return None
            return Reads(kinds=frozenset(k for k in RECORD_TYPES if k in kinds))
        case ast.Attribute():
            return Reads()
        case _:
            return None
