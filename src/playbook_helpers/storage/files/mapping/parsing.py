"""CellValue a mapping file: every word of it is checked before a table is looked at."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import cast

from playbook_helpers.core.errors import InputError
from playbook_helpers.core.partial_dates import check_when
from playbook_helpers.core.partnership import Partnership
from playbook_helpers.core.records import Record
from playbook_helpers.practices.goals import Goal, IndicatorSheet, Measurement
from playbook_helpers.storage.files.cells import allowed_for, fold, read_cell
from playbook_helpers.storage.files.headings import specs_of
from playbook_helpers.storage.files.mapping.rules import (
    COMPUTED,
    FORMAT,
    OPENING,
    DateRule,
    Field,
    GoalRule,
    Mapping,
    Pick,
    Whose,
)
from playbook_helpers.storage.files.mapping.section import Section, read_toml
from playbook_helpers.storage.files.mapping.targets import RULES, RuleName, TargetRule, Way
from playbook_helpers.storage.files.mapping.templates import Template, read_template
from playbook_helpers.storage.files.problems import CellError, nearest
from playbook_helpers.storage.files.sheets import check_size

WORKED_OUT: dict[str, frozenset[str]] = {
    "partnership": frozenset(),
    "goal": frozenset(("baseline_value", "baseline_date", "target_value", "target_date")),
    "measurement": frozenset(("goal", "date", "value", "series_break")),
    "indicator_sheet": frozenset(("goal",)),
}
"""Kind -> the fields that follow from the table and the rules, and that no mapping may write."""

_ASIDE = (
    *("whose", "rows", "series", "new_series", "baseline", "without_baseline", "target"),
    *("measurement", "indicator_sheet"),
)
"""Answers of a goal's part that are no fields of a goal."""


def read_mapping(path: Path) -> Mapping:
    """The mapping in a file. Raises InputError naming the part, what is wrong and what is allowed.

    Whether the table has the columns is not known yet; `columns()` gives what to look for.
    """
    path = Path(path)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(
            "The mapping cannot be read", value=f"{path}: {error.strerror}", allowed="a .toml file"
        ) from error
    check_size(path.name, len(data))
    return parse_mapping(path.name, data)


def parse_mapping(label: str, data: bytes) -> Mapping:
    """The mapping in these bytes; see `read_mapping`."""
    return _Reader(label).read(read_toml(label, data))


