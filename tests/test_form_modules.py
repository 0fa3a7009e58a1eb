"""The form's modules by themselves, by node's own test runner; and what they read, read by Python.

Where there is no node the first is left out: the browser tests go through the same modules joined.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from playbook_helpers.core.answering import answered
from playbook_helpers.core.partial_dates import spoken
from playbook_helpers.core.written import read_answer, read_number, read_when
from playbook_helpers.practices.goals import Goal
from playbook_helpers.practices.sustainability.records import Capacity
from playbook_helpers.publish.site.sphinx_extension import STATIC as SITE
from playbook_helpers.worksheet.forms.scripts import STATIC

HERE = Path(__file__).parent
TEXTS = HERE / "written_texts.json"
TABLE: dict[str, list[tuple[str, Any]]] = json.loads(TEXTS.read_text("utf-8"))
NODE = shutil.which("node")


@pytest.mark.skipif(NODE is None, reason="there is no node here to run the modules with")
def test_the_modules_pass_their_own_tests(tmp_path: Path) -> None:
    assert NODE is not None
    for path in (*STATIC.glob("*.js"), *(HERE / "javascript").glob("*.js")):
        shutil.copy(path, tmp_path)
    # The page's own modules take the form's from where they lie in the package.
    for path in (SITE / "answers").glob("*.js"):
        text = path.read_text("utf-8").replace("../../../../worksheet/forms/static/", "./")
        (tmp_path / path.name).write_text(text, "utf-8")
    (tmp_path / "package.json").write_text('{"type": "module"}', "utf-8")
    names = sorted(path.name for path in tmp_path.glob("*.test.js"))
    done = subprocess.run(
        [NODE, "--test", "--test-reporter=tap", *names],
        cwd=tmp_path,
        env={**os.environ, "WRITTEN_TEXTS": str(TEXTS)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert f"# pass {len(TABLE['dates']) + len(TABLE['numbers']) + 24}" in done.stdout


@pytest.mark.parametrize(("text", "kept"), TABLE["dates"])
def test_a_date_is_read_as_the_form_reads_it(text: str, kept: str | None) -> None:
    if kept is None:
        with pytest.raises(ValueError, match=r"is not a date|can be read as|is too far away"):
            read_when(text)
    else:
        assert read_when(text) == kept
        assert read_when(spoken(kept)) == kept, "what is shown can be typed"


@pytest.mark.parametrize(("text", "kept"), TABLE["numbers"])
def test_a_number_is_read_as_the_form_reads_it(text: str, kept: float | None) -> None:
    if kept is None:
        with pytest.raises(ValueError, match=r"is not a number|reads two ways"):
            read_number(text)
    else:
        assert read_number(text) == kept


def test_an_answer_as_people_write_it_is_checked_as_it_is_kept() -> None:
    answer = {"name": "Meals", "sentence": "Fewer hungry pupils.", "level": "outcome"}
    written = {**answer, "target_date": "July 2028", "target_value": "10 percent"}
    goal, wrong = answered(Goal, read_answer(Goal, written))
    assert (goal and (goal.target_date, goal.target_value), wrong) == (("2028-07", 10.0), [])
    _, faults = answered(Goal, read_answer(Goal, {**answer, "target_date": "7/8/2028"}))
    assert [where for where, _ in faults] == ["target_date"]
    task, wrong = answered(Capacity, read_answer(Capacity, {"task": "Keys", "able": "2"}))
    assert (task and task.able, wrong) == (2, [])
    _, faults = answered(Capacity, read_answer(Capacity, {"task": "Keys", "able": "2.5"}))
    assert [where for where, _ in faults] == ["able"]


def test_what_is_stored_is_held_to_the_kept_form() -> None:
    """What people write is read once, on its way in: a revision holds nothing to be read."""
    answer = {"name": "Meals", "sentence": "Fewer.", "level": "outcome", "target_date": "July 2028"}
    assert [where for where, _ in answered(Goal, answer)[1]] == ["target_date"]
