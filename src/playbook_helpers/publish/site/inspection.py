"""A last look at a built site before it goes out: what trips readers up, or is not for them.

Nothing is asked of the network. What is looked for: links and places that are not there, pictures
without words, pages that weigh too much, anything fetched from others, and records that are
nobody's to publish.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from playbook_helpers.core.errors import NotFound
from playbook_helpers.practices.kinds import SECRET_KINDS
from playbook_helpers.publish.site.published import NAMED

MOST_PAGE = 1_000_000
"""Bytes, gzipped, that one page may weigh: a report of many records is the heaviest."""
MOST_FILE = 25_000_000
"""Bytes of one file: some hosts take no more."""
_FETCHED = {
    "audio": "src", "embed": "src", "iframe": "src", "img": "src", "input": "src",
    "object": "data", "script": "src", "source": "src", "track": "src", "video": "src",
}  # fmt: skip
_LOADING = {"stylesheet", "icon", "preload", "modulepreload", "prefetch", "preconnect", "manifest"}
_IN_STYLES = re.compile(r"(?:url\(\s*['\"]?|@import\s+['\"])((?:https?:)?//[^'\")\s]+)", re.I)
_PRIVATE = re.compile(r"\.db(?:$|-)|-secret$|^\.(?!nojekyll|well-known)")


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that should not go out: where, and what."""

    where: str
    what: str


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a look found, and how much was looked at."""

    pages: int
    links: int
    flaws: tuple[Flaw, ...] = field(default=())


class _Page(HTMLParser):
    """The places, links, pictures and fetched things of one page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.places: set[str] = set()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.unnamed: list[str] = []
        self.styles: list[str] = []
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an element in."""
        given = dict(attrs)
        if place := given.get("id") or (tag == "a" and given.get("name")):
            self.places.add(str(place))
        if tag in ("a", "area") and given.get("href"):
            self.links.append(str(given["href"]))
        if tag == "link" and _LOADING & set((given.get("rel") or "").lower().split()):
            self.fetched.append(given.get("href") or "")
        if tag in _FETCHED:
            self.fetched.append(given.get(_FETCHED[tag]) or "")
            several = (given.get("srcset") or "").split(",")
            self.fetched += [part.split()[0] for part in several if part.split()]
        if tag == "form" and given.get("action"):
            self.fetched.append(str(given["action"]))
        if tag == "img" and given.get("alt") is None and given.get("role") != "presentation":
            self.unnamed.append((given.get("src") or "")[:80])
        self.styles.append(given.get("style") or "")
        self._in_style = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        self._in_style = self._in_style and tag != "style"

    def handle_data(self, data: str) -> None:
        """Take a style sheet in."""
        if self._in_style:
            self.styles.append(data)


def inspect(site: Path) -> Inspection:
    """Look through a built site. Raises NotFound where none is, or one without a page."""
    files = sorted(path for path in site.rglob("*") if path.is_file()) if site.is_dir() else []
    pages = {path: _read(path) for path in files if path.suffix == ".html"}
    if not (site / "index.html").is_file():
        raise NotFound(
            "There is no site here", value=str(site), allowed="run `playbook site` first"
        )
    flaws: list[Flaw] = []
    for path in files:
        flaws += (Flaw(path.relative_to(site).as_posix(), what) for what in _of_file(path))
    links = 0
    for path, page in pages.items():
        name = path.relative_to(site).as_posix()
        links += len(page.links)
        flaws += (Flaw(name, what) for what in _of_page(site, path, page, pages))
    return Inspection(len(pages), links, tuple(flaws))


def _read(path: Path) -> _Page:
    page = _Page()
    page.feed(path.read_text("utf-8"))
    return page


def _of_file(path: Path) -> Iterator[str]:
    size = path.stat().st_size
    if size > MOST_FILE:
        yield f"it has {size / 1e6:.0f} MB, and many hosts take no more than {MOST_FILE / 1e6:.0f}"
    if _PRIVATE.search(path.name) and path.name != NAMED:
        yield "a store, or a hidden file: it is nobody's to publish"
    if path.suffix == ".html" and len(gzip.compress(path.read_bytes(), 6)) > MOST_PAGE:
        yield f"it weighs more than {MOST_PAGE / 1e6:.0f} MB on the way to a reader"
    if path.suffix == ".css":
        for address in _IN_STYLES.findall(path.read_text("utf-8")):
            yield f"it asks somebody else for {address}"
    if path.suffix == ".csv" and path.stem in SECRET_KINDS:
        yield "single answers that were given in secret"
    if path.suffix == ".json" and any(_secret(path.read_text("utf-8"))):
        yield "single answers that were given in secret"


def _secret(text: str) -> Iterator[bool]:
    try:
        todo = [json.loads(text)]
    except ValueError:
        return
    while todo:
        value = todo.pop()
        if isinstance(value, dict):
            yield value.get("kind") in SECRET_KINDS and "payload" in value
            todo += value.values()
        elif isinstance(value, list):
            todo += value


def _of_page(site: Path, path: Path, page: _Page, pages: dict[Path, _Page]) -> Iterator[str]:
    for picture in page.unnamed:
        yield f"a picture has no alt text: {picture}"
    styles = [address for style in page.styles for address in _IN_STYLES.findall(style)]
    for address in dict.fromkeys([*_elsewhere(page.fetched), *styles]):
        yield f"it asks somebody else for {address}"
    here = [address for address in page.fetched if not urlsplit(address).scheme]
    for link in dict.fromkeys([*page.links, *here]):
        parts = urlsplit(link)
        if parts.scheme or parts.netloc or not link:
            continue
        target = _target(site, path, unquote(parts.path))
        if target is None or not target.is_file():
            yield f"a link leads nowhere: {link}"
        elif parts.fragment and target in pages and link in page.links:
            place = unquote(parts.fragment)
            if "=" not in place and place not in pages[target].places:  # that is for a script
                yield f"a link leads to a place that is not on its page: {link}"


def _elsewhere(addresses: Iterable[str]) -> Iterator[str]:
    for address in addresses:
        parts = urlsplit(address)
        if parts.netloc or parts.scheme in ("http", "https"):
            yield address


def _target(site: Path, page: Path, path: str) -> Path | None:
    """The file that a link means; None where it leads out of the site."""
    if not path:
        return page
    found = (site / path.lstrip("/") if path.startswith("/") else page.parent / path).resolve()
    if not found.is_relative_to(site.resolve()):
        return None
    found = found / "index.html" if found.is_dir() else found
    return site / found.relative_to(site.resolve())
