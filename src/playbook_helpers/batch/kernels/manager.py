"""A forked kernel as nbclient wants it: a kernel manager, a client, and their channels.

Every kernel is a fork of one warm server, reached through one socket. What is sent and received
are Jupyter's messages; timeouts, interrupts and dead kernels are nbclient's own business.
"""

from __future__ import annotations

import asyncio
import atexit
import json
import os
import signal
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from queue import Empty
from typing import Any

from jupyter_client.client import KernelClient
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.session import Session

from playbook_helpers.batch.kernels import warmth
from playbook_helpers.batch.kernels.jobs import Answer, Job
from playbook_helpers.batch.kernels.link import ForkServer
from playbook_helpers.batch.kernels.wire import UNUSED_KEY, Message, read_line

_PLACES = 64
_servers: dict[int, ForkServer] = {}
_lock = threading.Lock()


def shared_server(modules: tuple[str, ...] = ()) -> ForkServer:
    """The one fork server of this process for kernels of single notebooks.

    Who asks first may name `modules` that it is to have ready beside the usual ones.
    """
    with _lock:
        pid = os.getpid()
        if pid not in _servers:
            _servers.clear()  # a process that was forked has no use for its parent's
            _servers[pid] = ForkServer(_PLACES, modules=(*warmth.MODULES, *modules))
            atexit.register(_servers[pid].close)
        return _servers[pid]


class ForkedKernelManager(AsyncKernelManager):
    """Starts a kernel as a fork of the warm server."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._socket: socket.socket | None = None
        self._answer: Future[Answer] | None = None
        self._client: ForkedKernelClient | None = None

    @property
    def ipykernel(self) -> bool:
        """Not one that takes ipykernel's command line."""
        return False

    @property
    def has_kernel(self) -> bool:
        """Whether a kernel has been started and not shut down."""
        return self._answer is not None

    async def start_kernel(self, **settings: Any) -> None:  # type: ignore[override]
        """Fork a kernel; `cwd` and `env` as jupyter_client takes them."""
        ours, theirs = socket.socketpair()
        job = Job(
            "playbook_helpers.batch.kernels.serving:serve",
            folder=str(settings.get("cwd") or os.getcwd()),  # noqa: PTH109
            environment=dict(settings.get("env") or os.environ),
        )
        try:
            self._answer = shared_server().submit(job, [theirs.fileno()])
        finally:
            theirs.close()
        self._socket = ours
        self._client = ForkedKernelClient(ours, self.is_alive)

    def client(self, **_: Any) -> ForkedKernelClient:  # type: ignore[override]
        """The one client of the kernel."""
        assert self._client is not None
        return self._client

    async def is_alive(self) -> bool:  # type: ignore[override]
        """Whether the kernel's process is there."""
        return self._answer is not None and not self._answer.done()

    async def interrupt_kernel(self) -> None:  # type: ignore[override]
        """Raise KeyboardInterrupt in the cell that runs."""
        if self._client is not None and self._client.pid:
            with suppress(ProcessLookupError):
                os.kill(self._client.pid, signal.SIGINT)

    async def shutdown_kernel(self, now: bool = False, restart: bool = False) -> None:  # type: ignore[override]
        """End the kernel: let it finish in its own way, or with `now` at once."""
        if self._socket is None or self._answer is None:
            return
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)
        if not now:
            for _ in range(500):
                if self._answer.done():
                    break
                await asyncio.sleep(0.01)
        if not self._answer.done() and self._client is not None and self._client.pid:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._client.pid, signal.SIGKILL)
        self._answer = None

    async def cleanup_resources(self, restart: bool = False) -> None:  # type: ignore[override]
        """Close what is left."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None


class ForkedKernelClient(KernelClient):
    """Talks to a forked kernel; its messages are jupyter_client's own."""

    def __init__(self, end: socket.socket, alive: Callable[[], Any]) -> None:
        super().__init__(session=Session(key=UNUSED_KEY))
        self.pid = 0
        self._alive = alive
        self._hello = Mailbox()
        self._iopub = Mailbox()
        self._shell = Mailbox(lambda message: end.sendall(frame(pack(self.session, message))))
        boxes = {"iopub": self._iopub, "shell": self._shell, "hello": self._hello}
        threading.Thread(target=_receive, args=(end, boxes), daemon=True).start()

    @property
    def shell_channel(self) -> Any:
        """Where requests go and replies come from."""
        return self._shell

    @property
    def iopub_channel(self) -> Any:
        """Where outputs come from."""
        return self._iopub

    def start_channels(self, *_: Any, **__: Any) -> None:
        """They are open already."""

    def stop_channels(self) -> None:
        """The manager closes them."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait for the kernel's first words. Raises RuntimeError where they do not come."""
        try:
            self.pid = await self._hello.get_msg(timeout)
        except Empty:
            raise RuntimeError(f"Kernel didn't respond in {timeout:g} seconds") from None

    async def is_alive(self) -> bool:
        """Whether the kernel's process is there."""
        return bool(await self._alive())


class Mailbox:
    """One channel: messages that a thread puts in, and whoever waits for them in a loop."""

    def __init__(self, send: Callable[[Message], None] | None = None) -> None:
        self._send = send
        self._held: deque[Any] = deque()
        self._waiting: deque[tuple[asyncio.AbstractEventLoop, asyncio.Future[None]]] = deque()
        self._lock = threading.Lock()

    def send(self, message: Message) -> None:
        """Send a message; nothing where nobody is at the other end any more."""
        assert self._send is not None
        with suppress(OSError):
            self._send(message)

    def put(self, message: Any) -> None:
        """Put in a message, from any thread."""
        with self._lock:
            self._held.append(message)
            waiting, self._waiting = self._waiting, deque()
        for loop, future in waiting:
            with suppress(RuntimeError):  # the loop has been closed
                loop.call_soon_threadsafe(lambda f=future: f.done() or f.set_result(None))  # type: ignore[misc]

    async def get_msg(self, timeout: float | None = None) -> Any:
        """The next message. Raises queue.Empty if none comes within `timeout` seconds."""
        loop = asyncio.get_running_loop()
        end = None if timeout is None else loop.time() + timeout
        while True:
            with self._lock:
                if self._held:
                    return self._held.popleft()
                future: asyncio.Future[None] = loop.create_future()
                self._waiting.append((loop, future))
            try:
                left = None if end is None else max(0.0, end - loop.time())
                await asyncio.wait_for(future, left)
            except TimeoutError:
                raise Empty from None


def pack(session: Session, message: Message) -> bytes:
    """A request on its way to a kernel."""
    parts = ("header", "parent_header", "metadata", "content")
    packed: bytes = session.pack({part: message[part] for part in parts})
    return packed


def frame(data: bytes) -> bytes:
    """Bytes with their length before them."""
    return struct.pack(">I", len(data)) + data


def read_frame(end: socket.socket) -> bytes | None:
    """The next frame; None if the other end is gone."""
    head = _read(end, 4)
    return None if head is None else _read(end, struct.unpack(">I", head)[0])


def _read(end: socket.socket, size: int) -> bytes | None:
    data = bytearray()
    while len(data) < size:
        more = end.recv(min(size - len(data), 1 << 20))
        if not more:
            return None
        data += more
    return bytes(data)


def _receive(end: socket.socket, boxes: dict[str, Mailbox]) -> None:
    while True:
        try:
            data = read_frame(end)
        except OSError:
            return
        if data is None:
            return
        if data.startswith(b'["hello"'):
            boxes["hello"].put(json.loads(data)[1])
        else:
            channel, message = read_line(data)
            boxes[channel].put(message)
