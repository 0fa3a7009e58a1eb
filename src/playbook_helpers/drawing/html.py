"""A section's HTML, put together from elements: whatever is not HTML yet is escaped by itself.

>>> print(element("p", "Tom & ", element("b", "<Ann>"), class_="pb-said", hidden=None))
<p class="pb-said">Tom &amp; <b>&lt;Ann&gt;</b></p>
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TypeAlias

_VOID = frozenset({"br", "hr", "img", "input"})


class Markup(str):
    """HTML that is ready and safe: what people typed is escaped in it.

    Only what is written in the code itself is made a `Markup` directly. Templates of jinja2 take it
    as it is.
    """

    __slots__ = ()

    def __html__(self) -> Markup:
        """The HTML itself, for templates that escape everything else."""
        return self


Child: TypeAlias = "str | float | Iterable[Child] | None"
"""What may stand in an element: text, a number, `Markup`, nothing, or several of them."""


def joined(*children: Child) -> Markup:
    """Children one after the other: text escaped, None left out.

    >>> joined("a<b", None, [1, Markup("<br>")])
    'a&lt;b1<br>'
    """
    return Markup("".join(_parts(children)))


def element(tag: str, *children: Child, **attributes: str | float | None) -> Markup:
    """One element with its attributes and what stands in it.

    Attributes that are None are left out; an underscore in a name stands for a hyphen, and at its
    end for nothing, so that `class_` and `aria_label` can be said. Tag and names are the code's own
    and are not escaped.

    >>> element("img", alt='the "point"', data_none="")
    '<img alt="the &quot;point&quot;" data-none="">'
    """
    said = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for name, value in attributes.items()
        if value is not None
    )
    if tag in _VOID:
        return Markup(f"<{tag}{said}>")
    return Markup(f"<{tag}{said}>{''.join(_parts(children))}</{tag}>")


def in_lines(text: str) -> Markup:
    """Text whose line breaks are kept.

    >>> in_lines("a<b\\nc")
    'a&lt;b<br>c'
    """
    return Markup(escape(text).replace("\n", "<br>"))


def _parts(children: Iterable[Child]) -> Iterable[str]:
    for child in children:
        if isinstance(child, Markup):
            yield child
        elif isinstance(child, str):
            yield escape(child)
        elif isinstance(child, int | float):
            yield str(child)
        elif child is not None:
            yield from _parts(child)
