"""The tasks of a plan, each made when it is asked for.

Ten thousand partnerships have ninety thousand tasks. What the tasks of one partnership share is
kept once, and what a task is made from is put together only when somebody looks at it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, overload

from playbook_helpers.batch.parameters import Parameters
from playbook_helpers.core.reads import EVERYTHING, Reads


@dataclass(frozen=True, slots=True)
class Task:
    """One worksheet to be run for one partnership. Plain data, fit to be sent to a process.

    `names` are the parameters the worksheet declares. `images` says which images charts carry
    beside their HTML, empty for SVG alone. `output` is the address of the folder that
    results are sent to, empty for `folder` on this computer. `made_from` says in full what the
    `fingerprint` is the hash of; neither holds the store's password. The last four are for the
    page: the partnership's name, whether it is invented, the fingerprint of what is written down
    of it, and the worksheets of its report in order.
    """

    partnership: str
    worksheet: str
    source: Path
    folder: Path
    root: Path
    parameters: Parameters = field(repr=False)
    names: tuple[str, ...]
    made_from: Mapping[str, Any]
    engine: str = ""
    images: str = ""
    output: str = ""
    name: str = ""
    invented: bool = False
    about: str = ""
    order: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        """A text that is another one when anything has changed that the notebook is made from."""
        # The same records in another store are the same records.
        told = {name: value for name, value in self.made_from.items() if name != "store"}
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()

    @property
    def target(self) -> Path:
        """Where the executed notebook lands on this computer."""
        return self.folder / f"{self.worksheet}.ipynb"

    @property
    def place(self) -> str:
        """Where it lands, for people: a path, or an address in an object store."""
        return f"{self.output}/{self.worksheet}.ipynb" if self.output else str(self.target)


@dataclass(frozen=True, slots=True)
class Source:
    """A worksheet's file: where it is, the hash of its content, the parameters it declares.

    `reads` says which records it reads, as far as its cells tell.
    """

    path: Path
    digest: str
    names: tuple[str, ...]
    reads: Reads = EVERYTHING
    fault: str = ""
    """Why it cannot be told which parameters it takes; empty where it can."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One partnership in a plan: what its tasks share. `common` is what all plans' tasks do."""

    root: Path
    home: Path
    output: str
    common: Mapping[str, str]
    parameters: Parameters = field(repr=False)
    name: str
    invented: bool
    about: str
    order: tuple[str, ...]

    def task(self, sheet: Source, records: bytes, told: Sequence[str] = ()) -> Task:
        """The task of one worksheet: `records` the hash of what it reads, `told` the stories
        that it may tell."""
        slug = self.parameters.partnership
        made_from: dict[str, Any] = {
            **self.common,
            "worksheet": sheet.digest,
            "records": records.hex(),
            "parameters": self.parameters.for_notebook(sheet.names),
        }
        if told:
            made_from["stories_told"] = list(told)
        return Task(
            partnership=slug,
            worksheet=sheet.path.stem,
            source=sheet.path,
            folder=self.home / slug,
            root=self.root,
            parameters=self.parameters,
            names=sheet.names,
            made_from=made_from,
            engine=self.common["engine"],
            images=self.common.get("images", ""),
            output=f"{self.output}/{slug}" if self.output else "",
            name=self.name,
            invented=self.invented,
            about=self.about,
            order=self.order,
        )


Kept = tuple[Subject, Source, bytes, tuple[str, ...]]
"""What a task is made of: see `Subject.task`."""


class Tasks(Sequence[Task]):
    """Many tasks in little memory; equal to any sequence of the same tasks."""

    def __init__(self, kept: Iterable[Kept]) -> None:
        self._kept = tuple(kept)

    def __len__(self) -> int:
        return len(self._kept)

    @overload
    def __getitem__(self, index: int) -> Task: ...
    @overload
    def __getitem__(self, index: slice) -> Tasks: ...
    def __getitem__(self, index: int | slice) -> Task | Tasks:
        if isinstance(index, slice):
            return Tasks(self._kept[index])
        return _made(self._kept[index])

    def __iter__(self) -> Iterator[Task]:
        return map(_made, self._kept)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]


def _made(kept: Kept) -> Task:
    subject, sheet, records, told = kept
    return subject.task(sheet, records, told)


@dataclass(frozen=True, slots=True)
class Plan:
    """The tasks to run, those whose notebooks are there and up to date, and what to know."""

    tasks: Sequence[Task]
    unchanged: Sequence[Task] = ()
    notes: tuple[str, ...] = ()

    @property
    def partnerships(self) -> tuple[str, ...]:
        """The partnerships it speaks of, in order."""
        return tuple(dict.fromkeys(t.partnership for t in chain(self.unchanged, self.tasks)))


def joined(*plans: Plan) -> Plan:
    """Several plans as one, each task with its own store and folder. No two of a partnership."""
    return Plan(
        tuple(task for plan in plans for task in plan.tasks),
        tuple(task for plan in plans for task in plan.unchanged),
        tuple(dict.fromkeys(note for plan in plans for note in plan.notes)),
    )
