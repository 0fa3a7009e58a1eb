"""How findings about resources say things: quotation marks, dates, amounts, records."""

from __future__ import annotations

from collections.abc import Iterable

from playbook_helpers.core.partial_dates import spoken
from playbook_helpers.practices.resources.amounts import amount_words
from playbook_helpers.practices.resources.coverage import NeedCoverage
from playbook_helpers.practices.resources.matching import Link, Supply


def quoted(text: str) -> str:
    """A person's words in quotation marks."""
    return f"“{text}”"


def shortened(text: str, most: int = 120) -> str:
    """The beginning of a long text, ending like a sentence."""
    flat = " ".join(text.split())
    flat = flat if len(flat) <= most else flat[: most - 1].rstrip() + "…"
    return flat if flat.endswith((".", "…", "!", "?")) else flat + "."


def there_are(number: int, noun: str) -> str:
    """How many there are, as the beginning of a sentence."""
    return f"There is one {noun}" if number == 1 else f"There are {number} {noun}s"


def on_day(when: str) -> str:
    """When something ends: on a day, or with a month or year."""
    return f"{'on' if len(when) == 10 else 'with'} {spoken(when)}"


def offer_words(s: Supply, value: float) -> str:
    """An amount in the unit and period of an offer."""
    return amount_words(value, s.offer.unit, s.offer.period)


def records_of(need: NeedCoverage, links: Iterable[Link]) -> tuple[str, ...]:
    """The records that a finding about a need and some links speaks of."""
    return (need.demand.record, *dict.fromkeys(k.supply.record for k in links))
