"""Every command in README and guide runs as printed.

Those that serve until they are ended, need another machine or take minutes are not run; what they
are made of is checked all the same, and why they are not run is said here.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
import typer
from guide_pages import PAGES, ROOT, name_of
from made_site import playbook
from typer.core import TyperGroup
from typer.main import get_command

from playbook_helpers.cli import app
from playbook_helpers.core.version import __version__

TEXTS = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *PAGES)
SHELLS = ("sh", "bash", "shell", "console")
PROGRAM = re.compile(r"(?:\S*[/\\])?(?:playbook|make|pip|python|py|dask) [\w.-]")
UsageError = typer.BadParameter.__mro__[1]
"""typer brings its own copy of click, whose names are not public."""
NOT_RUN = {
    "up": "serves until it is ended; the browser's tests build with it",
    "site": "builds the book, half a minute; the browser's tests do",
    "publish": "looks at a built site; test_inspection and test_wheel have one",
    "serve": "serves until it is ended; test_serve starts it",
    "workshop": "serves until it is ended; tests/workshop start it",
    "lab": "serves until it is ended; test_notebooks and a browser's test start it",
    "--scheduler": "needs machines; test_cluster has some",
    "postgresql": "needs a server; test_store and test_cluster have one",
    "s3:": "needs a place elsewhere; test_places has one",
    "erase": "takes words out for good, and asks a person first; test_store_erase has it",
    "close": "closes for good, and asks a person first; test_trust_closing has it",
    "papermill": "takes minutes for all; tests/batch runs it",
}
"""A command's name, or what its arguments hold -> why it is not run here."""
ARE = {
    "SLUG": "our-town",
    "NAME": "Our Town",
    "ROUND": "2027-03",
    "ID": "01890a5d-ac96-774b-bcce-b302099a8057",
    "PARTNERSHIP": "our-town",
    "COLUMN=TRAIT": "age=Age",
    "PATH...": "data/riverside-invented",
    "tcp://HOST:PORT": "tcp://10.0.0.5:8786",
    "backup FILE": "copy.db",
    "import-survey FILE": "survey.csv",
    "--mapping FILE": "data/early-years-england/mapping.toml",
}
"""What stands for a reader's own, by itself or after the word before it -> what is put there."""


@dataclass(frozen=True)
class Printed:
    """One command as a text has it."""

    where: str
    line: str
    inline: bool

    @property
    def words(self) -> list[str]:
        """The command and its arguments; programs by their bare names."""
        line = re.sub(r"\.venv[/\\](?:bin|Scripts)[/\\]", "", self.line)
        words = shlex.split(line, comments=True)
        return words[: words.index(">")] if ">" in words else words


def printed(path: Path) -> list[Printed]:
    """The commands in a text: every line of its shell fences, in other fences, and inline."""
    text = path.read_text("utf-8")
    where = name_of(path)
    found = []
    for label, block in re.findall(r"^ *```(\w*)\n(.*?)^ *```$", text, re.S | re.M):
        lines = [line.strip() for line in block.replace("\\\n", " ").splitlines()]
        if label in SHELLS:
            found += [Printed(where, line, False) for line in lines if line and line[0] != "#"]
        else:
            found += [Printed(where, line, False) for line in lines if PROGRAM.match(line)]
    outside = re.sub(r"^ *```.*?^ *```$", "", text, flags=re.DOTALL | re.MULTILINE)
    inline = re.findall(r"`([^`\n]+)`", outside)
    return found + [Printed(where, line, True) for line in inline if PROGRAM.match(line)]


COMMANDS = list(dict.fromkeys(one for path in TEXTS if path.is_file() for one in printed(path)))


def of(program: str) -> list[Printed]:
    """Each command of a program once, however often it is printed."""
    once = {tuple(one.words): one for one in reversed(COMMANDS) if one.words[0] == program}
    return list(reversed(once.values()))


def filled_in(words: list[str]) -> list[str]:
    """A reader's own in the place of what stands for it."""
    mapped = {"PATH...": "data/early-years-england"} if "--mapping" in words else {}
    are = ARE | mapped
    return [
        are.get(f"{before} {word}", are.get(word, word))
        for before, word in zip(["", *words], words, strict=False)
    ]


def parse(arguments: list[str]) -> object:
    """Hold arguments against the command line, exactly as it would, and run nothing."""
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    with group.make_context("playbook", list(arguments)) as context:
        name, command, rest = group.resolve_command(context, list(arguments))
        assert command is not None
        return command.make_context(name, rest, parent=context)


def why_not(words: list[str]) -> str:
    """Why a command is not run here; empty where it is."""
    name, *rest = words
    if name in NOT_RUN and (rest or name != "lab"):  # without a name it only lists
        return NOT_RUN[name]
    return next((why for part, why in NOT_RUN.items() if part in " ".join(rest)), "")


