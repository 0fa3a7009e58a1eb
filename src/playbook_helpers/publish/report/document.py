"""What a reader sees of an executed notebook: prose, outputs, headings; no code, no parameters.

Of each output one form is taken, the one that reads best on a page that runs no script. Widgets
are for live notebooks and leave nothing here; a worksheet shows its starting case in their place.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from html import unescape
from typing import Any
from urllib.parse import quote

from playbook_helpers.drawing.html import Markup, element

_NO_OUTPUT = {"remove-output", "remove_output"}
_NEVER_SHOWN = {"parameters", "injected-parameters", "remove-cell", "papermill-error-cell-tag"}
_HEADING = re.compile(r"<h([1-6])[^>]*>(.*?)</h\1>", re.DOTALL)
# Each output brings its own style along for notebooks; a page has it once, in its head.
_PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")
_ATTACHED = r"(\]\(\s*<?|src=[\"']?)attachment:{}(?=[\s\"'>)])"
_GONE = re.compile(r"!\[([^\]]*)\]\(\s*<?attachment:[^)]*\)")
_GONE_HTML = re.compile(r"(\]\(\s*<?|src=[\"']?)attachment:[^\s\"'>)]*")
_OWN_STYLE = re.compile(r'<style>[^<]*</style>(?=<div class="playbook">)')
_REGION = re.compile(r'(?<= role="group" tabindex="0" aria-label=")[^"]*(?=")')
_COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
NOTICE = "This partnership is invented for practice."


@dataclass(frozen=True, slots=True)
class Document:
    """A notebook as a page: its title, its parts as safe HTML, its second-level headings."""

    title: str
    parts: tuple[Markup, ...]
    contents: tuple[tuple[str, str], ...]
    """(id, text) of each second-level heading, in order."""
    has_notice: bool


def read_document(notebook: Mapping[str, Any], title: str = "") -> Document:
    """The document in an executed notebook. `title` is used where it has no first heading."""
    headings = _Headings()
    parts: list[Markup] = []
    for cell in notebook.get("cells", ()):
        tags = set(cell.get("metadata", {}).get("tags", ()))
        if _NEVER_SHOWN & tags or (cell["cell_type"] == "code" and _NO_OUTPUT & tags):
            continue
        if cell["cell_type"] == "markdown":
            source = _with_attachments(_joined(cell["source"]), cell.get("attachments", {}))
            prose = headings.named(markdown(source))
            parts.append(element("section", Markup(prose), class_="pb-prose"))
        elif cell["cell_type"] == "code":
            shown = [html for o in cell.get("outputs", ()) if (html := output_html(o))]
            if shown:
                parts.append(element("div", Markup("".join(shown)), class_="pb-output"))
    if not headings.title:
        headings.title = title
        parts.insert(0, element("h1", title))
    return Document(
        title=headings.title,
        parts=tuple(_told_apart(parts)),
        contents=tuple(headings.contents),
        has_notice=any(NOTICE in part for part in parts),
    )


def _told_apart(parts: Iterable[Markup]) -> Iterable[Markup]:
    """Number the labels of regions that come more than once: an output cannot know of others."""
    seen: Counter[str] = Counter()

    def label(match: re.Match[str]) -> str:
        seen[match[0]] += 1
        return match[0] if seen[match[0]] == 1 else f"{match[0]} ({seen[match[0]]})"

    for part in parts:
        yield Markup(_REGION.sub(label, part))


def output_html(output: Mapping[str, Any]) -> str:
    """One output of a cell as HTML; empty for what a page does not show."""
    kind = output.get("output_type")
    if kind == "stream":
        if output.get("name") != "stdout":
            return ""
        return _plain(_joined(output.get("text", "")))
    if kind not in ("display_data", "execute_result"):
        return ""
    data: Mapping[str, Any] = output.get("data", {})
    if "text/html" in data:
        return _OWN_STYLE.sub("", _joined(data["text/html"]))
    if "application/vnd.jupyter.widget-view+json" in data:
        return ""
    if "text/markdown" in data:
        return markdown(_joined(data["text/markdown"]), trusted=False)
    for mime in ("image/svg+xml", "image/png", "image/jpeg"):
        if mime in data:
            return _picture(mime, _joined(data[mime]), _joined(data.get("text/plain", "")))
    return _plain(_joined(data.get("text/plain", "")))


def _with_attachments(source: str, attachments: Mapping[str, Mapping[str, str]]) -> str:
    """Markdown with the pictures that were pasted into its cell; for one that is gone, words."""
    for name, kinds in attachments.items():
        mime = next((kind for kind in _PICTURES if kind in kinds), None)
        if mime is not None:
            data = f"data:{mime};base64,{''.join(_joined(kinds[mime]).split())}"
            for written in {name, quote(name)}:
                source = re.sub(_ATTACHED.format(re.escape(written)), rf"\g<1>{data}", source)
    source = _GONE.sub(r"*(A picture is missing here: \1)*", source)
    return _GONE_HTML.sub(r"\1#", source)


@lru_cache(maxsize=1024)
def markdown(source: str, *, trusted: bool = True) -> str:
    """Markdown as HTML. With `trusted` False, HTML in it is shown as text.

    Kept: a worksheet says the same to every partnership.
    """
    return str(_renderer(not trusted).render(source))


@cache
def _renderer(escaped: bool) -> Any:
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    return MarkdownWithMath(
        renderer=IPythonRenderer(
            escape=escaped, allow_harmful_protocols=False, exclude_anchor_links=True
        )
    )


class _Headings:
    """Gives each heading of a page an id of its own and keeps one first-level heading."""

    def __init__(self) -> None:
        self.title = ""
        self.contents: list[tuple[str, str]] = []
        self._taken = {"main", "contents", "made-from"}

    def named(self, html: str) -> str:
        return _HEADING.sub(self._name, html)

    def _name(self, match: re.Match[str]) -> str:
        level, inner = int(match[1]), match[2]
        text = " ".join(unescape(re.sub(r"<[^>]+>", "", inner)).split())
        if level == 1 and not self.title:
            self.title = text
            return element("h1", Markup(inner))
        level = max(level, 2)  # a page has one first-level heading
        name = self._free(text)
        if level == 2:
            self.contents.append((name, text))
        return element(f"h{level}", Markup(inner), id=name)

    def _free(self, text: str) -> str:
        base = re.sub(r"[^\w]+", "-", text.lower()).strip("-") or "part"
        name, number = base, 1
        while name in self._taken:
            number += 1
            name = f"{base}-{number}"
        self._taken.add(name)
        return name


def _picture(mime: str, data: str, alt: str) -> str:
    text = "" if alt.startswith("<") else alt
    body = f"utf8,{quote(data)}" if mime.endswith("xml") else f"base64,{''.join(data.split())}"
    words = text or "A picture that this worksheet drew, without a description"
    picture = element("img", alt=words, src=f"data:{mime};{body}")
    return element("figure", picture, class_="pb-chart")


def _plain(text: str) -> str:
    text = _COLOUR.sub("", text).strip("\n")
    return element("pre", text, class_="pb-plain") if text.strip() else ""


def _joined(text: str | Iterable[str]) -> str:
    return text if isinstance(text, str) else "".join(text)
