"""`playbook batch` with real kernels: whatever one notebook does, it ends that notebook only."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from playbook_helpers.batch.process_executor import MARK
from playbook_helpers.cli import main
from playbook_helpers.core.partnership import Partnership
from playbook_helpers.core.revisions import new_revision
from playbook_helpers.storage.database import Store

PARAMETERS = 'partnership = ""\nstore = ""\nas_of = ""\nround = ""'
HOSTILE = "<script>document.title='taken'</script><img src=x onerror=alert(1)>"
# What a notebook does in its cells after the parameters. Cell 1 is prose, cell 2 the parameters.
WORKSHEETS: dict[str, tuple[str, ...]] = {
    "good": (
        "import os, sys, warnings\nfrom playbook_helpers.worksheet import Worksheet",
        "ws = Worksheet('goals', partnership, store=store, as_of=as_of, round=round)\nws.title()",
        "print(partnership, repr(store), as_of, repr(round))",
        "print(os.environ['PLAYBOOK_SHOW'], os.getcwd(), get_ipython().history_manager.enabled)",
    ),
    "wrong": ("1 + 1", "# a comment\nraise ValueError('no such thing')", "print('never')"),
    "gone": ("print('so far')\n", "import os; os._exit(0)", "print('never')"),
    "killed": (
        "import os, signal; os.kill(os.getpid(), signal.SIGTERM if os.name == 'nt' else 9)",
    ),
    "stray": (
        "import subprocess, sys",
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'],"
        " start_new_session=True); None",
    ),
    "slow": ("print('begun')", "while True: pass"),
}


def notebook(*sources: str) -> str:
    def cell(place: int, source: str) -> dict[str, Any]:
        tags = ["parameters"] if place == 1 else []
        cell = {"cell_type": "code", "execution_count": None, "outputs": [], "source": source}
        return cell | {"id": f"c{place}", "metadata": {"tags": tags}}

    cells: list[dict[str, Any]] = [
        {"cell_type": "markdown", "id": "title", "metadata": {}, "source": "# A worksheet"}
    ]
    cells += [cell(place, text) for place, text in enumerate((PARAMETERS, *sources), start=1)]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


@dataclass
class Project:
    """A playbook's folder with a store and the worksheets above, and the command in it."""

    root: Path

    @property
    def reports(self) -> Path:
        return self.root / "_build" / "reports"

    def run(self, *words: str) -> tuple[int, str, str]:
        """`playbook WORDS` in this process: exit code, stdout, stderr."""
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            patch.setattr(sys, "argv", ["playbook", *words])
            patch.setenv("PLAYBOOK_HOME", str(self.root))
            patch.setattr(tempfile, "tempdir", str(self.temporary))
            try:
                main()
                code = 0
            except SystemExit as end:
                code = int(end.code or 0)
        return code, out.getvalue(), err.getvalue()

    @property
    def temporary(self) -> Path:
        folder = self.root / "t"
        folder.mkdir(exist_ok=True)
        return folder

    def nothing_is_left(self) -> None:
        """No process of a batch, no temporary folder, no half-written file."""
        assert not marked(self.root)
        assert not list(self.temporary.iterdir())
        assert not list(self.reports.rglob(".*"))


def marked(root: Path) -> list[int]:
    """The processes of batches in this folder."""
    found = []
    for process in psutil.process_iter():
        try:
            told = process.environ()
            if MARK in told and told.get("PLAYBOOK_HOME") == str(root.resolve()):
                found.append(process.pid)
        except (psutil.Error, OSError):
            continue
    return found


def make_project(root: Path, stems: tuple[str, ...]) -> Project:
    (root / "worksheets").mkdir(parents=True)
    (root / "_config.yml").touch()
    for stem in stems:
        (root / "worksheets" / f"{stem}.ipynb").write_text(notebook(*WORKSHEETS[stem]), "utf-8")
    with Store.open(f"sqlite:///{root / 'playbook.db'}") as store:
        record = Partnership(name=f"Our Town {HOSTILE}", facts_until="2025", invented=True)
        store.append([new_revision("our-town", record)])
    return Project(root)


