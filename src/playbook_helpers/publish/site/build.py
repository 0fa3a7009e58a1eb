"""Building the site: the book by jupyter-book, then book, reports and portfolio in one folder.

The result needs no server of its own: any static host, or a folder on a disk, will do.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Set
from importlib.util import find_spec
from pathlib import Path

from playbook_helpers.core.errors import InputError, PlaybookError, install_line
from playbook_helpers.publish.site.offline import write_service_worker
from playbook_helpers.publish.site.policy import write_headers
from playbook_helpers.publish.site.published import (
    KEPT_BACK,
    NAMED,
    check_named,
    examples,
    lead_back,
    put_reports,
)
from playbook_helpers.storage.database import Store
from playbook_helpers.worksheet.project import (
    areas_folder,
    build_folder,
    default_store_url,
    portfolio_folder,
    report_folder,
    site_folder,
)

_SOURCES = (
    "_config.yml",
    "_toc.yml",
    "index.md",
    "book",
    "worksheets",
    "data",
    "src",
    "benchmarks",
)
ENGINE_VARIABLE = "PLAYBOOK_ENGINE"
"""Names the folder of the page's engine to whoever builds the book; without it pages have none."""
_STAMP = ".book-made-from"
_LAST = 12
"""Lines that are shown of a log: its end says what went wrong."""
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_CELL = re.compile(r"following cell:\n-{3,}\n(.*?)\n-{3,}\n", re.DOTALL)


class BookError(PlaybookError):
    """jupyter-book could not build the book; `kept` says that the last one is still there."""

    exit_code = 1


def book_fingerprint(root: Path) -> str:
    """A hash over everything the book is made from."""
    total = hashlib.sha256(sys.version.encode())
    for name in _SOURCES:
        path = root / name
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file() and "__pycache__" not in file.parts and "egg-info" not in str(file):
                total.update(str(file.relative_to(root)).encode() + b"\0")
                total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def build_book(root: Path, engine: Path | None = None, *, force: bool = False) -> bool:
    """Build the book into `_build/html` unless it is up to date; whether it was built.

    `engine` is the folder of the page's engine; without it the pages work nothing out. Warnings
    count as faults. Raises BookError with what jupyter-book said, InputError if it is not
    installed.
    """
    if find_spec("jupyter_book") is None:
        raise InputError(
            "Building the book needs a part that is not installed (jupyter_book)",
            allowed=install_line("site"),
            kept="the site that was built before, if there is one",
        )
    html = build_folder(root) / "html"
    stamp = build_folder(root) / _STAMP
    made_from = book_fingerprint(root) + (f" {engine.name}" if engine else "")
    current = stamp.read_text("utf-8") if stamp.is_file() else ""
    if not force and current == made_from and (html / "index.html").is_file():
        return False
    stamp.unlink(missing_ok=True)
    shutil.rmtree(html, ignore_errors=True)
    command = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()"]
    command += ["build", str(root), "--all", "-q", "-n", "-W", "--keep-going"]
    done = subprocess.run(  # noqa: S603 - our own interpreter and our own folder
        command,
        cwd=root,
        env=os.environ
        | {"PYTHONWARNINGS": "ignore", "MPLBACKEND": "agg"}
        | ({ENGINE_VARIABLE: str(engine)} if engine else {}),
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode or not (html / "index.html").is_file():
        why = what_failed(html / "reports", done.stdout, done.stderr)
        raise BookError(
            f"The book could not be built\n{why}",
            kept="the site that was built before, if there is one",
        )
    stamp.write_text(made_from, "utf-8")
    return True


def what_failed(logs: Path, stdout: str, stderr: str) -> str:
    """Each page that failed with its cell and how it ended, then what else Sphinx complained of.

    `logs` is where the cells' errors were written; the texts are what jupyter-book said.
    """
    told: list[str] = []
    for log in sorted(logs.rglob("*.err.log")):
        page = log.relative_to(logs).as_posix().removesuffix(".err.log")
        told += _cell_and_end(page, _plain(log.read_text("utf-8", "replace")))
    said = [line for line in _plain(stdout + stderr).splitlines() if line.strip("= ")]
    if told:  # the cells' own errors stand above
        said = [line for line in said if "WARNING" in line and "[mystnb.exec]" not in line]
    return "\n".join([*told, *(f"  {line}" for line in said[-_LAST:])])


def _cell_and_end(page: str, log: str) -> list[str]:
    """The lines that tell of one page's error: nbclient writes the cell between two rules."""
    found = _CELL.search(log)
    cell = found[1].strip("\n").splitlines() if found else []
    end = [line for line in (log[found.end() :] if found else log).splitlines() if line.strip()]
    where = f"  {page}, in this cell:" if cell else f"  {page}"
    return [
        where,
        *(f"    {line}" for line in cell[:_LAST]),
        "  which ended with:",
        *(f"    {line}" for line in end[-_LAST:]),
    ]


def _plain(text: str) -> str:
    return _COLOURS.sub("", text)


def assemble_site(root: Path, named: Iterable[str] = (), *, store_url: str = "") -> Path:
    """Put the book, the reports, the portfolio and the example areas into one folder; the folder.

    Reports and portfolio are those of the examples and of the partnerships that are `named`. It is
    made beside the old one and put in its place by rename, so that a site being served is never
    half there. Raises NotFound for a named partnership that has no report.
    """
    named = tuple(named)
    check_named(report_folder(root), named)
    slugs = examples(root) | set(named)
    site = site_folder(root)
    fresh, old = site.with_name("site.new"), site.with_name("site.old")
    for leftover in (fresh, old):
        shutil.rmtree(leftover, ignore_errors=True)
    shutil.copytree(build_folder(root) / "html", fresh, ignore=shutil.ignore_patterns(".buildinfo"))
    if (portfolio_folder(root) / "index.html").is_file():
        _put_portfolio(root, fresh / "portfolio", slugs, store_url)
    put_reports(report_folder(root), fresh / "reports", slugs)
    # What a failed notebook printed may name folders of this computer: it stays here.
    left_out = shutil.ignore_patterns(*KEPT_BACK)
    for name in ("reports", "portfolio"):
        made = areas_folder(root) / name
        if made.is_dir():
            shutil.copytree(made, fresh / "areas" / name, ignore=left_out)
    for name in ("reports", "portfolio", "areas"):
        lead_back(fresh, fresh / name)
    (fresh / NAMED).write_text("".join(f"{slug}\n" for slug in named), "utf-8")
    write_service_worker(fresh)
    write_headers(fresh)
    (fresh / ".nojekyll").touch()  # static hosts that drop folders beginning with an underscore
    if site.exists():
        site.rename(old)
    fresh.rename(site)
    shutil.rmtree(old, ignore_errors=True)
    return site


def _put_portfolio(root: Path, target: Path, slugs: Set[str], store_url: str) -> None:
    """The portfolio of these partnerships alone, made anew only when something has changed."""
    from playbook_helpers.publish.portfolio import write_portfolio

    kept = build_folder(root) / "published-portfolio"
    with Store.open(store_url or default_store_url(root)) as store:
        if not slugs & set(store.partnerships()):
            return
        write_portfolio(root, store, invented=True, folder=kept, only=slugs)
    shutil.copytree(kept, target)
