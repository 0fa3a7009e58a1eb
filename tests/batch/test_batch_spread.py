"""Work in a copy of this process: done while this one goes on, and told of if it fails."""

from __future__ import annotations

import os
import signal
import threading
from functools import partial
from pathlib import Path

import pytest

from playbook_helpers.batch.kernels.linux import can_fork
from playbook_helpers.batch.parallel import beside


def note(path: Path) -> None:
    path.write_text(str(os.getpid()))


@pytest.mark.skipif(not can_fork(), reason="copies are made on Linux alone")
def test_it_is_done_in_a_copy_while_the_block_runs(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    with beside(partial(note, seen), copy=True):
        waited = threading.Event()
        while not seen.exists():
            waited.wait(0.01)
    assert int(seen.read_text()) != os.getpid()


@pytest.mark.parametrize("other_thread", [False, True])
def test_it_is_done_here_where_a_copy_is_not_asked_for_or_not_safe(
    tmp_path: Path, other_thread: bool
) -> None:
    seen, over = tmp_path / "seen", threading.Event()
    thread = threading.Thread(target=over.wait)
    if other_thread:
        thread.start()
    try:
        with beside(partial(note, seen), copy=other_thread):
            assert not seen.exists()
        assert int(seen.read_text()) == os.getpid()
    finally:
        over.set()
        if other_thread:
            thread.join()


def test_what_goes_wrong_in_the_copy_is_told_from_here(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with (
        pytest.raises(FileNotFoundError, match="nowhere"),
        beside(partial(note, tmp_path / "nowhere" / "seen"), copy=True),
    ):
        pass
    assert capfd.readouterr() == ("", "")


def test_a_copy_that_is_killed_is_made_up_for_here(tmp_path: Path) -> None:
    seen, here = tmp_path / "seen", os.getpid()

    def dies() -> None:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        note(seen)

    with beside(dies, copy=True):
        pass
    assert int(seen.read_text()) == here


def test_what_goes_wrong_in_the_block_is_what_is_told(tmp_path: Path) -> None:
    with (
        pytest.raises(LookupError, match="in the block"),
        beside(partial(note, tmp_path / "nowhere" / "seen"), copy=True),
    ):
        raise LookupError("in the block")
