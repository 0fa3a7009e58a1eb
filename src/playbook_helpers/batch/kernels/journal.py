"""What a fork wrote down while it ran a notebook, and the notebook that comes out of it.

Each line is JSON: ["begin" or "end", cell, papermill's notes of it], a message of the kernel, or
["text", stream, text] for what was printed and not yet sent. After a crash the lines are played
again through papermill's own client, so that the part that ran looks as if the rest had been cut
off.
"""

from __future__ import annotations

import json
from typing import Any

from nbclient.client import timestamp
from nbclient.exceptions import CellExecutionComplete
from nbformat import NotebookNode
from nbformat.v4 import new_output
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NotebookExecutionManager

from playbook_helpers.batch.kernels.cells import QUIET
from playbook_helpers.batch.kernels.wire import read_line, writable


def replay(notebook: NotebookNode, journal: bytes) -> str:
    """Put into a prepared notebook what the journal tells; the error at its end, if any.

    The last line may be cut off: it is left out.
    """
    manager = NotebookExecutionManager(notebook, progress_bar=False)  # type: ignore[no-untyped-call]
    manager.notebook_start()
    client = PapermillNotebookClient(manager, log=QUIET)  # type: ignore[no-untyped-call]
    current: NotebookNode | None = None
    index, error = -1, ""
    unsent: dict[str, str] = {}
    for text in journal.splitlines():
        try:
            line = json.loads(text)
        except ValueError:
            continue
        if line[0] in ("begin", "end"):
            index = line[1]
            current = notebook.cells[index]
            current.metadata.papermill = NotebookNode(line[2])  # type: ignore[no-untyped-call]
            if line[0] == "begin":
                client.clear_before_next_output = False
                if current.cell_type == "code":
                    current.metadata.execution = NotebookNode()  # type: ignore[no-untyped-call]
            unsent = {}
        elif line[0] == "text":
            unsent[line[1]] = unsent.get(line[1], "") + writable(line[2])
        elif line[0] == "error":
            error = line[1]
        elif line[0] == "iopub" and current is not None:
            _, message = read_line(text)
            if message["msg_type"] == "stream":
                unsent.pop(message["content"]["name"], None)
            _take(client, message, current, index)
        elif line[0] == "shell" and current is not None:
            _, message = read_line(text)
            current.metadata.execution["shell.execute_reply"] = timestamp(message)
    if current is not None and current.cell_type == "code":
        for name, said in unsent.items():
            current.outputs.append(new_output("stream", name=name, text=said))  # type: ignore[no-untyped-call]
    client.set_widgets_metadata()
    return error


def _take(
    client: PapermillNotebookClient, message: dict[str, Any], cell: NotebookNode, index: int
) -> None:
    try:
        client.process_message(message, cell, index)  # type: ignore[no-untyped-call]
    except CellExecutionComplete:
        return
    except AttributeError:
        return  # a front-end widget that wants to answer a kernel which is gone
