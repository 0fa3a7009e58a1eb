"""The page's engine: what a worksheet's page needs to work out the reader's own answers.

Pyodide, its library and the project's own modules as byte code, in one folder that the site
carries. The folder is named for what it holds, so that a browser can keep it for good.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from playbook_helpers.core.as_of import resolve_as_of
from playbook_helpers.core.assessment import of_type
from playbook_helpers.core.partnership import OVERVIEW, Partnership
from playbook_helpers.practices import PRACTICES
from playbook_helpers.practices.views import charts_of, pages_of, what_ifs_of
from playbook_helpers.publish.site.engine.parts import LOCK_FILE, fetch, node, package_zip, run
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files import load_examples

HERE = Path(__file__).parent
WORKER = HERE.parent / "static" / "worker.mjs"
CARRIED = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm")
Part = tuple[str, tuple[str, ...], dict[str, str]]
"""How a section is drawn: its name, its arguments, and what was chosen."""
_NAME = 12
"""Characters of the hash that names the folder."""
_LARGE = 100_000
"""Bytes of a file whose fetching is told to the reader piece by piece."""
ABOUT = "about.json"
"""Tells the worker of the other files."""
_ALWAYS = ("title", "records", "measures", "findings", "decisions")
_OWN = {OVERVIEW: ("next", "gaps"), "communication": ("calendar", "progress_report")}


def build_engine(root: Path, work: Path) -> Path:
    """Have the engine in a folder within `work`, made anew only if something of it changed.

    `root` holds `data/`, whose examples it is warmed up with. Raises InputError, saying what is
    missing, where a registry cannot be reached or no Node is there.
    """
    parts = work / "parts"
    fetch(parts)
    own, requests = package_zip(), json.dumps(every_request(root / "data"))
    total = hashlib.sha256((parts / "fetched").read_bytes() + own + requests.encode())
    for path in (HERE / "pack.mjs", HERE / "library.py", WORKER):
        total.update(path.read_bytes())
    made = work / total.hexdigest()[:_NAME]
    if made.is_dir():
        return made
    with tempfile.TemporaryDirectory(dir=work) as name:
        fresh = Path(name) / made.name
        fresh.mkdir()
        (Path(name) / "package.zip").write_bytes(own)
        (Path(name) / "requests.json").write_text(requests, "utf-8")
        command = [*node("node"), HERE / "pack.mjs", parts, Path(name) / "package.zip"]
        command += [Path(name) / "requests.json", HERE / "library.py", fresh]
        run([str(part) for part in command], "make the page's engine")
        for file in CARRIED:
            shutil.copyfile(parts / file, fresh / file)
        large = [path for path in sorted(fresh.iterdir()) if path.stat().st_size > _LARGE]
        sizes = {path.name: path.stat().st_size for path in large}
        # Pyodide holds the versions in its own list against these; of its packages it has none.
        lock = {"info": json.loads((parts / LOCK_FILE).read_bytes())["info"], "packages": {}}
        shutil.copyfile(WORKER, fresh / WORKER.name)
        files = [*sorted(path.name for path in fresh.iterdir()), ABOUT]
        about = {"files": files, "sizes": sizes, "lock": lock}
        (fresh / ABOUT).write_text(json.dumps(about), "utf-8")
        fresh.rename(made)
    return made


def megabytes(engine: Path) -> float:
    """What a browser fetches of the engine, in millions of bytes as gzip, to one decimal."""
    sizes = (len(gzip.compress(path.read_bytes())) for path in engine.iterdir())
    return round(sum(sizes) / 1e6, 1)


def every_request(data: Path) -> list[dict[str, Any]]:
    """A request for every section of every worksheet, for each of the examples in `data`."""
    found = []
    with Store.open("sqlite://") as store:
        load_examples(store, data)
        for slug in store.partnerships():
            about = next((r for _, r in of_type(store.heads(slug), Partnership)), None)
            revisions = [asdict(revision) for revision in store.revisions(slug)]
            for stem, parts in every_part().items():
                found.append(
                    {
                        "practice": stem,
                        "slug": slug,
                        "name": "",
                        "today": resolve_as_of(about).isoformat(),
                        "revisions": revisions,
                        "parts": parts,
                        "values": {},
                        "before": {"": ""},
                    }
                )
    return found


def every_part() -> dict[str, list[Part]]:
    """Stem -> every section that its worksheet can hold."""
    found: dict[str, list[Part]] = {}
    for practice in PRACTICES:
        parts: list[Part] = [(name, (), {}) for name in (*_ALWAYS, *_OWN.get(practice.stem, ()))]
        parts += [("chart", (name,), {}) for name in charts_of(practice)]
        parts += [("page", (name,), {}) for name in pages_of(practice)]
        parts += [("what_if", (name,), {}) for name in what_ifs_of(practice)]
        found[practice.stem] = parts
    found[OVERVIEW] = [(name, (), {}) for name in (*_ALWAYS, *_OWN[OVERVIEW])]
    return found
