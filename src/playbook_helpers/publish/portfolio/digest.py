"""What one partnership brings into a portfolio: small, plain, and fit to be sent to a process.

A digest is made from a partnership's heads as of its own date, and holds nothing that its report
would keep back: of answers to the trust check-in, of counts of groups and of stories it never
sees more than that they are there (see `CLOSED`).
"""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

from playbook_helpers.batch.parallel import can_share, cores, held, processes
from playbook_helpers.core.as_of import resolve_as_of
from playbook_helpers.core.assessment import Context, Head, current, of_type
from playbook_helpers.core.partial_dates import last_day
from playbook_helpers.core.partnership import Partner, Partnership
from playbook_helpers.practices import PRACTICES
from playbook_helpers.practices.kinds import RECORD_TYPES
from playbook_helpers.practices.learning import Review
from playbook_helpers.practices.overview.changes import year_before
from playbook_helpers.publish.portfolio.findings import found_in
from playbook_helpers.publish.portfolio.goals import GoalLine, goal_lines
from playbook_helpers.publish.portfolio.lessons import Lesson, lessons_of
from playbook_helpers.publish.portfolio.money import Fall, falls_of
from playbook_helpers.publish.portfolio.resources import Gap, Spare, resources_of
from playbook_helpers.storage.database import Store

CLOSED = frozenset(
    {kind for kind, type_ in RECORD_TYPES.items() if type_.pseudonymous or type_.withheld}
    | {"turnout", "community_group", "group_count", "story"}
    | {"social_outcome", "social_input", "social_account"}
)
"""Kinds that a portfolio never looks into. Whoever holds a total over many partnerships and all
pages but one could work out the one by subtraction: so no figure here rests on check-in answers
or on counts of small groups. A story goes where its teller agreed, and a ratio of social value
is never put beside another's."""
READ = frozenset(
    {"partnership", "partner", "decision", "goal", "measurement", "offer", "need", "fund"}
    | {"exchange_rate", "capacity", "milestone", "review", "heard", "agreement_point", "small_win"}
)
"""Kinds that a digest is made from. Of all others it knows only that they are there."""
UNREAD = frozenset(RECORD_TYPES) - READ
WORTH_IT = 600
"""Partnerships from which on starting processes costs less than it saves."""
_PART = 200


@dataclass(frozen=True, slots=True)
class Digest:
    """One partnership in a portfolio.

    `as_of` is the day its figures are worked out for. `current` says whether its records speak
    of the portfolio's own time: only then can it give to others, take, or lose money to come.
    """

    slug: str
    name: str
    as_of: date
    place: str = ""
    invented: bool = False
    ended: str = ""
    current: bool = True
    goals: tuple[GoalLine, ...] = ()
    filled: frozenset[str] = frozenset()
    """Stems of the practices for which anything is written down."""
    needs: int = 0
    offers: int = 0
    gaps: tuple[Gap, ...] = ()
    spares: tuple[Spare, ...] = ()
    falls: tuple[Fall, ...] = ()
    mixed: bool = False
    """Whether its money is in several currencies that cannot be added."""
    lessons: tuple[Lesson, ...] = ()
    held_back: int = 0
    """Lessons that may be shared and seem to name a person."""
    findings: Mapping[str, int] = field(default_factory=dict)
    """Code of a finding -> how often it is found."""
    unread: int = 0
    """Records that cannot be read, and records that two people changed at once."""
    problem: str = ""
    """Why it could not be worked out; then all but its names is empty."""
    records: str = ""
    """A text that changes when one of the heads does that the digest is made from."""

    @property
    def latest(self) -> str:
        """The date of its newest value; empty where there is none."""
        return max((g.newest for g in self.goals if g.newest), key=last_day, default="")


def digest_or_problem(
    slug: str,
    heads: Sequence[Head],
    day: date,
    as_of: date | None = None,
    filled: frozenset[str] = frozenset(),
) -> Digest:
    """As `make_digest`; where that fails in any way, a digest that names the cause.

    One partnership's fault is a row of its own, and nobody else's.
    """
    try:
        return make_digest(slug, heads, day, as_of, filled)
    except Exception as error:
        records = of_type([h for h in current(heads) if h.kind == Partnership.kind], Partnership)
        record = records[0][1] if records else None
        cause = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        return Digest(
            slug=slug,
            name=record.name if record else slug,
            as_of=day,
            invented=bool(record and record.invented),
            current=False,
            problem=f"Could not be worked out ({cause})",
            records=_print_of(heads),
        )


