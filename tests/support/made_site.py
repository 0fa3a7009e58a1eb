"""A copy of the project in which everything is made, as a reader's own checkout would be."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from playbook_helpers.publish.site.serve import SiteServer

ROOT = Path(__file__).parents[2]
SOURCES = ("_config.yml", "_toc.yml", "index.md", "book", "worksheets", "data", "src", "benchmarks")


def copy_project(folder: Path) -> Path:
    """Copy what a site is made from into `folder`; the folder."""
    folder.mkdir()
    for name in SOURCES:
        path = ROOT / name
        if path.is_dir():
            shutil.copytree(path, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(path, folder / name)
    return folder


def playbook(home: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a copy of the project; what it said."""
    code = "from playbook_helpers.cli import main; main()"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PLAYBOOK_")}
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=home,
        env=environment | variables,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )


@contextmanager
def running(server: SiteServer) -> Iterator[SiteServer]:
    """The server, answering from a thread of its own until the block is left."""
    thread = Thread(target=server.run)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join(20)
        server.close()
        assert not thread.is_alive()
