"""Which module may import which: lower layers know nothing of higher ones, and stay light."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src" / "playbook_helpers"
ORDER = ("core", "drawing", "practices", "storage", "worksheet", "batch", "publish", "cli")
"""The folders, from the lowest up: each imports from itself and from those before it."""
HEAVY = {"pandas", "matplotlib", "numpy", "papermill", "sqlalchemy", "ipywidgets", "openpyxl"}
UP = {
    ("practices/community/what_if.py", "playbook_helpers.worksheet.worksheet"),
    ("practices/goals/what_if.py", "playbook_helpers.worksheet.charts"),
    ("practices/goals/what_if.py", "playbook_helpers.worksheet.worksheet"),
    ("practices/resources/what_if.py", "playbook_helpers.worksheet.worksheet"),
    ("practices/sustainability/what_if.py", "playbook_helpers.worksheet.worksheet"),
}
"""Imports from above that are still to be turned round: no new ones."""
LIGHT = ("core", "drawing", "practices", "worksheet/sections")
"""What runs in the browser's Python, where little else is there."""


def imports(path: Path) -> set[str]:
    """Every dotted name a file imports, at its top or inside a function."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the layer; write the full name"
            found.add(node.module or "")
            if node.module == "playbook_helpers":
                found |= {f"playbook_helpers.{alias.name}" for alias in node.names}
    return found


FILES = sorted(p for p in SOURCE.rglob("*.py") if p != SOURCE / "__init__.py")


def test_the_package_has_its_folders_and_nothing_beside_them() -> None:
    found = {p.relative_to(SOURCE).parts[0] for p in SOURCE.rglob("*.py")}
    assert found == {*ORDER, "__init__.py"}


def test_no_folder_imports_from_one_above_it() -> None:
    up = {
        (str(path.relative_to(SOURCE)), name)
        for path in FILES
        for name in sorted(imports(path))
        if name.startswith("playbook_helpers.")
        and not name.endswith(".__version__")
        and ORDER.index(name.split(".")[1]) > ORDER.index(path.relative_to(SOURCE).parts[0])
    }
    assert up == UP


def test_a_practice_imported_alone_brings_nothing_heavy_along() -> None:
    code = (
        "import sys; import playbook_helpers.practices; "
        "print(*sorted({name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert "pydantic" in loaded
    assert not loaded & (HEAVY | {"networkx", "IPython", "typer", "rich", "anywidget"})


def test_asking_for_help_does_not_load_the_notebook_machinery() -> None:
    code = (
        "import sys; import playbook_helpers.cli; "
        "print(*sorted({name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True
    )
    assert not set(done.stdout.split()) & {"pandas", "matplotlib", "papermill", "nbconvert"}


def test_modules_stay_of_a_size_that_can_be_read_in_one_sitting() -> None:
    long = {
        path.name: lines
        for path in (*FILES, *Path(__file__).parent.rglob("*.py"))
        if (lines := len(path.read_text("utf-8").splitlines())) > 400
    }
    assert not long, f"one idea each? {long}"
