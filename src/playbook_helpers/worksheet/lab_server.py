"""A JupyterLab in which a worksheet's cells have run before anybody sees it.

No setting of JupyterLab runs a notebook's cells when it is opened. So the session that the page
will join is started first, by the server's own interface; the cells run in its kernel, and what
they show is stored in the notebook, which is signed as one that its owner has run.
"""

from __future__ import annotations

import json
import queue
import subprocess
import time
import urllib.request
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from playbook_helpers.core.errors import InputError

LAB_SETTINGS = Path(__file__).with_name("lab_settings")
"""A folder of settings for JupyterLab: no question whether it may fetch its makers' news."""
PATIENCE = 120.0
"""Seconds that a server, a kernel or one cell may take."""


@dataclass(frozen=True, slots=True)
class LabServer:
    """A running Jupyter server: its address with a slash at the end, its token, its folder."""

    url: str
    token: str
    folder: Path

    def page(self, notebook: str) -> str:
        """The address at which a browser opens a notebook of the folder."""
        return f"{self.url}lab/tree/{quote(notebook)}?token={quote(self.token)}"

    def run_cells(self, notebook: str) -> bool:
        """Run a notebook's cells in the kernel that its page will join; whether all went well.

        What they show is stored in the file, up to the first cell that fails. A notebook that has
        a session already is left as it is.
        """
        if any(each.get("path") == notebook for each in self._ask("api/sessions")):
            return True
        session = {"path": notebook, "name": notebook, "type": "notebook"}
        kernel = self._ask("api/sessions", session | {"kernel": {"name": "python3"}})["kernel"]
        return _run_and_store(self.folder / notebook, str(kernel["id"]))

    def _ask(self, path: str, sent: Mapping[str, Any] | None = None) -> Any:
        request = urllib.request.Request(  # noqa: S310 - this computer's own server
            self.url + path,
            data=None if sent is None else json.dumps(sent).encode(),
            headers={"Authorization": f"token {self.token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
            return json.loads(answer.read())


def running(folder: Path, pid: int | None = None) -> LabServer | None:
    """The Jupyter server whose files are a folder's, if one runs; with `pid` only that process."""
    from jupyter_server.serverapp import list_running_servers

    for told in list_running_servers():
        if pid in (None, told["pid"]) and Path(told["root_dir"]).resolve() == folder.resolve():
            return LabServer(told["url"], told["token"], folder)
    return None


def wait_for(process: subprocess.Popen[bytes], folder: Path) -> LabServer | None:
    """The server that a process starts; None where the process ends before it is there."""
    end = time.monotonic() + PATIENCE
    while process.poll() is None:
        server = running(folder, process.pid)
        if server is not None:
            try:
                server._ask("api/status")
            except OSError:
                pass
            else:
                return server
        if time.monotonic() > end:
            raise InputError(
                "JupyterLab does not answer", value=str(folder), kept="the notebooks, unchanged"
            )
        time.sleep(0.1)
    return None


def _run_and_store(file: Path, kernel: str) -> bool:
    import nbformat
    from jupyter_client.blocking.client import BlockingKernelClient
    from jupyter_core.paths import jupyter_runtime_dir
    from nbformat.sign import NotebookNotary

    notebook = nbformat.read(file, as_version=4)  # type: ignore[no-untyped-call]
    client = BlockingKernelClient(
        connection_file=str(Path(jupyter_runtime_dir()) / f"kernel-{kernel}.json")
    )
    client.load_connection_file()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=PATIENCE)
        well = all(_run_cell(client, cell) for cell in notebook.cells if cell.cell_type == "code")
    except TimeoutError:
        well = False
    finally:
        client.stop_channels()
    part = file.with_name(f".{file.name}.part")
    nbformat.write(notebook, part)  # type: ignore[no-untyped-call]
    part.replace(file)
    NotebookNotary().sign(notebook)  # type: ignore[no-untyped-call]
    return well


def _run_cell(client: Any, cell: Any) -> bool:
    """Run one cell and store what it shows in it; whether it went well."""
    from nbformat.v4 import output_from_msg

    cell.outputs = []
    request = client.session.msg(
        "execute_request",
        {"code": cell.source, "silent": False, "store_history": True}
        | {"user_expressions": {}, "allow_stdin": False, "stop_on_error": True},
    )
    # As a front end names its requests: a person has asked for this, and looks at it. See
    # `display_mode`.
    request["msg_id"] = request["header"]["msg_id"] = str(uuid.uuid4())
    client.shell_channel.send(request)
    end = time.monotonic() + PATIENCE
    while True:
        try:
            message = client.get_iopub_msg(timeout=max(0.1, end - time.monotonic()))
        except queue.Empty:
            raise TimeoutError from None
        if message["parent_header"].get("msg_id") != request["msg_id"]:
            continue
        kind, content = message["msg_type"], message["content"]
        if kind in ("stream", "display_data", "execute_result", "error"):
            cell.outputs.append(output_from_msg(message))  # type: ignore[no-untyped-call]
        elif kind == "execute_input":
            cell.execution_count = content["execution_count"]
        elif kind == "status" and content["execution_state"] == "idle":
            return all(output.output_type != "error" for output in cell.outputs)
