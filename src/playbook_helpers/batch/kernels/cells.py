"""A kernel that runs in this very process: ipykernel's own, without sockets and threads.

The same shell, display hooks, comms and replies as in a kernel that papermill starts, so that
outputs come out the same; only the way of the messages is another. There is one for each process.
"""

from __future__ import annotations

import asyncio
import contextvars
import fnmatch
import json
import logging
import os
import signal
import sys
import tempfile
import threading
import uuid
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from traitlets.config import Config

from playbook_helpers.batch.kernels import streams
from playbook_helpers.batch.kernels.allowance import Allowance
from playbook_helpers.batch.kernels.wire import UNUSED_KEY, CatchingSession, Deliver, Message

_IOPUB = object()
QUIET = logging.Logger("playbook.cells", logging.CRITICAL)
"""Out of reach of what a cell does to logging: nothing of ours may find its way into an output."""
INLINE = "module://matplotlib_inline.backend_inline"
"""The backend that a kernel draws with if nothing else is named, as in ipykernel."""


class CellKernel(IPythonKernel):
    """ipykernel's kernel, told by function calls what to run."""

    _execute_sleep = 0.0
    journal: Callable[[bytes], None] | None = None
    """What takes lines that tell what happens here; None where nobody wants to know."""
    inside = contextvars.Context()
    """Where all cells of a notebook run: what one sets there, as by numpy.seterr, the next sees."""
    if TYPE_CHECKING:  # each is there, whatever the traits of the base class allow
        shell: Any
        session: Any

    def _abort_queues(self, subshell_id: str | None = None) -> None:
        """Whoever asks decides what comes after a failed cell."""

    @property
    def io_loop(self) -> Any:  # type: ignore[override]
        """The loop that an interrupted `await` is woken through."""
        from tornado.ioloop import IOLoop

        return IOLoop.current()

    def handle(self, request: Message) -> None:
        """Handle one message of the shell channel from its start to its end."""
        answer = self.inside.run(self._taken, request)
        if asyncio.iscoroutine(answer):
            loop = _loop()
            loop.run_until_complete(loop.create_task(answer, context=self.inside))
        self.iopub_thread.end()
        self.inside.run(self._publish_status, "idle", "shell")

    def _taken(self, request: Message) -> Any:
        """Begin with a message: what its handler returns, often something to wait for."""
        kind = request["header"]["msg_type"]
        self.set_parent([], request, channel="shell")  # type: ignore[no-untyped-call]
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, streams.CellStream):
                stream.set_parent(request)  # type: ignore[no-untyped-call]
        if kind == "execute_request":  # what a front end's widget asks for is no cell
            self.iopub_thread.begin()
        self._publish_status("busy", "shell")  # type: ignore[no-untyped-call]
        return self.shell_handlers[kind](None, [], request)


class Kept(dict[str, Any]):
    """What magics such as %store and %bookmark keep: for one notebook, and never on the disk."""

    def keys(self, pattern: str | None = None) -> Any:
        """The names, or those that fit a pattern, as IPython's own database gives them."""
        if pattern is None:
            return super().keys()
        return [name for name in self if fnmatch.fnmatch(name, pattern)]

    def __delitem__(self, name: str) -> None:
        """Forget what is kept under a name, if anything is."""
        self.pop(name, None)


class NotKept(defaultdict[int, list[Any]]):
    """Outputs that IPython would keep a second time for its history, which a batch has not."""

    def __missing__(self, key: int) -> list[Any]:
        return []


def create() -> CellKernel:
    """The kernel of this process, made before anything that looks for one is imported."""
    settings = Config()
    settings.HistoryManager.enabled = False
    session = CatchingSession(key=UNUSED_KEY, username="playbook", deliver=nowhere)
    os.environ.setdefault("MPLBACKEND", INLINE)
    own = os.environ.get("IPYTHONDIR")
    with tempfile.TemporaryDirectory(prefix="playbook-") as folder:
        os.environ["IPYTHONDIR"] = folder  # nothing of the user's own settings and history
        kernel = _made(settings, session)
    os.environ.pop("IPYTHONDIR")
    if own is not None:
        os.environ["IPYTHONDIR"] = own
    return kernel


