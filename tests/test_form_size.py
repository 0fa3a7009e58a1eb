"""The form stays small and free of whatever a strict page forbids."""

from __future__ import annotations

import gzip
import re

from playbook_helpers.worksheet.forms.page import STATIC

SCRIPT = (STATIC / "form.js").read_text("utf-8")
STYLES = (STATIC / "form.css").read_text("utf-8")


def test_the_script_is_under_15_kb_as_it_is_sent() -> None:
    assert len(gzip.compress(SCRIPT.encode())) < 15_000
    assert [path.name for path in STATIC.glob("*.js")] == ["form.js"]


def test_the_script_depends_on_nothing_and_turns_no_text_into_markup() -> None:
    assert not re.search(r"^\s*import\b|\bimport\(", SCRIPT, re.MULTILINE)
    forbidden = (
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|Function\(|https?:"
    )
    assert not re.search(forbidden, SCRIPT)
    assert not re.search(r"\.style\b|cssText|javascript:", SCRIPT)


def test_the_script_can_be_read() -> None:
    lines = SCRIPT.splitlines()
    assert max(map(len, lines)) <= 130
    assert sum(map(len, lines)) / len(lines) < 50
    assert not re.search(r"\b(?:const|let|function) [a-z]\b", SCRIPT.replace("const wrong", ""))


def test_the_styles_keep_to_the_form_and_fetch_nothing() -> None:
    without = re.sub(r"/\*.*?\*/", "", STYLES, flags=re.DOTALL)
    selectors = re.findall(r"([^{}@;]+)\{", re.sub(r"@media[^{]*\{", "", without))
    for selector in selectors:
        for part in re.sub(r"\([^()]*\)", "", re.sub(r"\([^()]*\)", "", selector)).split(","):
            assert part.strip().startswith(".playbook"), part
    assert not re.search(r"url\(|@import|https?:", without)
