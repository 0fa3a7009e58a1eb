"""The files behind a path: one file, a folder, or a zip archive, grouped by the folder they lie in.

An archive may be made by anybody. It is read in memory and never unpacked to disk; names that
would climb out of it, and sizes that no partnership's files have, refuse it whole.
"""

from __future__ import annotations

import os
import re
import stat
import zipfile
import zlib
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

from playbook_helpers.core.errors import InputError
from playbook_helpers.storage.files.sheets import MAX_BYTES

MAX_FILES = 2_000
MAX_UNPACKED = 300_000_000
MAX_DEPTH = 4
_MOST_SQUEEZED = 200  # times; text that people wrote shrinks to a tenth, bombs to a thousandth
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_DRIVE = re.compile(r"[A-Za-z]:")
_WRITABLE = "an archive of files inside it, as made by zipping a folder"


@dataclass(frozen=True, slots=True)
class File:
    """One file: `label` names it to people, `name` is its own name, `read` gives its bytes."""

    label: str
    name: str
    read: Callable[[], bytes]

    @property
    def stem(self) -> str:
        """The name without its ending."""
        return PurePosixPath(self.name).stem

    @property
    def ending(self) -> str:
        """The ending with its dot, in small letters."""
        return PurePosixPath(self.name).suffix.lower()


@dataclass(frozen=True, slots=True)
class Bundle:
    """The files of one folder. `alone`: one file that was named by itself."""

    label: str
    files: tuple[File, ...]
    alone: bool = False


def bundles_at(path: Path) -> list[Bundle]:
    """What lies at `path`, one bundle for each folder with files in it.

    Raises InputError where nothing is there, it cannot be read, or it is not safe to read.
    """
    path = Path(path)
    try:
        if path.is_dir():
            return _of_folder(path)
        if path.suffix.lower() == ".zip" and path.is_file():
            return _of_archive(path)
        if path.is_file():
            if path.name == "datapackage.json":
                return _of_folder(path.parent, deep=False)
            return [Bundle(path.name, (File(path.name, path.name, partial(_read, path)),), True)]
    except OSError as error:
        raise InputError("This cannot be read", value=f"{path}: {error.strerror}") from error
    raise InputError(
        "There is no such file or folder",
        value=str(path),
        allowed="a folder, a .zip, .csv or .xlsx file, or an answer file (.json)",
    )


def _of_folder(folder: Path, *, deep: bool = True) -> list[Bundle]:
    top = folder.resolve()
    found: dict[str, list[File]] = {}
    count = 0
    for here, inner, names in os.walk(top):
        place = Path(here).relative_to(top)
        inner[:] = sorted(n for n in inner if not _is_junk(n)) if deep else []
        if len(place.parts) >= MAX_DEPTH:
            inner.clear()
        for name in sorted(n for n in names if not _is_junk(n)):
            file = Path(here) / name
            if file.is_symlink() and not _inside(file, top):
                raise InputError(
                    "A link in this folder leads out of it or nowhere",
                    value=str(file),
                    allowed="real files",
                )
            count += 1
            _check_count(folder, count)
            label = str(PurePosixPath(top.name, *place.parts, name))
            read = partial(_read, file)
            found.setdefault(str(place), []).append(File(_plain(label), name, read))
    return [
        Bundle(_plain(str(PurePosixPath(top.name) / place)), tuple(files))
        for place, files in found.items()
    ]


def _inside(link: Path, top: Path) -> bool:
    """Whether a link leads to a file within the folder: not out of it, nor back to itself."""
    try:
        return link.resolve(strict=True).is_relative_to(top)
    except (OSError, RuntimeError):  # RuntimeError: a circle of links, up to Python 3.12
        return False


def _of_archive(path: Path) -> list[Bundle]:
    found: dict[str, list[File]] = {}
    try:
        # Left open for its files to be read one after the other, and closed with the last of them:
        # to open it for each takes minutes where it has many.
        archive = zipfile.ZipFile(path)
        with ExitStack() as unless_good:
            unless_good.callback(archive.close)
            members = [info for info in archive.infolist() if not info.is_dir()]
            _check_count(path, len(members))
            _check_unpacked(path, members)
            seen: set[str] = set()
            for info in members:
                parts = _safe_parts(path, info)
                if any(_is_junk(part) for part in parts):
                    continue
                inside = "/".join(parts)
                if inside in seen:
                    raise _unsafe(path, info, "Two files in this archive have one name")
                seen.add(inside)
                label = f"{path.name}/{inside}"
                read = partial(_read_member, archive, path, info)
                place = "/".join(parts[:-1])
                found.setdefault(place, []).append(File(label, parts[-1], read))
            unless_good.pop_all()
    except (zipfile.BadZipFile, NotImplementedError, EOFError) as error:
        raise InputError(
            "This archive is damaged", value=str(path), allowed="a .zip archive"
        ) from error
    return [
        Bundle(f"{path.name}/{place}".rstrip("/"), tuple(files)) for place, files in found.items()
    ]


def _safe_parts(path: Path, info: zipfile.ZipInfo) -> tuple[str, ...]:
    name = info.filename
    parts = tuple(name.split("/"))
    climbs = name.startswith("/") or "\\" in name or ".." in parts or _DRIVE.match(name)
    if climbs or _CONTROL.search(name) or "" in parts or "." in parts:
        raise _unsafe(path, info, "A name in this archive leads out of it or cannot be shown")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise _unsafe(path, info, "This archive holds a link")
    if info.flag_bits & 0x1:
        raise _unsafe(path, info, "This archive has a password")
    return parts


def _check_unpacked(path: Path, members: list[zipfile.ZipInfo]) -> None:
    size = sum(info.file_size for info in members)
    packed = sum(info.compress_size for info in members) + 1
    if size > MAX_UNPACKED or (size > 5_000_000 and size / packed > _MOST_SQUEEZED):
        raise InputError(
            "This archive is too large when unpacked",
            value=f"{path.name}: {size:,} bytes from {packed:,}",
            allowed=f"up to {MAX_UNPACKED:,} bytes, and not over {_MOST_SQUEEZED} times its size",
        )


def _check_count(path: Path, count: int) -> None:
    if count > MAX_FILES:
        raise InputError(
            "There are too many files here",
            value=str(path),
            allowed=f"up to {MAX_FILES:,} files; name the folder of one partnership",
        )


def _unsafe(path: Path, info: zipfile.ZipInfo, what: str) -> InputError:
    return InputError(what, value=f"{path.name}: {info.filename}", allowed=_WRITABLE)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as handle:
            return handle.read(MAX_BYTES + 1)  # one more than is taken: who reads it on says so
    except OSError as error:
        raise InputError("This cannot be read", value=f"{path}: {error.strerror}") from error


def _read_member(archive: zipfile.ZipFile, path: Path, info: zipfile.ZipInfo) -> bytes:
    try:
        with archive.open(info) as member:
            return member.read(MAX_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError) as error:
        raise InputError(
            "A file in this archive is damaged", value=f"{path.name}: {info.filename}"
        ) from error


def _is_junk(name: str) -> bool:
    """What computers leave behind: hidden files, notes on folders, locks of open workbooks."""
    return (
        name.startswith((".", "~$", "__MACOSX"))
        or name.endswith("~")
        or name.lower() in {"thumbs.db", "desktop.ini", "icon\r"}
    )


def _plain(label: str) -> str:
    return _CONTROL.sub("?", label)
