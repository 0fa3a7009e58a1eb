"""How files and tables write that there is no answer, or no value."""

from __future__ import annotations

from playbook_helpers.core.text import folded

UNSAID = frozenset(
    {
        "", "-", "--", ".", "?", "#n/a", "<na>", "dk", "do not know", "don't know", "dont know",
        "missing", "n/a", "n.a.", "na", "nan", "nat", "no answer", "no response", "none",
        "not answered", "not applicable", "not sure", "null", "prefer not to answer",
        "prefer not to say", "rather not say", "refused", "unsure",
    }
)  # fmt: skip
"""Numbers such as 9 or 99 are not among them: in another survey they are answers. Whoever brings
in a file with such codes empties them first."""


def is_unsaid(text: str) -> bool:
    """Whether a text stands for no answer; case, spacing, apostrophe and brackets do not count.

    >>> is_unsaid(" Don’t  know "), is_unsaid("(no answer)"), is_unsaid("9"), is_unsaid("Agree")
    (True, True, False, False)
    """
    words = folded(text).replace("’", "'")
    return words in UNSAID or (words[:1] + words[-1:] == "()" and words[1:-1].strip() in UNSAID)


def is_missing(value: object) -> bool:
    """Whether a cell holds no value: None, or what numpy and pandas put in its place.

    >>> is_missing(None), is_missing(float("nan")), is_missing(""), is_missing(0)
    (True, True, False, False)
    """
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return value != value  # NaN alone is not equal to itself
