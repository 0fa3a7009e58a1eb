"""How fast a batch runs notebooks: against plain papermill, and against the cells alone.

All routes run the project's own worksheets for the same example partnerships, in one run of this
program; figures are seconds of wall time per notebook, and ratios of them. `floor` is the code of
the cells in warm processes, one a core, with nothing written; what the fork server does beyond it
is a fork, papermill, the notebook and its page. `the cells alone, a fork each` says what the fork
alone makes of the floor: isolation has this price, whatever else is saved. `all in, no fork at
all` says what papermill, the notebook and its page make of it without any isolation. The
worksheets draw little, so that their floor is low; the same is then measured for a notebook that
draws as most do: three charts by pyplot and the inline backend, three tables by pandas, three
widgets.

`--long N` also runs N notebooks and says what memory, descriptors and processes did. `--quick`
leaves out the slow plain routes.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
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
ROOT = HERE.parent
os.environ["PYTHONPATH"] = os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")])

from playbook_helpers.batch.kernels.jobs import Job  # noqa: E402

from playbook_helpers.batch import forked, job  # noqa: E402
from playbook_helpers.batch.parallel import cores  # noqa: E402
from playbook_helpers.batch.plan import make_plan  # noqa: E402
from playbook_helpers.batch.processes import environment  # noqa: E402
from playbook_helpers.batch.summary import Outcome  # noqa: E402
from playbook_helpers.batch.tasks import Task  # noqa: E402
from playbook_helpers.storage.database import Store  # noqa: E402
from playbook_helpers.storage.files import load_examples  # noqa: E402


def project(folder: Path) -> list[Task]:
    """A project with the examples, and the tasks of a batch over all of them."""
    for name in ("worksheets", "data"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "_config.yml", folder)
    os.environ["PLAYBOOK_HOME"] = str(folder)
    with Store.open(f"sqlite:///{folder / 'playbook.db'}") as store:
        load_examples(store, folder / "data")
        return list(make_plan(folder, store, force=True).tasks)


def timed(run: Callable[[Task], Outcome], tasks: Sequence[Task], places: int) -> float:
    """Seconds per notebook with that many at once; every one has to be done."""
    begin = time.perf_counter()
    with ThreadPoolExecutor(places) as pool:
        outcomes = list(pool.map(run, tasks))
    seconds = time.perf_counter() - begin
    bad = [o.told() for o in outcomes if o.status != "done"]
    if bad:
        sys.exit("\n".join(bad))
    return seconds / len(tasks)


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
    path = folder / "worksheets" / "drawing.ipynb"
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


def papermill(tasks: Sequence[Task], places: int, folder: Path) -> float:
    """Seconds per notebook of plain papermill in that many processes."""
    jobs = []
    for n, task in enumerate(tasks):
        own = task.parameters.for_notebook(task.names)
        jobs.append((str(task.source), str(folder / f"plain-{n}.ipynb"), own))
    done = subprocess.run(
        [sys.executable, str(HERE / "_batch_papermill.py"), str(places)],
        input=json.dumps(jobs),
        env=os.environ | environment(tasks[0], "bench") | {"PLAYBOOK_SHOW": "document"},
        cwd=tasks[0].source.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(done.stderr)
    return float(done.stdout) / len(tasks)


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


def floor(server: object, tasks: Sequence[Task], forks: int) -> float:
    """Seconds per notebook for the cells alone, in so many forks that each run on and on.

    One fork a core is the floor. One fork a notebook is what a process of its own costs each.
    """
    parts = [tasks[place::forks] for place in range(forks)]
    begin = time.perf_counter()
    jobs = [
        server.submit(  # type: ignore[attr-defined]
            Job(
                "_batch_jobs:cells",
                {"notebooks": [(str(t.source), t.parameters.for_notebook(t.names)) for t in part]},
                folder=str(part[0].source.parent),
            )
        )
        for part in parts
    ]
    answers = [each.result() for each in jobs]
    seconds = time.perf_counter() - begin
    if sum(answer.value or 0 for answer in answers) != len(tasks):
        sys.exit("\n".join(answer.error for answer in answers))
    return seconds / len(tasks)


def shared(server: object, parts: Sequence[Sequence[Task]]) -> float:
    """Seconds per notebook, all in, with one fork for all tasks of a part."""
    begin = time.perf_counter()
    jobs = []
    for part in parts:
        own = [job.packed(task, 300) for task in part]
        folder = str(part[0].source.parent)
        jobs.append(
            server.submit(  # type: ignore[attr-defined]
                Job("_batch_jobs:together", {"tasks": own}, folder=folder)
            )
        )
    for each in jobs:
        answer = each.result()
        if answer.value is None or set(answer.value) != {"done"}:
            sys.exit(answer.error or str(answer))
    return (time.perf_counter() - begin) / sum(map(len, parts))


def long_run(server: object, tasks: Sequence[Task], number: int, places: int) -> None:
    """Many notebooks: what the server holds at the beginning and at the end."""
    import psutil

    process = psutil.Process(server.pid)  # type: ignore[attr-defined]
    run = partial(forked.execute_forked, server=server)  # type: ignore[arg-type]
    more = [tasks[i % len(tasks)] for i in range(number)]
    more = [replace(t, folder=t.folder / str(i)) for i, t in enumerate(more)]
    before = process.memory_info().rss / 2**20, process.num_fds()
    seconds = timed(run, more, places + 1)
    after = process.memory_info().rss / 2**20, process.num_fds()
    zombies = [p for p in psutil.process_iter() if p.status() == psutil.STATUS_ZOMBIE]
    print(f"{number} notebooks: {seconds:.3f} s each, {seconds * number:.0f} s in all")
    print(f"  server's memory {before[0]:.0f} -> {after[0]:.0f} MB, descriptors", end=" ")
    print(f"{before[1]} -> {after[1]}, children {len(process.children())}, zombies {len(zombies)}")


def compared(
    server: object, tasks: Sequence[Task], places: int, rounds: int, watch: Watch
) -> dict[str, float]:
    """Seconds per notebook of each quick route, the median of some rounds taken in turn."""
    run = partial(forked.execute_forked, server=server)  # type: ignore[arg-type]
    names = (
        "fork server",
        "floor",
        "the cells alone, a fork each",
        "one fork a partnership",
        "all in, no fork at all",
    )
    slugs = dict.fromkeys(task.partnership for task in tasks)
    partnerships = [[task for task in tasks if task.partnership == slug] for slug in slugs]
    found: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(rounds):
        found["floor"].append(floor(server, tasks, places))
        found["the cells alone, a fork each"].append(floor(server, tasks, len(tasks)))
        with watch:
            found["fork server"].append(timed(run, tasks, places + 1))
        found["one fork a partnership"].append(shared(server, partnerships))
        stay = [tasks[place::places] for place in range(places)]
        found["all in, no fork at all"].append(shared(server, stay))
    return {name: median(each) for name, each in found.items()}


def table(found: dict[str, float]) -> None:
    """Print the routes, each beside the fork server."""
    ours = found["fork server"]
    for name, seconds in found.items():
        print(f"  {name:32} {seconds:7.3f} s a notebook {seconds / ours:7.2f} of ours")
    print(f"  fork server against the floor: {ours / found['floor']:.2f}")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--long", type=int, default=1000)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rounds", type=int, default=3)
    choice = parser.parse_args()
    places = cores()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        tasks = project(folder)
        for own in (True, False):
            if own:
                title, those = f"{len(tasks)} worksheets of four partnerships", tasks
            else:
                those = drawing(folder, tasks)
                title = f"{len(those)} times the notebook that draws"
            server = forked.server(places, environment(tasks[0], "bench"), folder / "worksheets")
            begin = time.perf_counter()
            server.start()
            print(f"{title}, {places} cores")
            print(f"  the warm server starts in {time.perf_counter() - begin:.1f} s")
            watch = Watch()
            try:
                found = compared(server, those, places, choice.rounds, watch)
                if own and choice.long:
                    long_run(server, tasks, choice.long, places)
            finally:
                server.close()
            if not choice.quick:
                found[f"papermill in {places} processes"] = papermill(those, places, folder)
                found["papermill in a loop"] = papermill(those, 1, folder)
            table(found)
            print(f"  most memory (PSS) of the fork server's run: {watch.peak:.0f} MB")


if __name__ == "__main__":
    main()
