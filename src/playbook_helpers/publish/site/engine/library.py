"""Byte code of what a worksheet needs, made by the very Python that will run it in the browser.

It is read as text and run by Pyodide in Node (`pack.mjs`), which has put the zips beside each other
in `/tmp`: Pyodide's standard library, the wheels, and this package.
"""

from __future__ import annotations

import ast
import importlib
import io
import json
import os
import py_compile
import re
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path

ZIPS = Path("/tmp")  # noqa: S108 - of Pyodide's own file system
STDLIB = "python_stdlib.zip"
BINARY = "pydantic_core/"
"""The package with a compiled part, which can be imported from a folder only: `page_python.py`
takes it out of the zip."""
TOLD = "page_python.json"
"""What `page_python.py` is told: which files are those, and what it loads ahead of them."""
SITE = Path("/lib/python3.14/site-packages")
LEFT_OUT = (
    "pydantic/v1/",
    "pydantic/deprecated/",
    "pydantic/mypy",
    "pydantic/color",
    "pydantic/experimental/pipeline",
    "annotated_types/test_cases",
    "importlib/_bootstrap",
    "zipimport",
    "ssl.py",
)
"""What no page comes to: another library within pydantic, and its old names; a plugin of mypy,
tests, what is frozen into the program, and connections of Python's own, which asyncio does
without."""
_TIME = (2020, 1, 1, 0, 0, 0)


def packages() -> dict[str, bytes]:
    """Place -> what lies there, of the wheels and of this package."""
    held: dict[str, bytes] = {}
    for path in ZIPS.iterdir():
        if path.suffix in (".zip", ".whl") and path.name != STDLIB:
            with zipfile.ZipFile(path) as archive:
                held |= {name: archive.read(name) for name in archive.namelist()}
    told = (".py", ".so", ".css")
    return {
        place: data
        for place, data in held.items()
        if place.endswith(told) and not place.startswith(LEFT_OUT)
    }


def loaded(requests: str, held: dict[str, bytes]) -> set[str]:
    """Names of the modules that are loaded once every request was worked out."""
    for place, data in held.items():
        if place.startswith(BINARY):
            SITE.joinpath(place).parent.mkdir(parents=True, exist_ok=True)
            SITE.joinpath(place).write_bytes(data)
    sys.path += [*sorted(map(str, ZIPS.glob("*.whl"))), str(ZIPS / "package.zip")]
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "1"
    answers = importlib.import_module("playbook_helpers.worksheet.sections.answers")
    for request in json.loads(requests):
        answers.work_out(json.dumps(request))
    return set(sys.modules)


def imported(held: dict[str, bytes]) -> set[str]:
    """Names that this package imports anywhere: a worksheet of somebody's may go another way."""
    found = set()
    for place, data in held.items():
        if place.startswith("playbook_helpers/") and place.endswith(".py"):
            found |= imported_by(data)
    return found


def imported_by(source: bytes) -> set[str]:
    """Names that a module's source imports."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return found


def module_at(place: str) -> str:
    """The name of the module that lies at a place in a zip."""
    return place.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def patterns(names: Iterable[str]) -> list[tuple[str, int]]:
    """The patterns that these modules have compiled, with what they were compiled with."""
    found = {
        (value.pattern, int(value.flags & ~re.UNICODE))
        for name in names
        for value in vars(sys.modules[name]).values()
        if isinstance(value, re.Pattern) and isinstance(value.pattern, str)
    }
    return sorted(found)


def packed(held: dict[str, bytes]) -> bytes:
    """A zip of byte code, and of what is no module as it is."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for place, data in sorted(held.items()):
            if place.endswith(".py"):
                data = byte_code(place, data)
                place += "c"
            about = zipfile.ZipInfo(place, _TIME)
            archive.writestr(about, data, zipfile.ZIP_DEFLATED, compresslevel=9)
    return made.getvalue()


def byte_code(place: str, source: bytes) -> bytes:
    """A module as byte code that asks for no source, without docstrings and assertions."""
    written, made = Path("/tmp/one.py"), Path("/tmp/one.pyc")  # noqa: S108
    written.write_bytes(source)
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    py_compile.compile(
        str(written), str(made), place, doraise=True, optimize=2, invalidation_mode=mode
    )
    return made.read_bytes()


def library(requests: str, before: str) -> bytes:
    """The zip of all that the page's Python imports.

    `before` names, with blanks between, the modules that Pyodide loads by itself.
    """
    for name in set(sys.modules) - set(before.split()):
        del sys.modules[name]  # this program needed it: does anything else?
    held = packages()
    worked = loaded(requests, held)
    names = worked | imported(held) | imported_by(held["page_python.py"])
    standard = set()
    with zipfile.ZipFile(ZIPS / STDLIB) as archive:
        for place in archive.namelist():
            name = module_at(place)
            if place.endswith(".py") and name in names and not place.startswith(LEFT_OUT):
                held[place] = archive.read(place)
                standard.add(name)
    apart = sorted(place for place in held if place.startswith(BINARY))
    ours = {module_at(place) for place in held} - standard - set(map(module_at, apart))
    told = {
        "binary": [place + "c" if place.endswith(".py") else place for place in apart],
        "modules": sorted(standard & worked),
        "patterns": patterns(ours & worked),
        "waiting": sorted(ours & worked),
    }
    return packed(held | {TOLD: json.dumps(told).encode()})
