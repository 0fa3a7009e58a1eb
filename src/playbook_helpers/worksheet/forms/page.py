"""The form on a plain page: the element that `form.js` finds and fills in, and where its files are.

The page's own files do the rest, so that it works under a Content-Security-Policy that allows
scripts and styles from the same place only.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from playbook_helpers.drawing.html import Markup, element, joined
from playbook_helpers.worksheet.forms.description import form_description
from playbook_helpers.worksheet.forms.paper import paper_html
from playbook_helpers.worksheet.forms.scripts import STATIC, page_script

_NO_SCRIPT = (
    "This form needs JavaScript, which is switched off in this browser. Nothing is sent "
    "anywhere: with it switched on, your answers stay on your own device until you download them. "
    "Printed, the page is a worksheet for paper."
)
# JSON inside a script element ends at the first "</script", and "<!--" changes how it is read;
# U+2028 and U+2029 are line ends to old readers of scripts.
_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def write_assets(folder: Path) -> tuple[Path, ...]:
    """Write the files that a page with a form needs beside it: the stylesheet and the script."""
    style, script = folder / "form.css", folder / "form.js"
    # Notebooks load the first alone: nothing is printed from there.
    style.write_bytes((STATIC / "form.css").read_bytes() + (STATIC / "paper.css").read_bytes())
    script.write_text(page_script(), "utf-8")
    return style, script


def form_html(
    stem: str,
    *,
    kinds: Iterable[str] = (),
    known: Mapping[str, Iterable[str]] | None = None,
    asset_base: str | None = None,
) -> Markup:
    """The element that becomes the form of the practice `stem` on a page that loads `form.js`.

    `known` maps a kind to the names that references to it can choose from. With `asset_base`
    (the address of the folder that holds the two files) the tags that load them stand before it;
    without, the page brings them. Raises NotFound for a practice or kind that is not there.
    """
    description = form_description(stem, kinds)
    setup = {
        "description": description,
        "known": {kind: list(names) for kind, names in (known or {}).items()},
    }
    form = element(
        "div",
        element("script", Markup(script_json(setup)), type="application/json"),
        element("noscript", element("p", _NO_SCRIPT, class_="pb-note")),
        paper_html(description),
        class_="playbook pb-form",
        data_playbook_form=stem,
    )
    if asset_base is None:
        return form
    base = asset_base.rstrip("/")
    return joined(
        element("link", rel="stylesheet", href=f"{base}/form.css"),
        element("script", defer=True, src=f"{base}/form.js"),
        form,
    )


def script_json(value: Any) -> str:
    """JSON that can stand inside a script element, whatever texts it holds.

    >>> script_json({"a": "</script><!--"})
    '{"a":"\\\\u003c/script\\\\u003e\\\\u003c!--"}'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character, replacement in _UNSAFE.items():
        text = text.replace(character, replacement)
    return text
