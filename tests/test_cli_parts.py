"""Who asks for a part of the package that is not installed is told how to get it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from playbook_helpers.cli import part_missing

RUN = "import sys; sys.modules[{!r}] = None; sys.argv[0] = 'playbook'; "
RUN += "from playbook_helpers.cli import main; main()"


@pytest.mark.parametrize("command", ["batch", "report", "portfolio", "site", "up"])
def test_a_command_whose_part_is_not_installed_says_so(tmp_path: Path, command: str) -> None:
    (tmp_path / "_config.yml").touch()
    done = subprocess.run(
        [sys.executable, "-c", RUN.format("psutil"), command],
        cwd=tmp_path,
        env=os.environ | {"PLAYBOOK_HOME": str(tmp_path), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        "Error: A part that this needs is not installed",
        "  value: 'psutil'",
        "  allowed: run: pip install 'partnership-playbook[worksheets]'",
        "  kept: all that was saved before",
    ]


@pytest.mark.parametrize(
    ("module", "part"),
    [("distributed.client", "cluster"), ("psycopg", "postgres"), ("pandas", "worksheets")],
)
def test_each_part_is_named(module: str, part: str) -> None:
    assert f"[{part}]" in part_missing(ModuleNotFoundError(name=module)).allowed


def test_a_module_of_our_own_that_is_missing_is_our_mistake() -> None:
    ours = ModuleNotFoundError(name="playbook_helpers.gone")
    with pytest.raises(ModuleNotFoundError) as caught:
        part_missing(ours)
    assert caught.value is ours
