"""Short names that are safe as a folder, a web address and a parameter."""

from __future__ import annotations

import re
import unicodedata

from playbook_helpers.core.errors import InputError

ALLOWED = (
    "small letters a-z, digits and single hyphens, up to 60 characters, such as east-side-2027"
)
_FORM = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
# Names that Windows keeps for devices cannot be folders there.
_RESERVED = {"con", "prn", "aux", "nul"} | {f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10)}


def check_slug(text: str, what: str = "The partnership's short name") -> str:
    """Return `text` if it is a slug, else raise InputError.

    >>> check_slug("strive-partnership")
    'strive-partnership'
    """
    good = isinstance(text, str) and len(text) <= 60 and _FORM.fullmatch(text) is not None
    if not good or text in _RESERVED:
        raise InputError(f"{what} cannot be used", value=text, allowed=ALLOWED)
    return text


def slug_from(name: str) -> str:
    """A slug made from a name; raises InputError if nothing of it is left.

    >>> slug_from("Côte & Vallée: Santé 2027!")
    'cote-vallee-sante-2027'
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")
    return check_slug(slug)
