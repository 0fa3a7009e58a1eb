"""papermill's notebook client over the kernel of its own process.

Cells run one after the other by function calls. What papermill and nbclient do with messages,
statuses and times is their own code; only asking and waiting is replaced.
"""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from jupyter_client.session import Session
from nbclient.client import timestamp
from nbclient.exceptions import CellExecutionComplete, DeadKernelError
from nbformat import NotebookNode
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NotebookExecutionManager

from playbook_helpers.batch.kernels.cells import QUIET, CellKernel
from playbook_helpers.batch.kernels.wire import UNUSED_KEY, Message, line


class CellClient(PapermillNotebookClient):
    """Executes a notebook by calling the kernel of this process."""

    def __init__(
        self,
        nb_man: Any,
        kernel: CellKernel,
        journal: Callable[[bytes], None] | None = None,
        **settings: Any,
    ) -> None:
        super().__init__(nb_man, **settings | {"log": QUIET})  # type: ignore[no-untyped-call]
        self.kernel = kernel
        self._journal = journal
        self._told_of("cell_start", "begin")
        self._told_of("cell_complete", "end")
        self._pid = os.getpid()
        self._waiting: list[Message] = []
        self._caught: list[tuple[str, Message]] = []
        self._session = Session(key=UNUSED_KEY, username="playbook")

    def catch(self, channel: str, message: Message, packed: bytes) -> None:
        """Take a message that the kernel sent; it is looked at when the cell has ended."""
        self._caught.append((channel, message))
        if self._journal is not None:
            self._journal(line(channel, message, packed))

    def execute(self, **_: Any) -> NotebookNode:
        """Run all cells up to the first that fails."""
        self.reset_execution_trackers()
        self.kc = SimpleNamespace(  # type: ignore[assignment]
            session=self._session, shell_channel=SimpleNamespace(send=self._waiting.append)
        )
        self.papermill_execute_cells()  # type: ignore[no-untyped-call]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            info = json.loads(json.dumps(self.kernel.language_info))
            self.nb.metadata["language_info"] = info
            self.set_widgets_metadata()
        return self.nb

    def execute_cell(
        self,
        cell: NotebookNode,
        cell_index: int,
        execution_count: int | None = None,
        store_history: bool = True,
    ) -> NotebookNode:
        """Run one cell; as nbclient does it, without the waiting."""
        tags = cell.metadata.get("tags", [])
        if cell.cell_type != "code" or not cell.source.strip() or self.skip_cells_with_tag in tags:
            return cell
        if self.record_timing:
            cell["metadata"]["execution"] = {}
        if self.kernel.shell.exit_now:
            raise DeadKernelError("Kernel died")
        allowed = not self.force_raise_errors and (self.allow_errors or "raises-exception" in tags)
        self.code_cells_executed += 1
        cell.outputs = []
        self.clear_before_next_output = False
        request = self._request(
            "execute_request",
            {
                "code": cell.source,
                "silent": False,
                "store_history": store_history,
                "user_expressions": {},
                "allow_stdin": False,
                "stop_on_error": not allowed,
            },
        )
        self.ask(request)
        if os.getpid() != self._pid:
            os._exit(0)  # a cell has forked, and this is the copy that came back
        # No filter of warnings is touched here: Python would show again what a cell has shown.
        reply = self.take_in(request["header"]["msg_id"], cell, cell_index)
        if execution_count:
            cell["execution_count"] = execution_count
        self._finish(self._check_raise_for_error(cell, cell_index, reply))
        self.nb["cells"][cell_index] = cell
        return cell

    def ask(self, request: Message) -> None:
        """Have the kernel handle what front-end widgets have sent, then the request."""
        while self._waiting:
            message = self._waiting.pop(0)
            packed = self._session.pack(message["content"])
            self.kernel.handle(message | {"content": self._session.unpack(packed), "buffers": []})
        self._caught.clear()
        self.kernel.handle(request)

    def take_in(self, msg_id: str, cell: NotebookNode, cell_index: int) -> Message | None:
        """Put what the kernel sent for this request into the cell; its reply."""
        reply = None
        caught, self._caught = self._caught, []
        for channel, message in caught:
            if message["parent_header"].get("msg_id") != msg_id:
                continue
            if channel == "shell":
                reply = message
                if self.record_timing:
                    cell["metadata"]["execution"]["shell.execute_reply"] = timestamp(message)
                continue
            try:
                self.process_message(message, cell, cell_index)  # type: ignore[no-untyped-call]
            except CellExecutionComplete:
                break
        return reply

    def _told_of(self, name: str, word: str) -> None:
        """Write a line of the journal each time the manager is told of a cell."""
        journal, method = self._journal, getattr(self.nb_man, name)
        if journal is None:
            return

        def told(cell: NotebookNode, cell_index: int | None = None, **more: Any) -> None:
            method(cell, cell_index=cell_index, **more)
            notes = dict(cell.metadata.get("papermill", {}))
            journal(json.dumps([word, cell_index, notes]).encode() + b"\n")

        setattr(self.nb_man, name, told)

    def _request(self, kind: str, content: dict[str, Any]) -> Message:
        message: Message = self._session.msg(kind, content)
        return message | {"buffers": []}

    @staticmethod
    def _finish(coroutine: Any) -> None:
        """Run a coroutine that waits for nothing."""
        try:
            coroutine.send(None)
        except StopIteration:
            return
        raise RuntimeError("a hook of the notebook client waits for something")


def execute(
    manager: NotebookExecutionManager,
    kernel: CellKernel,
    journal: Callable[[bytes], None] | None,
    **settings: Any,
) -> NotebookNode:
    """Run the cells of a manager's notebook by the kernel of this process."""
    client = CellClient(manager, kernel, journal, **settings)
    kernel.session.deliver = client.catch
    return client.execute()
