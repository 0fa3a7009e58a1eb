"""A forked kernel that takes Jupyter's requests through a socket until the other end closes it."""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
from typing import Any

from playbook_helpers.batch.kernels.cells import CellKernel
from playbook_helpers.batch.kernels.jobs import Job
from playbook_helpers.batch.kernels.manager import frame, read_frame
from playbook_helpers.batch.kernels.wire import Message, line


def serve(job: Job, kernel: CellKernel) -> None:
    """Handle one request after the other; returns when nobody is there to ask."""
    end = socket.socket(fileno=kernel.fork.place.handed[0])
    pid, lock = os.getpid(), threading.Lock()

    def deliver(channel: str, message: Message, packed: bytes) -> None:
        data = frame(line(channel, message, packed))
        with lock:
            end.sendall(data)

    kernel.session.deliver = deliver
    _search_path(job.environment or {})
    end.sendall(frame(json.dumps(["hello", pid]).encode()))
    while True:
        try:
            data = read_frame(end)
        except (KeyboardInterrupt, OSError):
            continue
        if data is None:
            return
        request: dict[str, Any] = kernel.session.unpack(data)
        if kernel.shell.exit_now and request["header"]["msg_type"] == "execute_request":
            return  # a cell has called exit; what is asked about it afterwards is answered
        if request["header"]["msg_type"] in kernel.shell_handlers:
            kernel.handle(request | {"buffers": []})
        if os.getpid() != pid:
            os._exit(0)  # a cell has forked, and this is the copy that came back


def _search_path(environment: Any) -> None:
    """What PYTHONPATH names stands before what the server found for itself."""
    for place in reversed(environment.get("PYTHONPATH", "").split(os.pathsep)):
        if place and place not in sys.path:
            sys.path.insert(0, place)
