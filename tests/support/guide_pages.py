"""The pages of the guide, and their text without what is no prose."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
BOOK = ROOT / "book"
PAGES = (ROOT / "index.md", *sorted(BOOK.glob("*.md")))
OTHER_TEXTS = (ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", ROOT / "SECURITY.md")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def source(page: Path) -> str:
    """The page without front matter and without code cells."""
    text = page.read_text("utf-8")
    text = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)
    return re.sub(r"^```\{code-cell\}.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)


def words(text: str) -> list[str]:
    return re.findall(r"[A-Za-zÀ-ÿ]+(?:['’][A-Za-z]+)?", text)
