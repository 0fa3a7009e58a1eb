"""What publishes the project: workflows that name what they use exactly, one version everywhere."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from playbook_helpers.core.version import __version__

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def jobs(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))["jobs"]
    return found


def test_the_version_is_one() -> None:
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))["version"]
    described = json.loads((ROOT / "codemeta.json").read_text("utf-8"))["version"]
    assert {str(cited), described} == {__version__}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_uses_what_it_names_by_its_hash_and_may_do_no_more_than_it_says(
    path: Path,
) -> None:
    text = path.read_text("utf-8")
    assert yaml.safe_load(text)["permissions"] == {}
    for name, job in jobs(path).items():
        assert job["permissions"], name
        assert job["timeout-minutes"], name
        for step in job["steps"]:
            if "uses" in step:
                assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", step["uses"]), step
            if "actions/checkout" in step.get("uses", ""):
                assert step["with"]["persist-credentials"] is False
    assert len(re.findall(r"uses: .*@[0-9a-f]{40} # v\d+\.\d+\.\d+$", text, re.M)) == text.count(
        "uses: "
    )


def ran() -> set[str]:
    """What the workflows run, on whichever host."""
    gitlab = yaml.safe_load((ROOT / ".gitlab-ci.yml").read_text("utf-8"))
    lines = [
        line for job in gitlab.values() if isinstance(job, dict) for line in job.get("script", ())
    ]
    for path in WORKFLOWS:
        for job in jobs(path).values():
            lines += [step["run"] for step in job["steps"] if "run" in step]
    return set(lines)


def test_what_the_workflows_run_is_there() -> None:
    lines = ran()
    assert ".ci/run" in lines
    assert {"make site", "make wheel", ".venv/bin/playbook publish"} <= lines
    for line in lines:
        if line.startswith("make "):
            subprocess.run(["make", "-n", *line.split()[1:]], cwd=ROOT, check=True,
                           capture_output=True)  # fmt: skip
        for lock in re.findall(r"-r (\S+)", line):
            assert (ROOT / lock).is_file()


def test_tests_run_on_every_python_that_is_promised() -> None:
    told = (ROOT / "pyproject.toml").read_text("utf-8")
    promised = re.findall(r"Python :: (3\.\d+)", told)
    assert set(promised) <= set(
        jobs(ROOT / ".github/workflows/tests.yml")["linux"]["strategy"]["matrix"]["python"]
    )


def test_nothing_of_this_kind_is_too_loose_to_run() -> None:
    for script in ("packaging/start.sh", "binder/postBuild"):
        subprocess.run(["bash", "-n", ROOT / script], check=True)
    container = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text("utf-8"))
    assert container["postCreateCommand"].startswith("make ")
    dockerfile = (ROOT / "packaging/Dockerfile").read_text("utf-8")
    for name in re.findall(r"requirements/\S+\.txt", dockerfile):
        assert (ROOT / name).is_file()
