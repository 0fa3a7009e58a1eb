"""Store: append revisions, read heads and history, merge, back up.

`append` has committed when it returns, and only then may anybody be told "saved". Nothing is
ever changed: sending a revision twice stores it once, and an id that comes back with another
content is refused. A Store keeps no connection open between calls, so a process may be forked
while it holds one; pickled, it opens itself again by its address in the other process.

Answers that are nobody's are kept apart (`boxes`), so that no file tells in which order they came.
Where a save touches both, the answers are in force first; what a kill leaves of a closing then is
finished by the next opening.

A store in a file is two files. The stamp in the first says what is not finished yet:

- `new`: the file of secret answers has still to be made;
- `packed`: the answers are in the store itself, as in a copy that `backup` made, and have still to
  be put into a file of their own;
- `unswept`: words were taken out of the store, and what it has given up has still to be cleared;
- `unforgotten`: on a server, the table of answers has still to forget how they came.

Each is finished by whoever opens the store next, and may be begun again any number of times.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import RLock, local
from types import TracebackType
from typing import Any

from sqlalchemy import Connection, Row, select, text
from sqlalchemy.exc import SQLAlchemyError

from playbook_helpers.core.assessment import Head
from playbook_helpers.core.errors import InputError, PlaybookError, RevisionChanged, StoreError
from playbook_helpers.core.revisions import (
    Revision,
    age,
    from_json,
    heads_of,
    merge,
    now,
    same_content,
    timeless,
)
from playbook_helpers.practices.kinds import (
    CLOSING_KINDS,
    COUNTED_KINDS,
    SECRET_KINDS,
    TOLD_KINDS,
    as_kept,
    closed_by,
    counted,
    disclosed,
    read_heads,
    record_type,
    refusal,
    round_of,
)
from playbook_helpers.storage.database import pairing, schema, tallies
from playbook_helpers.storage.database.answers import as_ballots, grown, line_of, read_rows
from playbook_helpers.storage.database.ballots import Ballots, Round, closing_of, closing_record
from playbook_helpers.storage.database.copying import fill_copy, left_as_it_is, write_copy
from playbook_helpers.storage.database.engines import (
    ALLOWED,
    address_of,
    explained,
    has_write_ahead_log,
    is_memory,
    is_missing,
    keep_write_ahead_log,
    open_engine,
    read_url,
    shown,
)
from playbook_helpers.storage.database.fingerprints import (
    NOTHING,
    RecordFingerprints,
    record_fingerprints,
)
from playbook_helpers.storage.database.heads import AT_ONCE, read_many, read_some
from playbook_helpers.storage.database.migrating import bring_over
from playbook_helpers.storage.database.rows import (
    as_revision,
    as_row,
    checked,
    revision_line,
    rows_where,
    stored,
)
from playbook_helpers.storage.database.secret_stores import (
    MemorySecrets,
    SecretFile,
    SecretStore,
    SecretTables,
)
from playbook_helpers.storage.database.tallies import damaged
from playbook_helpers.storage.database.verifying import Verified, verify_file, verify_server

WAIT_SECONDS = 30.0
"""How long a call waits for another program's writing before it gives up."""
STATES = frozenset({"", "new", "packed", "unswept", "unforgotten"})
_SECRET_PRACTICES = frozenset(record_type(kind).practice for kind in SECRET_KINDS)
_COUNTED = {(record_type(kind).practice, kind) for kind in COUNTED_KINDS - SECRET_KINDS}
_Line = tuple[str, str, str, str, Any]


_Round = tuple[str, str, str]
"""Partnership, kind and round."""


@dataclass(slots=True)
class _Told:
    """What became of rounds."""

    new: int = 0
    closed: list[_Round] = field(default_factory=list)
    counted: list[_Round] = field(default_factory=list)
    late: dict[_Round, tuple[int, int]] = field(default_factory=dict)
    corrected: dict[_Round, int] = field(default_factory=dict)


class Saved(int):
    """How many revisions were new, and what became of rounds of answers that are nobody's.

    Rounds are (partnership, kind, round). `closed` are those that a record among the revisions
    closed, `counted` those closed since their answers are now as many as were counted; `late`
    tells of rounds closed before how many answers came for each, and how many wait now;
    `corrected` how many corrections or withdrawals came of answers that are in a picture.
    """

    closed: tuple[_Round, ...]
    counted: tuple[_Round, ...]
    late: Mapping[_Round, tuple[int, int]]
    corrected: Mapping[_Round, int]

    def __new__(cls, new: int, told: _Told | None = None) -> Saved:
        """The number `new`, with what was told of rounds."""
        saved = super().__new__(cls, new)
        told = told or _Told()
        saved.closed, saved.counted = tuple(told.closed), tuple(told.counted)
        saved.late, saved.corrected = dict(told.late), dict(told.corrected)
        return saved


