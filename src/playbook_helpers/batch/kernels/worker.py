"""A worker that stays: one job after the other where a fork is not safe, cleaned up between.

`python -m playbook_helpers.batch.kernels.worker`: jobs come as lines of JSON on standard input,
answers go out on what was standard output. It takes back what a notebook did to the namespace,
modules and their attributes, the environment, folder, paths, warnings, logging, chance, drawing
settings, widgets, and what holds for the whole process (`switches.py`). What a notebook changes
deep inside an object that others share it cannot see: so its owner replaces it after a number of
notebooks, and whenever something looks wrong.
"""

from __future__ import annotations

import asyncio
import builtins
import gc
import json
import logging
import os
import queue
import shutil
import sys
import threading
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import IO, Any

import psutil  # type: ignore[import-untyped]

from playbook_helpers.batch.kernels import cells, linux, switches
from playbook_helpers.batch.kernels.forkserver import warm
from playbook_helpers.batch.kernels.jobs import Ending, Job, named
from playbook_helpers.batch.kernels.streams import NAMES

_OURS = "playbook_helpers.batch.kernels"


class Held:
    """What a notebook may change and the next must not see, as it was before the first."""

    def __init__(self, kernel: cells.CellKernel) -> None:
        self.kernel = kernel
        self.modules = {name: module for name, module in sys.modules.items() if module is not None}
        self.attributes = {
            name: {k: v for k, v in vars(module).items() if _is_patchable(k, v)}
            for name, module in self.modules.items()
            if isinstance(module, ModuleType) and not name.startswith((_OURS, "__main__"))
        }
        self.builtins = set(vars(builtins)) | {"_"}
        self.environment = dict(os.environ)
        self.folder = Path.cwd()
        self.path = list(sys.path)
        self.filters = list(warnings.filters)
        root = logging.getLogger()
        self.logging = (root.level, list(root.handlers), logging.root.manager.disable)
        self.settings = _settings()
        self.threads = set(threading.enumerate())
        self.events = {name: list(calls) for name, calls in kernel.shell.events.callbacks.items()}
        self.switches = switches.read()
        self.traits = {holder: _traits(holder) for holder in _configured(kernel)}
        self.xmode = kernel.shell.InteractiveTB.mode
        self.runner = _magics(kernel).default_runner

    def restore(self) -> bool:
        """Put everything back; False if something is left that cannot be: then replace me."""
        shell = self.kernel.shell
        cells.reset(self.kernel)
        for name in [name for name in sys.modules if name not in self.modules]:
            del sys.modules[name]
        sys.modules.update(self.modules)
        for name, before in self.attributes.items():
            _put_back(vars(self.modules[name]), before)
        for name in set(vars(builtins)) - self.builtins:
            delattr(builtins, name)
        os.environ.clear()
        os.environ.update(self.environment)
        os.chdir(self.folder)
        sys.path[:] = self.path
        warnings.filters[:] = self.filters  # type: ignore[index]
        root = logging.getLogger()
        root.setLevel(self.logging[0])
        root.handlers[:] = self.logging[1]
        logging.disable(self.logging[2])
        switches.put_back(self.switches)
        for name, calls in self.events.items():
            shell.events.callbacks[name][:] = calls
        for holder, before in self.traits.items():
            for name, value in before.items():
                if getattr(holder, name) != value:
                    setattr(holder, name, value)
        shell.InteractiveTB.set_mode(self.xmode)
        _magics(self.kernel).default_runner = self.runner
        _put_settings_back(self.settings)
        gc.collect()
        return not {t for t in threading.enumerate() if t.name != "IOPub"} - self.threads


def _is_patchable(name: str, value: Any) -> bool:
    """Whether a notebook may set this for its own ends: a function, a class, a public constant.

    The rest are a library's own notes of what it has done, and stay as they are.
    """
    if name in ("stdin", "stdout", "stderr", "displayhook", "excepthook"):
        return False
    return callable(value) or (
        not name.startswith("_") and isinstance(value, int | float | str | bool | tuple)
    )


def _put_back(now: dict[str, Any], before: dict[str, Any]) -> None:
    for name, value in before.items():
        if now.get(name, now) is not value:
            now[name] = value


