"""Results in another place: an object store, or any address that fsspec knows.

Everything is written and read through papermill's own registry of places (`papermill_io`), in
which a handler over fsspec is put for the address's kind. An object appears whole or not at all,
and what a notebook was made from is removed before it and written after it, as on a disk. There
the state of a file is what the store itself says of it (its ETag, or size and time).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache, partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from playbook_helpers.batch.artifacts import INDEX, SavedNotebook, told_by, write_text
from playbook_helpers.core.errors import InputError, StoreError

_FEW = 20
"""So many partnerships' folders are listed one by one; for more, all of them at once."""
_AZURE = ("abfs", "abfss", "az")
_EXTRAS = {"s3": "s3fs", "gs": "gcsfs", "gcs": "gcsfs"} | dict.fromkeys(_AZURE, "adlfs")
_SHOWN = {"s3": "s3://bucket/folder", "gs": "gs://bucket/folder", "abfs": "abfs://container/folder"}


def read_output(address: str) -> str:
    """The address of a place for results, as it is used; raises InputError if it cannot be one.

    A folder's path becomes a file:// address. Passwords do not belong in it: what a store needs
    to know is taken from the environment, as its own tools take it.

    >>> read_output("s3://bucket/reports/")
    's3://bucket/reports'
    """
    if "://" not in address:
        address = Path(address).expanduser().absolute().as_uri()
    scheme, rest = address.split("://", 1)
    host = rest.split("/")[0]
    if scheme in _AZURE:  # container@account, which is no name with a password
        host = "".join(host.split("@", 1)) if ":" not in host else host
    if not rest.strip("/") or "@" in host or any(c in rest for c in "?#*"):
        raise InputError("This is no place for results", value=scheme, allowed=_allowed())
    try:
        _system(address)
    except (ValueError, ImportError) as error:
        name = _EXTRAS.get(scheme)
        more = f"; for {scheme}:// first run: pip install {name}" if name else ""
        raise InputError(
            "This kind of place cannot be used here", value=address, allowed=_allowed() + more
        ) from error
    return address.rstrip("/")


def _allowed() -> str:
    """The kinds of place that can be used here, as it is installed now."""
    there = [shown for scheme, shown in _SHOWN.items() if find_spec(_EXTRAS[scheme])]
    return ", ".join(["a folder, such as reports or file:///home/me/reports", *there])


class FsspecHandler:
    """Reads and writes for papermill at any address that fsspec knows."""

    @staticmethod
    def read(path: str) -> str:
        """The text that lies there."""
        return str(_system(path).cat_file(path).decode())

    @staticmethod
    def write(buf: str, path: str) -> None:
        """Put a text there: whole, or not at all."""
        if path.startswith("file://"):
            write_text(_local(path), buf)
        else:
            _system(path).pipe_file(path, buf.encode())

    @staticmethod
    def listdir(path: str) -> list[str]:
        """What lies in a folder."""
        return [str(name) for name in _system(path).ls(path, detail=False)]

    @staticmethod
    def pretty_path(path: str) -> str:
        """The address as people read it."""
        return path


def _system(address: str) -> Any:
    import fsspec  # type: ignore[import-untyped]

    scheme = address.split("://", 1)[0]
    options = {"use_listings_cache": False} if scheme != "file" else {}
    _register(scheme)
    return fsspec.filesystem(scheme, **options)


@cache
def _register(scheme: str) -> None:
    from papermill.iorw import papermill_io

    papermill_io.register(f"{scheme}://", FsspecHandler())  # type: ignore[no-untyped-call]


def _local(address: str) -> Path:
    import fsspec

    return Path(fsspec.filesystem("file")._strip_protocol(address))


def put(address: str, text: str) -> None:
    """Put a text at an address, through papermill."""
    from papermill.iorw import papermill_io

    _system(address)
    extensions = [Path(address).suffix]
    papermill_io.write(text, address, extensions)  # type: ignore[no-untyped-call]


def put_bytes(address: str, content: bytes) -> None:
    """Put any file at an address: pages, packages of data."""
    system = _system(address)
    if address.startswith("file://"):
        system.makedirs(address.rpartition("/")[0], exist_ok=True)
    system.pipe_file(address, content)


def take(address: str) -> str:
    """The text at an address, through papermill. Raises FileNotFoundError where there is none."""
    from papermill.iorw import papermill_io

    _system(address)
    return str(papermill_io.read(address, [Path(address).suffix]))  # type: ignore[no-untyped-call]


def remove(address: str) -> None:
    """Remove what lies at an address, if anything does."""
    with suppress(FileNotFoundError):
        _system(address).rm_file(address)


def save_at(place: str, text: str, made_from: Mapping[str, Any]) -> None:
    """Put a good notebook in its place, with what is said of it, in the order of `land`."""
    stem = place.removesuffix(".ipynb")
    remove(f"{stem}.made-from.json")
    put(place, text)
    put(f"{stem}.made-from.json", json.dumps(made_from, indent=1, sort_keys=True) + "\n")
    remove(f"{stem}.failed.ipynb")


def listed(output: str, slugs: Iterable[str]) -> dict[str, dict[str, tuple[Any, ...]]]:
    """Partnership -> the names of what lies in its folder, each with its state."""
    wanted = list(slugs)
    system = _system(output)
    try:
        if len(wanted) > _FEW:
            found = list(system.find(output, maxdepth=2, detail=True).values())
        else:
            found = []
            for slug in wanted:
                with suppress(FileNotFoundError):
                    found += system.ls(f"{output}/{slug}", detail=True)
    except FileNotFoundError:
        return {}
    except Exception as error:  # of whatever kind the place's own tools raise
        raise StoreError(
            f"The place for results cannot be read: {' '.join(str(error).split())}", value=output
        ) from error
    told: dict[str, dict[str, tuple[Any, ...]]] = {slug: {} for slug in wanted}
    for entry in found:
        folder, _, name = str(entry["name"]).rstrip("/").rpartition("/")
        slug = folder.rpartition("/")[2]
        if slug in told and entry.get("type") == "file":
            told[slug][name] = _state(entry)
    return told


def _state(entry: Mapping[str, Any]) -> tuple[Any, ...]:
    marks = ("ETag", "etag", "md5Hash", "mtime", "LastModified", "last_modified", "created")
    return (entry.get("size"), *(str(entry[mark]) for mark in marks if entry.get(mark)))


def saved_at(output: str, slugs: Iterable[str]) -> dict[str, dict[str, SavedNotebook]]:
    """Partnership -> stem -> what lies in its folder; brings the indexes up to date."""
    told = listed(output, slugs)
    system = _system(output)
    there = [f"{output}/{slug}/{INDEX}" for slug, names in told.items() if INDEX in names]
    held = system.cat(there, on_error="omit") if there else {}
    if isinstance(held, bytes):  # one file alone
        held = {there[0]: held}
    indexes = {path.rsplit("/", 2)[-2]: _object(content) for path, content in held.items()}
    found = {}
    for slug, names in told.items():
        folder = f"{output}/{slug}"
        read = partial(_object_in, folder)
        found[slug], fresh = told_by(names, indexes.get(slug, {}), read)
        if fresh is not None and found[slug]:
            put(f"{folder}/{INDEX}", fresh)
    return found


def _object_in(folder: str, name: str) -> dict[str, Any]:
    try:
        return _object(take(f"{folder}/{name}"))
    except FileNotFoundError:
        return {}


def _object(content: str | bytes) -> dict[str, Any]:
    try:
        data = json.loads(content)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}
