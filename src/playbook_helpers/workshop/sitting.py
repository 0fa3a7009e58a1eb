"""The state of a sitting: its code, who is there, the step and the clock. It outlives the server.

It is one small file beside the store, written whole and put in place by rename. A table would keep
an order of rows. Who has answered in secret is kept with the answers (`Ballots.voted`), in the same
commit. The state is no part of the store, since a store may be on a server that many share, and
nothing of it belongs in a backup.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from importlib.resources import files
from pathlib import Path

from playbook_helpers.core.errors import StoreError
from playbook_helpers.workshop.steps import Step

LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
"""No vowels, so that no code is a word, and no letter that looks like a digit."""
CODE_LENGTH = 6
FORMAT = "playbook-workshop/2"


def _words() -> list[str]:
    return files("playbook_helpers.workshop").joinpath("words.txt").read_text("utf-8").split()


@dataclass(slots=True)
class Person:
    """Somebody who joined: a name or none, and two words to come back by."""

    name: str
    words: str


@dataclass(slots=True)
class Ask:
    """What waits for whoever leads: a call, or somebody who wants to be let in again."""

    id: str
    kind: str
    """`call` or `return`."""
    name: str
    words: str = ""
    since: float = 0.0
    person: str = ""
    """Who calls; of somebody who wants to come back, who they were let in as."""


@dataclass(slots=True)
class Vote:
    """A question that everybody answers at once: a number for each thing, or dots.

    While it is open it tells how many have answered, and nothing else. What was said is kept as
    counts, and who has answered as sorted marks: no time, no order, and nothing that links the two.
    """

    id: str
    question: str
    things: list[str]
    dots: int = 0
    """How many dots each has; 0 where each gives every thing a number from 1 to 5."""
    counts: list[dict[str, int]] = field(default_factory=list)
    """For each thing: what was said (a number, or "dots") -> how often."""
    voted: list[str] = field(default_factory=list)
    number: int = 0
    """How many have answered, hands and slips among them."""
    by_hand: int = 0
    closed: bool = False
    shown: bool = False
    step: int = -1
    """The step at which it was asked: there it stands in the place of the picture."""

    def problem(self, said: Sequence[object]) -> str:
        """Why an answer cannot be taken; empty where it can."""
        numbers = [n for n in said if isinstance(n, int) and not isinstance(n, bool)]
        if len(numbers) != len(self.things) or len(said) != len(self.things):
            return "Something is missing: look at each line once more."
        if not self.dots:
            fine = all(0 <= n <= 5 for n in numbers) and any(numbers)
            return "" if fine else "A number from 1 to 5, for one line at least."
        if any(n < 0 for n in numbers) or not 0 < sum(numbers) <= self.dots:
            return f"You have {self.dots} dots: use one at least, and no more than that."
        return ""

    def take(self, said: Sequence[int]) -> None:
        """Count one answer: a number for each thing, 0 for none."""
        given = [
            ({"dots" if self.dots else str(n): n if self.dots else 1} if n else {}) for n in said
        ]
        self._count(given)
        self.number += 1

    def take_hands(self, hands: Sequence[Mapping[str, int]]) -> None:
        """Count hands or slips: for each thing, what was said and how often."""
        self._count(hands)
        several = max((sum(more.values()) for more in hands), default=0)
        if self.dots:
            several = -(-sum(sum(more.values()) for more in hands) // self.dots)
        self.number += several
        self.by_hand += several

    def _count(self, given: Sequence[Mapping[str, int]]) -> None:
        """Add up in an order of its own: that of a dictionary would tell what was said first."""
        added = [Counter(counted) for counted in self.counts]
        for counted, more in zip(added, given, strict=True):
            counted.update(more)
        self.counts = [
            {what: number for what, number in sorted(counted.items()) if number}
            for counted in added
        ]


@dataclass(slots=True)
class Sitting:
    """One workshop of one partnership."""

    partnership: str
    stems: list[str]
    steps: list[Step]
    file: Path
    code: str = field(
        default_factory=lambda: "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))
    )
    key: str = field(default_factory=lambda: secrets.token_hex(32))
    lead: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    people: dict[str, Person] = field(default_factory=dict)
    sent: dict[str, list[str]] = field(default_factory=dict)
    """Worksheet -> who has sent something to it that is not secret."""
    asks: list[Ask] = field(default_factory=list)
    votes: list[Vote] = field(default_factory=list)
    slips: dict[str, int] = field(default_factory=dict)
    """Worksheet -> paper slips of secret answers that were typed in."""
    shown: list[str] = field(default_factory=list)
    """Worksheets with secret answers whose picture the room has been shown."""
    settled: list[list[str]] = field(default_factory=list)
    """Pairs of records of which both are to stay."""
    notes: str = ""
    notes_told: bool = False
    """Whether the notes go into the report of the day."""
    blank: bool = False
    """Whether the screen shows nothing."""
    step: int = 0
    begun: float = 0.0
    """When the present step began, in seconds since 1970; 0 before it has."""
    extra: int = 0
    """Minutes added to the present step."""
    day: str = field(default_factory=lambda: date.today().isoformat())
    """The day on which it began."""
    rounds: dict[str, str] = field(default_factory=dict)
    """Kind of secret answers -> the round that is answered here."""
    ended: float = 0.0
    """When the workshop was ended, in seconds since 1970; 0 before it is."""

    # Who ---------------------------------------------------------------------------------------

    def join(self, name: str) -> tuple[str, Person]:
        """Somebody new, under an id that nobody can guess."""
        taken = {person.words for person in self.people.values()}
        words, known = "", _words()
        while not words or words in taken:
            words = " ".join(secrets.choice(known) for _ in range(2))
        id_, person = secrets.token_urlsafe(16), Person(name, words)
        self.people[id_] = person
        self.save()
        return id_, person

    def by_words(self, words: str) -> str:
        """The id of the one who has these two words; empty if nobody has."""
        said = " ".join(words.lower().split())
        return next((i for i, one in self.people.items() if one.words == said), "")

    def cookie(self, id_: str) -> str:
        """The id with a signature that only this sitting can make."""
        return f"{id_}.{self._sign('person', id_)}"

    def who(self, cookie: str) -> str:
        """The id in a cookie; empty unless this sitting signed it, for somebody who is there."""
        id_, _, signature = cookie.rpartition(".")
        good = hmac.compare_digest(signature.encode(), self._sign("person", id_).encode())
        return id_ if good and id_ in self.people else ""

    def _sign(self, *texts: str) -> str:
        message = "\x1f".join(texts).encode()
        return hmac.new(bytes.fromhex(self.key), message, hashlib.sha256).hexdigest()

    # Ballots -----------------------------------------------------------------------------------

    def mark(self, id_: str, *what: str) -> str:
        """A mark of this person for one thing that is answered once; it tells neither."""
        return self._sign("voted", id_, *what)

    def round_of(self, kind: str) -> str:
        """The round of a secret kind that is answered here: its month, unless it was closed."""
        return self.rounds.get(kind) or self.day[:7]

    # What waits, and votes ---------------------------------------------------------------------

    def ask(self, kind: str, name: str, words: str = "", person: str = "") -> Ask:
        """Something waits for whoever leads; a second call of one person replaces the first."""
        if person:
            self.asks = [one for one in self.asks if one.person != person or one.kind != kind]
        one = Ask(secrets.token_urlsafe(16), kind, name, words, time.time(), person)
        self.asks.append(one)
        self.save()
        return one

    def done(self, id_: str) -> None:
        """It waits no longer."""
        self.asks = [one for one in self.asks if one.id != id_]
        self.save()

    def open_vote(self, question: str, things: Sequence[str], dots: int = 0) -> Vote:
        """Ask everybody at once; a vote that is open still is closed first."""
        for vote in self.votes:
            vote.closed, vote.voted = True, []
        made = Vote(secrets.token_hex(8), question, list(things), dots, [{} for _ in things])
        made.step = self.step if self.begun else -1
        self.votes.append(made)
        self.save()
        return made

    def vote(self, id_: str) -> Vote | None:
        """The vote of that id."""
        return next((one for one in self.votes if one.id == id_), None)

    def has_sent(self, id_: str, stem: str) -> None:
        """Somebody has sent something to a worksheet."""
        held = self.sent.setdefault(stem, [])
        if id_ not in held:
            self.sent[stem] = sorted([*held, id_])
            self.save()

    # The clock ---------------------------------------------------------------------------------

    @property
    def ends(self) -> float:
        """When the present step is over, in seconds since 1970; 0 before it has begun."""
        if not self.begun or not self.steps:
            return 0.0
        return self.begun + 60 * (self.steps[self.step].minutes + self.extra)

    def go(self, by: int) -> None:
        """Go on, or back, and begin that step's time. The first call begins the first step."""
        if self.begun:
            self.step = max(0, min(len(self.steps) - 1, self.step + by))
        self.begun, self.extra = time.time(), 0
        self.save()

    def lengthen(self, minutes: int) -> None:
        """Give the present step more time: from now, where it is over already."""
        over = max(0.0, time.time() - self.ends) if self.begun else 0.0
        self.extra += minutes + int(over // 60)
        self.save()

    # Keeping -----------------------------------------------------------------------------------

    def save(self) -> None:
        """Write the state down, for good before it comes back."""
        kept = asdict(self) | {"format": FORMAT}
        del kept["file"]
        new = self.file.with_name(f"{self.file.name}-new")
        try:
            descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                json.dump(kept, stream, ensure_ascii=False, sort_keys=True)
                stream.flush()
                os.fsync(stream.fileno())
            new.replace(self.file)
        except OSError as error:
            raise StoreError(
                f"The state of the workshop cannot be written: {error}",
                value=str(self.file),
                kept="every answer that was saved",
            ) from error


def open_sitting(
    file: Path, partnership: str, stems: Sequence[str], steps: Sequence[Step]
) -> tuple[Sitting, bool]:
    """The sitting that a server left in `file`, else a new one; and whether it was there.

    It goes on where the same partnership sits over the same worksheets and steps.
    """
    found = _read(file)
    if (
        found is not None
        and found.partnership == partnership
        and found.stems == list(stems)
        and found.steps == list(steps)
        and not found.ended
    ):
        return found, True
    sitting = Sitting(partnership, list(stems), list(steps), file)
    sitting.save()
    return sitting, False


def _read(file: Path) -> Sitting | None:
    try:
        held = json.loads(file.read_text("utf-8"))
        if held.pop("format") != FORMAT:
            return None
        held["steps"] = [Step(**step) for step in held["steps"]]
        held["people"] = {i: Person(**person) for i, person in held["people"].items()}
        held["asks"] = [Ask(**one) for one in held["asks"]]
        held["votes"] = [Vote(**one) for one in held["votes"]]
        return Sitting(file=file, **held)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
