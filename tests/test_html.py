"""Markup is made of elements that escape by themselves, whatever is put into them."""

from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment

from playbook_helpers.drawing.html import Markup, element, in_lines, joined

TEXTS = st.text(st.sampled_from("<>&\"' a=/\n;!-\u00e9"), max_size=20)


class Read(HTMLParser):
    """Elements, attributes and text as a browser reads them."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, attrs))

    def handle_data(self, data: str) -> None:
        self.text += data


@given(TEXTS, TEXTS)
def test_a_browser_reads_back_what_was_put_in_and_no_other_element(text: str, title: str) -> None:
    read = Read()
    read.feed(element("p", text, title=title))
    read.close()
    assert read.tags == [("p", [("title", title)])]
    assert read.text == text


def test_markup_is_escaped_neither_again_here_nor_by_a_template() -> None:
    made = element("p", element("b", "<i>"))
    assert made == "<p><b>&lt;i&gt;</b></p>"
    assert joined(made, made) == made * 2
    template = Environment(autoescape=True).from_string("{{ made }}{{ text }}")
    assert template.render(made=made, text="<") == f"{made}&lt;"


def test_what_is_put_together_as_text_is_text_again() -> None:
    slip = Markup("<b>") + "<script>"
    assert element("p", slip) == "<p>&lt;b&gt;&lt;script&gt;</p>"
    assert element("p", f"{Markup('<b>')}") == "<p>&lt;b&gt;</p>"


def test_nothing_leaves_nothing_and_a_line_break_stays() -> None:
    assert element("p", None, False, "", 0) == "<p>0</p>"
    assert element("input", value=0, disabled=False, checked=True) == '<input value="0" checked>'
    assert in_lines("a\n<b>") == "a<br>&lt;b&gt;"
