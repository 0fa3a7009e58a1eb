"""Files into a store: everything in one transaction, or nothing and the reasons why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from playbook_helpers.core.answering import answered
from playbook_helpers.core.assessment import current, of_type
from playbook_helpers.core.errors import InputError, NotFound
from playbook_helpers.core.partnership import Partnership
from playbook_helpers.core.revisions import Revision
from playbook_helpers.core.suppression import LEAST
from playbook_helpers.practices.kinds import (
    CLOSING_KINDS,
    SECRET_KINDS,
    closed_before,
    closed_by,
    read_heads,
    round_of,
)
from playbook_helpers.storage.database import Saved, Store, closing_of
from playbook_helpers.storage.files.dates import DateOrder
from playbook_helpers.storage.files.incoming import Incoming, read_path, together
from playbook_helpers.storage.files.known import Known, double_warnings, reference_warnings
from playbook_helpers.storage.files.numbers import Decimal
from playbook_helpers.storage.files.planning import Plan, admitted, plan_rows
from playbook_helpers.storage.files.problems import Problem, Problems
from playbook_helpers.storage.files.rows import FileRow

SHOWN = 50
"""Problems that a message lists; the rest are counted."""
_NAMED = 5


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """What an import did, or would do.

    `new`, `changed` and `unchanged` count rows; `carried` counts revisions that came whole, in
    answer files and histories; `stored` counts all revisions that were written. `left_alone`
    lists rows that say what an older state said. `problem_count` counts also the problems that
    `problems` no longer lists.
    """

    partnerships: tuple[str, ...] = ()
    files: dict[str, int] = field(default_factory=dict)
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    carried: int = 0
    stored: int = 0
    left_alone: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    problem_count: int = 0

    def to_json(self) -> dict[str, Any]:
        """The summary as JSON values."""
        return {
            "partnerships": list(self.partnerships),
            "files": dict(self.files),
            "new": self.new,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "carried": self.carried,
            "stored": self.stored,
            "left_alone": list(self.left_alone),
            "warnings": list(self.warnings),
            "notes": list(self.notes),
            "problems": [problem.to_json() for problem in self.problems],
            "problem_count": self.problem_count,
        }


class ImportRefused(InputError):
    """Something in the files cannot be taken, so nothing was. `summary` lists all of it."""

    def __init__(self, summary: ImportSummary) -> None:
        self.summary = summary
        count = summary.problem_count
        super().__init__(
            f"{count:,} {'thing needs' if count == 1 else 'things need'} putting right\n"
            + problem_lines(summary),
            allowed="mend the file and import it again, or take the good rows with --keep-going",
            kept="everything that was in the store; of these files, nothing was taken",
        )

    def __reduce__(self) -> tuple[object, ...]:
        return (ImportRefused, (self.summary,))


def problem_lines(summary: ImportSummary, indent: str = "  ") -> str:
    """The problems, one a line, those beyond the first `SHOWN` as a number."""
    lines = [f"{indent}{problem}" for problem in summary.problems[:SHOWN]]
    if summary.problem_count > len(lines):
        lines.append(f"{indent}... and {summary.problem_count - len(lines):,} more")
    return "\n".join(lines)


def import_paths(
    store: Store | None,
    paths: Iterable[Path],
    *,
    partnership: str | None = None,
    dates: DateOrder | None = None,
    decimal: Decimal | None = None,
    taken_as: str | None = None,
    keep_going: bool = False,
    dry_run: bool = False,
    progress: Callable[[str], None] = lambda line: None,
) -> ImportSummary:
    """Take files, folders and zip archives into the store, all in one transaction.

    `dry_run` works out everything and writes nothing; only then may `store` be None, for an empty
    one. Raises ImportRefused with every problem, having stored nothing, unless `keep_going` (the
    good rows are taken, the others are in the summary) or `dry_run`; StoreError as the store does.
    """
    if store is None and not dry_run:
        raise InputError("An import needs a store to write to")
    found = Incoming()
    seen: set[Path] = set()
    for path in map(Path, paths):
        if path.resolve() in seen:
            continue
        seen.add(path.resolve())
        part = read_path(
            path, partnership=partnership, dates=dates, decimal=decimal, taken_as=taken_as
        )
        for name, count in part.files.items():
            progress(f"{name}: {count:,} read")
        found.add(part)
    return take_in(store, found, keep_going=keep_going, dry_run=dry_run)


def take_in(
    store: Store | None, found: Incoming, *, keep_going: bool = False, dry_run: bool = False
) -> ImportSummary:
    """Take what was found into the store; see `import_paths`."""
    there = set(store.partnerships()) if store is not None else set()
    rows: dict[str, list[FileRow]] = defaultdict(list)
    for row in found.rows:
        rows[row.partnership].append(row)
    carried: dict[str, list[tuple[str, Revision]]] = defaultdict(list)
    for place, revision in found.revisions:
        carried[revision.partnership].append((place, revision))
    plans: list[Plan] = []
    problems = Problems()
    problems.extend(found.problems)
    for slug in found.partnerships:
        held = store.revisions(slug) if store is not None and slug in there else []
        itself = [each for each in found.of_itself if each[1].partnership == slug]
        told, about = _one_about(slug, [*held, *(r for _, r in carried[slug])], itself)
        carried[slug] += told
        rows[slug] += about
        own = {revision.record for revision in held}
        ids = {revision.record for _, revision in carried[slug]}
        ids |= {row.record for row in rows[slug] if row.record}
        foreign = _owners(store, ids - own, there - {slug})
        plan = Plan(slug)
        plan.carried, faults = admitted(held, carried[slug], foreign)
        plan.problems.extend(faults)
        here = {revision.id for revision in held}
        plan.marked = [r for _, r in carried[slug] if r.showing and r.id in here]
        rows[slug] += _named(found, slug, [*held, *plan.carried], rows[slug])
        plan_rows(plan, Known([*held, *plan.carried]), rows[slug], foreign)
        if slug in found.before:
            _close_before(plan, held, [r for _, r in carried[slug]])
        after = Known([*held, *plan.carried, *plan.made])
        touched: list[tuple[str, str, Mapping[str, Any]]] = [
            (row.place, row.kind, row.value.payload()) for row in rows[slug]
        ]
        tips = {tip.id for tips in after.tips.values() for tip in tips}
        arrived = {revision.id for revision in plan.carried} & tips
        touched += [(p, r.kind, r.payload) for p, r in carried[slug] if r.id in arrived]
        plan.warnings += reference_warnings(after, touched)
        plan.warnings += double_warnings(after, (r.record for r in (*plan.carried, *plan.made)))
        problems.extend(plan.problems)
        plans.append(plan)
    return _finish(store, found, plans, problems, there, keep_going=keep_going, dry_run=dry_run)


def _new_here(plans: list[Plan], there: set[str]) -> list[str]:
    """A mistyped short name makes a partnership that nobody meant: what is new is said."""
    new = [plan.slug for plan in plans if plan.slug not in there and (plan.made or plan.carried)]
    if not there or not new:
        return []
    more = f" and {len(new) - _NAMED:,} more" if len(new) > _NAMED else ""
    return [f"not in the store before: {', '.join(new[:_NAMED])}{more}"]


def _one_about(
    slug: str, known: list[Revision], said: list[tuple[str, Revision]]
) -> tuple[list[tuple[str, Revision]], list[FileRow]]:
    """What forms say about the partnership itself: what is carried, and what becomes a row.

    A partnership has one record of itself, and each phone makes its own. What another one says is
    taken where nothing is written down yet; the rest stays as it is.
    """
    here = {r.record for r in known if r.kind == Partnership.kind}
    here = here or {r.record for _, r in said[:1]}
    taken = [(place, r) for place, r in said if r.record in here]
    other = [(place, r) for place, r in said if r.record not in here and not r.deleted]
    if not other:
        return taken, []
    own = [r for r in known if r.kind == Partnership.kind]
    stands = of_type(current(read_heads([*own, *(r for _, r in taken)])), Partnership)
    written = stands[-1][1].payload() if stands else {}
    added: dict[str, Any] = {}
    for _, revision in other:
        added |= revision.payload
    value, _ = answered(Partnership, added | written)
    if value is None or value.payload() == written:
        return taken, []
    return taken, [FileRow(other[-1][0], 1, slug, value)]


def _named(
    found: Incoming, slug: str, known: list[Revision], rows: list[FileRow]
) -> Iterable[FileRow]:
    """The record of a partnership that has none yet, from the name its answers came with."""
    kinds = {revision.kind for revision in known} | {row.kind for row in rows}
    if Partnership.kind in kinds:
        return []
    return [row for row in found.named if row.partnership == slug][:1]


def _finish(
    store: Store | None,
    found: Incoming,
    plans: list[Plan],
    problems: Problems,
    there: set[str],
    *,
    keep_going: bool,
    dry_run: bool,
) -> ImportSummary:
    refused = bool(problems) and not keep_going
    stored = Saved(0)
    if store is not None and not refused and not dry_run:
        stored = store.append(
            r for plan in plans for r in (*plan.carried, *plan.made, *plan.marked)
        )
    summary = ImportSummary(
        partnerships=tuple(plan.slug for plan in plans),
        files=found.files,
        new=sum(plan.new for plan in plans),
        changed=sum(plan.changed for plan in plans),
        unchanged=sum(plan.unchanged for plan in plans),
        carried=sum(len(plan.carried) for plan in plans),
        stored=stored,
        left_alone=tuple(line for plan in plans for line in plan.left_alone),
        warnings=tuple(line for plan in plans for line in plan.warnings),
        notes=(*found.notes, *_new_here(plans, there), *_alike(plans), *round_notes(stored)),
        problems=tuple(problems),
        problem_count=problems.total,
    )
    if refused and not dry_run:
        raise ImportRefused(summary)
    return summary


def _close_before(plan: Plan, held: list[Revision], carried: list[Revision]) -> None:
    """Close the rounds that a package of the version before brings, and that it has shown.

    What it has shown is the picture, with no answer more: what was here already waits.
    """
    given = [*carried, *plan.made, *plan.again]
    rounds = {round_of(r)[1:] for r in given if r.kind in SECRET_KINDS}
    closed = {closed_by(r.kind, r.payload) for r in held if r.kind in CLOSING_KINDS}
    shown: set[str] = set()
    for record, records in closed_before(read_heads(given), date.today()):
        which = closed_by(record.kind, record.payload())
        if which in rounds - closed:
            plan.made.append(closing_of(plan.slug, type(record), record.payload()))
            shown |= records
    taken = {r.id for r in (*plan.carried, *plan.made)}
    plan.carried, plan.made = (
        [replace(r, showing=1) if r.record in shown else r for r in part]
        for part in (plan.carried, plan.made)
    )
    plan.marked += [replace(r, showing=1) for r in given if r.record in shown and r.id not in taken]


def _alike(plans: Iterable[Plan]) -> list[str]:
    """What to know of answers that were taken for those that are there."""
    return [
        f"{plan.slug}: {plan.alike:,} of the answers that are nobody's say just what one says that "
        "is there, and count as that one; if they are other people's, put all into one file"
        for plan in plans
        if plan.alike
    ]


def round_notes(saved: Saved) -> list[str]:
    """What a person should know of the rounds that a save closed, or that answers came late to."""
    notes = [
        f"{slug}: round {when} is closed now, since all answers that were counted are there"
        for slug, _, when in saved.counted
    ]
    for (slug, _, when), (number, waiting) in saved.late.items():
        came = "1 answer" if number == 1 else f"{number:,} answers"
        wait = "waits" if waiting == 1 else "wait"
        rest = (
            f"kept, and not in the picture until {LEAST} new ones wait; {waiting:,} {wait} now"
            if waiting
            else "kept, and in the picture now with the others that waited"
        )
        notes.append(f"{slug}: {came} came after round {when} was closed: {rest}")
    for (slug, _, when), number in saved.corrected.items():
        what = "1 correction or withdrawal" if number == 1 else f"{number:,} corrections"
        notes.append(
            f"{slug}: {what} of answers in round {when} came after it was closed: kept, and the "
            "picture stays as it was"
        )
    return notes


def _owners(store: Store | None, records: set[str], others: set[str]) -> dict[str, str]:
    """Which of these record ids belong to another partnership -> its short name."""
    return store.owners(records) if store is not None and records and others else {}


def load_examples(
    store: Store, data_folder: Path, slugs: Collection[str] | None = None
) -> ImportSummary:
    """Import every package folder in `data_folder`; quick, and storing nothing, when all is there.

    With `slugs` only those. A folder is named after its partnership. Raises NotFound if
    `data_folder` is not there, ImportRefused if a package has a mistake.
    """
    folder = Path(data_folder)
    if not folder.is_dir():
        raise NotFound("The folder of example partnerships was not found", value=str(folder))
    packages = sorted(
        path.parent
        for path in folder.glob("*/datapackage.json")
        if slugs is None or path.parent.name in slugs
    )
    found = together(read_path(package, partnership=package.name) for package in packages)
    return take_in(store, found)
