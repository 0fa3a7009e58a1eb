"""One notebook, in a process of its own: `python -m playbook_helpers.batch.one`.

The task comes as one line of JSON on standard input; the notebook and `result.json` go to the
folder that the task names. Standard input stays open as a lifeline: when it ends, the batch is
gone, and this process takes its kernel with it and leaves nothing behind.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
from pathlib import Path
from typing import Any

from playbook_helpers.batch.cells import first_line, one_line, place_of, stopped_at
from playbook_helpers.batch.kernels.linux import limit_memory
from playbook_helpers.batch.kernels.warmth import skip_slow_import
from playbook_helpers.batch.parameters import read_parameters

NOTEBOOK = "out.ipynb"
RESULT = "result.json"


def main() -> None:
    """Run the task on standard input."""
    task = json.loads(sys.stdin.buffer.readline())
    work = Path(task["work"])
    threading.Thread(target=_hold_lifeline, args=(work,), daemon=True).start()
    skip_slow_import()
    if task["memory"] and sys.platform == "linux":
        limit_memory(task["memory"])  # the kernel inherits it
    result = execute(task, work)
    # The notebook is whole before the result says so.
    fresh = work / "result.part"
    fresh.write_text(json.dumps(result), "utf-8")
    fresh.replace(work / RESULT)


def execute(task: dict[str, Any], work: Path) -> dict[str, Any]:
    """Run the notebook; what came of it as JSON values: status, and for a failure the where."""
    from nbclient.exceptions import DeadKernelError
    from papermill.exceptions import PapermillExecutionError
    from papermill.execute import execute_notebook

    names = list(task["parameters"])
    checked = read_parameters(task["parameters"]).for_notebook(names)
    engine = task["engine"]
    plain = engine in ("", "papermill")
    settings: dict[str, Any] = {} if plain else {"engine_name": engine}
    if plain:
        from playbook_helpers.batch.kernel import kernel_manager_class

        settings["kernel_manager_class"] = kernel_manager_class(work)
    try:
        execute_notebook(  # type: ignore[no-untyped-call]
            _as_template(task["source"]),
            _as_template(str(work / NOTEBOOK)),
            parameters=checked,
            kernel_name="python3",
            language="python",
            progress_bar=False,
            log_output=False,
            start_timeout=task["start_limit"],
            **settings,
        )
    except PapermillExecutionError as error:
        cells = _cells(work)
        # papermill counted before it put its two marks in; the top one is before our cell.
        index = min(error.cell_index + 2, len(cells) - 1)
        return {
            "status": "failed",
            "reason": "an error",
            "cell": place_of(cells, index) if cells else None,
            "code": first_line(error.source or ""),
            "error": one_line(f"{error.ename}: {error.evalue}".removesuffix(": ")),
        }
    except DeadKernelError:
        place, code = stopped_at({"cells": _cells(work)})
        return {"status": "failed", "reason": "its Python died", "cell": place, "code": code}
    except Exception as error:  # whatever it is, it ends this notebook only and is told
        said = one_line(f"{type(error).__name__}: {error}")
        return {"status": "failed", "reason": "it could not be run", "error": said}
    return {"status": "done"}


def _as_template(path: str) -> str:
    """A path as papermill wants it: it reads braces as places to fill in."""
    return path.replace("{", "{{").replace("}", "}}")


def _cells(work: Path) -> list[Any]:
    try:
        return list(json.loads((work / NOTEBOOK).read_text("utf-8"))["cells"])
    except (OSError, ValueError, LookupError):
        return []


def _hold_lifeline(work: Path) -> None:
    """Wait for standard input to end; then end this run's processes and leave nothing."""
    while os.read(0, 1024):
        pass
    import psutil  # type: ignore[import-untyped]

    for process in psutil.Process().children(recursive=True):
        try:
            process.kill()
        except psutil.Error:
            continue
    shutil.rmtree(work, ignore_errors=True)
    os._exit(1)


if __name__ == "__main__":
    main()
