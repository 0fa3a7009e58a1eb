"""A kernel for a notebook of the book: ipykernel's own, in a fork of a warm process.

Jupyter's place for other ways of starting a kernel is a provisioner. Whatever runs a notebook
starts its kernel so while `JUPYTER_DEFAULT_PROVISIONER_NAME` names this one.
"""

from __future__ import annotations

import os
import signal
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from playbook_helpers.batch.kernels.forkserver import Job, Running, shared_server

NAME = "playbook-fork"
"""Its name among Jupyter's provisioners."""


class ForkProvisioner(LocalProvisioner):
    """Starts a kernel as a fork, and else does what Jupyter does with a process."""

    async def launch_kernel(self, cmd: list[str], **settings: Any) -> KernelConnectionInfo:
        """Fork a kernel; `cmd`, `cwd` and `env` as jupyter_client gives them."""
        job = Job(
            f"{__name__}:serve",
            {"words": cmd[cmd.index("ipykernel_launcher") + 1 :]},
            folder=str(settings.get("cwd") or os.getcwd()),  # noqa: PTH109
            environment=dict(settings.get("env") or os.environ),
        )
        self.process: Any = Process(shared_server(kernel=False).begin(job))
        return self.connection_info


class Process:
    """A fork with the face of a `subprocess.Popen`, as far as Jupyter looks at it."""

    stdin = stdout = stderr = None

    def __init__(self, running: Running) -> None:
        self._running = running
        self._code: int | None = None

    def poll(self) -> int | None:
        """Its exit code, or None while it runs."""
        if self._code is None and self._running.wait(0):
            self._code = self.wait()
        return self._code

    def wait(self) -> int:
        """Wait for its end; its exit code."""
        if self._code is None:
            with self._running as running:
                self._code = running.result().number
        return self._code

    def send_signal(self, number: int) -> None:
        """End it, whatever the signal: nobody sits before it who would go on."""
        self._running.end()


def serve(job: Job, kernel: None) -> None:
    """In the fork: be a kernel until it is told to end."""
    from ipykernel.kernelapp import launch_new_instance

    signal.signal(signal.SIGINT, signal.default_int_handler)
    launch_new_instance([*job.arguments["words"], "--HistoryManager.enabled=False"])
