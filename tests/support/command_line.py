"""The command line as tests run it: in this process, with its outcome and its exit code."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from playbook_helpers.cli import main


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def playbook(folder: Path, *arguments: str, store: str = "sqlite:///store.db") -> Done:
    """Run the command line in this process, as `playbook ARGUMENTS` in that folder."""
    out, err = io.StringIO(), io.StringIO()
    code: object = 0
    with (
        contextlib.chdir(folder),
        mock.patch.dict(os.environ, {"PLAYBOOK_STORE": store}),
        mock.patch.object(sys, "argv", ["playbook", *arguments]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as ended:
            code = ended.code or 0
    assert isinstance(code, int)
    return Done(code, out.getvalue(), err.getvalue())
