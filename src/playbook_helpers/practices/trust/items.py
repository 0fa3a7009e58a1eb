"""The items of the trust check-in: our own wording, in five short groups.

Four groups ask what research on trust between organisations keeps finding: whether partners do
what they said (reliability), mind each other's interests (care), say what is so (honesty), and
value what each brings (respect). A fifth asks how the work together goes. Two items are worded the
other way round, to catch answers given without reading; they are turned round before scoring.
"""

from __future__ import annotations

from dataclasses import dataclass

SCALE = {
    "1": "1, not at all",
    "2": "2, rather not",
    "3": "3, partly",
    "4": "4, mostly",
    "5": "5, fully",
    "dk": "Don't know",
}
ENDS = (1, 5)


@dataclass(frozen=True, slots=True)
class Item:
    """One statement people agree with or not; `reverse` where agreeing is the worse answer."""

    name: str
    group: str
    words: str
    reverse: bool = False


GROUPS = {
    "reliability": "Reliability",
    "care": "Care",
    "honesty": "Honesty",
    "respect": "Respect",
    "together": "Working together",
}
ITEMS: tuple[Item, ...] = (
    Item("keeps_word", "reliability", "Partners here do what they said they would do."),
    Item("skilled", "reliability", "Partners here are good at the part they have taken on."),
    Item("chasing", "reliability", "We often have to chase each other for what was agreed.", True),
    Item("minds_us", "care", "When partners decide something, they think of what it does to us."),
    Item("helps", "care", "If we were in difficulty, partners here would help."),
    Item("fair_share", "care", "Credit for what we achieve is shared out fairly."),
    Item("says_early", "honesty", "Partners here tell us early when something goes wrong."),
    Item("open_aims", "honesty", "I know what each partner hopes to get out of this."),
    Item(
        "holds_back", "honesty", "People here say one thing in meetings and another outside.", True
    ),
    Item("heard", "respect", "What we say in meetings changes what is decided."),
    Item("valued", "respect", "What we bring is valued here, even when it is not money."),
    Item("disagree", "respect", "I can disagree here without paying for it later."),
    Item("clear_roles", "together", "I know who decides what."),
    Item("worth_it", "together", "What we get out of this is worth the time it takes us."),
    Item("would_again", "together", "I would choose to work with these partners again."),
)
TRUST_GROUPS = ("reliability", "care", "honesty", "respect")
"""The groups that make the general trust score; `together` is shown beside it."""


def items_of(group: str) -> tuple[Item, ...]:
    """The items of one group, in order."""
    return tuple(item for item in ITEMS if item.group == group)
