"""Whether two executed notebooks are the same but for times and names drawn by chance.

What is left out: moments, durations, addresses of objects in memory, numbers of processes in the
names of files, ids that are drawn anew (widgets, papermill's own cells), the two paths that
papermill notes, and where a stream's text is cut in pieces, which depends on speed. Ids are given
names in the order in which a reader meets them, so that a widget that shows another's model is
still told from one that shows its own.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)?")
_ADDRESS = re.compile(r"0x[0-9a-f]{6,}|(?<=object at )[0-9a-f]{8,}")
_CELL_FILE = re.compile(r"(?:/[\w.-]+)*/ipykernel_\d+/\d+\.py")
_ID = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")
_TOOK = re.compile(r"(CPU times|Wall time): .*")
_TIMES = {"duration", "seconds"}
_WIDGETS = "application/vnd.jupyter.widget-state+json"


def same_text(notebook: str | Path | dict[str, Any]) -> str:
    """A notebook as text in which only what matters can differ."""
    if isinstance(notebook, dict):
        data = json.loads(json.dumps(notebook))
    else:
        text = notebook.read_text("utf-8") if isinstance(notebook, Path) else notebook
        data = json.loads(text)
    data["metadata"].pop("playbook", None)
    notes = data["metadata"].get("papermill", {})
    notes.pop("input_path", None), notes.pop("output_path", None)
    for cell in data["cells"]:
        tags = cell["metadata"].get("tags", [])
        if {"papermill-error-cell-tag", "injected-parameters"} & set(tags):
            cell["id"] = "drawn"
        cell["outputs"] = _joined(cell.get("outputs", []))
    plain = _plain(data)
    state = plain["metadata"].pop("widgets", None)
    names = _Names()
    body = names.of(json.dumps(plain, indent=1, sort_keys=True))
    return body + "\n" + (_widgets(state, names) if state else "no widgets")


def _joined(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Pieces of one stream after each other as one: where it is cut depends on speed alone."""
    found: list[dict[str, Any]] = []
    for output in outputs:
        last = found[-1] if found else {}
        if output["output_type"] == last.get("output_type") == "stream" and (
            output["name"] == last["name"]
        ):
            last["text"] = "".join([*last["text"], *output["text"]])
        else:
            found.append(output)
    for output in found:
        if output["output_type"] == "stream":
            output["text"] = "".join(output["text"])
    return found


def _plain(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {k: _plain(v, k) for k, v in value.items()}
    if isinstance(value, list):
        return [_plain(each, key) for each in value]
    if key in _TIMES and isinstance(value, int | float):
        return "time"
    if isinstance(value, str):
        for pattern, word in (
            (_MOMENT, "moment"),
            (_ADDRESS, "0x"),
            (_CELL_FILE, "cell.py"),
            (_TOOK, "took"),
        ):
            value = pattern.sub(word, value)
    return value


class _Names:
    """id -> a name, in the order in which ids are met."""

    def __init__(self) -> None:
        self.known: dict[str, str] = {}

    def of(self, text: str) -> str:
        return _ID.sub(lambda m: self.known.setdefault(m[0], f"id{len(self.known)}"), text)


def _widgets(metadata: dict[str, Any], names: _Names) -> str:
    """The models in the order in which they are met from the cells on; the rest by content."""
    states = dict(metadata[_WIDGETS].pop("state"))
    told = []
    while states:
        known = sorted((names.known[i], i) for i in states if i in names.known)
        if known:
            name, chosen = known[0]
        else:  # nobody shows it: by its content, ids left out
            chosen = min(states, key=lambda i: _ID.sub("id", json.dumps(states[i], sort_keys=True)))
            name = names.of(chosen)
        told.append(f"{name}: {names.of(json.dumps(states.pop(chosen), indent=1, sort_keys=True))}")
    return json.dumps(metadata, sort_keys=True) + "\n" + "\n".join(told)
