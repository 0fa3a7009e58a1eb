"""Each install of the Makefile has a lock: whole, with hashes, and the pins of constraints.txt."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from playbook_helpers.publish.site.engine.parts import LOCK

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
NAME = PROJECT["project"]["name"]
EXTRAS = PROJECT["project"]["optional-dependencies"]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
OLDEST = Version("3.11.5")


def wanted(requirements: Iterable[str]) -> list[Requirement]:
    """The requirements, those of extras of this project in the place of their names."""
    found: list[Requirement] = []
    for text in requirements:
        requirement = Requirement(text)
        if canonicalize_name(requirement.name) == NAME:
            for extra in requirement.extras:
                found += wanted(EXTRAS[extra])
        else:
            found.append(requirement)
    return found


def locked(path: Path) -> dict[str, tuple[Version, int]]:
    """Name -> its version and how many hashes it has."""
    found: dict[str, tuple[Version, int]] = {}
    for block in re.split(r"\n(?=\S)", path.read_text("utf-8").strip()):
        requirement = Requirement(block.split("\\\n")[0].strip())
        (pin,) = requirement.specifier
        assert pin.operator == "==", block
        hashes = re.findall(r"--hash=sha256:[0-9a-f]{64}\b", block)
        name = canonicalize_name(requirement.name)
        assert name not in found, f"{name}: two versions, one for each kind of machine"
        found[name] = Version(pin.version), len(hashes)
    return found


def pins() -> dict[str, Version]:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pairs = (line.split("==") for line in lines if line and not line.startswith("#"))
    return {canonicalize_name(name): Version(version) for name, version in pairs}


def test_the_locks_are_those_the_makefile_makes_and_installs() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    named = re.search(r"^LOCKS := (.*)$", makefile, re.MULTILINE)
    assert named is not None
    assert sorted(named[1].split()) == [path.stem for path in LOCKS]
    assert set(re.findall(r"\.venv/(\w+)\.stamp", makefile)) <= {path.stem for path in LOCKS}
    assert {path.stem for path in LOCKS} <= set(EXTRAS)


@pytest.mark.parametrize("path", LOCKS, ids=lambda p: p.stem)
def test_a_lock_holds_its_extra_the_core_and_what_builds_the_package(path: Path) -> None:
    held = locked(path)
    build = (ROOT / "requirements" / "build.in").read_text("utf-8")
    lines = [line for line in build.splitlines() if line and not line.startswith("#")]
    assert {Requirement(r).name for r in PROJECT["build-system"]["requires"]} <= {
        Requirement(line).name for line in lines
    }
    for requirement in wanted([*PROJECT["project"]["dependencies"], *EXTRAS[path.stem], *lines]):
        name = canonicalize_name(requirement.name)
        assert name in held, f"run `make lock`: {path.name} lacks {name}"
        version, hashes = held[name]
        assert version in requirement.specifier
        assert hashes > 0
    without = [name for name, (_, hashes) in held.items() if not hashes]
    assert not without


@pytest.mark.parametrize("path", LOCKS, ids=lambda p: p.stem)
def test_a_lock_has_the_pins_of_the_constraints(path: Path) -> None:
    given = pins()
    assert {n: v for n, (v, _) in locked(path).items() if given.get(n) != v} == {}


def test_all_that_is_pinned_is_in_a_lock_or_makes_them() -> None:
    everything = set().union(*map(locked, LOCKS))
    assert set(pins()) - everything == {"uv"}


@pytest.mark.parametrize("path", LOCKS, ids=lambda p: p.stem)
def test_a_lock_names_no_registry_and_no_folder(path: Path) -> None:
    text = path.read_text("utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*(?:-i|-f|--(?!hash=)|#)", text, re.MULTILINE)


def test_the_oldest_python_is_the_same_everywhere() -> None:
    assert PROJECT["project"]["requires-python"] == f">={OLDEST}"
    assert f"--python-version {OLDEST} " in (ROOT / "Makefile").read_text("utf-8")
    for name in ("README.md", "CONTRIBUTING.md"):
        assert f"Python {OLDEST} or newer" in (ROOT / name).read_text("utf-8")


def test_the_browser_has_the_pydantic_that_is_pinned_here() -> None:
    """It names its core exactly, and HTML is compared to the byte."""
    held = locked(LOCK)
    for name in ("pydantic", "pydantic-core"):
        assert held[name] == (pins()[name], 1)
    assert {hashes for _, hashes in held.values()} == {1}
    assert len(held) == 5
