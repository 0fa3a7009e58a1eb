"""Whose pages a site shows to everybody, and the ways from them back into the guide.

A site is made to be put on the web. So it holds the reports of the examples, and of others only
those that somebody named. Reports themselves know nothing of a guide: they are also handed on by
themselves. The links back are added where the guide lies beside them.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from html import escape
from pathlib import Path

from playbook_helpers.core.errors import NotFound
from playbook_helpers.core.partnership import WORKSHEETS

KEPT_BACK = ("*.failed.ipynb", "*.made-from.json")
"""What lies beside reports and is no page: a failed notebook may name folders of this computer."""
NAMED = ".named"
"""The file in a site that names the partnerships it shows beside the examples, a line each."""
_CRUMBS = '<nav aria-label="Where you are"><ol>'
_OTHER_PAGES = '<nav class="pb-onward" aria-label="Other pages of this report">'
_CHANGED = re.compile(
    r'(<li(?: class="[a-z -]+")? data-record="([0-9a-f-]+)"(?: data-worksheet="([a-z]+)")?>'
    r"(?:(?!</li>).)*)</li>",
    re.DOTALL,
)
"""What speaks of a record, and the worksheet that it is changed at, if another."""
_WORKSHEET = re.compile(r'(<p><a class="pb-go" href="([a-z]+)\.html">[^<]*</a>)(?=</p>)')


def examples(root: Path) -> frozenset[str]:
    """The short names of the example partnerships."""
    return frozenset(path.parent.name for path in (root / "data").glob("*/datapackage.json"))


def named_in(site: Path) -> tuple[str, ...]:
    """The partnerships that were named when this site was put together."""
    path = site / NAMED
    return tuple(path.read_text("utf-8").split()) if path.is_file() else ()


def put_reports(reports: Path, target: Path, slugs: Iterable[str]) -> None:
    """Copy the reports of these partnerships, with a page above them that names no other."""
    from playbook_helpers.publish.report.home import write_home

    there = sorted(slug for slug in slugs if (reports / slug / "index.html").is_file())
    for slug in there:
        shutil.copytree(reports / slug, target / slug, ignore=shutil.ignore_patterns(*KEPT_BACK))
    if there:
        write_home(target, there, "the records of this site", force=True)


def check_named(reports: Path, named: Iterable[str]) -> None:
    """Raise NotFound for a partnership that has no report."""
    there = sorted(path.parent.name for path in reports.glob("*/index.html"))
    for slug in named:
        if slug not in there:
            raise NotFound(
                "There is no report of this partnership",
                value=slug,
                allowed=", ".join(there) or "none yet: run `playbook batch` first",
            )


def lead_back(site: Path, folder: Path) -> None:
    """Add the ways back into the guide to every report and portfolio in a folder of a site."""
    for path in sorted(folder.rglob("*.html")):
        place = path.relative_to(site).as_posix()
        html = path.read_text("utf-8")
        path.write_text(with_ways_back(html, place), "utf-8")


def with_ways_back(html: str, place: str) -> str:
    """A page of a report or a portfolio with links into the guide; `place` is where it lies.

    >>> with_ways_back('<nav aria-label="Where you are"><ol></ol></nav>', "reports/index.html")
    '<nav aria-label="Where you are"><ol><li><a href="../index.html">Guide</a></li></ol></nav>'
    """
    up = "../" * place.count("/")
    html = html.replace(_CRUMBS, f'{_CRUMBS}<li><a href="{up}index.html">Guide</a></li>', 1)
    stem = place.rpartition("/")[2].removesuffix(".html")
    if stem in WORKSHEETS:
        title = escape(WORKSHEETS[stem])
        chapter = f'<a href="{up}book/{stem}.html"><span>Chapter of the guide</span> {title}</a>'
        sheets = f"{up}worksheets/"
        sheet = f'<a href="{sheets}{stem}.html"><span>Fill it in</span> Worksheet</a>'
        slug = escape(place.split("/")[-2])

        def with_way(found: re.Match[str]) -> str:
            said, record, elsewhere = found.groups()
            address = f"{sheets}{elsewhere or stem}.html?p={slug}#change={record}"
            return f'{said}<p><a class="pb-change" href="{address}">Change this</a></p></li>'

        html = _CHANGED.sub(with_way, html)
        return html.replace(_OTHER_PAGES, f"{_OTHER_PAGES}{chapter}{sheet}", 1)
    return _WORKSHEET.sub(
        lambda found: (
            f'{found[1]} <a class="pb-guide" href="{up}worksheets/{found[2]}.html">'
            "Fill it in, in the guide</a>"
            if found[2] in WORKSHEETS
            else found[1]
        ),
        html,
    )
