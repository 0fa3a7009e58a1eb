"""What a new folder of the playbook begins with: worksheets, examples, the book and its settings.

They come in the wheel; in a checkout they are the checkout's own.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from playbook_helpers.core.errors import InputError, NotFound

NAMES = (
    *("worksheets", "data", "book", "index.md", "_config.yml", "_toc.yml"),
    *("LICENSE", "LICENSE-content"),
)
"""What is copied: the book builds from these, and a batch runs from these."""
_PACKAGE = Path(__file__).parents[1]
_OWN = Path(__file__).with_name("new_folder")
_ASIDE = {".venv", "venv", "env", ".git"}
"""What may lie in a folder in which a playbook is begun."""


def shipped() -> Path:
    """The folder that holds everything in `NAMES`.

    Raises NotFound where neither the wheel's nor a checkout's is there.
    """
    for folder in (_PACKAGE / "project", _PACKAGE.parents[1]):
        if all((folder / name).exists() for name in NAMES):
            return folder
    raise NotFound(
        "This installation has no worksheets to begin with",
        value=str(_PACKAGE),
        allowed="install the playbook from its wheel, or from a whole checkout",
    )


def begin_folder(folder: Path) -> Path:
    """Make a folder of the playbook's own; its path.

    It appears whole or not at all. Raises InputError where a playbook or other files are there.
    """
    folder = folder.expanduser().resolve()
    if folder.exists() and not folder.is_dir():
        raise InputError("There is a file of that name", value=str(folder), allowed="a new name")
    there = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    if "_config.yml" in there and "worksheets" in there:
        raise InputError(
            "This is a playbook's folder already",
            value=str(folder),
            allowed="another name; or go on in it: playbook new, playbook up",
            kept="everything in it",
        )
    if other := [name for name in there if name not in _ASIDE]:
        raise InputError(
            "The folder has something in it",
            value=", ".join(other[:5]) + (" …" if len(other) > 5 else ""),
            allowed="a new name, or an empty folder",
            kept="everything in it",
        )
    source = shipped()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".playbook-") as name:
            made = Path(name) / "made"
            made.mkdir()
            for part in NAMES:
                _copy(source / part, made / part)
            for own in _OWN.iterdir():
                _copy(own, made / own.name.replace("dot-", "."))
            if not folder.exists():
                made.rename(folder)
            else:
                for path in sorted(made.iterdir(), key=lambda p: p.name == "_config.yml"):
                    path.rename(folder / path.name)
    except OSError as error:
        raise InputError(
            f"The folder could not be made: {error.strerror}",
            value=str(folder),
            allowed="a place that you may write to",
        ) from error
    return folder


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        left_out = shutil.ignore_patterns(".*", "__pycache__")
        shutil.copytree(source, target, ignore=left_out, copy_function=shutil.copyfile)
    else:
        shutil.copyfile(source, target)
