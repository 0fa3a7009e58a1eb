"""What a mapping file says, as plain data: how a table of areas and years becomes records."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from playbook_helpers.core.records import FieldSpec
from playbook_helpers.practices.goals.whose import EXERCISE, READING
from playbook_helpers.storage.files.cells import Value
from playbook_helpers.storage.files.mapping.targets import TargetRule
from playbook_helpers.storage.files.mapping.templates import Template

FORMAT = "playbook-mapping/1"

Whose = Literal["theirs", "reading", "exercise"]
OPENING: dict[Whose, str] = {
    "theirs": "",
    "reading": READING,
    "exercise": EXERCISE,
}
"""How the sentence of a goal begins, by whose it is. No mapping can take it off."""
NAME_OPENING: dict[Whose, str] = {"theirs": "", "reading": "", "exercise": "Exercise: "}
"""How its short name begins, so that charts, findings and lists say it as well."""

COMPUTED = ("the goal", "the baseline", "the baseline date", "the target", "the target date")
"""Places in a goal's texts that no column fills, but what was worked out."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record: a template to fill in, or, without one, a value for all."""

    spec: FieldSpec
    template: Template | None = None
    value: Value = None

    @property
    def name(self) -> str:
        """The field's name."""
        return self.spec.name


@dataclass(frozen=True, slots=True)
class Pick:
    """Rows told apart by one column: those whose cell is among `values`, or (`keep`) is not,
    are left out, `because` of something that people are told."""

    column: str
    values: frozenset[str]
    because: str
    keep: bool = False

    def leaves_out(self, cell: str) -> bool:
        """Whether a row with this cell is left out."""
        return (cell in self.values) != self.keep


@dataclass(frozen=True, slots=True)
class DateRule:
    """Where a row's date stands. `split`: which year of 2012/13 counts, with `month` if given."""

    column: str
    split: Literal["", "first", "second"] = ""
    month: int | None = None


@dataclass(frozen=True, slots=True)
class GoalRule:
    """One goal of each partnership: its texts, which rows measure it, its baseline and target.

    `rows`: column -> the cells that belong to it. `series`: the column whose change is a series
    break; `new_series` says that the first value stands at one. `baseline`: "first", "last", a
    date as the table writes it, or "" for none.
    """

    place: str
    whose: Whose
    fields: tuple[Field, ...]
    measurement: tuple[Field, ...]
    sheet: tuple[Field, ...] | None = None
    rows: dict[str, frozenset[str]] = field(default_factory=dict)
    series: str = ""
    new_series: bool = False
    baseline: str = ""
    needs_baseline: bool = True
    target: TargetRule | None = None


@dataclass(frozen=True, slots=True)
class Mapping:
    """The whole file. Columns are named as `fold` compares names, `written` gives them as written.

    `newest`: columns of which, where a partnership's rows differ, the newest row's cell counts.
    `missing`: what stands in a cell where no value is known.
    """

    label: str
    title: str
    slug: Template
    partnership: tuple[Field, ...]
    date: DateRule
    value: str
    goals: tuple[GoalRule, ...]
    picks: tuple[Pick, ...] = ()
    rename: dict[str, dict[str, str]] = field(default_factory=dict)
    newest: frozenset[str] = frozenset()
    missing: frozenset[str] = frozenset()
    written: dict[str, str] = field(default_factory=dict)

    def columns(self) -> dict[str, str]:
        """Every column that the mapping speaks of -> the same as it writes it."""
        return dict(self.written)
