"""A last look at a site before it goes out: each kind of flaw is found, a good site has none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from playbook_helpers.core.errors import NotFound
from playbook_helpers.core.revisions import new_revision
from playbook_helpers.practices.trust import CheckIn
from playbook_helpers.publish.site.inspection import inspect

GOOD = (
    '<h1 id="top">Home</h1><a href="#top">up</a> <a href="more.html#change=1">more</a>'
    '<a href="https://example.org/">elsewhere</a><a href="mailto:us@example.org">write</a>'
    '<img src="a.png" alt=""><img src="data:image/png;base64,AA==" alt="A line that rises">'
    '<link rel="stylesheet" href="a.css"><style>p{background:url(a.png)}</style>'
    '<a href="sub/">a folder</a>'
)


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "sub").mkdir()
    for name, text in (
        ("index.html", GOOD),
        ("more.html", '<a href="index.html#top">back</a><a href="/index.html">home</a>'),
        ("sub/index.html", '<a href="../index.html">home</a>'),
        ("a.css", "p{color:red}"),
        ("a.png", ""),
        ("data.json", '{"kind": "check_in", "title": "what such a record is called"}'),
    ):
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def flaws(site: Path) -> list[tuple[str, str]]:
    return [(flaw.where, flaw.what) for flaw in inspect(site).flaws]


def test_a_good_site_has_none(site: Path) -> None:
    found = inspect(site)
    assert (found.pages, found.links, found.flaws) == (3, 8, ())


@pytest.mark.parametrize(
    ("html", "what"),
    [
        ('<a href="gone.html">x</a>', "a link leads nowhere: gone.html"),
        ('<a href="../../out.html">x</a>', "a link leads nowhere: ../../out.html"),
        ('<script src="gone.js"></script>', "a link leads nowhere: gone.js"),
        ('<a href="index.html#no">x</a>', "a place that is not on its page: index.html#no"),
        ('<a href="##top">x</a>', "a place that is not on its page: ##top"),
        ('<img src="a.png">', "a picture has no alt text: a.png"),
        ('<img src="//x.org/a.png" alt="">', "it asks somebody else for //x.org/a.png"),
        ('<img srcset="https://x.org/a 2x" alt="">', "somebody else for https://x.org/a"),
        ('<link rel="preconnect" href="https://x.org">', "somebody else for https://x.org"),
        ('<script src="HTTP://x.org/a.js"></script>', "somebody else for HTTP://x.org/a.js"),
        ("<style>@import 'https://x.org/a.css';</style>", "for https://x.org/a.css"),
        ('<p style="background:url(//x.org/a)">x</p>', "somebody else for //x.org/a"),
        ('<form action="https://x.org/take"></form>', "somebody else for https://x.org/take"),
    ],
)
def test_each_kind_of_flaw_on_a_page_is_named(site: Path, html: str, what: str) -> None:
    (site / "bad.html").write_text(html, "utf-8")
    ((where, said),) = flaws(site)
    assert where == "bad.html"
    assert said.endswith(what)


def test_what_is_nobodys_to_publish_is_named(site: Path) -> None:
    answer = new_revision("east", CheckIn.model_validate({"round": "2026-03"})).to_json()
    (site / "deep.json").write_text(json.dumps({"a": [{"revisions": [answer]}]}), "utf-8")
    (site / "check_in.csv").write_text("round\n", "utf-8")
    for name in ("playbook.db", "playbook.db-secret", ".env"):
        (site / name).write_text("x", "utf-8")
    found = dict(flaws(site))
    assert found.keys() == {"deep.json", "check_in.csv", "playbook.db", "playbook.db-secret",
                            ".env"}  # fmt: skip
    assert found["deep.json"] == found["check_in.csv"] == "single answers that were given in secret"


def test_a_style_sheet_that_asks_others_and_a_page_too_heavy_are_named(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (site / "a.css").write_text("p{background:url('https://x.org/a.png')}", "utf-8")
    monkeypatch.setattr("playbook_helpers.publish.site.inspection.MOST_PAGE", 200)
    found = flaws(site)
    assert ("a.css", "it asks somebody else for https://x.org/a.png") in found
    assert [where for where, what in found if "weighs" in what] == ["index.html"]


def test_a_folder_without_a_page_is_no_site(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="There is no site here"):
        inspect(tmp_path)
