"""What a worksheet says, worked out in a reader's own browser: the same to the byte as here."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from every_section import sections
from playwright.sync_api import Page

from playbook_helpers.core.as_of import resolve_as_of
from playbook_helpers.core.assessment import of_type
from playbook_helpers.core.partnership import Partnership
from playbook_helpers.publish.site.engine import fetch, package_zip
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files import load_examples

ROOT = Path(__file__).parents[2]
SLUGS = ("riverside-invented", "100000-homes", "shape-up-somerville", "strive-partnership")
WORKER = """
import { loadPyodide } from "./pyodide.mjs";
onmessage = async ({ data }) => {
  try {
    const python = await loadPyodide({ indexURL: new URL("./", import.meta.url).href });
    for (const name of data.wheels) {
      python.unpackArchive(await (await fetch(name)).arrayBuffer(), "wheel");
    }
    const own = await (await fetch("package.zip")).arrayBuffer();
    const extractDir = python.runPython("import sysconfig; sysconfig.get_path('purelib')");
    python.unpackArchive(own, "zip", { extractDir });
    python.runPython(await (await fetch("every_section.py")).text());
    python.globals.set("given", await (await fetch("given.json")).text());
    const made = python.runPython("import json; json.dumps(sections(given))");
    const heavy = python.runPython("import sys; ' '.join(sorted(sys.modules))");
    postMessage({ made, heavy });
  } catch (error) {
    postMessage({ error: String(error) });
  }
};
"""
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Here</title>
<script type="module" src="page.mjs"></script>"""
STARTER = """
const worker = new Worker("worker.mjs", { type: "module" });
worker.onmessage = ({ data }) => { window.answer = data; };
const wheels = await (await fetch("wheels.json")).json();
worker.postMessage({ wheels });
"""


@pytest.fixture(scope="module")
def given() -> str:
    """The revisions of four examples, as JSON."""
    found: dict[str, Any] = {}
    with Store.open("sqlite://") as store:
        load_examples(store, ROOT / "data")
        for slug in SLUGS:
            revisions = store.revisions(slug)
            about = next(r for _, r in of_type(store.heads(slug), Partnership))
            found[slug] = resolve_as_of(about).isoformat(), [asdict(r) for r in revisions]
    return json.dumps(found)


@pytest.fixture(scope="module")
def engine(given: str) -> Path:
    """A folder with Pyodide, its packages, and the page that asks it."""
    folder = ROOT / "_build" / "engine"
    wheels = fetch(folder)
    texts = {
        "index.html": PAGE,
        "page.mjs": STARTER,
        "worker.mjs": WORKER,
        "wheels.json": json.dumps(wheels),
        "given.json": given,
        "every_section.py": (ROOT / "tests" / "support" / "every_section.py").read_text("utf-8"),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
    (folder / "package.zip").write_bytes(package_zip())
    return folder


def test_every_section_is_the_same_to_the_byte_in_the_browser(
    engine: Path,
    given: str,
    page: Page,
    serve: Callable[..., str],
) -> None:
    here = sections(given)
    assert len(here) > 280
    page.goto(f"{serve(engine)}/index.html")
    page.wait_for_function("window.answer !== undefined", timeout=240_000)
    answer = page.evaluate("window.answer")
    assert "error" not in answer, answer["error"]
    there = json.loads(answer["made"])
    assert there.keys() == here.keys()
    unlike = [name for name, html in here.items() if there[name] != html]
    assert not unlike
    tops = {name.partition(".")[0] for name in answer["heavy"].split()}
    assert not tops & {"matplotlib", "numpy", "pandas", "sqlalchemy", "openpyxl", "ipywidgets"}
    assert "pydantic_core" in tops