def _configured(kernel: cells.CellKernel) -> list[Any]:
    """What magics such as %config and %precision set: the shell, and how it shows text."""
    return [kernel.shell, kernel.shell.display_formatter.formatters["text/plain"]]


def _magics(kernel: cells.CellKernel) -> Any:
    """What knows how %run runs a file; %matplotlib has it draw in another way."""
    return kernel.shell.magics_manager.registry["ExecutionMagics"]


def _traits(holder: Any) -> dict[str, Any]:
    return {name: getattr(holder, name) for name in holder.traits(config=True)}


def _settings() -> dict[str, Any]:
    matplotlib = sys.modules.get("matplotlib")
    return {} if matplotlib is None else dict(matplotlib.rcParams)


def _put_settings_back(settings: dict[str, Any]) -> None:
    matplotlib = sys.modules.get("matplotlib")
    if matplotlib is None:
        return
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close("all")
    if dict(matplotlib.rcParams) != settings:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            matplotlib.rcParams.update(settings)


def listened(orders: IO[bytes], folder: str) -> Iterator[bytes]:
    """The owner's lines. When it is gone, this process ends at once, whatever it is doing.

    What came from it ends too, and `folder`, where its jobs' journals lie, goes with it.
    """
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()

    def listen() -> None:
        for line in orders:
            lines.put(line)
        shutil.rmtree(folder, ignore_errors=True)
        for child in psutil.Process().children(recursive=True):
            with suppress(psutil.Error):
                child.kill()
        os._exit(1)

    threading.Thread(target=listen, daemon=True, name="playbook-owner").start()
    while True:
        yield lines.get()


def serve(kernel: cells.CellKernel, orders: Iterable[bytes], answer: Callable[[Any], None]) -> None:
    """Run jobs until there are no more; each answer says whether this worker can stay."""
    held = Held(kernel)
    for line in orders:
        order = json.loads(line)
        job = Job(**order["job"])
        value, error = None, ""
        with Path(order["journal"]).open("ab", buffering=0) as journal:
            try:
                value = _run(job, kernel, order["ending"], journal)
            except BaseException:  # whatever it is, it is this job's
                error = traceback.format_exc()
        fit = held.restore() and not error
        answer({"value": value, "error": error, "fit": fit})


def _run(job: Job, kernel: cells.CellKernel, ending: Any, journal: IO[bytes]) -> Any:
    if job.environment is not None:
        os.environ.clear()
        os.environ.update(job.environment)
    if job.folder:
        os.chdir(job.folder)
    if ending is not None:
        ended = Ending(ending["how"], ending["number"], Path(ending["journal"]).read_bytes())
        return named(job.after)(job, ended)

    class Place:
        write = journal.write

    def note(name: str, text: str) -> None:
        journal.write(json.dumps(["text", name, text]).encode() + b"\n")

    pipes = {name: os.pipe() for name in NAMES} if os.name == "posix" else None
    cells.begin(kernel, cells.nowhere, note=note, pipes=pipes, output=job.output)
    kernel.fork = Place
    if job.memory and sys.platform == "linux":
        linux.limit_memory(job.memory)
    try:
        return named(job.call)(job, kernel)
    finally:
        if sys.platform == "linux":
            linux.unlimited_memory()
        kernel.iopub_thread.release()
        asyncio.get_event_loop_policy().get_event_loop().close()


def main() -> None:
    """Serve whoever holds the other ends of standard input and output."""
    out = os.fdopen(os.dup(1), "wb", buffering=0)
    orders = os.fdopen(os.dup(0), "rb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0), os.dup2(nothing, 1)
    settings = json.loads(orders.readline())
    lines = listened(orders, settings["folder"])
    kernel = cells.create()
    warm(kernel, settings["modules"], settings["calls"])
    sys.argv = ["ipykernel_launcher.py"]

    def answer(what: Any) -> None:
        out.write(json.dumps(what).encode() + b"\n")

    answer("ready")
    try:
        serve(kernel, lines, answer)
    except BaseException:
        os.write(2, traceback.format_exc().encode())
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
