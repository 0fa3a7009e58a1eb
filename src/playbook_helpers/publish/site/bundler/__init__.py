"""Scripts made by esbuild, where npm can bring it: those of the site smaller, and one of a package.

Versions and hashes stand in `package-lock.json`, for all computers that esbuild is made for. Where
it cannot be had, the scripts stay as they are joined, and a link is shown without its QR code.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path

from playbook_helpers.publish.site.engine.parts import node, run

HERE = Path(__file__).parent
PINNED = ("package.json", "package-lock.json")
PACKAGES = Path("node_modules")
ESBUILD = PACKAGES / "esbuild" / "bin" / "esbuild"
QR = "qr.js"
TARGET = "es2022"
"""Younger syntax than this the scripts do not hold, and esbuild is not to write any."""


def minified(script: str, work: Path) -> str:
    """A classic script that does the same in fewer bytes; esbuild is kept in a folder of `work`.

    Raises InputError, saying what is missing, where npm is not there or cannot reach a registry.
    """
    with tempfile.TemporaryDirectory() as name:
        given = Path(name, "given.js")
        given.write_text(script, "utf-8")
        return _made(_home(work), given)


def qr_script(work: Path) -> str:
    """The module that draws a QR code, with the licence of the package that it is made of.

    Raises InputError as `minified` does.
    """
    home = _home(work)
    shutil.copyfile(HERE / QR, home / QR)
    terms = (home / PACKAGES / "uqr" / "LICENSE").read_text("utf-8").strip()
    return f"/*!\n{terms}\n*/\n" + _made(home, home / QR, "--bundle", "--format=esm")


def _made(home: Path, given: Path, *options: str) -> str:
    with tempfile.TemporaryDirectory() as name:
        made = Path(name, "made.js")
        command = [*node("node"), str(home / ESBUILD), str(given), f"--outfile={made}", *options]
        command += ["--minify", "--charset=utf8", f"--target={TARGET}", "--log-level=error"]
        run(command, "make a script smaller")
        return made.read_text("utf-8")


def _home(work: Path) -> Path:
    """The folder that holds what npm brought."""
    pinned = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in PINNED)).hexdigest()
    home = work / f"esbuild-{pinned[:12]}"
    if not (home / ESBUILD).is_file():
        work.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=work) as name:
            fresh = Path(name) / home.name
            fresh.mkdir()
            for file in PINNED:
                shutil.copyfile(HERE / file, fresh / file)
            # No package may run a program of its own while it is installed.
            command = [*node("npm"), "ci", "--prefix", str(fresh), "--ignore-scripts"]
            run([*command, "--no-audit", "--no-fund", "--silent"], "fetch esbuild")
            shutil.rmtree(home, ignore_errors=True)
            fresh.rename(home)
    return home
