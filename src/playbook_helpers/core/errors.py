"""The errors a user can meet: what is wrong, the value, what is allowed, what was kept."""

from __future__ import annotations

import json
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path


class PlaybookError(Exception):
    """Base of every error the playbook raises on purpose.

    The message is built from four parts, so that no error leaves out what a person needs
    to go on. `exit_code` is what the command line returns for it.

    >>> print(PlaybookError("The target is not a number", value="lots", allowed="a number: 85"))
    The target is not a number
      value: 'lots'
      allowed: a number: 85
    """

    exit_code = 2

    def __init__(
        self, what: str, *, value: object = None, allowed: str = "", kept: str = ""
    ) -> None:
        super().__init__(what)
        self.what = what
        self.value = value
        self.allowed = allowed
        self.kept = kept

    def __str__(self) -> str:
        lines = [self.what]
        if self.value is not None:
            shown = repr(self.value)
            lines.append("  value: " + (shown if len(shown) <= 200 else shown[:197] + "..."))
        if self.allowed:
            lines.append(f"  allowed: {self.allowed}")
        if self.kept:
            lines.append(f"  kept: {self.kept}")
        return "\n".join(lines)

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows in place of the way through our code: IPython asks for it."""
        return str(self).splitlines()

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.what, self.value, self.allowed, self.kept))


def _rebuild(
    kind: type[PlaybookError], what: str, value: object, allowed: str, kept: str
) -> PlaybookError:
    return kind(what, value=value, allowed=allowed, kept=kept)


def install_line(part: str) -> str:
    """How to get a part of the playbook that is not installed, from where it came.

    No package index has this project, and anybody may register its name there: so never a name,
    but the lock of a checkout, or the wheel that was installed.

    >>> install_line("cluster").partition(" -m ")[2]
    'pip install --require-hashes -r requirements/cluster.txt'
    """
    python = f'"{sys.executable}"' if " " in sys.executable else sys.executable
    if (Path(__file__).parents[3] / "requirements").is_dir():
        lock = f"requirements/{part}.txt"
        return f"in the playbook's folder, run: {python} -m pip install --require-hashes -r {lock}"
    wheel = installed_from() or "WHEEL (the file or address that you installed the playbook from)"
    return f'run: {python} -m pip install "partnership-playbook[{part}] @ {wheel}"'


def installed_from() -> str:
    """The address of the wheel that this installation came from; empty where pip wrote none."""
    try:
        told = distribution("partnership-playbook").read_text("direct_url.json")
        return str(json.loads(told or "{}").get("url", ""))
    except (PackageNotFoundError, ValueError):
        return ""


class InputError(PlaybookError):
    """Something given by a person or a file cannot be taken as it is."""


class NotFound(InputError):
    """A name was given that nothing goes by; `allowed` lists what there is."""


class StoreError(PlaybookError):
    """The store cannot be reached, read or written; nothing was half-written."""

    exit_code = 3


class RevisionChanged(StoreError):
    """Two different revisions carry one id: one of them was altered after it was written."""


class ClusterError(PlaybookError):
    """The machines that were to do the work cannot be reached, or cannot do it."""

    exit_code = 3
