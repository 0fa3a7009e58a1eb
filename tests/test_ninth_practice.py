"""A ninth practice, made in a copy from the very lines of CONTRIBUTING.md, and used."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from made_site import copy_project, playbook

ROOT = Path(__file__).parents[1]
STEM, PARTNERSHIP = "welcome", "riverside-invented"
_BLOCK = re.compile(r"```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_BELOW = re.compile(r"[Ii]n `([^`]+)`, below `([^`]+)`:")
_WHOLE = re.compile(r"\*\*, (?:in )?`([^`]+)`")


def steps() -> list[tuple[str, str, str]]:
    """(file, line that the text comes below or "", text) for each step that says what to write."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    section = text.partition("## Adding a practice")[2].partition("\n## Licence")[0]
    found = []
    for step in re.split(r"^(?=\*\*\d+\. )", section, flags=re.MULTILINE)[1:]:
        block = _BLOCK.search(step)
        if block is None:
            continue
        below, whole = _BELOW.search(step), _WHOLE.search(step)
        if below:
            found.append((below[1], below[2], block[1]))
        else:
            assert whole, step
            found.append((whole[1], "", block[1]))
    return found


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with the ninth practice in it; the book has few pages, to be quick."""
    folder = copy_project(tmp_path_factory.mktemp("ninth") / "project")
    for place, below, text in steps():
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        if below:
            held = path.read_text("utf-8")
            assert held.count(below + "\n") == 1, place
            text = held.replace(below + "\n", f"{below}\n{text}")
        path.write_text(text, "utf-8")
    contents = (folder / "_toc.yml").read_text("utf-8").splitlines(keepends=True)
    kept = ("welcome", "sections")
    start = next(n for n, line in enumerate(contents) if "caption: Practices" in line)
    end = next(n for n, line in enumerate(contents) if "caption: For many" in line)
    own = [line for line in contents[start:end] if any(word in line for word in kept)][-3:]
    short = ["format: jb-book\n", "root: index\n", "parts:\n", *contents[start : start + 2], *own]
    (folder / "_toc.yml").write_text("".join(short), "utf-8")
    for chapter in (folder / "book").glob("*.md"):
        if chapter.stem != STEM:
            chapter.unlink()
    for worksheet in (folder / "worksheets").glob("*.ipynb"):
        if worksheet.stem not in (STEM, "overview", "goals"):  # the areas of the book ask for goals
            worksheet.unlink()
    (folder / "index.md").write_text("# The playbook\n", "utf-8")
    return folder


def run(home: Path, *arguments: str) -> str:
    done = playbook(home, *arguments, PYTHONPATH=str(home / "src"))
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def test_the_steps_name_every_part_of_a_practice() -> None:
    folder = f"src/playbook_helpers/practices/{STEM}"
    assert [place for place, _, _ in steps()] == [
        "src/playbook_helpers/core/partnership.py",
        f"{folder}/records.py",
        f"{folder}/rows.py",
        f"{folder}/assess.py",
        f"{folder}/__init__.py",
        f"{folder}/charts/__init__.py",
        f"book/{STEM}.md",
        f"worksheets/{STEM}.ipynb",
        "_toc.yml",
        f"data/{PARTNERSHIP}/newcomer.csv",
    ]


def test_the_ninth_practice_is_found_everywhere(home: Path) -> None:
    run(home, "import", f"data/{PARTNERSHIP}")
    run(home, "batch")
    run(home, "portfolio")
    run(home, "site")
    site = home / "_build" / "site"
    chapter = (site / "book" / f"{STEM}.html").read_text("utf-8")
    assert "Sit down with each newcomer" in chapter
    sheet = (site / "worksheets" / f"{STEM}.html").read_text("utf-8")
    assert "data-playbook-form" in sheet
    assert "When did somebody sit down with it?" in sheet
    assert "1 of 2 newcomers were met" in sheet
    assert "Nobody has sat down with The bus company yet." in sheet

    report = home / "_build" / "reports" / PARTNERSHIP
    assert "1 of 2 newcomers were met" in (report / f"{STEM}.html").read_text("utf-8")
    assert "Welcoming newcomers" in (report / "index.html").read_text("utf-8")
    assert "Welcoming newcomers" in (report / "overview.html").read_text("utf-8")
    said = json.loads((report / "assessment.json").read_text("utf-8"))
    assert STEM in json.dumps(said)

    portfolio = home / "_build" / "portfolio"
    assert "Welcoming newcomers" in (portfolio / "index.html").read_text("utf-8")
    filled = "\n".join(p.read_text("utf-8") for p in sorted(portfolio.glob("*.csv")))
    assert "Welcoming newcomers" in filled or STEM in filled


def test_its_form_and_files_are_taken_in(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "newcomer.csv"
    path.write_text("name,joined,met\nThe choir,2026-05,\n", "utf-8")
    run(home, "import", str(path), "--partnership", "our-town")
    run(home, "export", "our-town", "--to", str(tmp_path / "out"))
    assert "The choir" in (tmp_path / "out" / "newcomer.csv").read_text("utf-8")
    wrong = tmp_path / "wrong" / "newcomer.csv"
    wrong.parent.mkdir()
    wrong.write_text("name,joined\nThe choir,soon\n", "utf-8")
    done = playbook(
        home, "import", str(wrong), "--partnership", "our-town", PYTHONPATH=str(home / "src")
    )
    assert done.returncode == 2
    assert "soon" in done.stderr
