"""The values that a worksheet's parameters take, given by a notebook, papermill or a batch.

papermill's command line makes a number of whatever looks like one, so a whole number is taken for
the text it was written as.
"""

from __future__ import annotations

import unicodedata

from playbook_helpers.core.errors import InputError

MAX_ROUND = 60
ROUND_ALLOWED = f"one line of up to {MAX_ROUND} characters, such as March 2027"


def parameter_text(name: str, value: object, allowed: str, *, numbers: bool = True) -> str:
    """A parameter's value as text; raises InputError for what is neither text nor whole number.

    Without `numbers` only text is taken.

    >>> parameter_text("round", 3, ROUND_ALLOWED)
    '3'
    """
    if isinstance(value, bool) or not isinstance(value, str | int if numbers else str):
        shown = "None" if value is None else value
        raise InputError(f"The parameter {name!r} has the wrong type", value=shown, allowed=allowed)
    return str(value)


def check_store(value: object) -> str:
    """A store's address as it is given; raises InputError for what is no text."""
    return parameter_text("store", value, "a store's address, or nothing", numbers=False)


def check_round(value: object) -> str:
    """A round's label without blanks around it; raises InputError if it cannot be one."""
    text = parameter_text("round", value, ROUND_ALLOWED)
    label = text.strip()
    if len(label) > MAX_ROUND or any(unicodedata.category(c).startswith("C") for c in label):
        raise InputError("The round's label cannot be used", value=text, allowed=ROUND_ALLOWED)
    return label
