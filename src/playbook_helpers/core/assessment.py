"""What a worksheet works out of its records: measures, findings, and the rows behind them.

Everything here is plain data that writes itself as JSON (`assessment.json` beside a report).
Charts and tables are drawn from an assessment and compute nothing of their own.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Literal, TypeVar

from playbook_helpers.core.partial_dates import last_day
from playbook_helpers.core.partnership import Partner, Partnership
from playbook_helpers.core.records import Record
from playbook_helpers.core.revisions import Revision
from playbook_helpers.core.text import listed

Severity = Literal["act", "look", "note", "good"]
"""How serious: act on it now; look into it; good to know; something that went well."""
SEVERITIES: tuple[Severity, ...] = ("act", "look", "note", "good")
SEVERITY_WORDS: Mapping[Severity, str] = {
    "act": "Act on this",
    "look": "Look into this",
    "note": "Good to know",
    "good": "Going well",
}
Effort = Literal["minutes", "meeting", "months"]
"""How much it takes to put right: minutes at a desk, one meeting, or months of work."""
EFFORTS: tuple[Effort, ...] = ("minutes", "meeting", "months")
FULL_COUNT = "full count"
"""The `interval` of a measure that counts all there is, instead of a sample."""
_R = TypeVar("_R", bound=Record)
Scalar = str | float | int | bool | None
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Head:
    """A record as it stands: its typed value, and the ids that findings and edits refer to.

    `value` is None where the payload does not fit today's record type; `problem` then says why,
    and the payload is kept. `rivals` holds the revision ids of other heads of the same record.
    `stored` is the month in which the store took it in, where that is known.

    Of a kind that is nobody's, `showing` numbers the picture of its round in which it first was (0:
    none that is known of), and `waiting` says that this answer came after its round was closed, so
    that it is in no picture yet. `erased` says that its words were taken out for good: the payload
    holds its round alone, and `deleted` is set.
    """

    record: str
    revision: str
    practice: str
    kind: str
    payload: Mapping[str, Any]
    value: Record | None
    author: str = ""
    client_time: str = ""
    deleted: bool = False
    problem: str = ""
    rivals: tuple[str, ...] = ()
    stored: str = ""
    showing: int = 0
    waiting: bool = False
    erased: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """What an assessment may know besides the records: whose they are, and at which date."""

    slug: str
    as_of: date
    partnership: Partnership | None = None
    partners: tuple[Partner, ...] = ()
    round: str = ""
    history: Mapping[str, tuple[Revision, ...]] = field(default_factory=dict)
    """Record id -> all its revisions, for practices that look at what was changed and when."""

    @property
    def ended(self) -> bool:
        """Whether the partnership's last day is over, or is the day that is looked at."""
        partnership = self.partnership
        return bool(partnership and partnership.ends and last_day(partnership.ends) <= self.as_of)

    def past(self, heads: Iterable[Head]) -> bool:
        """Whether `heads` tell a story of then, so that nobody is there to do what is asked for.

        The partnership has ended, or its facts stop more than a year before they were written down.
        """
        about = self.partnership
        if self.ended or about is None or not about.facts_until:
            return self.ended
        written = max((head.client_time[:10] for head in heads), default="")
        return bool(written) and written > (self.as_of + timedelta(days=366)).isoformat()


