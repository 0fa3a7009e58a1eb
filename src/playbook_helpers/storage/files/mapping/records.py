"""DataRows as records: each partnership with its goals, their sheets and their measurements.

What cannot be told with certainty is not made. A goal whose baseline cannot be read is left out
with its measurements, because the next row would quietly take the baseline's place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from playbook_helpers.core.answering import answered
from playbook_helpers.core.partial_dates import last_day, spoken
from playbook_helpers.core.partnership import Partnership
from playbook_helpers.core.records import Record
from playbook_helpers.core.text import folded
from playbook_helpers.practices.goals import Goal, IndicatorSheet, Measurement
from playbook_helpers.practices.goals.wording import number_words
from playbook_helpers.storage.files.cells import Habits, Value, allowed_for, read_cell
from playbook_helpers.storage.files.headings import specs_of
from playbook_helpers.storage.files.mapping.data_rows import DataRow, DataRows, rows_in_words
from playbook_helpers.storage.files.mapping.rules import (
    COMPUTED,
    NAME_OPENING,
    OPENING,
    Field,
    GoalRule,
    Mapping,
)
from playbook_helpers.storage.files.problems import CellError, Problem, Problems
from playbook_helpers.storage.files.rows import FileRow


@dataclass(slots=True)
class Made:
    """The records that were made, what is wrong, and what people should know."""

    rows: list[FileRow] = field(default_factory=list)
    problems: Problems = field(default_factory=Problems)
    notes: list[str] = field(default_factory=list)


def records_of(found: DataRows, mapping: Mapping, habits: Habits) -> Made:
    """All records that the lines make. `habits`: how the tables write numbers and dates."""
    return _Maker(found, mapping, habits).made


class _Maker:
    def __init__(self, found: DataRows, mapping: Mapping, habits: Habits) -> None:
        self.mapping = mapping
        self.headings = found.headings
        self.habits = habits
        self.made = Made()
        self.counts: Counter[str] = Counter()
        groups: dict[str, list[DataRow]] = {}
        for line in found.lines:
            groups.setdefault(line.slug, []).append(line)
        taken: set[tuple[str, int]] = set()
        for slug, lines in groups.items():
            if self._one_name(lines):
                self._partnership(slug, lines)
                for rule in mapping.goals:
                    mine = [line for line in lines if _belongs(line, rule)]
                    taken |= {(line.file, line.number) for line in mine}
                    self._goal(slug, rule, mine)
        self._tell(found, taken)

    # One partnership -------------------------------------------------------------------------

    def _one_name(self, lines: Sequence[DataRow]) -> bool:
        """Whether all lines of a short name are of one name; two areas must not become one."""
        first = self.mapping.slug.filled(lines[0].cells)
        for line in lines:
            text = self.mapping.slug.filled(line.cells)
            if folded(text) != folded(first):
                what = f"makes the short name {line.slug!r}, which {first!r} has already"
                self._fault(line, self.mapping.slug.names[0], what, "names that stay apart")
                return False
        return True

    def _partnership(self, slug: str, lines: Sequence[DataRow]) -> None:
        cells = self._shared(lines, self.mapping.partnership)
        if cells is not None:
            self._record(slug, lines[0], Partnership, self._values(lines[0], cells, "partnership"))

    # One goal --------------------------------------------------------------------------------

    def _goal(self, slug: str, rule: GoalRule, lines: Sequence[DataRow]) -> None:
        if not lines:
            self.counts[f"{rule.place}: partnerships without a row for it"] += 1
            return
        unread = next((line for line in lines if line.date is None), None)
        if unread is not None:
            self._leave(slug, rule, f"{unread.place} has no date that can be read")
            return
        ordered = sorted(lines, key=lambda line: (last_day(line.date or ""), line.number))
        if self._twice(rule, ordered):
            return
        start = self._start(slug, rule, ordered)
        if rule.baseline and start is None:
            return
        fields = (*rule.fields, *(rule.sheet or ()))
        cells = self._shared(ordered, fields)
        if cells is None:
            return
        target = self._target(rule, ordered, start)
        if rule.target is not None and target is None:
            return
        self._write(slug, rule, ordered, start, target, cells)

    def _write(
        self,
        slug: str,
        rule: GoalRule,
        ordered: Sequence[DataRow],
        start: DataRow | None,
        target: float | None,
        cells: dict[str, str],
    ) -> None:
        first = ordered[0]
        constants = {each.name: each.value for each in rule.fields}
        unit = str(constants.get("unit") or "")
        words = str(constants.get("unit_words") or "")

        def told(number: float | None) -> str:
            return "" if number is None else number_words(number, unit, words)

        base = start.value if start else None
        cells |= {
            "the baseline": told(base),
            "the baseline date": spoken(start.date) if start and start.date else "",
            "the target": told(target),
            "the target date": spoken(rule.target.date) if rule.target else "",
        }
        cells["the goal"] = ""
        values = self._values(first, cells, rule.place, rule.fields)
        if values is None:
            return
        values["name"] = NAME_OPENING[rule.whose] + str(values["name"])
        values["sentence"] = OPENING[rule.whose] + str(values["sentence"])
        values |= {
            "baseline_value": base,
            "baseline_date": start.date if start else None,
            "target_value": target,
            "target_date": rule.target.date if rule.target else None,
        }
        goal = self._record(slug, first, Goal, values)
        if not isinstance(goal, Goal):
            return
        cells["the goal"] = goal.name
        if rule.sheet is not None:
            values = self._values(first, cells, f"{rule.place}.indicator_sheet", rule.sheet)
            if values is not None:
                self._record(slug, first, IndicatorSheet, {"goal": goal.name, **values})
        before: str | None = None
        for line in ordered:
            if line.value is None:
                continue
            series = line.cells[rule.series] if rule.series else ""
            values = self._values(line, dict(line.cells), rule.place, rule.measurement)
            if values is not None:
                values |= {"goal": goal.name, "date": line.date, "value": line.value}
                values["series_break"] = rule.new_series if before is None else series != before
                self._record(slug, line, Measurement, values)
            before = series

    def _twice(self, rule: GoalRule, ordered: Sequence[DataRow]) -> bool:
        """Whether two lines of the goal have one date, so that nobody knows which one counts."""
        for one, two in pairwise(ordered):
            if one.date == two.date:
                what = f"is the same date as in {one.place}, for the same goal ({rule.place})"
                allowed = f"one row for each date; [{rule.place}.rows] can tell rows apart"
                self._fault(two, self.mapping.date.column, what, allowed)
                return True
        return False

    def _start(self, slug: str, rule: GoalRule, ordered: Sequence[DataRow]) -> DataRow | None:
        """The line of the baseline; None where there is none or it cannot be read."""
        if not rule.baseline:
            return None
        said = [line for line in ordered if not line.missing]
        if rule.baseline in ("first", "last"):
            held = said[:1] if rule.baseline == "first" else said[-1:]
        else:
            held = [x for x in said if x.cells[self.mapping.date.column] == rule.baseline]
        if not held:
            if rule.needs_baseline:
                what = f"has no value for the baseline {rule.baseline!r} of {rule.place}"
                allowed = 'a row for it, or without_baseline = "no goal"'
                self._fault(ordered[0], self.mapping.slug.names[0], what, allowed)
            else:
                self.counts[f"{rule.place}: partnerships without its baseline"] += 1
            return None
        if held[0].value is None:
            self._leave(slug, rule, f"{held[0].place}, its baseline, cannot be read")
            return None
        return held[0]

    def _target(
        self, rule: GoalRule, ordered: Sequence[DataRow], start: DataRow | None
    ) -> float | None:
        if rule.target is None:
            return None
        if rule.target.rule != "column":
            return rule.target.value(start.value if start else None)
        name = rule.target.column
        cells = self._agreed(ordered, (name,))
        if cells is None:
            return None
        line = next(each for each in ordered if each.cells[name] == cells[name])
        spec = specs_of(Goal)["target_value"]
        try:
            value = read_cell(spec, cells[name], self.habits).value
        except CellError as error:
            self._fault(line, name, error.what, error.allowed)
            return None
        if value is None:
            self._fault(line, name, "is empty, and it is the target", allowed_for(spec))
            return None
        return float(value)

    # Cells to fields -------------------------------------------------------------------------

    def _shared(self, lines: Sequence[DataRow], fields: Iterable[Field]) -> dict[str, str] | None:
        names = [n for f in fields if f.template for n in f.template.names if n not in COMPUTED]
        return self._agreed(lines, dict.fromkeys(names))

    def _agreed(self, lines: Sequence[DataRow], names: Iterable[str]) -> dict[str, str] | None:
        """Column -> the cell that stands for all lines; None where they say different things."""
        found: dict[str, str] = {}
        for name in names:
            newest = max(lines, key=lambda line: (line.date or "", line.number))
            found[name] = newest.cells[name]
            if name in self.mapping.newest:
                continue
            other = next((line for line in lines if line.cells[name] != found[name]), None)
            if other is not None:
                what = f"differs within one partnership: {newest.place} has {found[name]!r}"
                allowed = f"one and the same, or {name!r} under newest in {self.mapping.label}"
                self._fault(other, name, what, allowed)
                return None
        return found

    def _values(
        self,
        line: DataRow,
        cells: dict[str, str],
        place: str,
        fields: Sequence[Field] | None = None,
    ) -> dict[str, Value] | None:
        """The fields filled in; None, with problems, where a cell does not fit its field."""
        values: dict[str, Value] = {}
        for each in self.mapping.partnership if fields is None else fields:
            if each.template is None:
                values[each.name] = each.value
                continue
            text = each.template.filled(cells)
            try:
                values[each.name] = read_cell(each.spec, text, self.habits).value
            except CellError as error:
                names = [n for n in each.template.names if n not in COMPUTED]
                what = f"does not fit the field {each.name!r} of {place}: {error.what}"
                self._fault(line, names[0] if names else "", what, error.allowed)
                return None
        return values

    def _record(
        self,
        slug: str,
        line: DataRow,
        record_type: type[Record],
        values: dict[str, Value] | None,
    ) -> Record | None:
        if values is None:
            return None
        record, wrong = answered(record_type, values)
        specs = specs_of(record_type)
        for name, words in wrong:
            what = f"makes a {record_type.title.lower()} whose field {name!r} {words}"
            allowed = allowed_for(specs[name]) if name in specs else ""
            self.made.problems.add(Problem(line.file, what, line.number, allowed=allowed))
        if record is None:
            return None
        self.made.rows.append(FileRow(line.file, line.number, slug, record))
        return record

    # What is told ----------------------------------------------------------------------------

    def _fault(self, line: DataRow, name: str, what: str, allowed: str = "") -> None:
        value = line.cells.get(name)
        heading = self.headings.get(name, name)
        self.made.problems.add(Problem(line.file, what, line.number, heading, value, allowed))

    def _leave(self, slug: str, rule: GoalRule, why: str) -> None:
        self.made.notes.append(f"{slug}: {rule.place} was not made: {why}")

    def _tell(self, found: DataRows, taken: set[tuple[str, int]]) -> None:
        self.made.notes += [f"{what}: {count:,}" for what, count in self.counts.items()]
        for rule in self.mapping.goals:
            for name, values in rule.rows.items():
                for value in sorted(values - {line.cells[name] for line in found.lines}):
                    heading = self.headings.get(name, name)
                    what = f"no row has {value!r} under {heading!r}"
                    allowed = "words as they stand in the table"
                    self.made.problems.add(
                        Problem(self.mapping.label, f"{rule.place}.rows: {what}", allowed=allowed)
                    )
        missing = sum(line.missing for line in found.lines)
        if missing:
            what = f"{rows_in_words(missing)} without a known value"
            self.made.notes.append(
                f"{what}: no measurement was made of {'it' if missing == 1 else 'them'}"
            )
        left = sum((line.file, line.number) not in taken for line in found.lines)
        if left:
            self.made.notes.append(f"{rows_in_words(left)} of no goal in {self.mapping.label}")


def _belongs(line: DataRow, rule: GoalRule) -> bool:
    return all(line.cells[name] in values for name, values in rule.rows.items())
