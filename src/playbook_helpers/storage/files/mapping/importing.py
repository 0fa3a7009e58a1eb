"""A table and its mapping file into a store: partnerships, goals and measurements, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from playbook_helpers.core.errors import InputError
from playbook_helpers.core.partnership import Partnership
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files.bundles import File, bundles_at
from playbook_helpers.storage.files.cells import Habits, fold
from playbook_helpers.storage.files.dates import DateOrder
from playbook_helpers.storage.files.importing import ImportSummary, take_in
from playbook_helpers.storage.files.incoming import Incoming
from playbook_helpers.storage.files.mapping.data_rows import DataRows, add_lines, fits, picked_notes
from playbook_helpers.storage.files.mapping.parsing import read_mapping
from playbook_helpers.storage.files.mapping.records import records_of
from playbook_helpers.storage.files.mapping.rules import Mapping
from playbook_helpers.storage.files.numbers import Decimal
from playbook_helpers.storage.files.problems import Problem, from_error
from playbook_helpers.storage.files.rows import Ways
from playbook_helpers.storage.files.sheets import Sheet, read_csv
from playbook_helpers.storage.files.workbook import read_workbook

_TEXTS = (".csv", ".tsv", ".txt")
_BOOKS = (".xlsx", ".xlsm")


def import_mapped(
    store: Store | None,
    paths: Iterable[Path],
    mapping: Path | Mapping,
    *,
    dates: DateOrder | None = None,
    decimal: Decimal | None = None,
    keep_going: bool = False,
    dry_run: bool = False,
    progress: Callable[[str], None] = lambda line: None,
) -> ImportSummary:
    """Take tables into the store as a mapping file says; all of them, or nothing and the reasons.

    Doing it again changes nothing, and with a longer table adds what is new. Raises InputError for
    a mapping that cannot be, otherwise as `import_paths`.
    """
    if store is None and not dry_run:
        raise InputError("An import needs a store to write to")
    rules = mapping if isinstance(mapping, Mapping) else read_mapping(mapping)
    found = read_mapped(paths, rules, dates=dates, decimal=decimal)
    for name, count in found.files.items():
        progress(f"{name}: {count:,} read")
    if store is not None:
        _keep_apart(store, found)
    return take_in(store, found, keep_going=keep_going, dry_run=dry_run)


def read_mapped(
    paths: Iterable[Path],
    mapping: Mapping,
    *,
    dates: DateOrder | None = None,
    decimal: Decimal | None = None,
) -> Incoming:
    """The records that tables and a mapping make, and every problem; nothing is written."""
    ways = Ways(None, dates, decimal)
    incoming = Incoming()
    lines = DataRows()
    seen: set[Path] = set()
    for path in map(Path, paths):
        if path.resolve() in seen:
            continue
        seen.add(path.resolve())
        _read(path, mapping, ways, lines, incoming)
    incoming.problems.extend(lines.problems)
    incoming.notes += lines.notes
    if lines.lines:
        incoming.notes += picked_notes(lines, mapping)
        made = records_of(lines, mapping, Habits(dates, decimal or ".", sure=decimal is not None))
        incoming.rows += made.rows
        incoming.problems.extend(made.problems)
        incoming.notes += made.notes
    elif not incoming.problems:
        what = "Nothing here is a row that the mapping takes"
        incoming.problems.add(Problem(mapping.label, what, allowed="a table with its columns"))
    return incoming


def _read(path: Path, mapping: Mapping, ways: Ways, lines: DataRows, incoming: Incoming) -> None:
    """Take in every table at a path; a file that has nothing to do with it is passed over aloud."""
    try:
        bundles = bundles_at(path)
    except InputError as error:
        incoming.problems.add(from_error(str(path), error))
        return
    for bundle in bundles:
        for file in bundle.files:
            try:
                sheets = _sheets(file, mapping)
            except InputError as error:
                incoming.problems.add(from_error(file.label, error))
                continue
            if sheets is None and bundle.alone:
                incoming.problems.add(
                    Problem(file.label, "is no table", allowed="a CSV or Excel file")
                )
            for sheet in sheets or ():
                if fits(sheet, mapping) or (bundle.alone and len(sheets or ()) == 1):
                    incoming.files[sheet.label] = add_lines(lines, sheet, mapping, ways)
                else:
                    incoming.notes.append(
                        f"{sheet.label}: not read: it has no column that {mapping.label} names"
                    )


def _sheets(file: File, mapping: Mapping) -> list[Sheet] | None:
    """The tables in a file; None for a file that is none."""
    if file.ending in _BOOKS:
        return [sheet for sheet in read_workbook(file.label, file.read()) if sheet.headings]
    if file.ending not in _TEXTS:
        return None
    data = file.read()
    if data.startswith(b"PK\x03\x04"):
        return read_workbook(file.label, data)
    return [read_csv(file.label, file.stem, data, lambda heading: fold(heading) in mapping.written)]


def _keep_apart(store: Store, found: Incoming) -> None:
    """Refuse rows of a partnership that is there already and is another one.

    A real group that goes by an area's short name must not find goals in its records that it
    never wrote. It is the same partnership if its name or its source is.
    """
    there = set(store.partnerships())
    made = {row.partnership: row for row in found.rows if isinstance(row.value, Partnership)}
    for slug, row in made.items():
        if slug not in there:
            continue
        value = row.value
        assert isinstance(value, Partnership)
        held = [head.payload for head in store.heads(slug, kind="partnership")]
        alike = any(
            payload.get("name") == value.name
            or (value.source is not None and payload.get("source") == value.source)
            for payload in held
        )
        if not alike:
            name = str(held[0].get("name")) if held else "without a name"
            what = f"would go into the partnership {slug!r} ({name}), which is another one"
            allowed = "another slug in the mapping, such as with a word in front"
            found.problems.add(
                Problem(row.file, what, row.number, value=value.name, allowed=allowed)
            )
            found.rows[:] = [each for each in found.rows if each.partnership != slug]
