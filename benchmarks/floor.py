"""What the cells of each worksheet cost in a warm process, and what its page costs: the floor.

Whatever runs notebooks, it cannot be faster than this. One process imports all there is and runs
each worksheet once; then every worksheet runs for every example partnership, in a fork of that
process as a batch does it, and CPU time is read in there. Every figure is the least of some runs,
in milliseconds of CPU, because another program's work only ever adds.

Columns: `read` opening the store and reading records; `assess` the practices' own work; `draw`
laying charts out; `svg` writing them; `tables` tables, cards and findings; `rest` the shell, the
cells' own code and what-ifs apart from the above; `cells` all of it; `json` the notebook's text;
`page` from notebook to HTML; `all` cells, json and page.

`--same` prints a hash over the outputs of each worksheet, to compare two states of the code.
"""

from __future__ import annotations

import argparse
import functools
import hashlib
import io
import json
import os
import pickle
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from itertools import pairwise
from pathlib import Path
from statistics import mean
from typing import Any

os.environ["PLAYBOOK_SHOW"] = "document"
os.environ.setdefault("MPLBACKEND", "agg")

ROOT = Path(os.environ.get("PLAYBOOK_HOME") or Path(__file__).parents[1])
PARTS = ("read", "assess", "draw", "svg", "tables", "rest")


class Clock:
    """CPU time by part; a part that runs inside another takes its time from it."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)
        self._stack = ["rest"]
        self._last = time.process_time()

    def _switch(self) -> None:
        moment = time.process_time()
        self.spent[self._stack[-1]] += moment - self._last
        self._last = moment

    def start(self) -> None:
        """Begin at nothing."""
        self.spent.clear()
        self._last = time.process_time()

    def stop(self) -> dict[str, float]:
        """The milliseconds of each part since the start."""
        self._switch()
        return {part: 1000 * self.spent.get(part, 0.0) for part in PARTS}

    def watched(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, its time noted under `part`."""

        @functools.wraps(function)
        def run(*args: Any, **more: Any) -> Any:
            self._switch()
            self._stack.append(part)
            try:
                return function(*args, **more)
            finally:
                self._switch()
                self._stack.pop()

        return run


def watch(clock: Clock) -> None:
    """Have the clock see into the package's parts."""
    from playbook_helpers.core.practice import Practice
    from playbook_helpers.drawing.chart import Chart
    from playbook_helpers.drawing.tables import Table
    from playbook_helpers.practices import PRACTICES
    from playbook_helpers.practices.views import charts_of
    from playbook_helpers.storage.database import Store
    from playbook_helpers.worksheet import overview as overview_page
    from playbook_helpers.worksheet import stores, worksheet
    from playbook_helpers.worksheet.sections.results import Findings

    def put(owner: Any, name: str, part: str) -> None:
        setattr(owner, name, clock.watched(part, getattr(owner, name)))

    for name in ("heads", "histories", "revisions", "fingerprint", "partnerships", "__init__"):
        put(Store, name, "read")
    put(stores, "open_worksheet_store", "read")
    put(worksheet, "open_worksheet_store", "read")
    put(Practice, "assessed", "assess")
    put(overview_page, "take_overview", "assess")
    for charts in (charts_of(practice) for practice in PRACTICES):
        for name in charts:
            charts[name] = clock.watched("draw", charts[name])  # type: ignore[index]
    put(Chart, "svg", "svg")
    for type_ in (Table, Findings):
        put(type_, "html", "tables")
        put(type_, "text", "tables")


def worksheet_cells(stem: str) -> list[dict[str, Any]]:
    """The cells of a worksheet."""
    notebook = json.loads((ROOT / "worksheets" / f"{stem}.ipynb").read_text("utf-8"))
    return list(notebook["cells"])


def quiet_shell() -> Any:
    """A shell that shows nothing and keeps what its cells show in `shell.shown`."""
    from IPython.core.displayhook import DisplayHook
    from IPython.core.displaypub import DisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell

    class Hook(DisplayHook):
        def write_output_prompt(self) -> None:
            return

        def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
            shown.append(format_dict)

    class Publisher(DisplayPublisher):
        def publish(self, data: Any, *args: Any, **more: Any) -> None:
            shown.append(data)

    class Shell(InteractiveShell):
        displayhook_class = Hook
        display_pub_class = Publisher

    shown: list[dict[str, Any]] = []
    with redirect_stdout(io.StringIO()):
        shell = Shell.instance()
    shell.history_manager.enabled = False  # type: ignore[union-attr]
    shell.shown = shown
    return shell