def is_mention(one: Printed) -> bool:
    """Whether a command is only spoken of by its name, and wants more to be run."""
    if not one.inline or len(one.words) != 2:
        return False
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    command = group.commands.get(one.words[1])
    return command is not None and any(parameter.required for parameter in command.params)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project's folder with the examples and Our Town in its store, and a reader's own files."""
    folder = tmp_path_factory.mktemp("prepared")
    (folder / "_config.yml").write_text("", "utf-8")
    for name in ("worksheets", "data"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "survey.csv").write_text(
        "age\n" + "".join(f"{20 + n % 20}\n" for n in range(40)), "utf-8"
    )
    downloads = folder / "Downloads"
    downloads.mkdir()
    answers = {
        "format": "playbook-answers/1",
        "partnership": "our-town",
        "name": "Our Town",
        "practice": "goals",
        "made": "2026-11-24T10:00:00.000Z",
        "revisions": [],
    }
    file = downloads / "playbook-our-town-goals-2026-11-24-3f9a.json"
    file.write_text(json.dumps(answers), "utf-8")
    assert playbook(folder, "lab").returncode == 0  # lists, and loads the examples
    assert playbook(folder, "new", "our-town", "--name", "Our Town").returncode == 0
    rhythm = [f"data/riverside-invented/{kind}.csv" for kind in ("audience", "message", "meeting")]
    assert playbook(folder, "import", *rhythm, "--partnership", "our-town").returncode == 0
    assert playbook(folder, "batch", "--no-report").returncode == 0
    return folder


def test_the_texts_hold_commands_to_try() -> None:
    assert len(of("playbook")) > 25
    assert {one.where for one in COMMANDS} >= {"README.md", "CONTRIBUTING.md", "book/operators.md"}
    known = {"playbook", "make", "python", "python3", "py", "dask", "cd"}
    assert {one.words[0] for one in COMMANDS} <= known, "say here how these are tried"


@pytest.mark.parametrize("one", of("playbook"), ids=lambda one: one.line)
def test_a_command_of_the_playbook_runs_as_printed(
    prepared: Path, tmp_path: Path, one: Printed
) -> None:
    words = one.words[1:]
    if is_mention(one):
        return
    arguments = filled_in(words)
    parse([re.sub(r"^~", str(prepared), word) for word in arguments])
    if why_not(words):
        return
    home = tmp_path / "home"
    left_out = shutil.ignore_patterns("playbook.db*") if words[0] == "new" else None
    shutil.copytree(prepared, home, symlinks=True, ignore=left_out)
    arguments = [re.sub(r"^~", str(home), word) for word in arguments]
    done = playbook(home, *arguments)
    assert done.returncode == 0, f"{one.where}: {one.line}\n{done.stderr}"
    assert done.stdout.strip(), "it says what it did"


@pytest.mark.parametrize("one", of("make"), ids=lambda one: one.line)
def test_a_target_of_the_makefile_is_there(one: Printed) -> None:
    done = subprocess.run(
        ["make", "-n", *filled_in(one.words[1:])],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


WHEEL = re.compile(r"partnership-playbook\[([a-z,]+)\] @ file:///\S+/partnership_playbook-(\S+?)-")


@pytest.mark.parametrize(
    "one", [*of("python"), *of("python3"), *of("py"), *of("pip")], ids=lambda one: one.line
)
def test_an_install_is_from_a_lock_or_a_wheel_and_never_by_name(one: Printed) -> None:
    """Not run: they take minutes. What is installed, and how, may be this and nothing else."""
    program, dash, module, *rest = one.words
    assert (program in ("py", "python", "python3"), dash) == (True, "-m")
    if module == "venv":
        assert rest == [".venv"]
        return
    assert (module, rest[0]) == ("pip", "install")
    if "-r" in rest:
        assert rest[1:3] == ["--require-hashes", "-r"]
        assert len(rest) == 4
        assert (ROOT / rest[3]).is_file()
    elif (wheel := WHEEL.match(rest[1])) is not None:
        assert wheel[2] == __version__
        assert {f"{part}.txt" for part in wheel[1].split(",")} <= {
            path.name for path in (ROOT / "requirements").iterdir()
        }
    else:
        assert rest[1:] == ["--no-deps", "--no-build-isolation", "-e", "."]


@pytest.mark.parametrize("one", of("dask"), ids=lambda one: one.line)
def test_a_command_of_dask_takes_these_options(one: Printed) -> None:
    """Not run: they serve until they are ended; test_cluster starts them."""
    from distributed.cli import dask_scheduler, dask_worker

    command = {"scheduler": dask_scheduler, "worker": dask_worker}[one.words[1]].main
    command.make_context("dask", list(one.words[2:]))


def test_a_command_line_that_is_not_taken_is_noticed() -> None:
    for line in ("batch --workrs 4", "calendar", "progres our-town", "lab --portfolio"):
        with pytest.raises(UsageError):
            parse(shlex.split(line))


def test_why_a_command_is_not_run_is_still_true() -> None:
    lines = [" ".join(one.words[1:]) for one in of("playbook") if why_not(one.words[1:])]
    for part in NOT_RUN:
        assert any(part in line for line in lines), f"{part} is printed nowhere"
    assert len(lines) < len(of("playbook")) / 2
