"""The Python that runs in a reader's browser: Pyodide, and the few packages that a worksheet needs.

They come from the registries that the machine already installs from, are held against the hashes
written down here and in `engine.txt`, and are kept in a folder outside git. A page
asks nobody else for them.
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
from pathlib import Path

from playbook_helpers.core.errors import InputError

PYODIDE = "pyodide@314.0.7"
SHA256 = "66b7949e5a0cba2250b586d7e368bf12fb482800748d182c4618254b685ffaa0"
FILES = (
    "pyodide.mjs",
    "pyodide.asm.mjs",
    "pyodide.asm.wasm",
    "python_stdlib.zip",
    "pyodide-lock.json",
)
_PYTHON, _PLATFORM = "3.14", "pyemscripten_2026_0_wasm32"
BROWSER = ("core", "drawing", "practices", "worksheet")
"""The folders of the package that a page brings along; of `worksheet` its sections alone."""


LOCK = Path(__file__).with_name("engine.txt")
"""The wheels with their hashes; pydantic is the one that CPython has here, byte for byte."""


def fetch(folder: Path) -> tuple[str, ...]:
    """Have Pyodide and the wheels of `LOCK` in `folder`; the names of the wheels, in order.

    What is there already is not fetched again. Raises InputError, saying what is missing, where a
    registry cannot be reached or what comes is not what was written down.
    """
    folder.mkdir(parents=True, exist_ok=True)
    mark = folder / "fetched"
    wanted = f"{PYODIDE} {SHA256} {hashlib.sha256(LOCK.read_bytes()).hexdigest()}"
    if not mark.is_file() or mark.read_text("utf-8") != wanted:
        with tempfile.TemporaryDirectory() as name:
            _pyodide(Path(name), folder)
            _wheels(Path(name) / "wheels", folder)
        mark.write_text(wanted, "utf-8")
    return tuple(sorted(path.name for path in folder.glob("*.whl")))


def _pyodide(work: Path, folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise InputError(
            "npm is not on this computer, so Pyodide cannot be fetched", allowed="Node.js with npm"
        )
    _run([npm, "pack", PYODIDE, "--silent", "--pack-destination", str(work)], "Pyodide")
    data = next(work.glob("pyodide-*.tgz")).read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != SHA256:
        raise InputError("Pyodide is not the one written down", value=found, allowed=SHA256)
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        for name in FILES:
            held = archive.extractfile(f"package/{name}")
            assert held is not None, name
            (folder / name).write_bytes(held.read())


def _wheels(work: Path, folder: Path) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--require-hashes", "--no-deps", "--only-binary", ":all:", "--dest", str(work)]
    command += ["--implementation", "cp", "--python-version", _PYTHON, "--platform", _PLATFORM]
    _run([*command, "--requirement", str(LOCK)], "the packages for Pyodide")
    for old in folder.glob("*.whl"):
        old.unlink()
    for wheel in work.glob("*.whl"):
        shutil.copyfile(wheel, folder / wheel.name)


def _run(command: list[str], what: str) -> None:
    # npm and pip, with names and addresses of files that are written down here.
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:]
        raise InputError(f"Could not fetch {what}", value=" ".join(last)[:300])


def package_zip() -> bytes:
    """The part of this package that runs in the browser, as a zip to unpack among its modules."""
    root = Path(__file__).parents[2]
    held = [root / "__init__.py"]
    for name in BROWSER:
        held += [p for p in (root / name).rglob("*") if p.suffix in (".py", ".css")]
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(held):
            place = path.relative_to(root).as_posix()
            if not place.startswith("worksheet/") or place.startswith(
                ("worksheet/sections/", "worksheet/__init__")
            ):
                entry = zipfile.ZipInfo(f"playbook_helpers/{place}", (2020, 1, 1, 0, 0, 0))
                archive.writestr(entry, path.read_bytes())
    return made.getvalue()
