"""How much a batch takes to run notebooks: against plain papermill, and against the cells alone.

All routes run the project's nine worksheets for copies of the example partnership Riverside, which
has records of every kind, in one run of this program. Figures are seconds of processor for each
notebook, all processes and their start included, and seconds on the clock; both depend on the
computer and on what else it does, and their ratios hardly.

`a batch` is what `playbook batch` does. `the cells alone` are the code of the cells in warm
processes, one a core, with nothing written; `the cells alone, a fork each` says what the fork
alone makes of that: isolation has this price, whatever else is saved. `all in, no fork` says what
papermill, the notebook and its page make of it without any isolation. `kept kernels` are two
processes with papermill, each with one kernel for all of its notebooks, and no isolation either.

The worksheets draw in plain Python. The same is then measured for a notebook that draws as most
do: three charts by pyplot and the inline backend, three tables by pandas, three widgets.

`--long N` also runs N notebooks and says what memory, descriptors and processes did. `--quick`
leaves out papermill's routes, which run `--slow` partnerships only.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median

HERE = Path(__file__).parent
os.environ["PYTHONPATH"] = os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")])

from unchanged import project  # noqa: E402

from playbook_helpers.batch import fork_executor, make_plan, servers  # noqa: E402
from playbook_helpers.batch.kernels.forkserver import ForkServer, Job  # noqa: E402
from playbook_helpers.batch.limits import Limits  # noqa: E402
from playbook_helpers.batch.parallel import cores  # noqa: E402
from playbook_helpers.batch.process_executor import environment  # noqa: E402
from playbook_helpers.batch.tasks import Task  # noqa: E402
from playbook_helpers.storage.database import Store  # noqa: E402

FINISH = "playbook_helpers.publish.report.worksheet_page:write_page_of"
"""What `playbook batch` has done where a notebook has run."""
DRAWING = (
    "import numpy as np, pandas as pd, matplotlib.pyplot as plt, ipywidgets as w",
    "rows = pd.DataFrame({'year': range(2016, 2026), 'share': np.linspace(40, 62, 10)})",
    "rows",
    "rows.describe()",
    "rows.assign(change=rows['share'].diff())",
    "fig, ax = plt.subplots()\nax.plot(rows['year'], rows['share'])\nax.set_title('Share')",
    "fig, ax = plt.subplots()\nax.barh(rows['year'], rows['share'])\nax.set_xlabel('Share')",
    "fig, ax = plt.subplots()\nax.pcolormesh(np.arange(100).reshape(10, 10))",
    "w.VBox([w.IntSlider(), w.Dropdown(options=['a', 'b']), w.Text()])",
)
"""A notebook that draws as most do: three charts, three tables, three widgets."""


def drawing(folder: Path, tasks: Sequence[Task]) -> list[Task]:
    """The same tasks with the notebook that draws for their worksheet."""
    path = folder / "drawing" / "drawing.ipynb"
    path.parent.mkdir()
    cells = [
        {"cell_type": "code", "id": f"c{n}", "source": text, "outputs": []}
        | {"metadata": {}, "execution_count": None}
        for n, text in enumerate(DRAWING)
    ]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(notebook), "utf-8")
    return [
        replace(task, worksheet="drawing", source=path, names=(), folder=folder / "drawn" / str(n))
        for n, task in enumerate(tasks)
    ]


def processor() -> float:
    """Seconds of processor that this process and all that have ended below it have taken."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def measured(run: Callable[[], int]) -> tuple[float, float]:
    """Seconds of processor and on the clock for each of the notebooks that `run` says it did."""
    used, begin = processor(), time.perf_counter()
    number = run()
    return (processor() - used) / number, (time.perf_counter() - begin) / number


class Watch:
    """The most memory (PSS) that this process and all below it hold together, sampled."""

    def __init__(self) -> None:
        self.peak = 0.0

    def __enter__(self) -> Watch:
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _run(self) -> None:
        import psutil

        while not self._over.wait(0.25):
            family = [os.getpid()]
            family += [p.pid for p in psutil.Process().children(recursive=True)]
            self.peak = max(self.peak, sum(pss(pid) for pid in family))


