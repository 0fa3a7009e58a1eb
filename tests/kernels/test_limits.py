"""What a notebook may take of the computer, and what it may take with it: nothing of others."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from playbook_helpers.batch.artifacts import made_from_path
from playbook_helpers.batch.fork_executor import execute_in_fork
from playbook_helpers.batch.kernels.forkserver import ForkServer
from playbook_helpers.batch.kernels.linux import can_fork
from playbook_helpers.batch.limits import Limits, machine_memory
from playbook_helpers.batch.process_executor import execute_in_process
from playbook_helpers.batch.run import REMOVED, run_plan
from playbook_helpers.batch.summary import Outcome
from playbook_helpers.batch.tasks import Plan, Task
from playbook_helpers.core.errors import InputError

pytestmark = pytest.mark.skipif(not can_fork(), reason="forks are used on Linux only")
SMALL = Limits(90, memory=1 << 30, output=100_000)
Way = Callable[[Task], Outcome]


@pytest.fixture(params=["server", "papermill"])
def way(request: pytest.FixtureRequest) -> Iterator[Way]:
    """Each way of running a notebook of a batch, with small limits."""
    if request.param == "papermill":
        yield lambda task: execute_in_process(replace(task, names=("partnership",)), limits=SMALL)
    else:
        held: ForkServer = request.getfixturevalue(request.param)
        yield lambda task: execute_in_fork(task, server=held, limits=SMALL)


def cells(outcome: Outcome) -> list[list[str]]:
    """The text of each output of each cell."""
    found = json.loads(Path(outcome.notebook).read_text("utf-8"))["cells"]
    return [
        ["".join(out.get("text") or out["data"]["text/plain"]) for out in cell["outputs"]]
        for cell in found
        if cell["cell_type"] == "code" and "injected-parameters" not in cell["metadata"]["tags"]
    ]


SAID = "[Cut off here: a notebook may print and show 0 MB. To allow more, use --output-limit.]"


@pytest.mark.parametrize(
    "code",
    [
        "for n in range(5000): print('x' * 99)",
        "print('x' * 5_000_000)",
        "import os\nfor n in range(500): os.write(1, b'x' * 1000)",
        f"import os; os.system('yes {'x' * 99} | head -c 500000');",
        "import sys; print('x' * 500_000, file=sys.stderr)",
    ],
    ids=["many lines", "one line", "past Python", "a child", "errors"],
)
def test_text_is_cut_off_at_the_limit_and_the_rest_of_the_notebook_runs(
    code: str,
    way: Way,
    make_task: Callable[..., Task],
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    if "import os" in code and "papermill" in request.node.callspec.id:
        pytest.skip("papermill's own kernel may lose what is written past Python")
    outcome = way(make_task(tmp_path, "print('before')", code, "print('after')", "1 + 1"))
    assert outcome.status == "done"
    assert "0 MB" in outcome.note
    before, long, after, value = cells(outcome)
    assert before == ["before\n"]
    text = "".join(long)
    assert 90_000 < len(text) < 101_000
    assert text.endswith(SAID + "\n")
    assert SAID in "".join(after)
    assert SAID in "".join(value)
    assert Path(outcome.notebook).stat().st_size < 200_000


@pytest.mark.parametrize(
    "code",
    [
        "from IPython.display import HTML\nfor n in range(50): display(HTML('x' * 10_000))",
        "from IPython.display import HTML\nHTML('x' * 500_000)",
        "'x' * 500_000",
    ],
    ids=["many", "one", "a value"],
)
def test_what_is_shown_is_cut_off_too(
    code: str, way: Way, make_task: Callable[..., Task], tmp_path: Path
) -> None:
    outcome = way(make_task(tmp_path, code, "print('after')"))
    assert outcome.status == "done"
    assert outcome.note
    shown, after = cells(outcome)
    assert shown[-1] == SAID
    assert after
    assert Path(outcome.notebook).stat().st_size < 200_000


def test_an_error_of_any_length_is_told(
    way: Way, make_task: Callable[..., Task], tmp_path: Path
) -> None:
    outcome = way(make_task(tmp_path, "raise ValueError('x' * 1_000_000)"))
    assert outcome.status == "failed"
    assert outcome.error.startswith("ValueError: xxx")
    assert Path(outcome.notebook).stat().st_size < 200_000


def test_what_keeps_to_the_limit_is_not_touched(
    way: Way, make_task: Callable[..., Task], tmp_path: Path
) -> None:
    outcome = way(make_task(tmp_path, "print('x' * 50_000)", "print('\\u00e9' * 10_000)"))
    assert (outcome.status, outcome.note) == ("done", "")
    assert cells(outcome) == [["x" * 50_000 + "\n"], ["\u00e9" * 10_000 + "\n"]]


@pytest.mark.parametrize(
    "code",
    ["held = []\nwhile True: held.append(bytearray(1 << 26))", "x = [[0] for _ in range(10**9)]"],
    ids=["large pieces", "small pieces"],
)
def test_memory_has_a_limit_that_is_named(
    code: str, way: Way, make_task: Callable[..., Task], tmp_path: Path
) -> None:
    outcome = way(make_task(tmp_path, "print('so far')", code, "print('never')"))
    assert outcome.status == "failed"
    assert outcome.reason == "more than its 1,074 MB of memory (see --memory-limit)"
    assert "MemoryError" in outcome.error
    assert "so far" in Path(outcome.notebook).read_text("utf-8")
    assert way(make_task(tmp_path, "1 + 1")).status == "done"


def test_a_gigabyte_of_print_takes_little_memory(
    server: ForkServer, make_task: Callable[..., Task], tmp_path: Path
) -> None:
    line = "for n in range(1000): print('x' * 999_999)"
    peak = "import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    limits = Limits(120, output=1_000_000)
    task = make_task(
        tmp_path,
        peak,
        line,
        "import pathlib; pathlib.Path('peak').write_text(str("
        "__import__('resource').getrusage(0).ru_maxrss))",
    )
    outcome = execute_in_fork(task, server=server, limits=limits)
    assert outcome.status == "done"
    before = int(cells(outcome)[0][0])
    after = int((tmp_path / "worksheets" / "peak").read_text("utf-8"))
    assert after - before < 100_000, "kilobytes"


def test_a_notebook_that_kills_its_parent_takes_no_neighbour_with_it(
    make_task: Callable[..., Task], tmp_path: Path, server: ForkServer
) -> None:
    kill = "import os, signal, time\ntime.sleep(0.5)\nos.kill(os.getppid(), signal.SIGKILL)"
    bad = [make_task(tmp_path / f"bad{n}", kill, "print('never')") for n in range(2)]
    good = [make_task(tmp_path / f"good{n}", "import time; time.sleep(1)") for n in range(4)]
    order = [bad[0], good[0], good[1], bad[1], good[2], good[3]]
    with ThreadPoolExecutor(2) as threads:
        run = lambda task: execute_in_fork(task, server=server, limits=SMALL)  # noqa: E731
        outcomes = dict(zip(map(id, order), threads.map(run, order), strict=True))
    assert [outcomes[id(task)].status for task in good] == ["done"] * 4
    assert [outcomes[id(task)].status for task in bad] == ["failed"] * 2
    for task in bad:
        assert "ended while this one ran" in outcomes[id(task)].error
        assert not made_from_path(task.target).exists(), "it is no notebook that counts"
    assert execute_in_fork(good[0], server=server, limits=SMALL).status == "done"


def test_what_a_notebook_deletes_does_not_count_as_done(
    make_task: Callable[..., Task], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    first = make_task(tmp_path, "1", name="first")
    unchanged = make_task(tmp_path, "1", name="unchanged")
    own = make_task(tmp_path, "import shutil; shutil.rmtree('../out')", name="own")
    last = make_task(tmp_path, "1", name="last")
    unchanged.folder.mkdir()
    unchanged.target.write_text("{}", "utf-8")
    summary = run_plan(Plan((first, own, last), (unchanged,)), workers=1, limits=SMALL)
    told = {outcome.worksheet: (outcome.status, outcome.reason) for outcome in summary.outcomes}
    gone = ("failed", REMOVED)
    assert told == {"first": gone, "unchanged": gone, "own": ("done", ""), "last": ("done", "")}
    assert summary.exit_code == 1
    assert "something has removed it" in summary.text()


def test_the_memory_of_the_computer_is_shared_by_those_that_run_at_once() -> None:
    whole = machine_memory()
    assert 0 < whole <= psutil.virtual_memory().total
    assert Limits().shared_by(1).memory == int(0.8 * whole)
    assert Limits().shared_by(2).memory == max(512_000_000, int(0.4 * whole))
    assert Limits().shared_by(10_000).memory == 512_000_000
    assert Limits(memory=10**9).shared_by(4).memory == 10**9


@pytest.mark.parametrize(
    "wrong", [{"seconds": 0.5}, {"seconds": 1e9}, {"memory": 10}, {"memory": -1}, {"output": -5}]
)
def test_limits_that_cannot_be_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(InputError, match="limit is wrong"):
        Limits(**wrong)  # type: ignore[arg-type]
