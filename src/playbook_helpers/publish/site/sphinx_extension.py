"""What the book needs from Sphinx: forms on worksheet pages, and examples to compute from.

The book's figures are worked out while it is built. They come from the example partnerships in
`data/` alone, loaded into a store made for the build, so that nobody's own records can end up on
a published page.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Sequence
from functools import cache
from logging import getLogger
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playbook_helpers.core.errors import InputError
from playbook_helpers.core.version import __version__
from playbook_helpers.drawing.display import MODE_VARIABLE
from playbook_helpers.drawing.tables import STYLE, css
from playbook_helpers.publish.site.build import ENGINE_VARIABLE
from playbook_helpers.publish.site.bundler import QR, minified, qr_script
from playbook_helpers.publish.site.engine import megabytes
from playbook_helpers.publish.site.finishing import finish_pages
from playbook_helpers.publish.site.steps import steps_of, with_steps_joined
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files import load_examples
from playbook_helpers.worksheet.forms.page import write_assets
from playbook_helpers.worksheet.forms.scripts import classic
from playbook_helpers.worksheet.notebooks import as_published
from playbook_helpers.worksheet.project import HOME_VARIABLE, STORE_VARIABLE, build_folder

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

HERE = Path(__file__).parent
STATIC, THEME = HERE / "static", HERE / "theme"
FORM_MARK = "data-playbook-form"
PRINT = "Print blank sheets"


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx."""
    os.environ.update(environment(Path(app.srcdir)))
    fork_kernels()
    app.add_html_theme("playbook", str(THEME))
    app.connect("config-inited", _add_static)
    app.connect("source-read", _put_back)
    app.connect("html-page-context", _add_form_assets)
    app.connect("html-page-context", _mend_page, priority=900)
    app.connect("html-page-context", _add_frame, priority=900)
    app.connect("build-finished", _finish)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}


def environment(root: Path) -> dict[str, str]:
    """What the book's kernels are told: a store that holds the examples and nothing else."""
    store = build_folder(root) / "examples.db"
    store.parent.mkdir(parents=True, exist_ok=True)
    for leftover in store.parent.glob("examples.db*"):
        leftover.unlink()
    url = f"sqlite:///{store}"
    with Store.open(url) as opened:
        load_examples(opened, root / "data")
    told = {MODE_VARIABLE: "site", STORE_VARIABLE: url, HOME_VARIABLE: str(root)}
    # Nothing of the user's own settings and start-up files.
    return told | {"IPYTHONDIR": str(build_folder(root) / "ipython")}


def fork_kernels() -> None:
    """Have the pages' kernels forked from one warm process, where a fork is safe.

    Some thirty pages compute something, and a kernel of its own takes each of them a second or
    two to start.
    """
    from playbook_helpers.batch.kernels.linux import can_fork

    if not can_fork():
        return
    from playbook_helpers.batch.kernels.forkserver import shared_server
    from playbook_helpers.batch.kernels.preload import MODULES
    from playbook_helpers.batch.kernels.provisioner import NAME
    from playbook_helpers.batch.servers import WORKSHEETS

    shared_server((*MODULES, *WORKSHEETS, "ipykernel.kernelapp"), kernel=False)
    os.environ["JUPYTER_DEFAULT_PROVISIONER_NAME"] = NAME


def _finish(app: Sphinx, error: Exception | None) -> None:
    if error is not None:
        return
    finish_pages(Path(app.outdir))
    engine = os.environ.get(ENGINE_VARIABLE)
    if engine:
        place = Path(app.outdir) / "_static" / "engine" / Path(engine).name
        shutil.copytree(engine, place, dirs_exist_ok=True)


def _put_back(app: Sphinx, docname: str, content: list[str]) -> None:
    """A worksheet is built with its example, whatever somebody filled in and saved in its file."""
    if docname.startswith("worksheets/"):
        content[0] = as_published(content[0], docname)


