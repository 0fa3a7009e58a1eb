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
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from importlib.resources import files
from pathlib import Path

from playbook_helpers.core.errors import StoreError
from playbook_helpers.workshop.steps import Step

LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
"""No vowels, so that no code is a word, and no letter that looks like a digit."""
CODE_LENGTH = 6
FORMAT = "playbook-workshop/1"


def _words() -> list[str]:
    return files("playbook_helpers.workshop").joinpath("words.txt").read_text("utf-8").split()


@dataclass(slots=True)
class Person:
    """Somebody who joined: a name or none, and two words to come back by."""

    name: str
    words: str


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
    shown: list[str] = field(default_factory=list)
    """Worksheets with secret answers whose picture the room has been shown."""
    step: int = 0
    begun: float = 0.0
    """When the present step began, in seconds since 1970; 0 before it has."""
    extra: int = 0
    """Minutes added to the present step."""

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
                json.dump(kept, stream, ensure_ascii=False)
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
        return Sitting(file=file, **held)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