def run_cells(shell: Any, cells: list[dict[str, Any]], slug: str, store: str) -> dict[str, Any]:
    """Run the code cells for one partnership; the notebook with their outputs."""
    done = []
    for cell in cells:
        cell = dict(cell)
        if cell["cell_type"] == "code":
            source = "".join(cell["source"])
            if "parameters" in cell["metadata"].get("tags", ()):
                source += f"\npartnership, store = {slug!r}, {store!r}"
            shell.shown.clear()
            shell.run_cell(source).raise_error()
            cell["outputs"] = [
                {"output_type": "display_data", "data": data, "metadata": {}}
                for data in shell.shown
            ]
        done.append(cell)
    metadata = {"kernelspec": {"name": "python3"}, "language_info": {"name": "python"}}
    return {"cells": done, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def write_html(notebook: dict[str, Any], stem: str, slug: str) -> str:
    """The page of a notebook, as a report has it."""
    from playbook_helpers.publish.pages import page
    from playbook_helpers.publish.report.document import read_document

    names = ("as_of", "round", "store", "records", "version", "source", "fingerprint")
    made = dict.fromkeys(names, "")
    return page(
        "worksheet.html.j2",
        document=read_document(notebook, stem),
        partnership=slug,
        invented=False,
        notice="",
        before=None,
        after=None,
        made=made | {"made": "2026-11-24T03:01:40.787Z"},
        stamp="",
    )


def once(shell: Any, stem: str, slug: str, store: str, clock: Clock | None) -> dict[str, Any]:
    """One worksheet for one partnership: milliseconds by part, and a hash of what it shows."""
    cells = worksheet_cells(stem)
    if clock is not None:
        clock.start()
    moments = [time.process_time()]
    notebook = run_cells(shell, cells, slug, store)
    moments.append(time.process_time())
    parts = clock.stop() if clock is not None else {}
    text = json.dumps(notebook, indent=1, ensure_ascii=False)
    moments.append(time.process_time())
    html = write_html(notebook, stem, slug)
    moments.append(time.process_time())
    steps = [1000 * (b - a) for a, b in pairwise(moments)]
    return parts | {
        "cells": steps[0],
        "json": steps[1],
        "page": steps[2],
        "all": sum(steps),
        "outputs": hashlib.sha256(text.encode()).hexdigest()[:16],
        "html": hashlib.sha256(html.encode()).hexdigest()[:16],
        "kilobytes": len(html.encode()) / 1000,
    }


def forked(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """What `work` gives in a fork of this process."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(reading)
            with os.fdopen(writing, "wb") as pipe:
                pickle.dump(work(), pipe)
            code = 0
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    _, status = os.waitpid(child, 0)
    if status:
        raise SystemExit("a worksheet failed")
    return dict(pickle.loads(told))


@contextmanager
def example_store() -> Iterator[tuple[str, list[str]]]:
    """A store with the example partnerships: its address, and their short names."""
    from playbook_helpers.storage.database import Store
    from playbook_helpers.storage.files import load_examples

    with tempfile.TemporaryDirectory() as folder:
        address = f"sqlite:///{folder}/bench.db"
        with Store.open(address) as store:
            load_examples(store, ROOT / "data")
            slugs = store.partnerships()
        yield address, slugs


def warm(shell: Any, stems: list[str], slugs: list[str], store: str) -> None:
    """Run every worksheet once, so that nothing is met for the first time while measuring."""
    import gc

    for stem in stems:
        once(shell, stem, slugs[0], store, None)
        shell.reset(new_session=False)
    gc.collect()
    gc.freeze()


def least(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Each figure's least over some runs."""
    return {
        name: min(run[name] for run in runs) if isinstance(runs[0][name], float) else runs[0][name]
        for name in runs[0]
    }


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--worksheet", action="append", help="only these")
    parser.add_argument("--same", action="store_true", help="print hashes of what is shown")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    chosen = parser.parse_args()

    from playbook_helpers.core.partnership import OVERVIEW
    from playbook_helpers.practices import PRACTICES

    stems = chosen.worksheet or [OVERVIEW, *(practice.stem for practice in PRACTICES)]
    shell = quiet_shell()
    with example_store() as (store, slugs):
        warm(shell, stems, slugs, store)
        clock = Clock()
        figures: dict[str, dict[str, Any]] = {}
        hashes: dict[str, str] = {}
        for stem in stems:
            held = []
            for slug in slugs:
                bare = least(
                    [
                        forked(lambda stem=stem, slug=slug: once(shell, stem, slug, store, None))
                        for _ in range(chosen.runs)
                    ]
                )

                def split(stem: str = stem, slug: str = slug) -> dict[str, Any]:
                    watch(clock)
                    return once(shell, stem, slug, store, clock)

                parts = least([forked(split) for _ in range(chosen.runs)])
                held.append({part: parts[part] for part in PARTS} | bare)
                hashes[f"{stem}/{slug}"] = f"{bare['outputs']} {bare['html']}"
            names = (*PARTS, "cells", "json", "page", "all", "kilobytes")
            figures[stem] = {name: mean(one[name] for one in held) for name in names}
    if chosen.json:
        print(json.dumps({"figures": figures, "hashes": hashes}))
        return
    if chosen.same:
        for name, value in hashes.items():
            print(f"{name:44}{value}")
    columns = (*PARTS, "cells", "json", "page", "all", "kilobytes")
    print(f"{len(slugs)} partnerships, milliseconds of CPU, mean over partnerships")
    print(f"{'worksheet':16}" + "".join(f"{name:>10}" for name in columns))
    for stem, line in figures.items():
        print(f"{stem:16}" + "".join(f"{line[name]:10.1f}" for name in columns))
    total = {name: mean(line[name] for line in figures.values()) for name in columns}
    print(f"{'mean':16}" + "".join(f"{total[name]:10.1f}" for name in columns))


if __name__ == "__main__":
    main()
