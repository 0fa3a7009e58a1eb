"""The process of one notebook: `python -m playbook_helpers.batch.papermill_process`.

The task comes as one line of JSON on standard input; the notebook and `result.json` go to the
folder that the task names. Standard input stays open as a lifeline: when it ends, the batch is
gone, and this process takes its kernel with it and leaves nothing behind.

Whatever kernels and profiles are installed on a computer, the notebook runs in this very Python.
Talk with its kernel goes through files in the run's own folder where the system has them, so that
no port is opened; nothing of the user's history or start-up files is read or written.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import DeadKernelError
from papermill.exceptions import PapermillExecutionError
from papermill.execute import execute_notebook

from playbook_helpers.batch.artifacts import read_json, write_text
from playbook_helpers.batch.kernels.linux import limit_memory
from playbook_helpers.batch.kernels.preload import skip_slow_import
from playbook_helpers.batch.outcomes import first_line, one_line, place_of, stopped_at
from playbook_helpers.batch.parameters import read_parameters
from playbook_helpers.batch.process_executor import NOTEBOOK, RESULT

_ARGUMENTS = [
    "-Xfrozen_modules=off",
    "-m",
    "ipykernel_launcher",
    "-f",
    "{connection_file}",
    "--HistoryManager.enabled=False",
]


def main() -> None:
    """Run the task on standard input."""
    task = json.loads(sys.stdin.buffer.readline())
    work = Path(task["work"])
    threading.Thread(target=_hold_lifeline, args=(work,), daemon=True).start()
    skip_slow_import()
    if task["memory"] and sys.platform == "linux":
        limit_memory(task["memory"])  # the kernel inherits it
    # The notebook is whole before the result says so.
    write_text(work / RESULT, json.dumps(_execute(task, work)))


def _execute(task: dict[str, Any], work: Path) -> dict[str, Any]:
    """Run the notebook; what came of it as JSON values: status, and for a failure the where."""
    names = list(task["parameters"])
    checked = read_parameters(task["parameters"], names).for_notebook(names)
    plain = task["engine"] in ("", "papermill")
    way = {"kernel_manager_class": _manager(work)} if plain else {"engine_name": task["engine"]}
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
            **way,
        )
    except PapermillExecutionError as error:
        cells = read_json(work / NOTEBOOK).get("cells", [])
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
        place, code = stopped_at(read_json(work / NOTEBOOK))
        return {"status": "failed", "reason": "its Python died", "cell": place, "code": code}
    except Exception as error:  # whatever it is, it ends this notebook only and is told
        said = one_line(f"{type(error).__name__}: {error}")
        return {"status": "failed", "reason": "it could not be run", "error": said}
    return {"status": "done"}


def _as_template(path: str) -> str:
    """A path as papermill wants it: it reads braces as places to fill in."""
    return path.replace("{", "{{").replace("}", "}}")


def _manager(work: Path) -> type[AsyncKernelManager]:
    """The manager of a kernel that keeps all its files in a folder.

    It must have a short path: a socket's name may not be longer than 104 characters.
    """

    class PrivateKernelManager(AsyncKernelManager):
        def __init__(self, **settings: Any) -> None:
            super().__init__(**settings)
            self.connection_file = str(work / "k.json")
            if os.name == "posix":
                self.transport = "ipc"

        @property
        def kernel_spec(self) -> KernelSpec:
            return KernelSpec(
                argv=[sys.executable, *_ARGUMENTS], display_name="Python 3", language="python"
            )

    return PrivateKernelManager


def _hold_lifeline(work: Path) -> None:
    """Wait for standard input to end; then end this run's processes and leave nothing."""
    while os.read(0, 1024):
        pass
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):
            process.kill()
    shutil.rmtree(work, ignore_errors=True)
    os._exit(1)


if __name__ == "__main__":
    main()
