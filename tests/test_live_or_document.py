"""What a program runs is a document, wherever it is started, and tells nothing it may not.

The attack: whatever a person starts from a live notebook, its terminal or VS Code inherits their
variables, and was once taken for live. Then stories whose teller said no stood in the file.
"""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager
from nbformat.v4 import new_code_cell, new_notebook

from playbook_helpers.drawing.display import Html, Shown, display_mode
from playbook_helpers.drawing.live_html import live_html
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files import load_examples

ROOT = Path(__file__).parents[1]
SECRETS = ("the big window", "he does all the voices", "the letter from school")
"""Of a story whose consent has ended, a child's without a guardian, and one nobody agreed to."""
ALLOWED = "I came for the biscuits"
INHERITED = {
    "JPY_SESSION_NAME": "worksheets/communication.ipynb",
    "JPY_PARENT_PID": "1",
    "VSCODE_PID": "1",
    "SERVER_SOFTWARE": "voila/0.5.8",
    "PLAYBOOK_SHOW": "live",
}
CELLS = (
    "from playbook_helpers.worksheet import Worksheet\n"
    "ws = Worksheet('communication', 'riverside-invented')",
    "ws.form()",
    "ws.table('story')",
    "ws.progress_report()",
    "ws.rows('stories')",
)
IN_A_KERNEL = "import papermill; papermill.execute_notebook('n.ipynb', 'out.ipynb'{})"
CLIENT = (
    "import nbclient, nbformat\nnb = nbformat.read('n.ipynb', 4)\n"
    "nbclient.NotebookClient(nb).execute(); nbformat.write(nb, 'out.ipynb')"
)
NBCONVERT = ["-m", "nbconvert", "--to", "notebook", "--execute", "n.ipynb", "--output", "out"]
WAYS = {
    "papermill": ["-m", "papermill", "n.ipynb", "out.ipynb"],
    "papermill, our engine": ["-m", "papermill", "n.ipynb", "out.ipynb", "--engine", "playbook"],
    "nbconvert": NBCONVERT,
    "nbclient": ["-c", CLIENT],
}


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store with the invented partnership, whose stories are of every kind."""
    url = f"sqlite:///{tmp_path_factory.mktemp('store') / 'examples.db'}"
    with Store.open(url) as store:
        load_examples(store, ROOT / "data")
    return url


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    """A folder with n.ipynb, which shows all that tells of stories; the store is the examples'."""
    nb = new_notebook(cells=[new_code_cell(source) for source in CELLS])
    nb.metadata["kernelspec"] = {"name": "python3", "display_name": "x", "language": "python"}
    nbformat.write(nb, tmp_path / "n.ipynb")
    return tmp_path


def environment(examples: str) -> dict[str, str]:
    own = {k: v for k, v in os.environ.items() if k != "PYTEST_CURRENT_TEST"}
    return own | INHERITED | {"PLAYBOOK_STORE": examples}


def run(command: list[str], folder: Path, examples: str) -> str:
    """Run a Python with inherited variables; the file that it wrote."""
    done = subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env=environment(examples),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return (folder / "out.ipynb").read_text("utf-8")


def assert_document(text: str) -> None:
    assert [secret for secret in SECRETS if secret in text] == []
    assert ALLOWED in text, "what may be told is there, so the stories were drawn"
    assert "FormView" not in text


@pytest.mark.parametrize("way", WAYS)
def test_a_program_with_all_signs_of_a_live_front_end_makes_a_document(
    way: str, notebook: Path, examples: str
) -> None:
    assert_document(run(WAYS[way], notebook, examples))


@pytest.mark.parametrize("engine", ["", ", engine_name='playbook'"])
def test_a_run_from_a_cell_of_a_live_notebook_makes_a_document(
    engine: str, notebook: Path, examples: str, kernel: BlockingKernelClient
) -> None:
    code = f"import os\nos.chdir({str(notebook)!r}); " + IN_A_KERNEL.format(engine)
    assert ask(kernel, code, by_front_end=True) == ""
    assert_document((notebook / "out.ipynb").read_text("utf-8"))


@pytest.fixture
def kernel(examples: str) -> Iterator[BlockingKernelClient]:
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(env=environment(examples) | {"PLAYBOOK_SHOW": ""})
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def ask(client: BlockingKernelClient, code: str, *, by_front_end: bool) -> str:
    """What a cell printed, asked for by a program or as a front end in a browser asks."""
    content = {"code": code, "silent": False, "store_history": False, "stop_on_error": True}
    message = client.session.msg("execute_request", content)
    if by_front_end:
        message["header"]["msg_id"] = message["msg_id"] = str(uuid.uuid4())
    client.shell_channel.send(message)
    said = ""
    while True:
        heard = client.get_iopub_msg(timeout=120)
        if heard["parent_header"].get("msg_id") != message["msg_id"]:
            continue
        if heard["msg_type"] == "stream" and heard["content"]["name"] == "stdout":
            said += heard["content"]["text"]
        assert heard["msg_type"] != "error", heard["content"]
        if heard["msg_type"] == "status" and heard["content"]["execution_state"] == "idle":
            return said


def test_one_kernel_is_live_for_a_front_end_and_a_document_for_a_program(
    kernel: BlockingKernelClient,
) -> None:
    code = "from playbook_helpers.drawing.display import display_mode\nprint(display_mode())"
    assert ask(kernel, code, by_front_end=True) == "live\n"
    assert ask(kernel, "import os; os.environ.pop('SERVER_SOFTWARE')", by_front_end=False) == ""
    assert ask(kernel, code, by_front_end=False) == "document\n"
    wish = "os.environ['PLAYBOOK_SHOW'] = 'live'\n"
    assert ask(kernel, wish + code, by_front_end=False) == "document\n"
    assert ask(kernel, wish.replace("live", "document") + code, by_front_end=True) == "document\n"


def test_without_a_kernel_it_is_a_document_unless_somebody_says_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in INHERITED.items():
        monkeypatch.setenv(name, value)
    assert display_mode() == "live"
    monkeypatch.delenv("PLAYBOOK_SHOW")
    assert display_mode() == "document"


def test_what_is_shown_live_is_a_widget_that_follows_and_keeps_what_it_shows() -> None:
    """Also in a page that joins the kernel later; a viewer without widgets shows the HTML."""

    shown = live_html({"text/html": "<p>1</p>", "text/plain": "one"})
    shown.draw({"text/html": "<p>2</p>", "text/plain": "two"})
    assert shown.html == "<p>2</p>"
    bundle, _ = shown._repr_mimebundle_()
    assert bundle["text/html"] == "<p>2</p>"
    assert bundle["text/plain"] == "two"
    assert "application/vnd.jupyter.widget-view+json" in bundle


def test_a_save_draws_again_what_was_shown_live(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:

    monkeypatch.setenv("PLAYBOOK_SHOW", "live")
    drawn: list[int] = []

    def draw() -> Html:
        drawn.append(len(drawn))
        return Html(f"<p>{len(drawn)}</p>", f"drawing {len(drawn)}")

    listeners: list[Callable[[], None]] = []
    Shown(draw, listeners)._ipython_display_()
    assert len(drawn) == len(listeners) == 1
    listeners[0]()
    assert len(drawn) == 2
    capsys.readouterr()
