"""HTML from elements that escape by themselves: the one way a section's markup is made.

Text and the values of attributes are untrusted and always escaped. Markup is ready and is never
escaped again, neither here nor by a jinja2 template (`__html__`). Whatever is put together in
another way (`+`, an f-string, `str.join`) is text again, so a slip shows as text and does no harm.
Pure Python without dependencies, since it also runs in a browser.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TypeAlias

Content: TypeAlias = "str | float | Iterable[Content] | None"
"""What an element holds: text, `Markup`, a number, nothing (None, False), or any in a row."""
Attribute = str | int | float | bool | None
_VOID = frozenset({"br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})


class Markup(str):
    """Ready, safe markup.

    >>> fragment(Markup("<hr>"), "a < b")
    Markup('<hr>a &lt; b')
    """

    __slots__ = ()

    def __html__(self) -> str:
        """The markup itself, as jinja2 asks for it."""
        return str(self)

    def __repr__(self) -> str:
        return f"Markup({str.__repr__(self)})"


def el(tag: str, /, *content: Content, **attributes: Attribute) -> Markup:
    """An element with escaped content and attributes.

    `cls` is the class; an underscore in the name of an attribute stands for a hyphen, and one at
    its end for nothing (`for_`). None and False leave an attribute out, True writes its name
    alone. Names of tags and attributes are the program's own, never a user's.

    >>> el("p", "Ann & Ben", el("br"), "<b>", cls="pb-facts")
    Markup('<p class="pb-facts">Ann &amp; Ben<br>&lt;b&gt;</p>')
    >>> el("td", 3, data_label='say "A"', hidden=True, title=None)
    Markup('<td data-label="say &quot;A&quot;" hidden>3</td>')
    >>> el("ul", (el("li", each) for each in ("a", "b")))
    Markup('<ul><li>a</li><li>b</li></ul>')
    >>> el("p", "a", False and el("b"), None)
    Markup('<p>a</p>')
    """
    told = "".join(map(_attribute, attributes, attributes.values())) if attributes else ""
    inner = "".join(map(_written, content))
    return Markup(f"<{tag}{told}>" if tag in _VOID else f"<{tag}{told}>{inner}</{tag}>")


def fragment(*content: Content) -> Markup:
    """Content without an element around it, escaped as `el` does."""
    return Markup("".join(map(_written, content)))


def lines(text: str) -> Markup:
    """Text with its lines kept.

    >>> lines("<a>\\nb")
    Markup('&lt;a&gt;<br>b')
    """
    return Markup(escape(text).replace("\n", "<br>"))


def _written(content: Content) -> str:
    if isinstance(content, str):
        return content if isinstance(content, Markup) else escape(content)
    if content is None or content is False:
        return ""
    if isinstance(content, int | float):
        return str(content)
    return "".join(map(_written, content))


def _attribute(name: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    name = "class" if name == "cls" else name.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(str(value))}"'
