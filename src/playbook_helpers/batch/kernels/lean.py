"""The same results as papermill's and nbformat's, with less work, for notebooks run in a fork.

Two things cost more than all else that papermill does for a cell: each output is checked against
the notebook format's schema, and the moment a cell began is read from its text by a parser for any
date there is. Nearly every output is plainly right, and the moment is one that papermill itself
wrote. What is not plain goes the usual way, so that errors are the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from types import SimpleNamespace
from typing import Any

_JSON = re.compile(r"application/(.*\+)?json")
"""Kinds of data that may be any value."""
_SHOWN = {"output_type", "data", "metadata"}


def is_plainly_right(output: Mapping[str, Any], kind: str) -> bool:
    """Whether an output of a cell is right by the notebook format, as far as a glance can tell.

    >>> is_plainly_right({"output_type": "stream", "name": "stdout", "text": "hello"}, "stream")
    True
    """
    if output.get("output_type") != kind:
        return False
    if kind == "stream":
        return (
            len(output) == 3
            and isinstance(output.get("name"), str)
            and isinstance(output.get("text"), str)
        )
    fields = _SHOWN | {"execution_count"} if kind == "execute_result" else _SHOWN
    if kind not in ("display_data", "execute_result") or output.keys() != fields:
        return False
    count = output.get("execution_count", 0)
    return (
        type(count) is int
        and count >= 0
        and isinstance(output["metadata"], dict)
        and isinstance(output["data"], dict)
        and all(
            isinstance(value, str) or _JSON.fullmatch(name) is not None
            for name, value in output["data"].items()
        )
    )


def moment(text: str, otherwise: Callable[[str], datetime]) -> datetime:
    """A moment as papermill writes it; any other text is read by `otherwise`.

    >>> moment("2026-11-24T03:01:40.787000+00:00", None).minute
    1
    """
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return otherwise(text)


def use() -> None:
    """Have papermill and nbformat of this process work this way; a second call changes nothing."""
    import dateutil.parser  # type: ignore[import-untyped]
    from nbformat.v4 import nbbase
    from papermill import engines

    usual: Callable[..., None] = nbbase.validate
    if getattr(usual, "is_lean", False):
        return

    def validate(node: Any, ref: str | None = None) -> None:
        if ref is None or not is_plainly_right(node, ref):
            usual(node, ref)

    validate.is_lean = True  # type: ignore[attr-defined]
    nbbase.validate = validate
    parse = dateutil.parser.parse
    parser = SimpleNamespace(parse=lambda text: moment(text, parse))
    engines.dateutil = SimpleNamespace(parser=parser)  # type: ignore[attr-defined]
