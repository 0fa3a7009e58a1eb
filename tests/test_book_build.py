"""Building the book: what fails is named, and what somebody filled in does not matter."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from made_site import ROOT, copy_project

from playbook_helpers.batch import make_plan
from playbook_helpers.publish.site.build import BookError, build_book, what_failed
from playbook_helpers.publish.site.finishing import PageError, finish_pages
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files import load_examples

CHAPTER = """---
kernelspec:
  name: python3
jupytext:
  text_representation:
    extension: .md
    format_name: myst
---
# A chapter

```{{code-cell}} ipython3
x = 1
```

```{{code-cell}} ipython3
print("before it")
{line}
```
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A book of a first page and two chapters, with the project's own configuration."""
    for name in ("data", "book/_static"):
        shutil.copytree(ROOT / name, tmp_path / name)
    (tmp_path / "worksheets").mkdir()
    for name in ("_config.yml", "book/references.bib"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "index.md").write_text("# Hello\n", "utf-8")
    toc = "format: jb-book\nroot: index\nchapters:\n- file: book/one\n- file: book/two\n"
    (tmp_path / "_toc.yml").write_text(toc, "utf-8")
    return tmp_path


def test_a_failed_build_names_chapter_cell_and_the_end_of_the_error(small: Path) -> None:
    (small / "book" / "one.md").write_text(CHAPTER.format(line="1 / 0"), "utf-8")
    (small / "book" / "two.md").write_text(CHAPTER.format(line="def f(:"), "utf-8")
    with pytest.raises(BookError) as caught:
        build_book(small)
    said = str(caught.value)
    first, _, second = said.partition("book/two")
    assert said.startswith("The book could not be built\n  book/one, in this cell:\n")
    assert '    print("before it")\n    1 / 0\n' in first
    assert "ZeroDivisionError: division by zero" in first
    assert "    def f(:" in second
    assert "SyntaxError: invalid syntax" in second
    assert "kept: the site that was built before" in said
    assert "\x1b" not in said
    assert "Running Jupyter-Book" not in said, "how it began tells nothing"
    assert "x = 1" not in said, "the cell that went well"
    assert len(said.splitlines()) < 45


def test_what_is_no_cells_fault_is_told_by_the_end_of_the_log(small: Path) -> None:
    (small / "book" / "one.md").write_text("# One\n\nSee {ref}`nowhere-at-all`.\n", "utf-8")
    (small / "book" / "two.md").write_text("# Two\n", "utf-8")
    with pytest.raises(BookError, match=r"one\.md.*nowhere-at-all"):
        build_book(small)


def test_of_a_long_log_the_end_is_told(tmp_path: Path) -> None:
    log = "\n".join(f"line {n}" for n in range(1000)) + "\nthe cause"
    said = what_failed(tmp_path, log, "").splitlines()
    assert said[-1].strip() == "the cause"
    assert len(said) == 12


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_book_does_not_mind_what_was_filled_in_and_saved_in_a_worksheet(
    tmp_path: Path,
) -> None:
    home = copy_project(tmp_path / "home")
    path = home / "worksheets" / "goals.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    published = json.dumps(notebook)
    state = {"application/vnd.jupyter.widget-state+json": {"state": {"a": "what Ann said"}}}
    notebook["metadata"]["widgets"] = state
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        cell["outputs"] = [{"name": "stdout", "output_type": "stream", "text": "what Bea said"}]
        cell["execution_count"] = 7
        if "parameters" in cell["metadata"]["tags"]:
            cell["source"] = 'partnership = "our-town"\nstore = "sqlite:///x.db"\nas_of = "never"'
    assert json.dumps(notebook) != published
    path.write_text(json.dumps(notebook), "utf-8")

    build_book(home)
    page = (home / "_build" / "html" / "worksheets" / "goals.html").read_text("utf-8")
    assert "StrivePartnership" in page
    for word in ("our-town", "what Ann said", "what Bea said", "widget-state", "require.js"):
        assert word not in page

    with Store.open(f"sqlite:///{home / 'playbook.db'}") as store:
        load_examples(store, home / "data")
        plan = make_plan(home, store, partnerships=["riverside-invented"])
        assert {task.worksheet for task in plan.tasks} >= {"goals", "trust"}


@pytest.mark.parametrize(
    "script",
    ["<script>alert(1)</script>", '<script type="module">x</script>', "<script defer>x</script>"],
)
def test_a_page_with_a_script_in_it_is_not_published(tmp_path: Path, script: str) -> None:
    (tmp_path / "page.html").write_text(f"<p>{script}</p>", "utf-8")
    with pytest.raises(PageError, match=r"page\.html"):
        finish_pages(tmp_path)


def test_a_page_with_scripts_in_files_and_data_is_as_it_was(tmp_path: Path) -> None:
    page = '<script defer src="x.js"></script><script type="application/json">{}</script>'
    (tmp_path / "page.html").write_text(page, "utf-8")
    assert finish_pages(tmp_path) == 0
    assert (tmp_path / "page.html").read_text("utf-8") == page
