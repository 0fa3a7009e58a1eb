"""The form stays small and free of whatever a strict page forbids."""

from __future__ import annotations

import gzip
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from playbook_helpers.publish.site.bundler import minified
from playbook_helpers.publish.site.sphinx_extension import STATIC as SITE
from playbook_helpers.worksheet.forms.scripts import STATIC, page_script, widget_module

MODULES = sorted(STATIC.glob("*.js"))
ALL = [*MODULES, *sorted((SITE / "answers").glob("*.js"))]
NPM = shutil.which("npm")
STYLES = (STATIC / "form.css").read_text("utf-8")


def sent(script: str) -> int:
    return len(gzip.compress(script.encode(), mtime=0))


@pytest.mark.skipif(NPM is None, reason="there is no npm here to bring esbuild")
@pytest.mark.parametrize("made", [page_script, widget_module])
def test_the_script_is_under_15_kb_as_the_site_sends_it(
    made: Callable[[], str], tmp_path: Path
) -> None:
    script = re.sub("^export default .*", "", made(), flags=re.MULTILINE)
    assert sent(minified(script, tmp_path)) < 15_000


@pytest.mark.parametrize("made", [page_script, widget_module])
def test_without_esbuild_it_is_not_much_more(made: Callable[[], str]) -> None:
    assert sent(made()) < 16_500


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_a_module_depends_on_ours_alone_and_turns_no_text_into_markup(path: Path) -> None:
    script = path.read_text("utf-8")
    taken = re.findall(r'^import .* from "(.*)";$|\bimport\(', script, re.MULTILINE)
    assert {name.removeprefix("./") for name in taken} <= {module.name for module in MODULES}
    forbidden = (
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|Function\(|https?:/"
    )
    assert not re.search(forbidden, script)
    assert not re.search(r"\.style\b|cssText|javascript:", script)


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_a_module_can_be_read(path: Path) -> None:
    script = path.read_text("utf-8")
    lines = script.splitlines()
    assert script.startswith("/* "), "it says what it is for"
    assert max(map(len, lines)) <= 130
    assert len(lines) <= 320
    assert not re.search(r"\b(?:const|let|function) [a-z]\b", script)


def test_the_styles_keep_to_the_form_and_fetch_nothing() -> None:
    without = re.sub(r"/\*.*?\*/", "", STYLES, flags=re.DOTALL)
    selectors = re.findall(r"([^{}@;]+)\{", re.sub(r"@media[^{]*\{", "", without))
    for selector in selectors:
        for part in re.sub(r"\([^()]*\)", "", re.sub(r"\([^()]*\)", "", selector)).split(","):
            assert part.strip().startswith(".playbook"), part
    assert not re.search(r"url\(|@import|https?:", without)