def make_digest(
    slug: str,
    heads: Sequence[Head],
    day: date,
    as_of: date | None = None,
    filled: frozenset[str] = frozenset(),
) -> Digest:
    """The digest of one partnership for a portfolio of the day `day`.

    `as_of` names a day to work from; without one it is the partnership's own (the day up to which
    its records are complete), else `day`. `filled` names practices for which something is written
    down, be it among `heads` or not.
    """
    by_kind: dict[str, list[Head]] = {}
    for head in current(heads):
        by_kind.setdefault(head.kind, []).append(head)

    def of(*kinds: str) -> list[Head]:
        return [head for kind in kinds for head in by_kind.get(kind, ())]

    records = of_type(of("partnership"), Partnership)
    record = records[0][1] if records else None
    own = resolve_as_of(record, as_of or "", day)
    partners = tuple(partner for _, partner in of_type(of("partner"), Partner))
    context = Context(slug, own, record, partners)
    ended = record.ends if record and record.ends and last_day(record.ends) <= day else ""
    speaks = not ended and own >= year_before(day)
    goals = goal_lines(of("goal", "measurement", "decision"), context)
    has, picture = resources_of(of("offer", "need", "goal"), context)
    money = of("fund", "exchange_rate")
    falls, mixed = falls_of(money, context, day) if speaks else ((), False)
    reviews = [head for head in heads if head.kind == Review.kind]
    lessons, held_back = lessons_of(reviews, context)
    stems = {practice.stem for practice in PRACTICES}
    return Digest(
        slug=slug,
        name=record.name if record else slug,
        as_of=own,
        place=(record.place or "") if record else "",
        invented=bool(record and record.invented),
        ended=ended,
        current=speaks,
        goals=goals,
        filled=(filled | {head.practice for head in heads if not head.deleted}) & stems,
        needs=has.needs,
        offers=has.offers,
        gaps=has.gaps if speaks else (),
        spares=has.spares if speaks else (),
        falls=falls,
        mixed=mixed,
        lessons=lessons,
        held_back=held_back,
        findings=found_in(by_kind, context, goals, picture),
        unread=len({head.record for head in heads if head.problem or head.rivals}),
        records=_print_of(heads),
    )


def _print_of(heads: Iterable[Head]) -> str:
    told = "".join(sorted(head.revision for head in heads if head.kind in READ))
    return hashlib.sha256(told.encode()).hexdigest()


# Many of them ---------------------------------------------------------------------------------


def read_digests(
    store: Store, day: date, as_of: date | None = None, *, workers: int = 0
) -> list[Digest]:
    """The digests of all partnerships in the store.

    `workers` is the number of processes; 0 chooses by the number of partnerships and of cores.
    The digests do not depend on it. Raises StoreError if the store cannot be read.
    """
    slugs = store.partnerships()
    parts = [slugs[start : start + _PART] for start in range(0, len(slugs), _PART)]
    count = min(how_many(len(slugs), workers), len(parts))
    if count < 2 or not can_share(store):
        return [digest for part in parts for digest in _digests(store, part, day, as_of)]
    with processes(store, count) as pool:
        read = pool.map(_part, parts, [day] * len(parts), [as_of] * len(parts))
        with uncollected():
            return [digest for part in read for digest in part]


def how_many(partnerships: int, workers: int = 0) -> int:
    """How many processes to work with: `workers`, or by the number of partnerships and of cores."""
    return workers or (cores() if partnerships >= WORTH_IT else 1)


@contextmanager
def uncollected() -> Iterator[None]:
    """Without looking for garbage in circles, of which plain rows make none."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _digests(store: Store, slugs: Sequence[str], day: date, as_of: date | None) -> list[Digest]:
    with uncollected():
        return [
            digest_or_problem(slug, heads, day, as_of, filled)
            for slug, heads, filled in store.some_of_many(slugs, unread=UNREAD)
        ]


def _part(slugs: Sequence[str], day: date, as_of: date | None) -> list[Digest]:
    return _digests(held(), slugs, day, as_of)
