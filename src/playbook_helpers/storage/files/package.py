"""Data packages out: a partnership as a folder, or a zip archive, that anything can read.

One CSV file for each kind of record with what stands now, `revisions.jsonl` with everything that
ever stood, and `datapackage.json` that says what each column is. Importing it into another store
gives the same records with their whole history.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import uuid
import zipfile
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path

from playbook_helpers.core.assessment import Head
from playbook_helpers.core.errors import InputError, NotFound
from playbook_helpers.core.records import FieldSpec, Record, fields_of
from playbook_helpers.core.revisions import Revision, age, content_checksum
from playbook_helpers.practices.communication import Released, release
from playbook_helpers.practices.kinds import RECORD_TYPES, is_pseudonymous, read_heads
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files.answers import answer_files
from playbook_helpers.storage.files.descriptor import HISTORY, describe
from playbook_helpers.storage.files.formulas import guarded
from playbook_helpers.storage.files.headings import RECORD, REVISION
from playbook_helpers.storage.files.sheets import write_csv

DESCRIPTOR = "datapackage.json"
_INSIDE_ONLY = frozenset(
    {"audience", *(kind for kind, type_ in RECORD_TYPES.items() if type_.withheld)}
)
"""Kinds that are for inside only: who helps or hinders in our eyes, and what is withheld from
pages, since small groups could be told from it."""


def export_partnership(
    store: Store,
    slug: str,
    target: Path,
    *,
    zipped: bool = False,
    replace: bool = False,
    public: bool = False,
    licence: Mapping[str, str] | None = None,
    answers: bool = False,
) -> Path:
    """Write a partnership's data package to the folder, or zip file, `target`; its path.

    It appears by rename, whole or not at all. `replace` puts it in the place of an earlier
    package, never of anything else and never mixed with it. `public` leaves out the answers of
    single people, for a package that anybody may read. Either way a story goes along only while
    its teller's consent holds (`withheld_stories` says which stay behind and why). With `answers`
    the folder holds the files that the forms of a site open instead. Raises NotFound
    for a partnership that is not in the store, InputError if `target` is taken or cannot be
    written.
    """
    revisions = store.revisions(slug)
    if not revisions:
        known = ", ".join(store.partnerships()) or "none yet: import one, or make one"
        raise NotFound("There is no such partnership in the store", value=slug, allowed=known)
    target = Path(target)
    if answers:
        files = answer_files(slug, _released(revisions, public=public, on=None).revisions)
    else:
        files = package_files(slug, revisions, public=public, licence=licence)
    _check_target(target, zipped=zipped, replace=replace, own={DESCRIPTOR, HISTORY, *files})
    mark = uuid.uuid4().hex[:8]
    fresh = target.with_name(f".{target.name}.{mark}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if zipped:
            fresh.write_bytes(zip_bytes(slug, files))
        else:
            fresh.mkdir()
            for name, data in files.items():
                (fresh / name).write_bytes(data)
        _land(fresh, target, target.with_name(f".{target.name}.{mark}.old"))
    except OSError as error:
        raise InputError(
            "The package could not be written",
            value=f"{target}: {error.strerror}",
            kept="what was there before, if anything was",
        ) from error
    finally:
        _remove(fresh)
    return target


def package_files(
    slug: str,
    revisions: Iterable[Revision],
    *,
    public: bool = False,
    licence: Mapping[str, str] | None = None,
    on: date | None = None,
) -> dict[str, bytes]:
    """The files of a data package, name -> content; the same for the same revisions and day.

    `public` leaves out records of pseudonymous kinds, where one row with a sector in it can be
    enough to tell whose it is, and the list of audiences. Stories go only as far as their tellers
    allow on the day `on` (today if none is given): neither tables nor history hold words of others.
    """
    released = _released(revisions, public=public, on=on)
    left_out = {kind for kind in RECORD_TYPES if public and is_pseudonymous(kind)}
    left_out |= _INSIDE_ONLY if public else set()
    held = sorted((r for r in released.revisions if r.kind not in left_out), key=age)
    heads = [head for head in read_heads(held) if head.value is not None and not head.deleted]
    types = [type_ for kind, type_ in RECORD_TYPES.items() if any(h.kind == kind for h in heads)]
    about = next((h.value.payload() for h in heads if h.value and h.kind == "partnership"), {})
    content = describe(slug, types, about, licence)
    if released.withheld:
        content["withheld"] = withheld_note(released)
    described = json.dumps(content, ensure_ascii=False, indent=2)
    lines = (_history_line(revision) for revision in held)
    return {
        DESCRIPTOR: f"{described}\n".encode(),
        **{f"{type_.kind}.csv": _table(type_, heads) for type_ in types},
        HISTORY: "".join(lines).encode(),
    }


def _history_line(revision: Revision) -> str:
    content = revision.to_json() | {"checksum": content_checksum(revision)}
    return json.dumps(content, ensure_ascii=False, sort_keys=True) + "\n"


def withheld_stories(
    revisions: Iterable[Revision], *, public: bool = False, on: date | None = None
) -> dict[str, str]:
    """Record id of each story that an export leaves behind -> why."""
    return dict(_released(revisions, public=public, on=on).withheld)


def withheld_note(released: Released) -> str:
    """What a package says of stories it does not hold; no names, no words of theirs."""
    count = len(released.withheld)
    reasons = sorted({reason for _, reason in released.withheld})
    what = "1 story is" if count == 1 else f"{count} stories are"
    return f"{what} not in this package, text and history, because: {'; '.join(reasons)}."


def _released(revisions: Iterable[Revision], *, public: bool, on: date | None) -> Released:
    return release(revisions, "public" if public else "inside", on or date.today())


def zip_bytes(slug: str, files: Mapping[str, bytes]) -> bytes:
    """The files as a zip archive with one folder, `slug`; the same bytes for the same files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            info = zipfile.ZipInfo(f"{slug}/{name}", (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o100644 << 16
            archive.writestr(info, data)
    return out.getvalue()


def _table(record_type: type[Record], heads: Iterable[Head]) -> bytes:
    specs = fields_of(record_type)
    rows = []
    for head in heads:
        if head.kind == record_type.kind and head.value is not None:
            payload = head.value.payload()
            cells = [_cell(spec, payload.get(spec.name)) for spec in specs]
            rows.append([*cells, head.record, head.revision])
    if record_type.pseudonymous:  # in an order that says nothing about who came first
        rows.sort(key=lambda row: hashlib.sha256(row[-2].encode()).digest())
    return write_csv([*(spec.name for spec in specs), RECORD, REVISION], rows)


def _cell(spec: FieldSpec, value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case int() | float():
            return repr(value)
        case _:
            return guarded(str(value))


def _check_target(target: Path, *, zipped: bool, replace: bool, own: Collection[str] = ()) -> None:
    if not (target.exists() or target.is_symlink()):
        return
    taken = InputError(
        "Something of that name is there already",
        value=str(target),
        allowed="another place (--to), or --replace for an earlier package",
        kept="what is there, untouched",
    )
    if not replace or target.is_symlink() or target.is_dir() == zipped:
        raise taken
    own = {*own, *(f"{kind}.csv" for kind in RECORD_TYPES)}
    if target.is_dir():
        strangers = sorted(path.name for path in target.iterdir() if path.name not in own)
        if strangers:
            raise InputError(
                "This folder holds more than a data package, so it is not replaced",
                value=f"{target}: {', '.join(strangers[:5])}",
                allowed="an empty folder, a folder that an export wrote, or another place (--to)",
                kept="what is there, untouched",
            )
    elif not zipfile.is_zipfile(target):
        raise taken


def _land(fresh: Path, target: Path, old: Path) -> None:
    """Put `fresh` in the place of `target`; what was there comes back if that fails."""
    if not target.is_dir():
        fresh.replace(target)
        return
    target.rename(old)
    try:
        fresh.rename(target)
    except OSError:
        old.rename(target)
        raise
    _remove(old)


def _remove(path: Path) -> None:
    with suppress(OSError):
        if path.is_dir():
            shutil.rmtree(path)
        elif path.exists():
            path.unlink()