def _add_static(app: Sphinx, config: Config) -> None:
    made = build_folder(Path(app.srcdir)) / "form"
    made.mkdir(parents=True, exist_ok=True)
    # One style sheet for what every page has: each file more is a request more.
    page = made / "page.css"
    page.write_text(STYLE.read_text("utf-8") + (THEME / "page.css").read_text("utf-8"), "utf-8")
    style, form = write_assets(made)
    answers = made / "answers.js"
    answers.write_text(classic(STATIC / "answers" / "answers.js"), "utf-8")
    ours = [style, form, page, answers, STATIC / "answers.css"]
    if ENGINE_VARIABLE in os.environ:
        ours += _by_esbuild(form, answers)
    config.html_static_path = [*config.html_static_path, *map(str, ours)]
    config.html_css_files = ["page.css", *config.html_css_files]
    app.add_js_file("page.js", priority=100)  # before anything is drawn: it knows the colours


def _by_esbuild(*scripts: Path) -> list[Path]:
    """Have esbuild make the scripts smaller; what it makes besides, nothing where it is not."""
    made = scripts[0].parent
    try:
        for path in scripts:
            path.write_text(minified(path.read_text("utf-8"), made), "utf-8")
        (made / QR).write_text(qr_script(made), "utf-8")
    except InputError as error:
        getLogger(__name__).info("%s", error)
        return []
    return [made / QR]


def _add_form_assets(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    if FORM_MARK in context.get("body", ""):
        app.add_css_file("form.css")
        app.add_js_file("form.js", defer="defer")
        engine = os.environ.get(ENGINE_VARIABLE)
        if engine and pagename.startswith("worksheets/"):
            app.add_css_file("answers.css")
            told: dict[str, Any] = {"data-engine": f"engine/{Path(engine).name}/"}
            told["data-size"] = _megabytes(engine)
            app.add_js_file("answers.js", defer="defer", **told)


@cache
def _megabytes(engine: str) -> str:
    return str(megabytes(Path(engine)))


def _mend_page(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Leave out the style that each notebook output brings: the page has it once, in a file."""
    if "body" in context:
        context["body"] = context["body"].replace(f"<style>{css()}</style>", "")


def _add_frame(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """What the frame of a page (`theme/layout.html`) asks for, and the ways on from its top."""
    address = context["pathto"]
    context["project_title"] = app.config.html_title
    context["head_links"] = [
        (address("book/start"), "Start"),
        (address(app.config.root_doc).removesuffix("#") + "#the-eight-practices", "Practices"),
        (address("book/workshops"), "Workshops"),
        (address("book/examples"), "Reports"),
    ]
    folder, _, stem = pagename.partition("/")
    pair = {"book": f"worksheets/{stem}", "worksheets": f"book/{stem}"}.get(folder)
    if pair not in app.env.titles:
        return
    other = address(pair)
    own, others = (list(steps_of(app.env.get_doctree(name))) for name in (pagename, pair))
    where = "In the chapter:" if folder == "worksheets" else "On the worksheet:"
    context["body"] = with_steps_joined(context["body"], own, others, other, where)
    if folder == "worksheets":
        context["crumb"] = {"link": other, "words": "Read the chapter"}
        if FORM_MARK in context["body"]:
            context["body"] = with_ways_on(context["body"], [("?print=blank", PRINT, True)], 2)
    else:
        ways = [(other, "Open the worksheet", False)]
        if stem != "portfolio":
            ways.append((f"{other}?print=blank", PRINT, True))
        context["body"] = with_ways_on(context["body"], ways, 1)


def with_ways_on(body: str, ways: Sequence[tuple[str, str, bool]], after: int) -> str:
    """The body with links as buttons after its heading and the first paragraphs, so many.

    Each way is an address, words, and whether another is the one to be filled.

    >>> with_ways_on("<h1>A</h1><p>B</p><p>C</p>", [("d.html", "D", False)], 1)
    '<h1>A</h1><p>B</p><p class="acts"><a class="button" href="d.html">D</a></p><p>C</p>'
    """
    links = " ".join(
        f'<a class="button{" second" if second else ""}" href="{link}">{words}</a>'
        for link, words, second in ways
    )
    top = re.compile(rf"</h1>(?:\s*<p>.*?</p>){{{after}}}", re.DOTALL)
    return top.sub(lambda found: f'{found[0]}<p class="acts">{links}</p>', body, count=1)
