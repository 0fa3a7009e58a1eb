"""How the page's Python starts: it lies in the library's zip, and the worker calls it.

First what a snapshot of Python's memory can hold (`load_library`), then what it cannot
(`load_package`). A snapshot that is held saves the first.
"""

from __future__ import annotations

import importlib
import json
import re
import sys
import zipimport
from collections.abc import Callable
from pathlib import Path
from types import CodeType
from typing import Any, ClassVar

ARCHIVE = next((path for path in sys.path if path.endswith(".zip")), "")
"""The zip that Pyodide takes for its standard library; `library.py` packs it."""
SITE = Path("/lib/python3.14/site-packages")


class ReadyCode(zipimport.zipimporter):
    """The zip, with the code of its modules at hand."""

    codes: ClassVar[dict[str, CodeType]] = {}

    def get_code(self, fullname: str) -> CodeType:
        """The code of a module, read now if it was not read ahead."""
        return self.codes.get(fullname) or super().get_code(fullname)


def load_library() -> None:
    """Load the modules without a compiled part, compile the patterns, and read the code of the
    modules that have to wait for one."""
    told = _told()
    sys.path_hooks.insert(0, ReadyCode)
    sys.path_importer_cache.clear()
    for name in told["modules"]:
        importlib.import_module(name)
    for pattern, flags in told["patterns"]:
        re.compile(pattern, flags)
    for name in told["waiting"]:
        folder = "/".join([ARCHIVE, *name.split(".")[:-1]])
        ReadyCode.codes[name] = zipimport.zipimporter(folder).get_code(name)


def load_package() -> Callable[[str], str]:
    """Put the compiled part where it can be loaded from; gives what answers requests."""
    held = zipimport.zipimporter(ARCHIVE)
    for place in _told()["binary"]:
        path = SITE / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(held.get_data(place))
    sys.path.insert(0, str(SITE))
    answers = importlib.import_module("playbook_helpers.worksheet.sections.answers")
    work_out: Callable[[str], str] = answers.work_out
    return work_out


def _told() -> dict[str, Any]:
    told: dict[str, Any] = json.loads(zipimport.zipimporter(ARCHIVE).get_data("page_python.json"))
    return told