class Store:
    """All revisions of all partnerships at one address. Use as a context manager or `close` it."""

    def __init__(
        self, address: str, *, create: bool = True, wait_seconds: float = WAIT_SECONDS
    ) -> None:
        self._url = read_url(os.fspath(address))
        self.address = address_of(self._url)
        """What opens the same store again, password included: for programs, never for people."""
        self.url = shown(self._url)
        """The address without its password."""
        self.wait_seconds = wait_seconds
        """How long a call waits for another program's writing before it gives up."""
        self._uncounted = False
        """Whether answers were saved since the store has counted them: see `ties`."""
        self._check_file(create)
        self._engine = open_engine(self._url, wait_seconds)
        self._kept = local()
        """The connection that a thread keeps, and the process that opened it."""
        # A store in memory has one connection, which its threads must take in turn.
        self._turn: AbstractContextManager[Any] = RLock() if is_memory(self._url) else nullcontext()
        self._secrets: SecretStore = SecretTables()
        if self._url.get_backend_name() == "sqlite":
            file = Path(self._url.database or "")
            self._secrets = SecretFile(file)
            if is_memory(self._url):
                self._secrets = MemorySecrets()
        try:
            self._prepare(create)
        except BaseException:
            self._engine.dispose()
            raise

    @classmethod
    def open(cls, url: str, *, create: bool = True, wait_seconds: float = WAIT_SECONDS) -> Store:
        """Open the store at `url`, making it where there is none unless `create` is False.

        `url` is a file's path, `sqlite:///FILE` or `postgresql+psycopg://USER@HOST/DATABASE`;
        `sqlite://` is a store in memory, gone when it is closed. A store in a file has a second
        one beside it, `FILE-secret`, with the answers that are nobody's. Raises StoreError, with
        the address (no password) and what is allowed, where it cannot be reached, is no playbook
        store, was made by a newer version, or its second file is missing.
        """
        return cls(url, create=create, wait_seconds=wait_seconds)

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Store({self.url!r})"

    def __reduce__(self) -> tuple[object, ...]:
        if is_memory(self._url):
            raise StoreError("A store in memory cannot be used by another process", value=self.url)
        return (_reopened, (self.address,))

    def close(self) -> None:
        """Let go of the database. Closing twice does no harm."""
        if self._uncounted:
            self._settle()
        self._engine.dispose()

    @contextmanager
    def held_open(self) -> Iterator[None]:
        """Keep this thread's connection meanwhile, for a server that saves often.

        In a file each save then writes to the log and syncs it once. Otherwise the log is put into
        the store and deleted whenever the last connection is closed, which takes five syncs. The
        connection is in no transaction between calls, so it hinders nobody. It is dropped at any
        error, and a process that is forked opens its own.
        """
        self._kept.wanted = not is_memory(self._url)
        try:
            yield
        finally:
            self._kept.wanted = False
            self._let_go()

    def _let_go(self) -> None:
        """Close this thread's connection, if it keeps one."""
        kept, self._kept.connection = getattr(self._kept, "connection", None), None
        if kept is not None and kept[0] == os.getpid():
            with suppress(SQLAlchemyError, sqlite3.Error):
                kept[1].close()

    @contextmanager
    def _connected(self, *, own: bool) -> Iterator[Connection]:
        """A connection for one transaction: this thread's where it keeps one, unless `own`."""
        if own or not getattr(self._kept, "wanted", False):
            with self._engine.connect() as connection:
                yield connection
            return
        kept = getattr(self._kept, "connection", None)
        if kept is None or kept[0] != os.getpid():
            self._kept.before = kept  # another process's: not even thrown away, which would use it
            kept = self._kept.connection = (os.getpid(), self._engine.connect())
        try:
            yield kept[1]
        except BaseException:
            self._let_go()
            raise

    # Writing ---------------------------------------------------------------------------------

    def append(self, revisions: Revision | Iterable[Revision]) -> Saved:
        """Store one revision, or those of several that are not there yet; how many were new.

        All or nothing, and committed on return. A round is closed by a closing record among them,
        or because its answers are now as many as a person counted. Answers to a round that was
        closed before are kept and wait; what is returned tells of such rounds (`Saved`).

        Raises RevisionChanged if an id is there, or comes twice, with another content; InputError
        if a revision is malformed; StoreError if the database cannot take it. In each case nothing
        was stored, unless the error says otherwise.
        """
        several = [revisions] if isinstance(revisions, Revision) else revisions
        given = merge(as_kept(from_json(revision.to_json())) for revision in several)
        if not given:
            return Saved(0)
        # In the order of their ids, so that two writers of the same revisions never wait for
        # each other in a circle.
        ordered = [given[key] for key in sorted(given)]
        secret = [revision for revision in ordered if revision.kind in SECRET_KINDS]
        opened = [revision for revision in ordered if revision.kind not in SECRET_KINDS]
        touches = bool(secret) or any(r.kind in COUNTED_KINDS for r in opened)
        with self._transaction(writes=True) as connection:
            saved = self._save(connection, opened, secret, touches=touches)
        self._forget(saved)
        return saved

    def append_each(
        self, revisions: Iterable[Revision], voters: Mapping[str, str] | None = None
    ) -> list[PlaybookError | None]:
        """Store each that can be stored, in one commit; for each what is against it, or None.

        So the refusal of one leaves its neighbours. `voters` maps the id of an answer that is
        nobody's to a mark of whoever gives it: they answer a round once, and not once it is
        closed or as many answers are there as were counted. The mark is in force with the answer
        and is forgotten when the round is closed. Raises StoreError where nothing could be stored.
        """
        found: list[PlaybookError | None] = []
        fine: dict[int, Revision] = {}
        for place, revision in enumerate(revisions):
            found.append(None)
            try:
                fine[place] = as_kept(from_json(revision.to_json()))
            except InputError as error:
                found[place] = error
        marks = {timeless(id_): mark for id_, mark in (voters or {}).items()}
        if not fine:
            return found
        with self._transaction(writes=True) as connection:
            if any(r.kind in COUNTED_KINDS | SECRET_KINDS for r in fine.values()):
                self._secrets.lock(connection)
            refused = self._refused(connection, fine, marks)
            taken = {r.id: r for place, r in fine.items() if place not in refused}
            ordered = [taken[key] for key in sorted(taken)]
            secret = [r for r in ordered if r.kind in SECRET_KINDS]
            saved = self._save(
                connection,
                [r for r in ordered if r.kind not in SECRET_KINDS],
                secret,
                touches=True,
                marks={id_: mark for id_, mark in marks.items() if id_ in taken},
            )
        self._forget(saved)
        return [error or refused.get(place) for place, error in enumerate(found)]

    def _refused(
        self, connection: Connection, given: Mapping[int, Revision], marks: Mapping[str, str]
    ) -> dict[int, PlaybookError]:
        """What is against single revisions among some, by place."""
        there = {
            id_: revision
            for part in schema.chunks(r.id for r in given.values())
            for id_, revision in stored(connection, part).items()
        }
        slugs = sorted({r.partnership for r in given.values() if r.kind in SECRET_KINDS})
        secrets = self._secrets.read(connection, slugs) if slugs else {}
        for ballots in secrets.values():
            there |= ballots.answers
        standing = {slug: secrets.get(slug, Ballots()).heads(slug) for slug in slugs}
        for slug, heads in read_many(connection, slugs, _COUNTED) if slugs else ():
            standing[slug] += heads
        found: dict[int, PlaybookError] = {}
        voted: set[tuple[str, str, str, str]] = set()
        for place, revision in given.items():
            known = there.setdefault(revision.id, revision)
            if known is not revision:
                if not same_content(known, revision):
                    found[place] = RevisionChanged(
                        "This was saved before with other words", value=revision.id
                    )
                continue
            if revision.id not in marks:
                continue
            slug, mark = revision.partnership, marks[revision.id]
            whose = (*round_of(revision), mark)
            problem = refusal(standing[slug], revision)
            if whose in voted or secrets.get(slug, Ballots()).has_voted(revision, mark):
                problem = (
                    "You have handed in to this round already, and one person answers once. "
                    "Nothing was saved."
                )
            if problem:
                del there[revision.id]
                found[place] = InputError(problem)
                continue
            voted.add(whose)
            standing[slug] += read_heads([revision])
        return found

    def has_voted(self, partnership: str, kind: str, when: str, mark: str) -> bool:
        """Whether whoever bears a mark has answered this round, while it is open."""
        with self._transaction() as connection:
            secrets = self._secrets.read(connection, [partnership])
        return (kind, when, mark) in secrets.get(partnership, Ballots()).voted

    def merge(self, other: Store | str | Path | Iterable[Revision]) -> Saved:
        """Take over all revisions of another store, its address, or a collection; how many new.

        All or nothing, as `append`; another store is read a piece at a time, and a copy that
        `backup` made, or a store of the version before, stays as it is. Rounds that are
        closed there are closed here with the pictures that they have there; what is here already
        stays as it is. No round is closed because its answers were counted.
        """
        if isinstance(other, str | Path):
            with left_as_it_is(str(other)) as address, Store.open(address, create=False) as opened:
                return self.merge(opened)
        if not isinstance(other, Store):
            return self.append(other)
        if other is self or (other.address == self.address and not is_memory(self._url)):
            return Saved(0)
        with other._transaction() as source, self._transaction(writes=True) as target:
            _check_all(source)
            answers = other._secrets.read(source).values()
            secret = [revision for held in answers for revision in held.answers.values()]
            found = source.execution_options(yield_per=500).execute(
                select(schema.revision).order_by(schema.revision.c.id)
            )
            given = (as_kept(from_json(as_revision(row).to_json())) for row in checked(found))
            saved = self._save(target, given, secret, touches=True, counts=False)
        self._forget(saved)
        return saved

    def _forget(self, saved: Saved) -> None:
        """Before a picture of a round can be drawn, its table forgets how the answers came."""
        if isinstance(self._secrets, SecretTables) and (saved.closed or saved.counted):
            self._secrets.clear(self._engine, "unforgotten")

    def _save(
        self,
        connection: Connection,
        opened: Iterable[Revision],
        secret: Sequence[Revision],
        *,
        touches: bool,
        counts: bool = True,
        marks: Mapping[str, str] | None = None,
    ) -> Saved:
        """Store revisions in a transaction of the caller's, and what follows for rounds."""
        if touches:
            self._secrets.lock(connection)
        moment = now()
        lines: list[_Line] = []
        closings: list[Revision] = []
        counted_in: set[str] = set()
        for part in schema.chunks(opened):
            fresh = self._add(connection, part, moment)
            lines += [(r.partnership, r.practice, r.kind, r.id, r.erased) for r in fresh]
            closings += [r for r in part if r.kind in CLOSING_KINDS and not r.deleted]
            counted_in |= {r.partnership for r in fresh if r.kind in COUNTED_KINDS}
        if lines and isinstance(self._secrets, SecretFile):
            pairing.name_by(connection, (id_ for *_, id_, _ in lines))
        tallies.add(connection, lines)
        if not (secret or closings or (counts and counted_in)):
            return Saved(len(lines))
        told = self._save_answers(
            connection, secret, closings, counted_in if counts else (), counts=counts, marks=marks
        )
        return Saved(len(lines) + told.new, told)

    def _save_answers(
        self,
        connection: Connection,
        secret: Iterable[Revision],
        closings: Iterable[Revision],
        counted_in: Collection[str] = (),
        *,
        counts: bool = False,
        marks: Mapping[str, str] | None = None,
    ) -> _Told:
        """Take answers in and close rounds; the last thing that a transaction does."""
        given: dict[str, list[Revision]] = {}
        closing: dict[str, set[Round]] = {}
        for revision in secret:
            given.setdefault(revision.partnership, []).append(revision)
        for revision in closings:
            each = closed_by(revision.kind, revision.payload)
            closing.setdefault(revision.partnership, set()).add(each)
        slugs = sorted({*given, *closing, *counted_in})
        secrets, told = self._secrets.read(connection, slugs), _Told()
        changed: dict[str, Ballots] = {}
        for slug in slugs:
            ballots = secrets.get(slug, Ballots())
            for revision in given.get(slug, ()):
                if marks and revision.id in marks:
                    ballots.voted.add((*round_of(revision)[1:], marks[revision.id]))
            taken = ballots.take(given.get(slug, ()), closing.get(slug, ()))
            complete: list[Revision] = []
            if counts and (taken.new or slug in counted_in):
                complete = self._complete(connection, slug, ballots)
                ballots.take((), [closed_by(r.kind, r.payload) for r in complete])
            told.new += taken.new + len(complete)
            told.closed += [(slug, *each) for each in sorted(taken.closed)]
            told.counted += [(slug, *closed_by(r.kind, r.payload)) for r in complete]
            for each, number in taken.late.items():
                told.late[slug, *each] = number, taken.waiting[each]
            for each, number in taken.corrected.items():
                told.corrected[slug, *each] = number
            if taken.new or taken.closed or complete:
                changed[slug] = ballots
        if changed:
            shut = {slug for slug, _, _ in (*told.closed, *told.counted)}
            self._apply(connection, changed, shut)
        return told

    def _apply(
        self, connection: Connection, changed: Mapping[str, Ballots], count: Collection[str]
    ) -> None:
        """Put ballots in force, and count those of the partnerships in `count`."""
        self._uncounted = True
        try:
            self._secrets.stage(connection, changed)
            if isinstance(self._secrets, SecretFile):
                # Not with each answer, which a log of the store would tell: see `ties`.
                counts = {s: grown(line_of(held)) for s, held in changed.items() if s in count}
                pairing.write(connection, counts)
            elif isinstance(self._secrets, SecretTables) and count:
                schema.set_state(connection, "unforgotten", only="")
            self._secrets.apply()
        except BaseException:
            self._secrets.drop()
            raise
        connection.info["playbook_applied"] = True

    def _complete(self, connection: Connection, slug: str, ballots: Ballots) -> list[Revision]:
        """Close the rounds of which all answers that a person counted are there."""
        ((_, heads),) = read_many(connection, [slug], _COUNTED)
        if not heads:  # nobody has counted
            return []
        records = counted([*heads, *ballots.open_heads()])
        made = [closing_of(slug, type(record), record.payload()) for record in records]
        # Without a moment: it would be that of the last answer.
        fresh = self._add(connection, made, "") if made else []
        tallies.add(connection, [(slug, r.practice, r.kind, r.id, False) for r in fresh])
        return fresh

    def _store_answers(
        self, connection: Connection, secret: list[Revision], closings: list[Revision]
    ) -> None:
        fresh = self._add(connection, closings, "")
        lines = [(r.partnership, r.practice, r.kind, r.id, False) for r in fresh]
        tallies.add(connection, lines)
        self._save_answers(connection, secret, closings)

    def _add(
        self, connection: Connection, given: Sequence[Revision], moment: str
    ) -> list[Revision]:
        """Store what is new among at most one chunk of revisions; those that were."""
        there = stored(connection, [revision.id for revision in given])
        merge(there.values(), given)  # refuses what was altered
        fresh = [revision for revision in given if revision.id not in there]
        if not fresh:
            return []
        rows = [as_row(revision, moment) for revision in fresh]
        if connection.dialect.name == "sqlite":
            connection.execute(schema.revision.insert(), rows)
            return fresh
        from sqlalchemy.dialects.postgresql import insert

        # Another writer may have stored the same id since we looked; theirs counts if it is equal.
        query = insert(schema.revision).on_conflict_do_nothing().returning(schema.revision.c.id)
        ours = set(connection.execute(query, rows).scalars())
        others = [revision.id for revision in fresh if revision.id not in ours]
        merge(stored(connection, others).values(), fresh)
        return [revision for revision in fresh if revision.id in ours]

    # Reading ---------------------------------------------------------------------------------

    def revisions(self, partnership: str | None = None) -> list[Revision]:
        """All revisions, or those of one partnership, oldest first."""
        slugs = None if partnership is None else [partnership]
        with self._transaction() as connection:
            rows = self._rows(connection, partnership=partnership)
            opened = list(map(as_revision, rows))
            tallies.check(connection, map(revision_line, rows), slugs)
            secrets = self._secrets.read(connection, slugs)
        answers = [r for ballots in secrets.values() for r in ballots.answers.values()]
        return sorted([*opened, *answers], key=age)

    def history(self, record: str) -> list[Revision]:
        """All revisions of one record, oldest first."""
        slug = self.owners([record]).get(record)
        # Where nothing is found, all is read: a damaged page may be why.
        return [revision for revision in self.revisions(slug) if revision.record == record]

    def histories(self, partnership: str, kinds: Iterable[str]) -> dict[str, tuple[Revision, ...]]:
        """Record id -> all its revisions, oldest first, for records of some kinds only."""
        wanted = sorted(set(kinds))
        found: dict[str, list[Revision]] = {}
        with self._transaction() as connection:
            rows = [
                row
                for kind in wanted
                for row in self._rows(connection, partnership=partnership, kind=kind)
            ]
            tallies.check(connection, map(revision_line, rows), [partnership], kinds=wanted)
            answers: Iterable[Revision] = ()
            if SECRET_KINDS & set(wanted):
                secrets = self._secrets.read(connection, [partnership])
                answers = secrets.get(partnership, Ballots()).answers.values()
        for revision in (*map(as_revision, rows), *(r for r in answers if r.kind in wanted)):
            found.setdefault(revision.record, []).append(revision)
        return {record: tuple(sorted(held, key=age)) for record, held in found.items()}

    def heads(
        self,
        partnership: str | None = None,
        *,
        practice: str | None = None,
        kind: str | None = None,
        wanted: Callable[[str, str], bool] = lambda practice, kind: True,
    ) -> list[Head]:
        """The heads of one partnership's records (or of all), typed, oldest first.

        `practice` and `kind` keep only those of one, `wanted` those of which it says so; of one
        partnership nothing else is read.
        """

        def keeps(of: str, what: str) -> bool:
            return practice in (None, of) and kind in (None, what) and wanted(of, what)

        if partnership is None:
            heads = in_order(head for _, found in self.heads_of_many() for head in found)
        else:
            with self._transaction() as connection:
                known = tallies.read(connection, [partnership])
                names = (name.partition("/") for name in known.get(partnership, {}))
                only = {(of, what) for of, _, what in names if keeps(of, what)}
                ((_, opened),) = read_many(connection, [partnership], only, known=known)
                kinds = {k for k in SECRET_KINDS if any(keeps(of, k) for of in _SECRET_PRACTICES)}
                secret = self._secret_heads(connection, [partnership], kinds)
            heads = in_order((*opened, *secret.get(partnership, ())))
        return [head for head in heads if keeps(head.practice, head.kind)]

    def conflicts(self, partnership: str | None = None) -> dict[str, tuple[Revision, ...]]:
        """Record id -> its rival heads, for records that two people changed at once.

        Of one partnership, or of all.
        """
        heads = heads_of(self.revisions(partnership))
        return {record: rivals for record, rivals in heads.items() if len(rivals) > 1}

    def is_closed(self, partnership: str, kind: str, when: str) -> bool:
        """Whether a round of a kind that is nobody's is closed, so that answers come too late."""
        with self._transaction() as connection:
            secrets = self._secrets.read(connection, [partnership])
        return (kind, when) in secrets.get(partnership, Ballots()).closed

    def _rows(self, connection: Connection, **equal: str | None) -> list[Row[Any]]:
        query = select(schema.revision)
        for name, value in equal.items():
            if value is not None:
                query = query.where(schema.revision.c[name] == value)
        return list(checked(connection.execute(query)))

    # Many partnerships -----------------------------------------------------------------------

    def partnerships(self) -> list[str]:
        """The short names of all partnerships that have records, in order."""
        with self._transaction() as connection:
            return sorted({*tallies.read(connection), *self._secrets.slugs(connection)})

    def heads_of_many(
        self, partnerships: Iterable[str] | None = None
    ) -> Iterator[tuple[str, list[Head]]]:
        """(partnership, its heads) for many partnerships, all where none are named, in order.

        As `heads` gives them, but some hundred partnerships are read at once and no more are held
        in memory.
        """
        for some in self._parts(partnerships):
            with self._transaction() as connection:
                found = list(read_many(connection, some))
                secret = self._secret_heads(connection, some)
            for slug, heads in found:
                yield slug, in_order((*heads, *secret.get(slug, ())))

    def some_of_many(
        self, partnerships: Iterable[str] | None = None, *, unread: Collection[str]
    ) -> Iterator[tuple[str, list[Head], frozenset[str]]]:
        """(partnership, its heads, practices filled in) without the kinds `unread`, in order.

        Of records of those kinds nothing is looked into, and no more is told than that one of
        them stands, which fills in its practice.
        """
        kinds = SECRET_KINDS - set(unread)
        for some in self._parts(partnerships):
            with self._transaction() as connection:
                found = list(read_some(connection, some, unread))
                secret = self._secrets.read(connection, some)
            for slug, heads, filled in found:
                held = secret.get(slug, Ballots())
                answers = held.heads(slug, kinds) if kinds else []
                if not filled >= _SECRET_PRACTICES:
                    filled |= held.practices()
                yield slug, in_order((*heads, *answers)), filled

    def _secret_heads(
        self,
        connection: Connection,
        partnerships: Collection[str] | None,
        kinds: Collection[str] = SECRET_KINDS,
    ) -> dict[str, list[Head]]:
        """Partnership -> the heads of its answers that are nobody's."""
        if not SECRET_KINDS & set(kinds):
            return {}
        held = self._secrets.read(connection, partnerships)
        heads = {slug: ballots.heads(slug, kinds) for slug, ballots in held.items()}
        return {slug: found for slug, found in heads.items() if found}

    def _parts(self, partnerships: Iterable[str] | None) -> Iterator[list[str]]:
        wanted = sorted(set(self.partnerships() if partnerships is None else partnerships))
        for start in range(0, len(wanted), AT_ONCE):
            yield wanted[start : start + AT_ONCE]

    def owners(self, records: Iterable[str]) -> dict[str, str]:
        """Record id -> the partnership that it belongs to, for those records that are there."""
        table = schema.revision.c
        query = select(table.record, table.partnership).distinct()
        wanted = sorted(set(records))
        with self._transaction() as connection:
            rows = rows_where(connection, query, table.record, wanted)
            found = {row.record: row.partnership for row in rows}
            return found | self._secrets.owners(connection, wanted)

    def fingerprint(self, partnership: str) -> str:
        """A text that changes when the partnership's set of heads changes.

        For answers that are nobody's, when what may be told of them does.
        """
        return self.fingerprints([partnership])[partnership]

    def fingerprints(
        self,
        partnerships: Iterable[str] | None = None,
        *,
        practices: Iterable[str] | None = None,
    ) -> dict[str, str]:
        """Partnership -> fingerprint of its heads, for many at once; all where none are named.

        With `practices`, of the heads of those alone: `("partnership", "goals")` is what the
        goals worksheet reads. Stores that hold the same heads give the same fingerprint.
        """
        wanted = self.partnerships() if partnerships is None else sorted(set(partnerships))
        only = None if practices is None else set(practices)
        found: dict[str, list[str]] = {}
        for some in schema.chunks(wanted):
            with self._transaction() as connection:
                for slug, heads in read_many(connection, some):
                    found[slug] = [h.revision for h in heads if only is None or h.practice in only]
                for slug, own in self._secret_fingerprints(connection, some).items():
                    found[slug] += [m for (p, _), m in own.items() if only is None or p in only]
        return {
            slug: hashlib.sha256("".join(sorted(ids)).encode()).hexdigest()
            for slug, ids in found.items()
        }

    def record_fingerprints(
        self, partnerships: Iterable[str] | None = None
    ) -> dict[str, RecordFingerprints]:
        """Partnership -> fingerprints of its records by kind; all where none are named.

        A few questions for any number of partnerships.
        """
        wanted = None if partnerships is None else sorted(set(partnerships))
        with self._transaction() as connection:
            held = record_fingerprints(
                connection, wanted, self._secret_fingerprints(connection, wanted)
            )
        return held if wanted is None else {slug: held.get(slug, NOTHING) for slug in wanted}

    def _secret_fingerprints(
        self, connection: Connection, partnerships: Collection[str] | None
    ) -> dict[str, dict[tuple[str, str], str]]:
        """Partnership -> (practice, kind) -> fingerprint of what may be told of its answers.

        Not of their ids: in a file that was taken in these can follow from what an answer says.
        """
        held = self._secrets.read(connection, partnerships)
        beside = self._heads_of(connection, TOLD_KINDS - SECRET_KINDS, held.keys())
        found = {}
        for slug, ballots in held.items():
            told = disclosed([*beside.get(slug, ()), *ballots.heads(slug)], slug)
            found[slug] = {
                (practice, kind): hashlib.sha256(told[kind].encode()).hexdigest()
                for practice, kind in ballots.kinds()
            }
        return found

    def heads_of(
        self, kinds: Iterable[str], partnerships: Iterable[str] | None = None
    ) -> dict[str, list[Head]]:
        """Partnership -> its heads of some kinds, for many at once; all where none are named.

        A few questions for any number of partnerships; without such records one is left out.
        """
        wanted = None if partnerships is None else sorted(set(partnerships))
        named = frozenset(kinds)
        with self._transaction() as connection:
            heads = self._heads_of(connection, named, wanted)
            secret = self._secret_heads(connection, wanted, named)
        return heads | {
            slug: in_order((*heads.get(slug, ()), *answers)) for slug, answers in secret.items()
        }

    def _heads_of(
        self, connection: Connection, kinds: Collection[str], partnerships: Collection[str] | None
    ) -> dict[str, list[Head]]:
        """Partnership -> its heads of some kinds, without answers that are nobody's."""
        named = sorted(kinds)
        query = select(schema.revision).where(schema.revision.c.kind.in_(named))
        rows = list(
            checked(rows_where(connection, query, schema.revision.c.partnership, partnerships))
        )
        tallies.check(connection, map(revision_line, rows), partnerships, kinds=named)
        found: dict[str, list[Revision]] = {}
        for row in rows:
            found.setdefault(row.partnership, []).append(as_revision(row))
        return {slug: read_heads(revisions) for slug, revisions in found.items()}

    # Backup ----------------------------------------------------------------------------------

    def backup(self, path: Path | str) -> Path:
        """Write a copy of the whole store to a new SQLite file that opens as a store; its path.

        One file with everything in it, the secret answers too, in the order of their ids; opened
        as a store, it puts them into a file of their own again. SQLite's own backup call while
        others may be writing; from PostgreSQL all revisions of one consistent snapshot. The copy
        appears by rename, whole or not at all. Raises StoreError if `path` is there already or
        cannot be written, or if what was copied is damaged, and says what is whole.
        """

        def fill(target: Path) -> None:
            with self._transaction() as connection:
                # Who has answered is nothing to keep.
                held = self._secrets.read(connection)
                answers = {slug: replace(each, voted=set()) for slug, each in held.items()}
                fill_copy(connection, answers, target)

        return write_copy(Path(path), fill)

    @contextmanager
    def _transaction(self, *, writes: bool = False, waits: bool = True) -> Iterator[Connection]:
        """One transaction: committed at the end, rolled back at any error, told in plain words.

        Without `waits` a file that another program is writing to is given up at once.
        """
        done = applied = False
        try:
            with self._turn, self._connected(own=not (writes and waits)) as connection:
                connection = connection.execution_options(
                    playbook_writes=writes, playbook_waits=waits
                )
                if not writes and connection.dialect.name == "postgresql":
                    # What is read is held against what was counted: both of one moment.
                    connection = connection.execution_options(isolation_level="REPEATABLE READ")
                with connection.begin():
                    yield connection
                    applied = connection.info.pop("playbook_applied", False)
                    done = True
        except (SQLAlchemyError, sqlite3.Error, UnicodeDecodeError) as error:
            told = explained(error, self._url, writes=writes, commit=done)
            if applied and isinstance(self._secrets, SecretFile):
                told.kept = "everything saved before, and the secret answers of this: send it again"
            raise told from error

    # Opening ---------------------------------------------------------------------------------

    def _check_file(self, create: bool) -> None:
        """Refuse a file that is not there or cannot be; make an empty one where one is wanted."""
        if self._url.get_backend_name() != "sqlite" or is_memory(self._url):
            return
        file = Path(self._url.database or "")
        try:
            answers = SecretFile(file).file.is_file()  # looked at first: it is made after the store
            if file.is_file():
                if answers and file.stat().st_size == 0:
                    raise StoreError(
                        "The store's file is empty, and its file of secret answers is not",
                        value=self.url,
                        allowed="put back the last copy that `playbook backup` made",
                        kept="both files, untouched",
                    )
                return
            if file.is_dir():
                raise StoreError("This is a folder, not a store", value=self.url, allowed=ALLOWED)
            if not create:
                raise StoreError(
                    "There is no store at this address", value=self.url, allowed=ALLOWED
                )
            if not file.parent.is_dir():
                raise StoreError(
                    "The folder for the store is not there",
                    value=str(file.parent),
                    allowed="a folder that is there",
                )
            if answers:
                raise StoreError(
                    "The secret answers of another store of this name are here",
                    value=str(SecretFile(file).file),
                    allowed="put their store back, or take that file away too",
                    kept="that file, untouched",
                )
            file.touch()
        except (OSError, ValueError) as error:
            raise StoreError(
                f"The store's file cannot be made or opened: {error}", value=self.url
            ) from error

    def _prepare(self, create: bool) -> None:
        state = self._stands()
        if state is None:
            self._make_ready(create)
        if isinstance(self._secrets, SecretFile):
            self._finish(self._secrets, state)
        elif isinstance(self._secrets, SecretTables) and state:
            self._secrets.clear(self._engine, state, wait="100ms")

    def _make_ready(self, create: bool) -> None:
        version, there = self._found()
        foreign = bool(schema.NAMES & there) or self._url.get_backend_name() == "sqlite"
        if version is None and there and foreign:
            raise self._foreign()
        if version is None and not create:
            raise StoreError("There is no store at this address", value=self.url, allowed=ALLOWED)
        secrets = self._secrets if isinstance(self._secrets, SecretFile) else None
        if version is None:
            with self._transaction(writes=True) as connection:
                schema.create(connection, state="new" if secrets else "")
                if secrets:
                    pairing.create(connection)
        elif version > schema.VERSION:
            raise StoreError(
                "This store was made by a newer version of the playbook",
                value=f"{self.url}, version {version}",
                allowed=f"version {schema.VERSION} or older: update the playbook first",
                kept="the store, untouched",
            )
        elif version < schema.VERSION:
            with self._transaction(writes=True) as connection:
                bring_over(connection, self._secrets)
        elif secrets is not None:
            self._tie(secrets)
        if secrets is not None:
            keep_write_ahead_log(self._engine)

    def _tie(self, secrets: SecretFile) -> None:
        """Give a name to a store of this version from before there were names, and to its answers.

        Also to a copy that was made of a store on a server.
        """
        with self._transaction(writes=True) as connection:
            pairing.create(connection, secrets.name())
            if schema.read_stamp(connection)[1] in ("new", "packed"):
                return
            if not secrets.file.is_file():
                raise secrets.missing()
            counts = Counter(secrets.grown())
            counts.update(r.partnership for r in self._half_closed(connection, secrets)[0])
            pairing.write(connection, counts)  # a round that was closed and is not: older answers
            if not secrets.name():
                secrets.stage(connection, {})
                secrets.apply()

    def _stands(self) -> str | None:
        """What a store of this version that is there has to finish, mostly nothing; else None."""
        try:
            with self._transaction() as connection:
                version, state = schema.read_stamp(connection)
                if version != schema.VERSION:
                    return None
                if state not in STATES:
                    raise damaged(self.url)
                if connection.dialect.name == "sqlite" and not has_write_ahead_log(connection):
                    return None
                if connection.dialect.name == "sqlite" and not pairing.name_of(connection):
                    return None
                return state
        except StoreError as error:
            if is_missing(error.__cause__):
                return None
            raise

    def _finish(self, secrets: SecretFile, state: str | None) -> None:
        """Do what the stamp, a new file that was left behind or an open closing ask for."""
        if state is None:
            with self._transaction() as connection:
                state = schema.read_stamp(connection)[1]
        if state in ("new", "packed"):
            with self._transaction(writes=True) as connection:
                state = schema.read_stamp(connection)[1]  # another program may have been quicker
                if state in ("new", "packed"):
                    state = self._begin_answers(connection, secrets, state)
        elif not secrets.file.is_file():
            raise secrets.missing()
        if secrets.left_over:
            with suppress(StoreError), self._transaction(writes=True):
                secrets.drop()
        if state == "unswept":
            with suppress(StoreError):  # it stays to be done, and the store can be used
                self._sweep(5.0)
        self._check_answers(secrets)

    def _begin_answers(self, connection: Connection, secrets: SecretFile, state: str) -> str:
        """Make the file of answers; the state that is left to finish."""
        packed: dict[str, Ballots] = {}
        if state == "packed":
            raw = connection.connection.driver_connection
            assert isinstance(raw, sqlite3.Connection)
            packed = as_ballots(read_rows(raw, None), self.url)
            if secrets.file.is_file():
                self._refuse_strangers(secrets, packed)
        secrets.stage(connection, packed)
        secrets.apply()
        if state == "packed":
            for table in schema.secret.tables:
                connection.execute(text(f"DROP TABLE {table}"))
        left = "unswept" if state == "packed" else ""
        schema.set_state(connection, left)
        return left

    def _refuse_strangers(self, secrets: SecretFile, packed: dict[str, Ballots]) -> None:
        """A copy takes no answers over that lie beside it and are not its own."""
        ours = {id_ for held in packed.values() for id_ in held.answers}
        if any(set(held.answers) - ours for held in secrets.read().values()):
            raise StoreError(
                "The secret answers of another store lie beside this copy",
                value=str(secrets.file),
                allowed="move the copy, or take that file away",
                kept="both files, untouched",
            )

    def _sweep(self, wait_seconds: float) -> None:
        """Clear from the files what the store has given up. Raises StoreError while it cannot."""
        if self._url.get_backend_name() != "sqlite" or is_memory(self._url):
            return
        end = time.monotonic() + wait_seconds
        connection = self._engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute("PRAGMA secure_delete = ON")
            cursor.execute("VACUUM")
            while cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                if time.monotonic() > end:
                    raise self._held_open()
                time.sleep(0.05)
            cursor.execute("UPDATE playbook SET state = '' WHERE state = 'unswept'")
        except sqlite3.Error as error:
            raise self._held_open() from error
        finally:
            connection.close()

    def _held_open(self) -> StoreError:
        return StoreError(
            "Another program keeps the store open, so what was taken out is still in its files",
            value=self.url,
            allowed="close the other program, and open the store once more",
            kept="everything else; what was taken out is shown no more",
        )

    def _check_answers(self, secrets: SecretFile) -> None:
        """Finish closings of which a kill has left one half, and count what is there.

        Raises StoreError where the file of answers is another store's.
        """
        try:
            with self._transaction() as connection:
                _, counts = pairing.read(connection)  # first: see `SecretFile.read`
                secrets.read(connection, ())
                missing = self._half_closed(connection, secrets)
            if any(missing):
                with self._transaction(writes=True) as connection:
                    closings, records = self._half_closed(connection, secrets)
                    self._store_answers(connection, [], [*closings, *records])
                    secrets.apply()
            if any(number > counts.get(slug, 0) for slug, number in secrets.grown().items()):
                self._settle()
        except StoreError as error:
            if not any(word in error.what for word in ("damaged", "only be read", "disk is full")):
                raise
            # Whoever reads what is damaged is told; the rest can be used.

    def _settle(self) -> None:
        """Count the answers that are there, unless somebody else is writing: they will."""
        secrets, self._uncounted = self._secrets, False
        if isinstance(secrets, SecretFile):
            with (
                suppress(StoreError),
                self._transaction(writes=True, waits=False) as connection,
            ):
                secrets.settle(connection)

    def _half_closed(
        self, connection: Connection, secrets: SecretFile
    ) -> tuple[list[Revision], list[Revision]]:
        """Closings that only the store knows of, and new ones that only the answers know of."""
        query = select(schema.revision).where(schema.revision.c.kind.in_(sorted(CLOSING_KINDS)))
        written: dict[tuple[str, str, str], Revision] = {}
        rows = list(checked(connection.execute(query)))
        for row in rows:
            revision = as_revision(row)
            if not revision.deleted:
                each = (revision.partnership, *closed_by(revision.kind, revision.payload))
                written.setdefault(each, revision)
        known = secrets.closed()
        # What was closed once is never closed again with fewer answers: where the store has
        # counted some, reading says that they are missing. It has not where answers were lost for
        # good and somebody has begun them again.
        _, counts = pairing.read(connection)
        lacking = [
            revision
            for each, revision in written.items()
            if each not in known and not counts.get(each[0])
        ]
        made = [closing_record(*each) for each in sorted(known - written.keys())]
        if lacking or made:  # a kill, or a row that damage has taken away
            tallies.check(connection, map(revision_line, rows), None, kinds=CLOSING_KINDS)
        return lacking, made

    def _found(self) -> tuple[int | None, set[str]]:
        """The version of the store that is there, if there is one, and all tables there are."""
        with self._transaction() as connection:
            # Looked at once: another program may be making the store at this moment.
            there = schema.tables(connection)
            return schema.read_version(connection, there), there

    def _foreign(self) -> StoreError:
        return StoreError(
            "This is a database, but not a playbook store",
            value=shown(self._url),
            allowed="a playbook store, or the name of a new file",
            kept="the database, untouched",
        )


def _check_all(connection: Connection) -> None:
    """Raise StoreError where a revision of a store is lost."""
    table = schema.revision.c
    query = select(table.partnership, table.practice, table.kind, table.id, table.erased)
    tallies.check(connection, (tuple(row) for row in connection.execute(query)), None)


def _reopened(address: str) -> Store:
    return Store.open(address, create=False)


def in_order(heads: Iterable[Head]) -> list[Head]:
    """The heads, oldest first."""
    return sorted(heads, key=lambda head: (head.client_time, head.revision))


def verify_store(address: str) -> Verified:
    """Look through the store at an address. Raises StoreError where there is none."""
    url = read_url(address)
    if url.get_backend_name() == "sqlite":
        return verify_file(Path(url.database or ""))
    with Store.open(address, create=False) as store, store._transaction() as connection:
        return verify_server(connection)