@pytest.fixture(scope="module")
def short_folder() -> Iterator[Path]:
    """A folder with a short path, since the names of sockets may not be long."""
    with tempfile.TemporaryDirectory(prefix="pbt", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@dataclass
class Ran:
    project: Project
    code: int
    summary: dict[str, Any]
    out: str
    err: str

    def of(self, stem: str) -> dict[str, Any]:
        return next(o for o in self.summary["notebooks"] if o["worksheet"] == stem)


@pytest.fixture(scope="module")
def ran(short_folder: Path) -> Ran:
    """One batch over a good worksheet and four bad ones, in a folder with an odd name."""
    project = make_project(
        short_folder / "{a} 100% b", ("good", "wrong", "gone", "killed", "stray")
    )
    code, out, err = project.run("batch", "--json", "--workers", "2", "--round", 'a "round"')
    return Ran(project, code, json.loads(out), out, err)


def test_one_failure_stops_nobody_else_and_the_exit_code_says_so(ran: Ran) -> None:
    assert ran.code == 1
    assert ran.summary["counts"] == {"done": 2, "unchanged": 0, "failed": 3, "stopped": 0}
    assert ran.of("good")["status"] == ran.of("stray")["status"] == "done"


def test_nothing_is_left_behind(ran: Ran) -> None:
    ran.project.nothing_is_left()


def test_standard_output_holds_the_summary_alone_and_progress_is_on_the_other(ran: Ran) -> None:
    assert ran.out.startswith("{")
    assert "Worksheets 5 of 5" in ran.err
    assert "Failed: our-town, wrong: an error in cell 4" in ran.err
    assert "Input Notebook" not in ran.err


def test_an_error_names_its_cell_as_the_author_counts_and_says_what_it_was(ran: Ran) -> None:
    wrong = ran.of("wrong")
    assert wrong["reason"] == "an error"
    assert wrong["cell"] == 4
    assert wrong["code"] == "raise ValueError('no such thing')"
    assert wrong["error"] == "ValueError: no such thing"
    partial = json.loads(Path(wrong["notebook"]).read_text("utf-8"))
    assert Path(wrong["notebook"]).name == "wrong.failed.ipynb"
    assert any(o["output_type"] == "error" for c in partial["cells"] for o in c.get("outputs", ()))
    assert not (ran.project.reports / "our-town" / "wrong.ipynb").exists()


def test_a_kernel_that_exits_well_without_finishing_has_failed(ran: Ran) -> None:
    gone = ran.of("gone")
    assert (gone["status"], gone["reason"], gone["cell"]) == ("failed", "its Python died", 4)
    assert gone["code"] == "import os; os._exit(0)"
    partial = json.loads(Path(gone["notebook"]).read_text("utf-8"))
    assert "its Python died" in "".join(partial["cells"][0]["source"])
    assert "so far" in json.dumps(partial)


def test_a_killed_kernel_ends_its_notebook_only(ran: Ran) -> None:
    killed = ran.of("killed")
    assert (killed["status"], killed["cell"]) == ("failed", 3)


def test_the_executed_notebook_got_its_parameters_and_no_folder_of_this_computer(ran: Ran) -> None:
    text = Path(ran.of("good")["notebook"]).read_text("utf-8")
    good = json.loads(text)
    said = "".join(
        "".join(output.get("text", ""))
        for cell in good["cells"]
        for output in cell.get("outputs", ())
    )
    assert "our-town '' 2025-12-31 'a \"round\"'" in said
    assert "document" in said
    assert "False" in said
    notes = good["metadata"]["papermill"]
    assert notes["input_path"] == "worksheets/good.ipynb"
    assert notes["output_path"] == "_build/reports/our-town/good.ipynb"
    assert good["metadata"]["playbook"]["store"] == "sqlite:///playbook.db"
    without_prints = text.replace(str(ran.project.root / "worksheets"), "")
    assert str(ran.project.root) not in without_prints


def test_the_report_shows_users_words_as_text_and_says_that_it_is_invented(ran: Ran) -> None:
    assert ran.summary["reports"]["failed"] == {}
    folder = ran.project.reports / "our-town"
    for page in (folder / "good.html", folder / "index.html", ran.project.reports / "index.html"):
        html = page.read_text("utf-8")
        assert "<script" not in html
        assert "<img src=x" not in html
        assert "&lt;script&gt;" in html
        assert "This partnership is invented for practice." in html
    assert "The latest run of this worksheet failed" in (folder / "index.html").read_text("utf-8")


def test_run_again_it_does_what_is_missing(ran: Ran) -> None:
    source = ran.project.root / "worksheets"
    for stem in ("wrong", "gone", "killed", "stray"):
        (source / f"{stem}.ipynb").unlink()
    (source / "wrong.ipynb").write_text(notebook("print('mended')"), "utf-8")
    code, out, err = ran.project.run("batch", "--round", 'a "round"')
    assert code == 0, err
    assert out.splitlines()[:3] == [
        "Worksheet  done  unchanged  failed",
        "good          0          1       0",
        "wrong         1          0       0",
    ]
    assert not (ran.project.reports / "our-town" / "wrong.failed.ipynb").exists()
    ran.project.nothing_is_left()


def test_an_endless_loop_ends_at_the_time_limit_with_what_it_had_shown(short_folder: Path) -> None:
    project = make_project(short_folder / "slow", ("slow",))
    code, out, _ = project.run("batch", "--time-limit", "20", "--json", "--no-report")
    (outcome,) = json.loads(out)["notebooks"]
    assert code == 1
    assert outcome["reason"] == "more than its 20 seconds"
    assert (outcome["cell"], outcome["code"]) == (4, "while True: pass")
    assert 20 <= outcome["seconds"] < 40
    assert "begun" in Path(outcome["notebook"]).read_text("utf-8")
    project.nothing_is_left()


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("sign", ["SIGINT", "SIGKILL"])
def test_a_batch_that_is_ended_takes_everything_with_it(short_folder: Path, sign: str) -> None:
    project = make_project(short_folder / sign, ("slow",))
    process = subprocess.Popen(
        [sys.executable, "-c", "from playbook_helpers.cli import main; main()", "batch"],
        env=os.environ | {"PLAYBOOK_HOME": str(project.root), "TMPDIR": str(project.temporary)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_for(lambda: len(marked(project.root)) >= 2)  # the notebook's process and its kernel
    process.send_signal(getattr(signal, sign))
    out, _ = process.communicate(timeout=60)
    wait_for(lambda: not marked(project.root) and not list(project.temporary.iterdir()))
    if sign == "SIGINT":
        assert process.returncode == 130
        assert "Run it again to do the rest" in out
    project.nothing_is_left()


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.2)


@pytest.mark.postgres
@pytest.mark.parametrize("new_store_url", ["postgresql"], indirect=True)
def test_a_stores_password_lands_nowhere(
    short_folder: Path, store_url: str, capfd: pytest.CaptureFixture[str]
) -> None:
    from sqlalchemy.engine import make_url

    project = make_project(short_folder / "pg", ("good", "wrong"))
    leak = "import os; raise OSError('cannot reach ' + os.environ['PLAYBOOK_STORE'])"
    (project.root / "worksheets" / "wrong.ipynb").write_text(notebook(leak), "utf-8")
    secret = make_url(store_url).set(password="geheim-7").render_as_string(hide_password=False)
    with Store.open(secret) as store:
        store.append([new_revision("our-town", Partnership(name="Our Town"))])
    code, out, err = project.run("batch", "--store", secret)
    assert code == 1
    assert "done" in out
    assert "***" in out
    texts = [p.read_bytes() for p in project.root.rglob("*") if p.is_file()]
    assert len(texts) > 5
    assert not [text for text in texts if b"geheim-7" in text]
    assert "geheim-7" not in out + err + "".join(capfd.readouterr())


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("batch", "our-twon"), 2, "our-town"),
        (("batch", "../our-town"), 2, "small letters"),
        (("batch", "--worksheet", "god"), 2, "good"),
        (("batch", "--as-of", "31.3.2027"), 2, "2027-03-31"),
        (("batch", "--store", "sqlite:///nowhere/at/all.db"), 3, "no store"),
        (("report", "our-twon"), 2, "our-town"),
    ],
)
def test_wrong_use_says_what_is_allowed_and_touches_nothing(
    tmp_path: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    project = make_project(tmp_path / "p", ("good", "wrong"))
    got, _, err = project.run(*words)
    assert got == code
    assert said in err
    assert not project.reports.exists()


def test_a_report_before_any_batch_says_what_to_run(tmp_path: Path) -> None:
    project = make_project(tmp_path / "p", ("good",))
    code, out, _ = project.run("report")
    assert code == 0
    assert "playbook batch our-town" in out
