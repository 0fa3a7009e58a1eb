"""The kernel of a batch: this very Python, quiet, private, and gone without a trace.

Whatever kernels and profiles are installed on a computer, a worksheet runs in the interpreter
that runs the batch. Talk goes through files in the run's own folder where the system has them,
so that no port is opened; nothing of the user's history or start-up files is read or written.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager

_ARGUMENTS = [
    "-Xfrozen_modules=off",
    "-m",
    "ipykernel_launcher",
    "-f",
    "{connection_file}",
    "--HistoryManager.enabled=False",
]


def kernel_manager_class(folder: Path) -> type[AsyncKernelManager]:
    """The manager of a kernel that keeps all its files in `folder`.

    `folder` must have a short path: a socket's name may not be longer than 104 characters.
    """

    class PrivateKernelManager(AsyncKernelManager):
        def __init__(self, **settings: Any) -> None:
            super().__init__(**settings)
            self.connection_file = str(folder / "k.json")
            if os.name == "posix":
                self.transport = "ipc"

        @property
        def kernel_spec(self) -> KernelSpec:
            return KernelSpec(
                argv=[sys.executable, *_ARGUMENTS], display_name="Python 3", language="python"
            )

    return PrivateKernelManager
