"""What of an executed notebook stands on a report's page, and in which form."""

from __future__ import annotations

import re
from typing import Any

import pytest
from executed_cells import code, prose, shown

from playbook_helpers.drawing.tables import Column, Table
from playbook_helpers.publish.pages import page_styles, spoken_moment
from playbook_helpers.publish.report.document import markdown, output_html, read_document


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        (shown(plain="<b>"), '<pre class="pb-plain">&lt;b&gt;</pre>'),
        (shown(plain="  "), ""),
        (shown(markdown="**a** <script>x</script>"), "&lt;script&gt;"),
        (shown(markdown="[a](javascript:alert(1))"), "harmful-link"),
        (shown(widget="{}", html="<p>its case</p>"), "<p>its case</p>"),
        ({"output_type": "error", "ename": "E", "evalue": "", "traceback": []}, ""),
    ],
)
def test_of_each_output_the_form_that_reads_best_is_taken(
    output: dict[str, Any], expected: str
) -> None:
    html = output_html(output)
    assert expected in html
    assert bool(html) == bool(expected)


def test_a_picture_without_words_says_that_it_has_none() -> None:
    html = output_html(shown(png="aGk=\n", plain="<Figure size 640x480>"))
    assert 'src="data:image/png;base64,aGk="' in html
    assert 'alt="A picture that this worksheet drew, without a description"' in html
    assert 'alt="Up by 3"' in output_html(shown(png="aGk=", plain="Up by 3"))


def test_dollars_are_money_and_not_mathematics() -> None:
    assert markdown("From $5 to $10.") == "<p>From $5 to $10.</p>\n"


def test_a_worksheet_without_a_heading_takes_its_practices_title() -> None:
    document = read_document({"cells": [prose("text")]}, "Clear goals <and> metrics")
    assert document.title == "Clear goals <and> metrics"
    assert document.parts[0] == "<h1>Clear goals &lt;and&gt; metrics</h1>"


def test_tables_that_carry_one_name_are_told_apart() -> None:
    table = Table("Goals", (Column("a", "A"),), ({"a": 1},)).html()
    document = read_document({"cells": [code(shown(html=table)), code(shown(html=table + table))]})
    assert re.findall('aria-label="([^"]+)"', "".join(document.parts)) == [
        "Table: Goals",
        "Table: Goals (2)",
        "Table: Goals (3)",
    ]


def test_headings_of_every_script_have_ids_of_their_own() -> None:
    document = read_document({"cells": [prose("# T\n\n## Ziele & Größen\n\n## 目标\n\n## ?!")]})
    assert [name for name, _ in document.contents] == ["ziele-größen", "目标", "part"]


def test_moments_are_told_as_people_say_them() -> None:
    assert spoken_moment("2026-11-24T03:01:40.787Z") == "24 November 2026, 03:01 UTC"
    assert spoken_moment("") == ""


def test_the_style_of_pages_asks_for_nothing_and_cannot_end_its_element() -> None:
    assert "</" not in page_styles()
    assert "url(" not in page_styles()
    assert "@media print" in page_styles()


PIXEL = "iVBORw0KGgo="


def attached(source: str, *names: str) -> str:
    """The page's part for a cell into which pictures of these names were pasted."""
    cell = prose(source) | {"attachments": {name: {"image/png": PIXEL} for name in names}}
    return "".join(read_document({"cells": [cell]}, "T").parts)


@pytest.mark.parametrize(
    "source",
    [
        "A photo: ![the hall](attachment:a b.png)",
        "A photo: ![the hall](<attachment:a b.png>)",
        "A photo: ![the hall](attachment:a%20b.png)",
        'A photo: <img src="attachment:a b.png" alt="the hall">',
    ],
)
def test_a_pasted_picture_stands_on_the_page(source: str) -> None:
    html = attached(source, "a b.png")
    assert f'src="data:image/png;base64,{PIXEL}"' in html
    assert 'alt="the hall"' in html


def test_a_picture_that_is_gone_leaves_words_and_stops_nothing() -> None:
    html = attached("![the hall](attachment:b.png) <img src='attachment:c.png'> on", "a.png")
    assert "A picture is missing here: the hall" in html
    assert "attachment:" not in html
    assert "on" in html
    assert "attachment:" in attached("Write `attachment:` before a name.", "a.png")


def test_a_cell_that_says_so_shows_no_output() -> None:
    for tag in ("remove-output", "remove_output"):
        secret = code(shown(plain="not for readers")) | {"metadata": {"tags": [tag]}}
        document = read_document({"cells": [secret, code(shown(plain="for readers"))]}, "T")
        assert "not for readers" not in "".join(document.parts)
        assert "for readers" in "".join(document.parts)
