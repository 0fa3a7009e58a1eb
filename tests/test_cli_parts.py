"""Who asks for a part of the package that is not installed is told how to get it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from playbook_helpers.cli import part_missing

ROOT = Path(__file__).parents[1]
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
        f"  allowed: in the playbook's folder, run: {sys.executable} -m pip install "
        "--require-hashes -r requirements/site.txt",
        "  kept: all that was saved before",
    ]


@pytest.mark.parametrize(
    ("module", "part"),
    [
        ("distributed.client", "cluster"),
        ("psycopg", "postgres"),
        ("pandas", "site"),
        ("jupyterlab", "lab"),
    ],
)
def test_each_part_is_named(module: str, part: str) -> None:
    said = part_missing(ModuleNotFoundError(name=module)).allowed
    assert said.endswith(f"-r requirements/{part}.txt")
    assert (ROOT / "requirements" / f"{part}.txt").is_file()


def test_no_text_names_a_package_that_anybody_may_register() -> None:
    """No index has this project: whoever installs it by name gets somebody else's.

    A name with an address behind it is that address.
    """
    texts = [*ROOT.glob("*.md"), *ROOT.glob("book/*.md"), ROOT / "Makefile"]
    texts += [p for p in (ROOT / "src").rglob("*") if p.suffix in (".py", ".js", ".j2", ".html")]
    for path in texts:
        found = re.search(
            r"install[^\n]*partnership.playbook(?!\[[^]]*\] @ |-\d)", path.read_text("utf-8")
        )
        assert found is None, f"{path}: {found and found.group()}"


def test_a_module_of_our_own_that_is_missing_is_our_mistake() -> None:
    ours = ModuleNotFoundError(name="playbook_helpers.gone")
    with pytest.raises(ModuleNotFoundError) as caught:
        part_missing(ours)
    assert caught.value is ours
