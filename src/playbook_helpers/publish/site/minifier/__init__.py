"""Scripts made smaller by esbuild, where npm can bring it; elsewhere they stay as joined.

Version and hashes stand in `package-lock.json`, for all computers that esbuild is made for.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path

from playbook_helpers.publish.site.engine.parts import node, run

HERE = Path(__file__).parent
PINNED = ("package.json", "package-lock.json")
ESBUILD = Path("node_modules", "esbuild", "bin", "esbuild")
TARGET = "es2022"
"""Younger syntax than this the scripts do not hold, and esbuild is not to write any."""


def minified(script: str, work: Path) -> str:
    """A classic script that does the same in fewer bytes; esbuild is kept in a folder of `work`.

    Raises InputError, saying what is missing, where npm is not there or cannot reach a registry.
    """
    esbuild = _esbuild(work)
    with tempfile.TemporaryDirectory() as name:
        given, made = Path(name, "given.js"), Path(name, "made.js")
        given.write_text(script, "utf-8")
        command = [*node("node"), str(esbuild), str(given), f"--outfile={made}"]
        command += ["--minify", "--charset=utf8", f"--target={TARGET}", "--log-level=error"]
        run(command, "make a script smaller")
        return made.read_text("utf-8")


def _esbuild(work: Path) -> Path:
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
    return home / ESBUILD
