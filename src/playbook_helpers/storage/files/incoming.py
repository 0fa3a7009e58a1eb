"""Everything that was found in files: rows as records, revisions, and every problem in one list.

CellValue writes nothing. `read_path` gives an `Incoming`; `importing` takes it into a store.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from playbook_helpers.core.errors import InputError
from playbook_helpers.core.revisions import Revision
from playbook_helpers.core.slugs import check_slug
from playbook_helpers.practices.kinds import RECORD_TYPES
from playbook_helpers.storage.files.answers import Carried, is_answers, read_answers, read_history
from playbook_helpers.storage.files.bundles import Bundle, File, bundles_at
from playbook_helpers.storage.files.dates import DateOrder
from playbook_helpers.storage.files.descriptor import HISTORY, Descriptor, read_descriptor
from playbook_helpers.storage.files.headings import (
    SPECIAL,
    is_heading,
    kind_named,
    kinds_fitting,
    looks_like,
    specs_of,
)
from playbook_helpers.storage.files.numbers import Decimal
from playbook_helpers.storage.files.problems import Problem, Problems, from_error
from playbook_helpers.storage.files.rows import FileRow, TableRows, Ways, rows_of
from playbook_helpers.storage.files.sheets import Sheet, read_csv
from playbook_helpers.storage.files.workbook import read_workbook

_TEXTS = (".csv", ".tsv", ".txt")
_BOOKS = (".xlsx", ".xlsm")
_OTHER_DATA = (".xls", ".ods", ".numbers", ".zip", ".json", ".jsonl", ".db", ".parquet")


@dataclass(slots=True)
class Incoming:
    """All that files hold. `files` counts what was read from each; notes say what may surprise."""

    rows: list[FileRow] = field(default_factory=list)
    revisions: list[tuple[str, Revision]] = field(default_factory=list)
    problems: Problems = field(default_factory=Problems)
    notes: list[str] = field(default_factory=list)
    files: dict[str, int] = field(default_factory=dict)
    named: list[FileRow] = field(default_factory=list)
    """Partnerships as a form asked for their names: records for those that have none yet."""
    of_itself: list[tuple[str, Revision]] = field(default_factory=list)
    """What answer files say about the partnership itself: each form makes a record of its own."""
    before: set[str] = field(default_factory=set)
    """Partnerships whose package is of the version before, and so says of no round that it is
    closed."""

    def add(self, other: Incoming) -> None:
        """Take over what another holds."""
        self.rows += other.rows
        self.revisions += other.revisions
        self.problems.extend(other.problems)
        self.notes += [note for note in other.notes if note not in self.notes]
        self.files |= other.files
        self.named += other.named
        self.of_itself += other.of_itself
        self.before |= other.before

    @property
    def partnerships(self) -> list[str]:
        """The short names of the partnerships that rows and revisions are of, in order."""
        slugs = {row.partnership for row in self.rows}
        carried = (*self.revisions, *self.of_itself)
        return sorted(slugs | {revision.partnership for _, revision in carried})


def read_path(
    path: Path,
    *,
    partnership: str | None = None,
    dates: DateOrder | None = None,
    decimal: Decimal | None = None,
    taken_as: str | None = None,
) -> Incoming:
    """All rows, revisions and problems in a file, a folder or a zip archive.

    `taken_as` is whose answers are, whatever short name their form had.
    `partnership` is whose rows are that name none; `dates` the order of dates such as 01/03/2026;
    `decimal` the sign that parts decimals. Nothing is written, and what is wrong with the files
    is in `problems`. Raises InputError only for options that cannot be.
    """
    if partnership is not None:
        check_slug(partnership)
    if taken_as is not None:
        check_slug(taken_as)
    for name, value, allowed in (
        ("dates", dates, ("day-first", "month-first")),
        ("decimal", decimal, (".", ",")),
    ):
        if value is not None and value not in allowed:
            raise InputError(f"{name} cannot be that", value=value, allowed=" or ".join(allowed))
    ways = Ways(partnership, dates, decimal, taken_as)
    found = Incoming()
    try:
        bundles = bundles_at(path)
    except InputError as error:
        found.problems.add(from_error(str(path), error))
        return found
    for bundle in bundles:
        found.add(_read_bundle(bundle, ways))
    if not found.files and not found.problems:
        kinds = ", ".join(f"{kind}.csv" for kind in RECORD_TYPES)
        nothing = InputError("There is nothing here that can be imported", allowed=kinds)
        found.problems.add(from_error(str(path), nothing))
    return found


def _read_bundle(bundle: Bundle, ways: Ways) -> Incoming:
    found = Incoming()
    package: Descriptor | None = None
    named = {file.name: file for file in bundle.files}
    try:
        if "datapackage.json" in named:
            package = read_descriptor(named["datapackage.json"].read(), ways.partnership)
            for name in package.missing(named):
                what = "is named in datapackage.json but is not there"
                found.problems.add(Problem(bundle.label, what, value=name))
            ways = replace(ways, partnership=package.name)
            if not package.knows_rounds:
                found.before.add(package.name)
    except InputError as error:
        # Without knowing whose it is, nothing of a package can be read.
        found.problems.add(from_error(named["datapackage.json"].label, error))
        found.files[named["datapackage.json"].label] = 0
        return found
    left: list[str] = []
    for file in bundle.files:
        try:
            read = _read_file(file, ways, package, alone=bundle.alone)
        except InputError as error:
            read = Incoming(files={file.label: 0})
            read.problems.add(from_error(file.label, error))
        if read is not None:
            found.add(read)
        elif file.ending in _OTHER_DATA and file.name != "datapackage.json":
            left.append(file.name)
    if left:
        found.notes.append(f"{bundle.label}: not read: {', '.join(repr(n) for n in left[:10])}")
    return found


def _read_file(
    file: File, ways: Ways, package: Descriptor | None, *, alone: bool
) -> Incoming | None:
    """What one file holds; None for a file of a kind that is not imported."""
    ending = file.ending
    if ending == ".jsonl" and (alone or file.name == HISTORY):
        if ways.partnership is None:
            raise InputError(
                "It is not said whose history this is", allowed="--partnership SHORT-NAME"
            )
        return _carried(file, read_history(file.label, file.read(), ways.partnership))
    if ending == ".json" and file.name != "datapackage.json":
        data = file.read()
        if not alone and not is_answers(data):
            return None
        return _carried(
            file, read_answers(file.label, data, ways.partnership, taken_as=ways.taken_as)
        )
    if ending in _TEXTS and (alone or ending != ".txt"):
        data = file.read()
        if data.startswith(b"PK\x03\x04"):
            return _tables(read_workbook(file.label, data), ways)
        name = package.kind_of(file.name) if package is not None else ""
        return _tables([read_csv(file.label, name or file.stem, data, is_heading)], ways)
    if ending in _BOOKS:
        return _tables(read_workbook(file.label, file.read()), ways)
    if alone:
        raise InputError(
            "This kind of file cannot be read",
            value=ending or file.name,
            allowed="CSV, .xlsx, .zip, or an answer file (.json); in Excel: Save As",
        )
    return None


def _carried(file: File, carried: Carried) -> Incoming:
    return Incoming(
        revisions=list(carried.revisions),
        problems=Problems(carried.problems),
        notes=[f"{file.label}: {note}" for note in carried.notes],
        files={file.label: len(carried.revisions) + len(carried.of_itself)},
        of_itself=list(carried.of_itself),
        named=[FileRow(file.label, 1, *carried.about)] if carried.about else [],
    )


def _tables(sheets: Sequence[Sheet], ways: Ways) -> Incoming:
    """The rows of all sheets; a sheet of no kind is passed over aloud if another is of one."""
    found = Incoming()
    passed: list[Problem] = []
    for sheet in sheets:
        kind = _kind_of(sheet)
        if isinstance(kind, Problem):
            passed.append(kind)
            found.files.setdefault(sheet.label, 0)
        else:
            found.add(_of_table(sheet.label, rows_of(sheet, RECORD_TYPES[kind], ways)))
    if len(passed) == len(sheets):
        found.problems.extend(passed)
    else:
        found.notes += [
            f"{problem.file}: not read: it is named after no kind" for problem in passed
        ]
    return found


def _of_table(label: str, table: TableRows) -> Incoming:
    return Incoming(
        rows=table.rows,
        problems=table.problems,
        notes=table.notes,
        files={label: len(table.rows)},
    )


def _kind_of(sheet: Sheet) -> str | Problem:
    kind = kind_named(sheet.name)
    if kind is not None:
        return kind
    kinds = ", ".join(RECORD_TYPES)
    if not sheet.headings:
        return Problem(sheet.label, "holds nothing", allowed="a first row of headings")
    fitting = kinds_fitting(sheet.headings)
    if len(fitting) == 1:
        return fitting[0]
    near = looks_like(sheet.headings)
    if not fitting and near:
        unknown = " and ".join(repr(heading) for heading in near[1][:3])
        more = f" and {len(near[1]) - 3} more" if len(near[1]) > 3 else ""
        plural = RECORD_TYPES[near[0]].plural.lower()
        return Problem(
            sheet.label,
            f"looks like {plural}, but for the column{'s'[: len(near[1]) > 1]} {unknown}{more}",
            allowed=", ".join((*specs_of(RECORD_TYPES[near[0]]), *SPECIAL)),
        )
    which = " or ".join(fitting) if fitting else "none that there is"
    return Problem(
        sheet.label,
        f"does not say which kind of record it holds (its headings fit {which})",
        allowed=f"a file or sheet named after a kind: {kinds}",
    )


def together(parts: Iterable[Incoming]) -> Incoming:
    """Several finds as one."""
    whole = Incoming()
    for part in parts:
        whole.add(part)
    return whole
