"""The wheel alone, in a folder without the source: what somebody has who installed it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from playbook_helpers.core.version import __version__
from playbook_helpers.worksheet.shipped import NAMES

ROOT = Path(__file__).parents[1]
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel's own files; the libraries are those of this environment."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    wheel = ["wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run([*pip, *wheel], check=True)
    (made,) = folder.glob("*.whl")
    subprocess.run(
        [*pip, "install", "--no-deps", "--target", str(folder / "there"), made], check=True
    )
    return folder / "there"


@pytest.fixture(scope="module")
def run(installed: Path) -> Run:
    """Call the installed command in a folder: `run(folder, "batch", "our-town")`."""

    def call(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"PYTHONPATH": str(installed), "COLUMNS": "80"}
        environment = {k: v for k, v in environment.items() if not k.startswith("PLAYBOOK_")}
        command = [sys.executable, str(installed / "bin" / "playbook"), *words]
        return subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False
        )

    return call


@pytest.fixture(scope="module")
def demo(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the installed command has made."""
    place = tmp_path_factory.mktemp("anywhere")
    made = run(place, "init", "demo")
    assert made.returncode == 0, made.stderr
    assert made.stdout.strip() == str(place / "demo")
    return place / "demo"


def test_the_command_runs_from_the_wheel_and_says_its_version(run: Run, demo: Path) -> None:
    assert run(demo, "--version").stdout == f"playbook {__version__}\n"
    told = json.loads(run(demo, "list", "--json").stdout)
    assert told["partnerships"] == []
    assert "riverside-invented" in told["examples"]
    assert told["worksheets"] == sorted(p.stem for p in (ROOT / "worksheets").glob("*.ipynb"))


def test_a_new_folder_has_what_a_checkout_has_and_nothing_hidden(demo: Path) -> None:
    for name in NAMES:
        ours = ROOT / name
        mine = [ours] if ours.is_file() else [p for p in ours.rglob("*") if p.is_file()]
        for path in mine:
            parts = path.relative_to(ROOT).parts
            if any(part.startswith((".", "__pycache__")) for part in parts):
                assert not demo.joinpath(*parts).exists()
            else:
                assert demo.joinpath(*parts).read_bytes() == path.read_bytes()
    there = {path.name for path in demo.iterdir()}
    assert there == {*NAMES, "README.md", ".gitignore"}


def test_an_example_runs_at_once_and_leaves_a_page_for_each_worksheet(run: Run, demo: Path) -> None:
    done = run(demo, "batch", "riverside-invented")
    assert done.returncode == 0, done.stderr
    pages = demo / "_build" / "reports" / "riverside-invented"
    assert len(list(pages.glob("*.html"))) >= 9


def test_an_example_that_is_named_comes_into_a_store_that_has_others(
    run: Run, tmp_path: Path
) -> None:
    run(tmp_path, "init", "ours")
    folder = tmp_path / "ours"
    assert run(folder, "new", "our-town", "--name", "Our Town").returncode == 0
    assert run(folder, "list").stdout.split("\n") == ["our-town\tOur Town\t1 record", ""]
    done = run(folder, "batch", "shape-up-somerville", "--worksheet", "goals")
    assert done.returncode == 0, done.stderr
    assert "Brought in from data/: shape-up-somerville" in done.stderr
    named = [line.split("\t")[0] for line in run(folder, "list").stdout.splitlines()]
    assert named == ["our-town", "shape-up-somerville"]


@pytest.mark.slow
def test_the_whole_site_is_built_from_what_the_wheel_brings(run: Run, demo: Path) -> None:
    done = run(demo, "up", "--no-serve")
    assert done.returncode == 0, done.stderr
    assert (demo / "_build" / "site" / "worksheets" / "goals.html").is_file()
    looked = run(demo, "publish")
    assert (looked.returncode, looked.stdout) == (0, f"{demo / '_build' / 'site'}\n")


def test_outside_a_folder_it_is_said_how_to_get_one(run: Run, tmp_path: Path) -> None:
    refused = run(tmp_path, "batch")
    assert refused.returncode == 2
    assert "playbook init our-town" in refused.stderr
