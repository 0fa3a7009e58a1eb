"""What a fork writes down while it runs a notebook, played again into that notebook elsewhere.

Each line is JSON: ["begin" or "end", cell, papermill's notes of it], a message of the kernel, or
["text", stream, text] for what was printed and not yet sent. The lines go through papermill's own
client, so that a notebook whose fork died looks as if the rest had been cut off, and one that is
followed while it runs is told, shown and saved as papermill does it.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from nbclient.client import timestamp
from nbclient.exceptions import CellExecutionComplete
from nbformat import NotebookNode
from nbformat.v4 import new_output
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NotebookExecutionManager

from playbook_helpers.batch.kernels.cells import QUIET
from playbook_helpers.batch.kernels.wire import read_line, writable


def replayed(notebook: NotebookNode, journal: bytes) -> str:
    """Put into a prepared notebook what a journal tells; the error at its end, if any."""
    manager = NotebookExecutionManager(notebook, progress_bar=False)  # type: ignore[no-untyped-call]
    manager.notebook_start()
    replay = Replay(manager, log=QUIET)
    for line in journal.splitlines():
        replay.take(line)
    replay.end()
    return replay.error


class Replay:
    """Plays lines of a journal into the notebook of a manager. `settings` are the client's."""

    def __init__(self, manager: NotebookExecutionManager, **settings: Any) -> None:
        self.manager = manager
        self.client = PapermillNotebookClient(manager, **settings)  # type: ignore[no-untyped-call]
        self.cell: NotebookNode | None = None
        self.error = ""
        self._index = -1
        self._unsent: dict[str, str] = {}

    def take(self, text: bytes) -> str:
        """Take one line; its first word. A line that was cut off is left out."""
        try:
            line = json.loads(text)
        except ValueError:
            return ""
        kind: str = line[0]
        if kind in ("begin", "end"):
            self._turn(*line)
        elif kind == "text":
            self._unsent[line[1]] = self._unsent.get(line[1], "") + writable(line[2])
        elif kind == "error":
            self.error = line[1]
        elif kind == "iopub" and self.cell is not None:
            _, message = read_line(text)
            if message["msg_type"] == "stream":
                self._unsent.pop(message["content"]["name"], None)
            # AttributeError: a front-end widget that wants to answer a kernel that is not here
            with suppress(CellExecutionComplete, AttributeError):
                self.client.process_message(message, self.cell, self._index)  # type: ignore[no-untyped-call]
        elif kind == "shell" and self.cell is not None:
            _, message = read_line(text)
            self.cell.metadata.execution["shell.execute_reply"] = timestamp(message)
        return kind

    def end(self) -> None:
        """Show what was printed last and not yet sent, and keep the state of widgets."""
        if self.cell is not None and self.cell.cell_type == "code":
            for name, said in self._unsent.items():
                self.cell.outputs.append(new_output("stream", name=name, text=said))  # type: ignore[no-untyped-call]
        self.client.set_widgets_metadata()

    def _turn(self, kind: str, index: int, notes: dict[str, Any]) -> None:
        self._index, self._unsent = index, {}
        self.cell = cell = self.manager.nb.cells[index]
        if kind == "begin":
            self.manager.cell_start(cell, index)
            self.client.clear_before_next_output = False
            if cell.cell_type == "code":
                cell.metadata.execution = NotebookNode()  # type: ignore[no-untyped-call]
        else:
            self.manager.cell_complete(cell, cell_index=index)
        cell.metadata.papermill = NotebookNode(notes)  # type: ignore[no-untyped-call]
