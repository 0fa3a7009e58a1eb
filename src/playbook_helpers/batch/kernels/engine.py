"""The papermill engine `playbook`: papermill's own notebook client over a forked kernel.

In a process that was forked to run one notebook, cells run in that process itself. Anywhere else
each notebook is run in a fork of a warm server and followed by its journal:
`papermill.execute_notebook(..., engine_name="playbook")` is used as with papermill's own engine.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # papermill loads this module whenever it is imported, so it stays light
    from nbformat import NotebookNode

    from playbook_helpers.batch.kernels.cells import CellKernel

NAME = "playbook"
_NEEDS_A_KERNEL = {"km", "kernel_manager_class", "interrupt_on_timeout", "error_on_timeout"}
"""Settings of nbclient for which there has to be a kernel that is asked from here."""


@dataclass(slots=True)
class Here:
    """Where notebooks of this process run: in its own kernel, told to a journal."""

    kernel: CellKernel
    journal: Callable[[bytes], None] | None = None
    notebook: NotebookNode | None = None
    """The last notebook that was executed, also when papermill raised an error for it."""


_here: list[Here] = []


def use_here(kernel: CellKernel, journal: Callable[[bytes], None] | None = None) -> Here:
    """Have notebooks of this process run in the process itself."""
    _here[:] = [Here(kernel, journal)]
    return _here[0]


def leave() -> None:
    """Have notebooks of this process run elsewhere again."""
    _here.clear()


def is_ours(kernel_name: str) -> bool:
    """Whether a fork can stand in for the kernel of that name: this Python's own, on Linux.

    Raises jupyter_client's NoSuchKernel where there is no kernel of that name.
    """
    import sys
    from pathlib import Path

    from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpecManager

    from playbook_helpers.batch.kernels.linux import can_fork

    name = NATIVE_KERNEL_NAME if kernel_name == "python" else kernel_name
    command = KernelSpecManager().get_kernel_spec(name).argv
    if "ipykernel_launcher" not in command or not can_fork():
        return False
    own = Path(sys.executable)
    return command[0] in ("python", "python3", own.name) or Path(command[0]).resolve() == (
        own.resolve()
    )


def register() -> None:
    """Have papermill know the engine, also where the package was not installed with it."""
    from papermill.engines import papermill_engines

    papermill_engines.register(NAME, _engine())  # type: ignore[no-untyped-call]


def __getattr__(name: str) -> Any:
    """`PlaybookEngine`, made when it is first asked for.

    papermill asks for it while it is being imported itself, so this module cannot import papermill.
    """
    if name == "PlaybookEngine":
        return _engine()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


_made: list[Any] = []


def _engine() -> Any:
    from papermill.engines import NBClientEngine  # which comes back here for its entry points
    from papermill.utils import remove_args

    if not _made:

        class PlaybookEngine(NBClientEngine):
            """Executes a notebook with a forked kernel; takes what papermill's own engine takes."""

            @classmethod
            def execute_managed_notebook(
                cls,
                nb_man: Any,
                kernel_name: str,
                log_output: bool = False,
                stdout_file: Any = None,
                stderr_file: Any = None,
                start_timeout: float = 60,
                execution_timeout: float | None = None,
                **settings: Any,
            ) -> Any:
                """Run the notebook's cells; see papermill's engine for the settings."""
                own = remove_args(["input_path", "timeout", "startup_timeout"], **settings)  # type: ignore[no-untyped-call]
                own |= {
                    "log_output": log_output,
                    "stdout_file": stdout_file,
                    "stderr_file": stderr_file,
                }
                if _here:
                    here = _here[0]
                    here.notebook = nb_man.nb
                    from playbook_helpers.batch.kernels.client import execute

                    return execute(nb_man, here.kernel, here.journal, **own)
                if is_ours(kernel_name) and not _NEEDS_A_KERNEL & settings.keys():
                    from playbook_helpers.batch.kernels.follower import run_in_fork

                    timeout = execution_timeout or settings.get("timeout")
                    return run_in_fork(nb_man, timeout, own)
                return super().execute_managed_notebook(  # type: ignore[no-untyped-call]
                    nb_man,
                    kernel_name,
                    start_timeout=start_timeout,
                    execution_timeout=execution_timeout,
                    **settings | own,
                )

        _made.append(PlaybookEngine)
    return _made[0]
