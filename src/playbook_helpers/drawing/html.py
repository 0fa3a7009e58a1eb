"""A section's HTML, put together from elements: whatever is not HTML yet is escaped by itself.

Whatever is put together in another way (`+`, an f-string, `str.join`) is text again and is escaped
where it is used, so a slip is seen and does no harm.

>>> print(element("p", "Tom & ", element("b", "<Ann>"), class_="pb-said", hidden=None))
<p class="pb-said">Tom &amp; <b>&lt;Ann&gt;</b></p>
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TypeAlias

_VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})


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
"""What may stand in an element: text, a number, `Markup`, nothing (None, False), or several."""


def joined(*children: Child) -> Markup:
    """Children one after the other: text escaped, None and False left out.

    >>> joined("a<b", None, [1, Markup("<br>")])
    'a&lt;b1<br>'
    """
    return Markup("".join(_parts(children)))


def element(tag: str, *children: Child, **attributes: str | float | None) -> Markup:
    """One element with its attributes and what stands in it.

    Attributes that are None or False are left out, of those that are True the name stands alone; an
    underscore in a name stands for a hyphen, and at its end for nothing, so that `class_` and
    `aria_label` can be said. Tag and names are the code's own and are not escaped.

    >>> element("img", alt='the "point"', data_none="", hidden=True)
    '<img alt="the &quot;point&quot;" data-none="" hidden>'
    """
    said = "".join(map(_attribute, attributes, attributes.values())) if attributes else ""
    if tag in _VOID:
        return Markup(f"<{tag}{said}>")
    return Markup(f"<{tag}{said}>{''.join(_parts(children))}</{tag}>")


def in_lines(text: str) -> Markup:
    """Text whose line breaks are kept.

    >>> in_lines("a<b\\nc")
    'a&lt;b<br>c'
    """
    return Markup(escape(text).replace("\n", "<br>"))


def _attribute(name: str, value: str | float | None) -> str:
    if value is None or value is False:
        return ""
    name = name.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'


def _parts(children: Iterable[Child]) -> Iterable[str]:
    for child in children:
        if isinstance(child, str):
            yield child if isinstance(child, Markup) else escape(child)
        elif child is None or child is False:
            continue
        elif isinstance(child, int | float):
            yield str(child)
        else:
            yield from _parts(child)
