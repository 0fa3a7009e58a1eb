"""The order of the folders: which may import which, and what runs where little else is there.

`python tests/test_layers.py` writes the table in ARCHITECTURE.md anew.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import defaultdict
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import playbook_helpers

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "playbook_helpers"
ORDER = (
    "core",
    "drawing",
    "practices",
    "storage",
    "worksheet",
    "workshop",
    "batch",
    "publish",
    "cli",
)
"""The folders, from the lowest up: each imports from itself and from those before it."""
HEAVY = {"pandas", "matplotlib", "numpy", "papermill", "sqlalchemy", "ipywidgets", "openpyxl"}
BROWSER = ("core", "drawing", "practices", "worksheet/sections")
"""What runs in the browser's Python, with pydantic alone."""
DRAWS = ("charts", "what_if.py", "pages.py")
"""The parts of a practice that may import what draws."""
BEGIN, END = "<!-- folders: made by tests/test_layers.py -->\n", "<!-- end of folders -->"


def imports(path: Path) -> set[str]:
    """Every dotted name a file imports, at its top or inside a function."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the folder; write the full name"
            module = node.module or ""
            # A name taken from a package may be a module in it.
            parts = {f"{module}.{alias.name}" for alias in node.names}
            found |= {part for part in parts if file_of(part)} or {module}
            found |= {module} if any(not file_of(part) for part in parts) else set()
    return found


def file_of(module: str) -> Path | None:
    """The file of a module of ours; None for others."""
    place = SOURCE.parent.joinpath(*module.split("."))
    for path in (place / "__init__.py", place.with_suffix(".py")):
        if module.startswith("playbook_helpers") and path.is_file():
            return path
    return None


def own(path: Path) -> set[Path]:
    """The files of ours that a file imports."""
    found = {file_of(name) for name in imports(path)} - {None, path}
    return {each for each in found if each is not None}


def folder(path: Path) -> str:
    """The folder at the top in which a file lies."""
    return path.relative_to(SOURCE).parts[0]


def others(paths: list[Path]) -> set[str]:
    """The distributions outside the standard library that files import."""
    tops = {name.split(".")[0] for path in paths for name in imports(path)}
    return tops - set(sys.stdlib_module_names) - {"playbook_helpers", ""}


FILES = sorted(p for p in SOURCE.rglob("*.py") if p != SOURCE / "__init__.py")


def table() -> str:
    """The folders, what lies in each, and what each imports."""
    lines = ["| folder | what lies there | imports from | packages |", "|---|---|---|---|"]
    for name in ORDER:
        held = [path for path in FILES if folder(path) == name]
        text = ast.get_docstring(ast.parse((SOURCE / name / "__init__.py").read_text("utf-8")))
        first = (text or "").split("\n\n")[0].replace("\n", " ")
        below = {folder(to) for path in held for to in own(path)} - {name}
        after = ", ".join(each for each in ORDER if each in below) or "–"
        packages = ", ".join(sorted(others(held))) or "–"
        lines.append(f"| `{name}/` | {first} | {after} | {packages} |")
    return "\n".join(lines) + "\n"


def test_the_package_has_its_folders_and_nothing_beside_them() -> None:
    assert {p.relative_to(SOURCE).parts[0] for p in SOURCE.rglob("*.py")} == {
        *ORDER,
        "__init__.py",
    }


def test_nothing_in_the_package_asks_its_face() -> None:
    assert not [path for path in FILES if SOURCE / "__init__.py" in own(path)]


def test_no_folder_imports_from_one_above_it() -> None:
    up = {
        (path.relative_to(SOURCE).as_posix(), to.relative_to(SOURCE).as_posix())
        for path in FILES
        for to in own(path)
        if ORDER.index(folder(to)) > ORDER.index(folder(path))
    }
    assert not up


@pytest.mark.parametrize("depth", [1, 2])
def test_no_folders_import_each_other_in_a_circle(depth: int) -> None:
    """At the top, and one below: a practice is one room, whatever folders it has."""
    graph: dict[tuple[str, ...], set[tuple[str, ...]]] = defaultdict(set)
    for path in FILES:
        here = path.relative_to(SOURCE).parent.parts[:depth]
        for to in own(path):
            there = to.relative_to(SOURCE).parent.parts[:depth]
            if here != there:
                graph[here].add(there)
    list(TopologicalSorter(graph).static_order())


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {path: own(path) for path in FILES}
    list(TopologicalSorter(graph).static_order())


def test_only_what_draws_imports_what_is_drawn_with() -> None:
    for path in FILES:
        parts = path.relative_to(SOURCE).parts
        if parts[0] == "practices" and parts[1] != "views.py" and not set(parts) & set(DRAWS):
            assert "drawing" not in {folder(to) for to in own(path)}, path


def test_what_runs_in_the_browser_needs_pydantic_alone_to_be_imported() -> None:
    modules = [
        ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts).removesuffix(".__init__")
        for path in FILES
        if path.relative_to(SOURCE).as_posix().startswith(BROWSER)
    ]
    code = (
        f"import importlib, sys; [importlib.import_module(name) for name in {modules!r}]; "
        "print(*sorted({name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split()) - set(sys.stdlib_module_names)
    heavy = HEAVY | {"networkx", "IPython", "typer", "rich", "anywidget", "psutil"}
    assert not loaded & heavy
    assert "pydantic" in loaded


def test_the_table_of_folders_in_the_architecture_is_true() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    assert text.partition(BEGIN)[2].partition(END)[0] == table()


def test_the_public_face_has_few_names_and_says_what_each_is_for() -> None:
    names = set(playbook_helpers.__all__) - {"__version__"}
    assert len(names) <= 9
    for name in names:
        assert f"{name}(" in (playbook_helpers.__doc__ or "") or name == "Store"
        assert getattr(playbook_helpers, name).__doc__, name
    with pytest.raises(AttributeError, match="nothing_of_that_name"):
        playbook_helpers.nothing_of_that_name  # noqa: B018


def test_asking_for_help_does_not_load_the_notebook_machinery() -> None:
    code = (
        "import sys; import playbook_helpers.cli; "
        "print(*sorted({name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True
    )
    assert not set(done.stdout.split()) & {"pandas", "matplotlib", "papermill", "nbconvert"}


if __name__ == "__main__":
    place = ROOT / "ARCHITECTURE.md"
    before, _, rest = place.read_text("utf-8").partition(BEGIN)
    place.write_text(before + BEGIN + table() + END + rest.partition(END)[2], "utf-8")