def pss(pid: int) -> float:
    """MB that a process holds, what it shares counted in parts."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    line = next(line for line in text.splitlines() if line.startswith("Pss:"))
    return int(line.split()[1]) / 1024


def a_batch(tasks: Sequence[Task], server: ForkServer | None = None) -> int:
    """Every notebook in a fork of its own, with its page."""
    held = server or servers.server(tasks[0], "bench", FINISH)
    run = partial(fork_executor.execute_in_fork, server=held, limits=Limits(), finish=FINISH)
    with ThreadPoolExecutor(cores()) as pool:
        outcomes = list(pool.map(run, tasks))
    if server is None:
        held.close()
    if bad := [outcome.told() for outcome in outcomes if outcome.status != "done"]:
        sys.exit("\n".join(bad))
    return len(tasks)


def in_forks(parts: Sequence[Sequence[Task]], call: str) -> int:
    """All notebooks of a part in one fork, by a function of `_batch_jobs`."""
    server = servers.server(parts[0][0], "bench", FINISH)

    def run(part: Sequence[Task]) -> int:
        arguments = {"tasks": list(part), "limits": Limits(), "finish": FINISH}
        folder = str(part[0].source.parent)
        answer = server.run(Job(f"_batch_jobs:{call}", arguments, folder=folder))
        if answer.value != len(part):
            sys.exit(answer.error or f"{answer.how}: {answer.value} of {len(part)}")
        return len(part)

    with ThreadPoolExecutor(cores()) as pool:
        done = sum(pool.map(run, parts))
    server.close()
    return done


def papermill(tasks: Sequence[Task], folder: Path, *words: str) -> int:
    """Plain papermill in one process a core."""
    jobs = [
        (str(t.source), str(folder / f"plain-{n}.ipynb"), t.parameters.for_notebook(t.names))
        for n, t in enumerate(tasks)
    ]
    done = subprocess.run(
        [sys.executable, str(HERE / "_batch_papermill.py"), str(cores()), *words],
        input=json.dumps(jobs),
        env=os.environ | environment(tasks[0], "bench"),
        cwd=tasks[0].source.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(done.stderr)
    return len(tasks)


def long_run(tasks: Sequence[Task], number: int) -> None:
    """Many notebooks: what the server holds at the beginning and at the end."""
    import psutil

    server = servers.server(tasks[0], "bench", FINISH)
    server.start()
    process = psutil.Process(server.pid)
    more = [tasks[i % len(tasks)] for i in range(number)]
    more = [replace(t, folder=t.folder / str(i)) for i, t in enumerate(more)]
    before = process.memory_info().rss / 2**20, process.num_fds()
    begin = time.perf_counter()
    a_batch(more, server)
    seconds = time.perf_counter() - begin
    after = process.memory_info().rss / 2**20, process.num_fds()
    zombies = [p for p in psutil.process_iter() if p.status() == psutil.STATUS_ZOMBIE]
    print(f"{number} notebooks: {seconds:.0f} s, {seconds / number:.3f} s each")
    print(f"  server's memory {before[0]:.0f} -> {after[0]:.0f} MB, descriptors", end=" ")
    print(f"{before[1]} -> {after[1]}, children {len(process.children())}, zombies {len(zombies)}")
    server.close()


def compare(
    title: str, tasks: Sequence[Task], few: Sequence[Task], rounds: int, folder: Path
) -> None:
    """Print what each route takes, the median of some rounds taken in turn."""
    stay = [tasks[place :: cores()] for place in range(cores())]
    routes: dict[str, Callable[[], int]] = {
        "a batch": partial(a_batch, tasks),
        "the cells alone": partial(in_forks, stay, "cells"),
        "the cells alone, a fork each": partial(in_forks, [[task] for task in tasks], "cells"),
        "all in, no fork": partial(in_forks, stay, "together"),
    }
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in routes}
    watch = Watch()
    for _ in range(rounds):
        for name, run in routes.items():
            if name == "a batch":
                with watch:
                    found[name].append(measured(run))
            else:
                found[name].append(measured(run))
    if few:
        found["kept kernels"] = [measured(partial(papermill, few, folder, "kept"))]
        found["papermill"] = [measured(partial(papermill, few, folder))]
    print(f"{title}, {cores()} cores")
    ours = median(used for used, _ in found["a batch"])
    for name, each in found.items():
        used, clock = (median(values) for values in zip(*each, strict=True))
        told = f"{used:7.3f} s of processor, {clock:.3f} s on the clock"
        print(f"  {name:30}{told}, {used / ours:6.2f} of ours")
    print(f"  most memory (PSS) of a batch, all processes: {watch.peak:.0f} MB", flush=True)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--partnerships", type=int, default=50)
    parser.add_argument("--slow", type=int, default=2)
    parser.add_argument("--long", type=int, default=1000)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rounds", type=int, default=3)
    choice = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        os.environ["PLAYBOOK_HOME"] = str(folder)
        project(folder, choice.partnerships)
        with Store.open(f"sqlite:///{folder / 'playbook.db'}") as store:
            tasks = list(make_plan(folder, store, force=True).tasks)
        few = [] if choice.quick else tasks[: 9 * choice.slow]
        compare(f"{len(tasks)} worksheets of Riverside", tasks, few, choice.rounds, folder)
        own = drawing(folder, tasks[:36])
        few = [] if choice.quick else own[: 9 * choice.slow]
        compare(f"{len(own)} notebooks that draw", own, few, choice.rounds, folder)
        if choice.long:
            long_run(tasks, choice.long)


if __name__ == "__main__":
    main()
