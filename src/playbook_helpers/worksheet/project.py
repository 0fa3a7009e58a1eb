"""Where things are: the project's folder, the store, the results of runs."""

from __future__ import annotations

import os
from pathlib import Path

from playbook_helpers.core.errors import NotFound

STORE_VARIABLE = "PLAYBOOK_STORE"
HOME_VARIABLE = "PLAYBOOK_HOME"


def project_root(start: Path | None = None) -> Path:
    """The playbook's folder: PLAYBOOK_HOME, or the nearest folder upward that holds it.

    Raises NotFound where neither is there.
    """
    named = os.environ.get(HOME_VARIABLE)
    origin = Path(named) if named else (start or Path.cwd())
    for folder in (origin.resolve(), *origin.resolve().parents):
        if (folder / "_config.yml").is_file() and (folder / "worksheets").is_dir():
            return folder
    raise NotFound(
        "The playbook's folder was not found",
        value=str(origin),
        allowed="run inside the playbook's folder, or make one: playbook init our-town "
        f"(or set {HOME_VARIABLE} to it)",
    )


def default_store_url(root: Path | None = None) -> str:
    """The store used where none is named: PLAYBOOK_STORE, or `playbook.db` in the folder."""
    return os.environ.get(STORE_VARIABLE) or f"sqlite:///{(root or project_root()) / 'playbook.db'}"


def build_folder(root: Path) -> Path:
    """Where everything that a run makes lies; it can be deleted at any time."""
    return root / "_build"


def report_folder(root: Path) -> Path:
    """Reports: one folder for each partnership."""
    return build_folder(root) / "reports"


def portfolio_folder(root: Path) -> Path:
    """The portfolio over all partnerships: its page and its files."""
    return build_folder(root) / "portfolio"


def site_folder(root: Path) -> Path:
    """The finished site: the book, with reports and portfolio beside it."""
    return build_folder(root) / "site"


def notebooks_in(folder: Path) -> list[Path]:
    """The notebooks of a folder, by name: no hidden files, folders or links that lead nowhere.

    Hidden ones are what Jupyter and other programs put beside a file while they save it.
    """
    return sorted(path for path in folder.glob("[!.]*.ipynb") if path.is_file())


def example_slugs(root: Path) -> list[str]:
    """The short names of the example partnerships that lie in the folder as data packages."""
    return sorted(path.parent.name for path in root.glob("data/*/datapackage.json"))


def areas_folder(root: Path) -> Path:
    """The example of 151 areas: its own store, and reports of some of them."""
    return build_folder(root) / "areas"
