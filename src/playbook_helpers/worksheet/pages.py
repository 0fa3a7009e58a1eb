"""Pages to print and put up: made from an assessment, in one piece, to be read far from a screen.

Each is a function from an assessment and a heading to escaped HTML, in the module of its practice.
"""

from collections.abc import Callable, Mapping

from playbook_helpers.practices.learning.pages import celebration

PAGES: Mapping[str, Mapping[str, Callable[..., str]]] = {"learning": {"celebration": celebration}}
"""Practice -> name of the page -> the function that writes it."""

__all__ = ["PAGES", "celebration"]
