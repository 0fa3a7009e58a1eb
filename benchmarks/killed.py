"""A batch that is killed again and again by SIGKILL, and then finished: what is lost or doubled.

The store holds copies of the example partnership Riverside, each under a name of its own, and
`playbook batch` runs their nine worksheets. It is killed when a quarter, a half and three quarters
of the notebooks stand, then run to its end, then run once more. `--partnerships 1000` is the size
at which it was last looked at. It ends with an error if anything is missing, broken, run for
nothing, or left behind.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
from batch import pss
from unchanged import project

from playbook_helpers.batch import make_plan
from playbook_helpers.storage.database import Store

KILLS = 3


def start(folder: Path) -> subprocess.Popen[str]:
    """`playbook batch` in that project."""
    command = [
        sys.executable,
        "-c",
        "from playbook_helpers.cli import main; main()",
        "batch",
        "--json",
    ]
    environment = os.environ | {"PLAYBOOK_HOME": str(folder)}
    environment.pop("PLAYBOOK_STORE", None)
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )


def standing(folder: Path) -> dict[Path, int]:
    """Each executed notebook, and the file it is now."""
    found = folder.glob("_build/reports/*/*.ipynb")
    return {path: path.stat().st_mtime_ns for path in found}


def family(pid: int) -> list[int]:
    """A process and all below it."""
    try:
        process = psutil.Process(pid)
        return [pid, *(child.pid for child in process.children(recursive=True))]
    except psutil.Error:
        return []


def ours(folder: Path) -> list[int]:
    """Processes that belong to this project's batches."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("PLAYBOOK_HOME") == str(folder):
                found.append(process.pid)
        except psutil.Error:
            continue
    return found


def killed_at(folder: Path, number: int) -> tuple[int, float]:
    """Kill a batch once that many notebooks stand; how many stood then, and the memory's peak."""
    process = start(folder)
    peak = 0.0
    while (now := len(standing(folder))) < number and process.poll() is None:
        peak = max(peak, sum(pss(pid) for pid in family(process.pid)))
        time.sleep(max(0.2, number / 2000))  # looking takes its time too
    if process.poll() is not None:
        sys.exit(f"the batch ended by itself with {now} notebooks")
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    begin = time.monotonic()
    while ours(folder) and time.monotonic() - begin < 20:
        time.sleep(0.1)
    if left := ours(folder):
        sys.exit(f"processes outlive their batch: {left}")
    return now, peak


def finish(folder: Path) -> tuple[dict[str, int], float, float]:
    """Run a batch to its end: its counts, its seconds, and the peak of its memory."""
    begin, peak = time.perf_counter(), 0.0
    process = start(folder)
    while True:
        try:
            said, _ = process.communicate(timeout=0.5)
            break
        except subprocess.TimeoutExpired:
            peak = max(peak, sum(pss(pid) for pid in family(process.pid)))
    seconds = time.perf_counter() - begin
    if process.returncode:
        sys.exit(said)
    return json.loads(said)["counts"], seconds, peak


def checked(folder: Path, number: int) -> None:
    """End with an error unless every notebook stands once, whole, and nothing else does."""
    with Store.open(f"sqlite:///{folder / 'playbook.db'}") as store:
        plan = make_plan(folder, store)
    if plan.tasks:
        sys.exit(f"{len(plan.tasks)} notebooks are missing or not as they should be")
    paths = list(standing(folder))
    if len(paths) != 9 * number:
        sys.exit(f"{len(paths)} notebooks stand, not {9 * number}")
    for path in paths:
        notebook = json.loads(path.read_text("utf-8"))
        exceptions = [c["metadata"]["papermill"].get("exception") for c in notebook["cells"]]
        if any(exceptions) or notebook["metadata"]["papermill"]["exception"]:
            sys.exit(f"{path} is not whole")
    known = {".ipynb", ".html", ".json", ".zip"}
    strange = [p for p in folder.rglob("_build/**/*") if p.is_file() and p.suffix not in known]
    if strange:
        sys.exit(f"left behind: {strange[:5]}")


def main() -> None:
    """Print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--partnerships", type=int, default=100)
    number = parser.parse_args().partnerships
    print(f"{number:,} partnerships, {9 * number:,} notebooks, {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        project(folder, number)
        for turn in range(1, KILLS + 1):
            stood, peak = killed_at(folder, 9 * number * turn // (KILLS + 1))
            print(f"killed when {stood:,} stood; memory (PSS) of all processes {peak:.0f} MB")
        before = standing(folder)
        counts, seconds, peak = finish(folder)
        after = standing(folder)
        redone = sum(after[path] != moment for path, moment in before.items())
        ran = counts["done"]
        print(f"finished: {counts}, {seconds:.0f} s, {seconds / ran:.3f} s a notebook")
        print(f"  memory (PSS) of all processes {peak:.0f} MB; {redone} that stood were run again")
        checked(folder, number)
        counts, seconds, _ = finish(folder)
        print(f"once more: {counts}, {seconds:.1f} s")
        if counts["done"]:
            sys.exit("notebooks were run that had not changed")


if __name__ == "__main__":
    main()