@dataclass(frozen=True, slots=True)
class Measure:
    """One number with its unit, how many answers it rests on, and how sure it is.

    `value` is None where it cannot be worked out; `note` then says why. `low` and `high` bound
    it (`interval` says how: "95% confidence", "low and high assumptions"). A value without bounds
    counts all that is written down, and `interval` says so: there is no chance in it to bound.
    """

    name: str
    label: str
    value: float | None
    unit: str = ""
    n: int = 0
    missing: int = 0
    low: float | None = None
    high: float | None = None
    interval: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        for number in (self.value, self.low, self.high):
            if number is not None and not math.isfinite(number):
                raise ValueError(f"measure {self.name!r} is {number}; use None and say why in note")
        if self.value is not None and self.low is None and self.high is None and not self.interval:
            object.__setattr__(self, "interval", FULL_COUNT)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the records say: a sentence, how serious, whose records, and what to do next.

    `sentence`, `next_step` and `question` are plain text and may hold users' words: whoever
    shows them escapes them. `better` is wording to start from, where there is some.
    """

    code: str
    sentence: str
    severity: Severity
    next_step: str = ""
    question: str = ""
    effort: Effort = "meeting"
    records: tuple[str, ...] = ()
    better: str = ""


@dataclass(frozen=True, slots=True)
class Assessment:
    """All that one practice's worksheet works out for one partnership at one date.

    `rows` holds named lists of flat rows for tables and charts, such as `progress`.
    `counts` says how many records of each kind were read.
    """

    practice: str
    partnership: str
    as_of: date
    measures: tuple[Measure, ...] = ()
    findings: tuple[Finding, ...] = ()
    rows: Mapping[str, object] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)

    def measure(self, name: str) -> Measure:
        """The measure of that name; raises KeyError listing the names there are."""
        for measure in self.measures:
            if measure.name == name:
                return measure
        raise KeyError(f"{name!r}: there is {', '.join(m.name for m in self.measures) or 'none'}")

    def to_json(self) -> dict[str, Any]:
        """JSON values: stable order, dates as ISO text."""
        data = asdict(self)
        data["as_of"] = self.as_of.isoformat()
        return data


def sorted_findings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings with the serious ones first and, among those, the easy ones first."""
    return tuple(
        sorted(findings, key=lambda f: (SEVERITIES.index(f.severity), EFFORTS.index(f.effort)))
    )


_QUOTED = re.compile(r"“[^”]*”")


def alike_once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings with those that say the same of several things told once, with their names.

    Two are the same where only the names in quotation marks differ.

    >>> [one] = alike_once(Finding("late", f"“{n}” is late.", "look", "Ask.") for n in "ABC")
    >>> one.sentence
    '“A” is late. The same holds for “B” and “C”.'
    """
    groups: dict[tuple[str, str, str], list[Finding]] = {}
    for place, each in enumerate(findings):
        named = _QUOTED.search(each.sentence)
        says = _QUOTED.sub("“”", each.sentence) if named else str(place)
        groups.setdefault((each.code, each.severity, says), []).append(each)
    return tuple(_of_all(group) for group in groups.values())


def _of_all(group: Sequence[Finding]) -> Finding:
    first, *rest = group
    if not rest:
        return first
    names = [found.group() for f in rest if (found := _QUOTED.search(f.sentence))]
    records = dict.fromkeys(record for f in group for record in f.records)
    said = f"{first.sentence} The same holds for {listed(names)}."
    return replace(first, sentence=said, records=tuple(records), better="")


def looked_back_on(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings of a partnership that is over: what was seen, and no work for anybody.

    What went well stays. What stood open is told as it was, without a next step; that nothing is
    written down is said once.
    """
    held = list(findings)
    told = [
        f if f.severity == "good" else replace(f, severity="note", next_step="", question="")
        for f in held
        if f.records or f.severity == "good"
    ]
    if told or not held:
        return tuple(told)
    return (Finding("nothing_known", "Nothing is known about this.", "note", effort="minutes"),)


def current(heads: Iterable[Head]) -> tuple[Head, ...]:
    """One readable head for each record that is not deleted: the latest where there are rivals."""
    latest: dict[str, Head] = {}
    for head in sorted(heads, key=lambda h: (h.client_time, h.revision)):
        if not head.deleted and head.value is not None:
            latest[head.record] = head
    return tuple(latest.values())


def of_type(heads: Sequence[Head], record_type: type[_R]) -> list[tuple[Head, _R]]:
    """The heads of one record type with their typed values."""
    return [(head, head.value) for head in heads if isinstance(head.value, record_type)]
