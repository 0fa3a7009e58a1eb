"""Tables: numbers as people write them, text never as code, reachable by keyboard."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook_helpers.drawing.tables import UNKNOWN, Column, Table, css, number, styled

TABLE = Table(
    "Offers <now>",
    (
        Column("what", "What"),
        Column("amount", "Amount", "hours"),
        Column("share", "Share", format="share"),
        Column("ends", "Until", format="when"),
        Column("firm", "Firm?"),
        Column("kind", "Kind", words={"space": "Space"}),
    ),
    (
        {"what": "<b>Room</b> & hall", "amount": 1234.6, "share": 0.325, "ends": "2027-03",
         "firm": True, "kind": "space"},
        {"what": "Line one\nline two", "amount": None, "share": 1, "ends": None, "firm": False},
    ),
)  # fmt: skip


class Tags(HTMLParser):
    """Collects the tags of a piece of HTML with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in ("br", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_a_table_has_caption_and_scopes_and_shows_values_as_people_write_them() -> None:
    html = TABLE.html()
    tags = Tags(html)
    assert not tags.open
    assert "<caption>Offers &lt;now&gt;</caption>" in html
    assert "&lt;b&gt;Room&lt;/b&gt; &amp; hall" in html
    assert "<b>" not in html
    assert [a.get("scope") for t, a in tags.found if t == "th"] == ["col"] * 6 + ["row"] * 2
    for words in ("1,235", "32.5%", "100%", "March 2027", "Yes", "No", "Space", "Line one<br>"):
        assert words in html
    assert html.count(UNKNOWN) == 3


def test_a_table_can_be_scrolled_by_keyboard_and_says_what_it_is() -> None:
    region = Tags(TABLE.html()).found[0]
    assert region[0] == "div"
    assert (region[1]["role"], region[1]["tabindex"]) == ("group", "0")
    assert region[1]["aria-label"] == "Table: Offers <now>"


def test_cards_say_in_words_what_each_part_of_the_table_is() -> None:
    html = replace(TABLE, cards=True).html()
    found = [(tag, a.get("role")) for tag, a in Tags(html).found if tag not in ("div", "span")]
    row = [("tr", "row"), ("th", "rowheader"), *[("td", "cell")] * 5]
    head = [("tr", "row"), *[("th", "columnheader")] * 6]
    assert [each for each in found if each[0] not in ("caption", "br")] == [
        ("table", "table"), ("thead", "rowgroup"), *head, ("tbody", "rowgroup"), *row, *row
    ]  # fmt: skip
    labels = [a["data-label"] for tag, a in Tags(html).found if tag == "td"]
    assert labels == ["Amount (hours)", "Share", "Until", "Firm?", "Kind"] * 2
    assert re.sub(r' (role="(?!group")[a-z]+"|data-label="[^"]*")| pb-rows', "", html) == re.sub(
        r"(<td[^>]*>)((?:(?!</td>).)*)", r"\1<span>\2</span>", TABLE.html()
    )


def test_a_table_without_rows_says_so_kindly() -> None:
    html = Table("Offers", TABLE.columns, ()).html()
    assert "nothing written down yet" in html
    assert "<table" not in html


def test_plain_text_and_frame_hold_the_same() -> None:
    bundle = TABLE._repr_mimebundle_()
    assert bundle["text/plain"].splitlines()[0] == "Offers <now>"
    assert bundle["text/html"].count("<style>") == 1
    frame = TABLE.frame()
    assert list(frame.columns) == ["What", "Amount", "Share", "Until", "Firm?", "Kind"]
    assert frame.shape == (2, 6)
    assert Table("x", TABLE.columns, ()).frame().shape == (0, 6)


@pytest.mark.parametrize(
    ("value", "words"),
    [(0, "0"), (-0.0, "0"), (7.25, "7.25"), (105580, "105,580"), (0.0321, "0.032"), (2 / 3, "0.67"),
     (-1234567.8, "-1,234,568"), (1e15, "1e+15"), (1e-9, "1e-09"), (math.inf, UNKNOWN)],
)  # fmt: skip
def test_numbers_have_separators_and_no_more_decimals_than_help(value: float, words: str) -> None:
    assert number(value) == words


@given(st.floats(-1e300, 1e300))
def test_a_written_number_is_close_to_the_number(value: float) -> None:
    assert float(number(value).replace(",", "")) == pytest.approx(value, rel=0.09, abs=1e-4)


@given(st.text(max_size=80), st.text(max_size=80))
def test_no_text_becomes_a_tag_or_an_attribute(caption: str, value: str) -> None:
    columns = (Column("a", caption), Column(value, caption, unit=value))
    table = Table(caption, columns, ({"a": value},), cards=bool(len(caption) % 2))
    tags = {tag for tag, _ in Tags(table.html()).found}
    assert tags <= {"div", "table", "caption", "thead", "tbody", "tr", "th", "td", "span", "br"}


def test_the_style_stays_within_the_playbook_and_small() -> None:
    rules = re.sub(r"@media[^{]*\{((?:[^{}]*\{[^{}]*\})*)\}", r"\1", css())
    for selectors in re.findall(r"([^{}]+)\{", rules):
        for selector in selectors.split(","):
            assert selector.strip().startswith(".playbook"), selector
    assert len(css()) < 6000
    assert styled("<p>x</p>").endswith('<div class="playbook"><p>x</p></div>')
