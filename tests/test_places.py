"""Results in another place: an S3 server of one's own, a folder, memory; never half of one."""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from playbook_helpers.batch import Outcome, Task, make_plan, places, run_plan
from playbook_helpers.batch.artifacts import save_failed, save_notebook
from playbook_helpers.batch.places import put, read_output, save_at, take
from playbook_helpers.batch.upload import copy_of, execute_and_send, fetch
from playbook_helpers.cli import main
from playbook_helpers.core.errors import InputError
from playbook_helpers.core.partnership import Partnership
from playbook_helpers.core.revisions import new_revision
from playbook_helpers.practices.resources import Need
from playbook_helpers.storage.database import Store

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.filterwarnings("default")  # of the object store's own libraries


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """A bucket on an S3 server that runs here."""
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    told = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing-secret",
        "AWS_DEFAULT_REGION": "us-east-1",
        "NO_PROXY": host,
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, value in told.items():
            patch.setenv(name, value)
        boto3.client("s3").create_bucket(Bucket="playbook")
        yield "s3://playbook"
    server.stop()


@pytest.fixture(params=["s3", "memory", "file"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "s3":
        base = str(request.getfixturevalue("s3"))
    else:
        base = "memory:/" if request.param == "memory" else f"file://{tmp_path}"
    return read_output(f"{base}/{tmp_path.name}/reports")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "_config.yml").touch()
    (tmp_path / "worksheets").mkdir()
    for stem in ("goals", "resources"):
        text = (ROOT / "worksheets" / f"{stem}.ipynb").read_text("utf-8")
        (tmp_path / "worksheets" / f"{stem}.ipynb").write_text(text, "utf-8")
    return tmp_path


@pytest.fixture
def store(root: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{root / 'playbook.db'}") as opened:
        for slug in ("east-side", "our-town"):
            opened.append([new_revision(slug, Partnership(name=slug.title()))])
        yield opened


def executed(task: Task) -> Outcome:
    """What a run leaves behind, without the run."""
    made = dict(task.made_from) | {"fingerprint": task.fingerprint}
    text = json.dumps({"cells": [], "metadata": {"playbook": made}, "nbformat": 4})
    save_notebook(task.target, text, made)
    return Outcome(task.partnership, task.worksheet, "done", notebook=str(task.target))


def failing(task: Task) -> Outcome:
    at = str(save_failed(task.target, '{"cells": [], "metadata": {}}'))
    return Outcome(task.partnership, task.worksheet, "failed", reason="an error", notebook=at)


send = partial(execute_and_send, execute=executed)


def test_notebooks_go_to_their_place_and_nothing_stays_here(
    root: Path, store: Store, place: str
) -> None:
    plan = make_plan(root, store, output=place)
    summary = run_plan(plan, execute=send, workers=2)
    assert summary.counts == {"done": 4, "unchanged": 0, "failed": 0, "stopped": 0}
    assert summary.outcomes[0].notebook == f"{place}/east-side/goals.ipynb"
    notebook = json.loads(take(summary.outcomes[0].notebook))
    assert notebook["metadata"]["papermill"]["output_path"] == summary.outcomes[0].notebook
    made = json.loads(take(f"{place}/east-side/goals.made-from.json"))
    assert made == notebook["metadata"]["playbook"]
    assert not [path for path in (root / "_build").rglob("*") if path.is_file()]


def test_there_too_only_what_changed_is_done_again(root: Path, store: Store, place: str) -> None:
    run_plan(make_plan(root, store, output=place), execute=send, workers=2)
    for _ in range(2):  # the first plan writes the indexes, the second goes by them
        assert make_plan(root, store, output=place).tasks == ()
    store.append([new_revision("our-town", Need(name="Rooms", type="space"))])
    (task,) = make_plan(root, store, output=place).tasks
    assert (task.partnership, task.worksheet) == ("our-town", "resources")
    assert len(make_plan(root, store, output=place, force=True).tasks) == 4
    assert len(make_plan(root, store).tasks) == 4  # nothing of it lies here


@pytest.mark.parametrize("step", [1, 2])
def test_a_run_cut_off_on_the_way_counts_as_out_of_date(
    root: Path, store: Store, place: str, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    plan = make_plan(root, store, output=place, worksheets=["goals"], as_of="2020-01-31")
    run_plan(plan, execute=send, workers=1)
    assert make_plan(root, store, output=place, worksheets=["goals"], as_of="2020-01-31").unchanged
    done = 0

    def cut_off(*given: Any) -> None:
        nonlocal done
        done += 1
        if done == step:
            raise KeyboardInterrupt
        put(*given)

    with monkeypatch.context() as patch:
        patch.setattr("playbook_helpers.batch.places.put", cut_off)
        with pytest.raises(KeyboardInterrupt):
            save_at(plan.tasks[0].place, "{}", {"fingerprint": "another"})
    left = make_plan(root, store, output=place, worksheets=["goals"], as_of="2020-01-31").tasks
    assert [task.partnership for task in left] == ["east-side"]


def test_a_failed_run_lies_beside_the_last_good_one(root: Path, store: Store, place: str) -> None:
    plan = make_plan(root, store, output=place, partnerships=["our-town"], worksheets=["goals"])
    run_plan(plan, execute=send, workers=1)
    good = take(plan.tasks[0].place)
    summary = run_plan(plan, execute=partial(execute_and_send, execute=failing), workers=1)
    assert summary.failed[0].notebook == f"{place}/our-town/goals.failed.ipynb"
    assert take(plan.tasks[0].place) == good
    assert fetch(place, copy_of(root, place), ["our-town"]) == 3
    assert fetch(place, copy_of(root, place), ["our-town"]) == 0
    run_plan(plan, execute=send, workers=1)
    with pytest.raises(FileNotFoundError):
        take(f"{place}/our-town/goals.failed.ipynb")


def test_the_command_runs_real_worksheets_and_sends_reports_to_s3(
    root: Path, store: Store, s3: str, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    place = f"{s3}/by-command"
    monkeypatch.setenv("PLAYBOOK_HOME", str(root))
    words = ["playbook", "batch", "our-town", "--worksheet", "goals", "--output", place, "--json"]
    monkeypatch.setattr(sys, "argv", words)
    for status in ("done", "unchanged"):
        with pytest.raises(SystemExit) as ended:
            main()
        assert ended.value.code in (0, None)
        told = json.loads(capsys.readouterr().out)
        assert told["counts"][status] == 1
        assert told["notebooks"][0]["notebook"] == f"{place}/our-town/goals.ipynb"
        assert told["reports"]["home"] == f"{place}/index.html"
    assert "Our-Town" in take(f"{place}/our-town/goals.html")
    assert "our-town/index.html" in take(f"{place}/index.html")
    assert "testing-secret" not in take(f"{place}/our-town/goals.ipynb")


def test_a_place_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    assert read_output(str(tmp_path)) == tmp_path.as_uri()
    for address in ("nosuch://bucket/x", "s3://", "s3://key:secret@bucket/x", "s3://b/x?y=1"):
        with pytest.raises(InputError) as caught:
            read_output(address)
        assert "secret" not in str(caught.value)
    # Azure's own form names a container and an account; a password is refused there too.
    with pytest.raises(InputError, match="first run: pip install adlfs"):
        read_output("abfs://container@account.dfs.core.windows.net/reports")
    with pytest.raises(InputError, match="no place for results"):
        # What is offered instead can be used as it is installed: S3 in the tests, Azure not.
        read_output("abfs://container:secret@account/reports")


def test_a_folder_needs_nothing_that_is_not_installed_and_what_is_refused_is_not_offered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)
    monkeypatch.setattr(places, "find_spec", lambda name: None)
    assert read_output(str(tmp_path)) == tmp_path.as_uri()
    put(f"{tmp_path.as_uri()}/a/n.ipynb", "{}")
    assert (tmp_path / "a" / "n.ipynb").read_text("utf-8") == "{}"
    for address in ("s3://", "nosuch://bucket/x"):
        with pytest.raises(InputError) as caught:
            read_output(address)
        assert "://bucket" not in caught.value.allowed
        assert caught.value.allowed.startswith("a folder")
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert any(each.startswith("fsspec") for each in extras["optional-dependencies"]["worksheets"])
