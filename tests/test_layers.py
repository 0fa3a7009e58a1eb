"""Which module may import which: lower layers know nothing of higher ones, and stay light."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "playbook_helpers"
LAYERS: tuple[set[str], ...] = (
    {
        "core",
        "errors",
        "bidi",
        "slugs",
        "whens",
        "records",
        "plain_records",
        "revisions",
        "partnership",
        "assessment",
        "settling",
        "reads",
        "distributions",
        "suppression",
        "practices",
        "overview",
    },
    {"store", "exchange"},
    {"tables", "charts", "pages"},
    {"forms"},
    {
        "project",
        "asof",
        "beginnings",
        "storing",
        "display",
        "snapshot",
        "show",
        "record_views",
        "whatif",
        "worksheet",
        "downloads",
        "overview_page",
        "decided",
    },
    {"kernels", "batch", "report", "portfolio", "notebooks", "site", "cli"},
)
HEAVY = {
    2: {"pandas", "matplotlib", "numpy", "papermill", "sqlalchemy", "ipywidgets", "openpyxl"},
    3: {"pandas", "matplotlib", "numpy", "papermill", "ipywidgets"},
}
"""What modules below the given layer (counted from one) may not import, not even in a function."""
ALLOWED_IN_LAYER_2 = {"sqlalchemy", "openpyxl", "psycopg"}


def layer_of(module: str) -> int | None:
    """The layer, from one upward, of `playbook_helpers.<module>`; None for the package itself."""
    for number, names in enumerate(LAYERS, start=1):
        if module in names:
            return number
    return None


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


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_a_module_imports_only_from_its_own_layer_or_a_lower_one(path: Path) -> None:
    own = layer_of(path.relative_to(SOURCE).parts[0].removesuffix(".py"))
    assert own is not None, f"{path.name} is in no layer: name it in LAYERS and ARCHITECTURE.md"
    for name in imports(path):
        parts = name.split(".")
        if parts[0] != "playbook_helpers" or len(parts) == 1:
            continue
        other = layer_of(parts[1])
        if other is not None:
            assert other <= own, f"layer {own} imports {name} of layer {other}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_records_and_assessments_use_nothing_heavy(path: Path) -> None:
    own = layer_of(path.relative_to(SOURCE).parts[0].removesuffix(".py"))
    tops = {name.split(".")[0] for name in imports(path)}
    if own == 1:
        foreign = {t for t in tops if t not in sys.stdlib_module_names} - {"playbook_helpers"}
        assert foreign <= {"pydantic"}, f"{foreign} would not run in the browser's Python"
    if own == 2:
        assert not tops & (HEAVY[2] - ALLOWED_IN_LAYER_2)


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
    assert not loaded & (HEAVY[2] | {"networkx", "IPython", "typer", "rich", "anywidget"})


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