class _Reader:
    """Reads the parts of one file; `written` gathers the columns they speak of."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.written: dict[str, str] = {}

    def read(self, top: Section) -> Mapping:
        top.choice("format", (FORMAT,))
        title = top.text("title")
        table = top.section("table") or Section(self.label, "table", {})
        picks = [self._pick(s, keep=False) for s in table.sections("leave_out")]
        picks += [self._pick(s, keep=True) for s in table.sections("keep")]
        rename = self._rename(table)
        newest = frozenset(self._column(name) for name in table.texts("newest", ()))
        missing = frozenset(text.strip() for text in table.texts("missing", ()))
        table.done()
        dates = top.section("date", needed=True)
        values = top.section("value", needed=True)
        about = top.section("partnership", needed=True)
        assert dates is not None
        assert values is not None
        assert about is not None
        value = self._column(values.text("column"))
        values.done()
        slug = self._template(about, "slug")
        if not slug.names:
            about.wrong("slug", "names no column, so all would be one", "such as {area}")
        goals = tuple(self._goal(section) for section in top.sections("goal"))
        if not goals:
            top.wrong("goal", "there is no goal", "one [[goal]] or more")
        mapping = Mapping(
            label=self.label,
            title=title,
            slug=slug,
            partnership=self._fields(about, Partnership, aside=("slug",)),
            date=self._date(dates),
            value=value,
            goals=goals,
            picks=tuple(picks),
            rename=rename,
            newest=newest,
            missing=missing,
            written=self.written,
        )
        top.done()
        return mapping

    def _column(self, name: str) -> str:
        self.written.setdefault(fold(name), name)
        return fold(name)

    def _pick(self, section: Section, *, keep: bool) -> Pick:
        column = self._column(section.text("column"))
        values = frozenset(text.strip() for text in section.texts("values"))
        because = section.text("because")
        section.done()
        return Pick(column, values, because, keep)

    def _rename(self, table: Section) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        whole = table.section("rename")
        for name in whole.names() if whole else ():
            part = whole.section(name) if whole else None
            if part is not None:
                found[self._column(name)] = {old: part.text(old).strip() for old in part.names()}
        return found

    def _date(self, section: Section) -> DateRule:
        column = self._column(section.text("column"))
        split = section.choice("split_year", ("first", "second"), "")
        month = section.whole("month", 1, 12) if "month" in section else None
        if month is not None and not split:
            section.wrong("month", "is for years such as 2012/13", 'split_year = "second"')
        section.done()
        return DateRule(column, split, month)  # type: ignore[arg-type]

    def _goal(self, section: Section) -> GoalRule:
        whose = cast(Whose, section.choice("whose", tuple(OPENING)))
        rows = self._rows(section.section("rows"))
        series = self._column(section.text("series")) if "series" in section else ""
        baseline = section.text("baseline").strip() if "baseline" in section else ""
        without = section.choice("without_baseline", ("no goal", "problem"), "problem")
        target = self._target(section.section("target"), whose, baseline)
        measurement = section.section("measurement") or Section(
            self.label, f"{section.place}.measurement", {}
        )
        sheet = section.section("indicator_sheet")
        fields = self._fields(section, Goal, aside=_ASIDE)
        if whose == "theirs" and not any(f.name == "source" for f in fields):
            section.wrong(
                "source",
                "is missing: a goal that is said to be theirs needs the place where it stands",
                'a source, or whose = "reading" or "exercise"',
            )
        return GoalRule(
            place=section.place,
            whose=whose,
            fields=fields,
            measurement=self._fields(measurement, Measurement),
            sheet=self._fields(sheet, IndicatorSheet) if sheet else None,
            rows=rows,
            series=series,
            new_series=section.flag("new_series"),
            baseline=baseline,
            needs_baseline=without == "problem",
            target=target,
        )

    def _rows(self, section: Section | None) -> dict[str, frozenset[str]]:
        found: dict[str, frozenset[str]] = {}
        for name in section.names() if section else ():
            assert section is not None
            value = section.texts(name) if section.is_list(name) else section.scalar(name)
            values = value if isinstance(value, tuple) else (str(value),)
            found[self._column(name)] = frozenset(text.strip() for text in values)
        return found

    def _target(self, section: Section | None, whose: Whose, baseline: str) -> TargetRule | None:
        if section is None:
            return None
        if whose == "reading":
            section.wrong(
                "",
                "a goal that is our reading has no target: nobody set one",
                'no target, or whose = "theirs" (with a source) or "exercise"',
            )
        rule = cast(RuleName, section.choice("rule", tuple(RULES)))
        date = section.scalar("date")
        try:
            when = check_when(str(date))
        except ValueError as error:
            section.wrong("date", str(error))
        number, column, end = 0.0, "", 100.0
        if rule == "column":
            column = self._column(section.text("column"))
        elif rule == "gap":
            number, end = section.number("share"), section.number("end", 100.0)
            if not 0 < number <= 1:
                section.wrong("share", "cannot be that", "more than 0, up to 1", number)
        else:
            number = section.number("value" if rule == "value" else rule)
        way = cast(Way, section.choice("way", ("up", "down"), "up"))
        digits = section.whole("digits", 0, 6, 1)
        if rule in ("points", "percent") and number <= 0:
            section.wrong(rule, "cannot be that", 'more than 0, with way = "up" or "down"', number)
        if rule in ("points", "percent", "gap") and not baseline:
            section.wrong("", f"the rule {rule!r} needs a baseline", 'baseline = "first"')
        section.done()
        return TargetRule(rule, when, number, column, end, way, digits)

    def _fields(
        self, section: Section, record_type: type[Record], aside: Iterable[str] = ()
    ) -> tuple[Field, ...]:
        """The fields that a section gives a record of that type; those it needs have to be there.

        `aside` names answers of the section that are no fields and are read elsewhere.
        """
        specs = specs_of(record_type)
        closed = WORKED_OUT[record_type.kind]
        fields = []
        other = set(aside)
        for name in section.names():
            if name in other:
                continue
            if name in closed:
                section.wrong(name, "follows from the table and the rules, and is not written here")
            if name not in specs:
                like = nearest(name, [*specs, *other])
                hint = f"; the nearest is {like!r}" if like else ""
                allowed = ", ".join([*other, *(s for s in specs if s not in closed)])
                section.wrong(name, f"is no field of {record_type.plural.lower()}{hint}", allowed)
            fields.append(self._field(section, name, record_type))
        given = {each.name for each in fields}
        for name, spec in specs.items():
            if spec.required and name not in given | closed:
                section.wrong(name, f"is missing ({spec.entry.label})", allowed_for(spec))
        return tuple(fields)

    def _field(self, section: Section, name: str, record_type: type[Record]) -> Field:
        spec = specs_of(record_type)[name]
        value = section.scalar(name)
        if isinstance(value, str):
            computed = record_type.kind in ("goal", "indicator_sheet")
            template = self._template(section, name, computed=computed)
            if template.names:
                return Field(spec, template)
            value = template.filled({})
        try:
            return Field(spec, value=read_cell(spec, value).value)
        except CellError as error:
            section.wrong(name, error.what, error.allowed, value)

    def _template(self, section: Section, name: str, *, computed: bool = False) -> Template:
        text = section.text(name, "")
        try:
            template = read_template(text)
        except InputError as error:
            section.wrong(name, error.what, error.allowed, text)
        for piece, place in template.pieces:
            if place in COMPUTED:
                if not computed:
                    section.wrong(name, f"{{{piece}}} is known in goals only", value=text)
            elif place:
                self._column(piece)
        return template
