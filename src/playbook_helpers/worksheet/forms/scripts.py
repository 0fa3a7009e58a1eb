"""Modules as one script: for a page, which may lie on a disk, and for a notebook.

Browsers load no module from a disk, and a widget is one module. So modules are put
one after the other, each after those that it imports, in one scope. What they take from each other
must then go by one name, and no two may use one name for different things: both are looked at.
Comments and needless spaces stay behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

STATIC = Path(__file__).parent / "static"
_IMPORT = re.compile(r'^import \{ [\w, ]+ \} from "(\.{1,2}/[\w./]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?function |const |let )", re.MULTILINE)
_DEFAULT = re.compile(r"^export default \{ render \};\n", re.MULTILINE)
_NAMES = re.compile(r"^(?:async )?(?:function|const|let) (\w+|\{[^}]*\}|\[[^\]]*\])", re.MULTILINE)

_WRITTEN = re.compile(
    r'("(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`'
    r"|(?<=[(,=:\[!])\s?/(?:[^/\\\n\[]|\\.|\[(?:[^\]\\]|\\.)*\])+/)"
)
"""What is to stay as it is written: texts and patterns."""
_SPACES = re.compile(r" ?([=*<>?:,;{}()&|\[\]]) ?")
_BREAKS = re.compile(r"(?<=[;{,(\[])\n|\n(?=[})\].?:&|])")


def page_script() -> str:
    """A classic script that draws every form in a page."""
    return classic(STATIC / "page.js")


def widget_module() -> str:
    """The module that anywidget loads."""
    return f"{joined(STATIC / 'widget.js')}export default {{ render }};\n"


def workshop_script() -> str:
    """A classic script that draws the form of a workshop's page."""
    return classic(STATIC / "http.js")


def classic(entry: Path) -> str:
    """The module `entry` and all that it imports, as a script that shares no name with others."""
    return f'(() => {{\n"use strict";\n{joined(entry)}}})();\n'


def joined(entry: Path) -> str:
    """The module `entry` and all that it imports, as one text without imports and exports.

    Raises ValueError where modules would not mean in one scope what they mean apart.
    """
    bodies: list[str] = []
    named: dict[str, str] = {}
    for path in _in_order(entry.resolve(), []):
        body = _IMPORT.sub("", path.read_text("utf-8"))
        body = _DEFAULT.sub("", _EXPORT.sub("", body))
        left = re.search(r"^\s*(?:export|import)\b.*", body, re.MULTILINE)
        if left is not None:
            raise ValueError(f"{path.name}: this line cannot be joined: {left.group().strip()}")
        for declared in _NAMES.findall(body):
            for word in re.findall(r"\w+", declared):
                if word in named:
                    raise ValueError(f"{path.name} and {named[word]} both name {word}")
                named[word] = path.name
        bodies.append(_bare(body))
    return "".join(bodies)


def _bare(body: str) -> str:
    """A module as it is sent: without comments, indentation, and spaces that nothing needs."""
    body = re.sub(r"^\s*/\*.*?\*/\n", "", body, flags=re.MULTILINE | re.DOTALL)
    body = re.sub(r"^\s*//.*\n|(?<=[;{]) // [^\"'`\n]*$", "", body, flags=re.MULTILINE)
    body = re.sub(r"^[\t\n]+", "", body, flags=re.MULTILINE)
    pieces = _WRITTEN.split(body)
    pieces[::2] = [_squeezed(piece) for piece in pieces[::2]]
    return "".join(pieces)


def _squeezed(piece: str) -> str:
    return _BREAKS.sub("", _SPACES.sub(r"\1", piece))


def _in_order(path: Path, done: list[Path], within: tuple[Path, ...] = ()) -> Iterator[Path]:
    if path in within:
        names = " ".join(each.stem for each in (*within, path))
        raise ValueError(f"modules import each other: {names}")
    for other in _IMPORT.findall(path.read_text("utf-8")):
        place = (path.parent / other).resolve()
        if place not in done:
            yield from _in_order(place, done, (*within, path))
    done.append(path)
    yield path
