"""A worksheet's own cells run in this process, without a kernel, for benchmarks and tests."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]


def run_worksheet(stem: str, partnership: str, store: str, round: str = "") -> dict[str, Any]:  # noqa: A002
    """The worksheet as a notebook with its outputs.

    As IPython does, the last line of a cell is shown if it has a value. Who is looking is left
    to PLAYBOOK_SHOW.
    """
    text = (ROOT / "worksheets" / f"{stem}.ipynb").read_text("utf-8")
    notebook: dict[str, Any] = json.loads(text)
    names: dict[str, Any] = {}
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        if "parameters" in cell["metadata"].get("tags", ()):
            names |= {"partnership": partnership, "store": store, "as_of": "", "round": round}
            continue
        lines = ast.parse("".join(cell["source"])).body
        last = lines.pop()
        assert isinstance(last, ast.Expr), "each cell of a worksheet shows something"
        exec(compile(ast.Module(lines, []), stem, "exec"), names)  # our own worksheet's own cell
        shown = eval(compile(ast.Expression(last.value), stem, "eval"), names)
        if shown is None:  # what stands on the site alone
            cell["outputs"] = []
            continue
        data = shown._repr_mimebundle_()
        cell["outputs"] = [{"output_type": "display_data", "data": data, "metadata": {}}]
    return notebook