def _made(settings: Config, session: CatchingSession) -> CellKernel:
    # ipykernel would load a debugger that wants sockets of its own.
    sys.modules.setdefault("debugpy", None)  # type: ignore[arg-type]
    kernel: CellKernel = CellKernel.instance(
        config=settings,
        session=session,
        log=QUIET,
        iopub_socket=_IOPUB,
        iopub_thread=streams.Outlet(),
        shell_channel_thread=SimpleNamespace(parent_thread=threading.main_thread()),
        user_ns={},
    )
    if sys.modules["debugpy"] is None:
        del sys.modules["debugpy"]  # type: ignore[unreachable]
    # Magics ask the application for its kernel; there is one, which starts nothing.
    IPKernelApp.instance(kernel=kernel, session=session).init_shell()  # type: ignore[no-untyped-call]
    kernel.shell.extension_manager.load_extension("storemagic")
    return kernel


def begin(
    kernel: CellKernel,
    deliver: Deliver,
    journal: Callable[[bytes], None] | None = None,
    *,
    pipes: dict[str, tuple[int, int]] | None = None,
    output: int = 0,
) -> None:
    """Make the kernel of a process that has just been forked its own: names, chance, streams.

    `deliver` gets the messages, `journal` the text of streams before it is sent. `pipes` are for
    what is written past Python. `output` is the bytes that may be shown, 0 for no limit.
    """
    session = kernel.session
    session.session, session.owner = str(uuid.uuid4()), os.getpid()
    session.deliver, session.allowance = deliver, Allowance(output)
    kernel.ident = str(uuid.uuid4())
    kernel.inside = contextvars.copy_context()
    kernel.journal = journal

    def note(name: str, text: str) -> None:
        if journal is not None:
            journal(json.dumps(["text", name, text]).encode() + b"\n")

    kernel.iopub_thread = streams.install(session, note)
    if pipes:
        kernel.iopub_thread.capture(pipes)
    _environment(kernel)
    asyncio.set_event_loop(asyncio.new_event_loop())
    signal.signal(signal.SIGINT, signal.default_int_handler)
    _search_path()
    kernel.shell.db = Kept()
    kernel.shell.history_manager.outputs = NotKept(list)
    kernel.shell.exit_now = False
    # ipykernel's notes of an error while a value was shown: the next cell would be told of it.
    kernel.shell._last_traceback = None
    kernel.shell._last_traceback_during_displayhook = False
    kernel.shell.displayhook.msg = None
    with suppress(OSError):
        kernel.shell.history_manager.dir_hist[:] = [Path.cwd()]
    _reseed()


def _search_path() -> None:
    """Have the notebook's folder searched where IPython does: after Python's own library."""
    names = [Path(each).name for each in sys.path]
    places = [n for n, name in enumerate(names) if name in ("site-packages", "dist-packages")]
    if "" not in sys.path:
        sys.path.insert(min(places, default=0), "")


def _environment(kernel: CellKernel) -> None:
    """What ipykernel sets in the environment of every kernel."""
    kernel.shell.init_environment()
    wanted = os.environ.setdefault("MPLBACKEND", INLINE)
    matplotlib = sys.modules.get("matplotlib")
    if matplotlib is not None and wanted != matplotlib.rcParams["backend"]:
        matplotlib.rcParams["backend"] = wanted


def _reseed() -> None:
    import random

    random.seed()
    numpy = sys.modules.get("numpy")
    if numpy is not None and "numpy.random" in sys.modules:
        numpy.random.seed()


def _loop() -> asyncio.AbstractEventLoop:
    """The loop that cells run in; a cell may have closed it."""
    policy = asyncio.get_event_loop_policy()
    try:
        loop = policy.get_event_loop()
    except RuntimeError:
        loop = None
    if loop is None or loop.is_closed():
        loop = asyncio.new_event_loop()
        policy.set_event_loop(loop)
    return loop


def reset(kernel: CellKernel) -> None:
    """Make the shell as it was before the first notebook, and close every widget."""
    kernel.session.deliver = nowhere
    close_widgets(kernel)
    kernel.shell.reset(new_session=True)
    # What the shell itself puts there is not shown as the notebook's own.
    kernel.shell.user_ns_hidden.update(kernel.shell.user_ns)


def close_widgets(kernel: CellKernel) -> None:
    """Close every widget and forget every comm, as the end of a kernel does."""
    widgets = sys.modules.get("ipywidgets.widgets.widget")
    if widgets is not None:
        widgets.Widget.close_all()
    kernel.comm_manager.comms.clear()


def nowhere(channel: str, message: Message, packed: bytes) -> None:
    """Before a notebook begins nobody listens."""
