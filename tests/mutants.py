"""Would the tests notice? One token of the arithmetic is changed, and the tests that reach it run.

    make mutants

200 changes are drawn by a fixed seed from core and practices: a comparison or a sign turned round,
a number one more, `and` for `or`. A run with coverage tells which tests reach which line. Each
change is then made in a fork of a process that has all libraries loaded and nothing of ours: it
imports the changed module, and runs those tests, quick ones first, until one fails. What nobody
notices is listed with its line; changes that change nothing anybody could see are judged by a
person, in `mutants_judged.txt`, with the reason.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import importlib.machinery
import importlib.util
import json
import os
import random
import re
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "playbook_helpers"
PLACES = ("core", "practices")
NUMBER, SEED, LEAST = 200, 20261201, 0.9
JUDGED = Path(__file__).with_name("mutants_judged.txt")
REACH = ROOT / "_build" / "mutants.json"
TESTS = ("tests/practices", "tests/attacks/test_disclosure.py", "tests/attacks/test_tables.py")
DECLARED = ["tests/test_defaults.py", "tests/practices/test_record_bounds.py"]
"""What these read of defaults and limits is worked out on import, in no test of its own."""
LEFT_OUT = [
    "areas",
    "areas_site",
    "book_build",
    "book_kernels",
    "cli_batch",
    "cluster",
    "commands",
    "data_package",
    "every_worksheet",
    "layers",
    "locks",
    "operators",
    "places",
    "report",
    "report_document",
    "report_many",
    "serve",
    "serve_limits",
    "store_crash",
    "store_disk_full",
    "store_migration",
    "wheel",
    "worksheets_nbval",
]
"""Test files that start processes or take long; what they reach, others reach too."""
FLOORS = {"core": 97, "drawing": 97, "practices": 98, "storage": 90, "worksheet": 97}
"""Percent of the lines of a folder that tests in one process reach, and may not fall below."""
PATIENCE, FIRST, MOST_TESTS = 60, 20, 300
"""Seconds that a change may take, and tests that are run for it: the first few, and in all."""
QUIET = ("-q", "-W", "ignore::pytest.PytestAssertRewriteWarning")
"""Libraries are loaded before pytest looks at them."""
LIBRARIES = ("hypothesis", "pydantic", "numpy", "pandas", "scipy.stats", "sqlalchemy", "typer")
SWAPS = {
    ast.Lt: ("<", "<="), ast.LtE: ("<=", "<"), ast.Gt: (">", ">="), ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="), ast.NotEq: ("!=", "=="), ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"), ast.Is: ("is", "is not"), ast.IsNot: ("is not", "is"),
    ast.Add: ("+", "-"), ast.Sub: ("-", "+"), ast.Mult: ("*", "/"), ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "*"), ast.And: ("and", "or"), ast.Or: ("or", "and"),
}  # fmt: skip


@dataclass(frozen=True, order=True)
class Mutant:
    """One change: at `start` of a file, `old` becomes `new`."""

    file: str
    line: int
    start: int
    old: str
    new: str

    @property
    def path(self) -> Path:
        return SOURCE / self.file

    def source(self) -> str:
        text = self.path.read_text("utf-8")
        assert text[self.start : self.start + len(self.old)] == self.old
        return text[: self.start] + self.new + text[self.start + len(self.old) :]

    def shown(self) -> str:
        line = self.path.read_text("utf-8").splitlines()[self.line - 1].strip()
        return f"{self.file}:{self.line}: {self.old} -> {self.new}: {line}"

    def key(self) -> str:
        """What it is known by when lines have moved."""
        line = self.path.read_text("utf-8").splitlines()[self.line - 1].strip()
        return f"{self.file} | {self.old} -> {self.new} | {line}"


SIX = (
    ("practices/learning/assess.py", r"(?<=last_day\(m\.planned\) )<", "<="),
    ("practices/communication/findings.py", r"(?<=^SOON = )60", "61"),
    ("practices/community/make_up.py", r"(?<=^FAIR = \(0\.8, )1\.25", "1.3"),
    ("practices/goals/check.py", r"(?<=goal\.confidence <= )2", "1"),
    ("practices/sustainability/charts/tornado.py", r"(?<=abs\(even - best\) < )2\.3", "0.3"),
    ("practices/resources/matching.py", r"(?<=in _FIRM )or", "and"),
)
"""File, place and new text of six changes that no test noticed once: none may come back."""


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Every change there is to make in a file."""
    text = path.read_text("utf-8")
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    lines = text.splitlines(keepends=True)

    def place(line: int, column: int) -> int:
        return starts[line - 1] + len(lines[line - 1].encode()[:column].decode())

    def begin(node: Any) -> int:
        return place(node.lineno, node.col_offset)

    def end(node: Any) -> int:
        return place(node.end_lineno, node.end_col_offset)

    def change(node: Any, start: int, old: str, new: str) -> Mutant:
        name = path.relative_to(SOURCE).as_posix()
        return Mutant(name, text.count("\n", 0, start) + 1, start, old, new)

    def between(left: Any, right: Any, kind: Any) -> Iterator[Mutant]:
        if type(kind) not in SWAPS:
            return
        old, new = SWAPS[type(kind)]
        word = rf"\b{old}\b" if old[0].isalpha() else re.escape(old)
        found = re.search(word.replace(" ", r"\s+"), text[end(left) : begin(right)])
        if found:
            yield change(left, end(left) + found.start(), found[0], new)

    for node in walked(ast.parse(text)):
        if isinstance(node, ast.Compare):
            for left, kind, right in zip(
                [node.left, *node.comparators], node.ops, node.comparators, strict=False
            ):
                yield from between(left, right, kind)
        elif isinstance(node, ast.BinOp) and not is_text(node.left) and not is_text(node.right):
            yield from between(node.left, node.right, node.op)
        elif isinstance(node, ast.BoolOp):
            for left, right in zip(node.values, node.values[1:], strict=False):
                yield from between(left, right, node.op)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield change(node, begin(node), "not ", "")
        elif isinstance(node, ast.Constant):
            old = text[begin(node) : end(node)]
            if isinstance(node.value, bool):
                yield change(node, begin(node), old, str(not node.value))
            elif isinstance(node.value, int):
                yield change(node, begin(node), old, str(node.value + 1))
            elif isinstance(node.value, float):
                yield change(node, begin(node), old, repr(round(node.value * 1.04 + 0.001, 6)))


def walked(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes that are carried out: no decorators, and of annotations only what is called."""
    todo: list[ast.AST] = [tree]
    while todo:
        node = todo.pop()
        yield node
        for name, value in ast.iter_fields(node):
            nodes = value if isinstance(value, list) else [value]
            some = [each for each in nodes if isinstance(each, ast.AST)]
            if name == "decorator_list":
                continue
            if isinstance(node, ast.keyword) and node.arg == "strict":
                continue  # zip's look at lengths, which differ nowhere
            if name in ("annotation", "returns"):
                some = [n for each in some for n in ast.walk(each) if isinstance(n, ast.Call)]
            if isinstance(node, ast.JoinedStr):
                some = [each for each in some if isinstance(each, ast.FormattedValue)]
            if isinstance(node, ast.FormattedValue) and name == "format_spec":
                continue
            todo += some


def is_text(node: ast.AST) -> bool:
    """Whether an operand is plainly text, for which a sign means something else."""
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


# Which tests reach which line -----------------------------------------------------------------


class Watch:
    """Tells coverage which test runs, and notes how long each takes."""

    def __init__(self, coverage: Any) -> None:
        self.coverage = coverage
        self.seconds: dict[str, float] = {}
        self.failed: list[str] = []

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.coverage.switch_context(item.nodeid)
        begin = time.monotonic()
        yield
        self.seconds[item.nodeid] = time.monotonic() - begin
        self.coverage.switch_context("")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)


def reach(kept: bool = False) -> dict[str, Any]:
    """File -> line -> tests; and how long each test takes. Kept while no file has changed.

    With `kept` also after: for trying out a test that is being written.
    """
    names = [p for p in sorted((ROOT / "tests").glob("test_*.py")) if known(p)]
    tests = [*TESTS, *(p.relative_to(ROOT).as_posix() for p in names)]
    files = [*SOURCE.rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    held = (p.stat().st_mtime_ns for p in files if p != Path(__file__))
    state = [str(max(held)), *tests]
    if REACH.is_file():
        before = json.loads(REACH.read_text("utf-8"))
        if kept or before["state"] == state:
            return before  # type: ignore[no-any-return]
    REACH.parent.mkdir(exist_ok=True)
    reading, writing = os.pipe()
    if not (child := os.fork()):
        os.close(reading)
        import coverage

        watch = coverage.Coverage(data_file=None, source=[str(SOURCE)])
        notes = Watch(watch)
        watch.start()
        code = pytest.main([*tests, *QUIET, "-m", "not postgres and not slow"], plugins=[notes])
        watch.stop()
        data = watch.get_data()
        lines = {
            Path(name).relative_to(SOURCE).as_posix(): {
                str(line): [c for c in contexts if c]
                for line, contexts in data.contexts_by_lineno(name).items()
            }
            for name in data.measured_files()
        }
        counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for path in SOURCE.rglob("*.py"):
            _, statements, _, missed, _ = watch.analysis2(str(path))
            folder = counts[path.relative_to(SOURCE).parts[0]]
            folder[0] += len(statements)
            folder[1] += len(statements) - len(missed)
        covered = {name: 100 * got / max(1, all_) for name, (all_, got) in counts.items()}
        found = {"state": state, "lines": lines, "seconds": notes.seconds, "covered": covered}
        REACH.write_text(json.dumps(found), "utf-8")
        os._exit(int(code != 0))
    os.close(writing)
    os.waitpid(child, 0)
    os.close(reading)
    return json.loads(REACH.read_text("utf-8"))  # type: ignore[no-any-return]


def known(path: Path) -> bool:
    """Whether a test file runs in one process, and soon."""
    return path.stem.removeprefix("test_") not in LEFT_OUT


def tests_of(mutant: Mutant, held: dict[str, Any]) -> list[str]:
    """The tests that reach a change, quick ones first."""
    lines = held["lines"].get(mutant.file, {})
    found = set(lines.get(str(mutant.line), ()))
    declared = [] if found else DECLARED
    if not found:
        # Carried out on import: whoever uses what is named there, in whatever file.
        names = {name for line in outermost(mutant) for name in re.findall(r"\w{3,}", line)}
        for file, own in held["lines"].items():
            texts = (SOURCE / file).read_text("utf-8").splitlines()
            for number, contexts in own.items():
                line = "".join(texts[int(number) - 1 : int(number)])  # an empty file has line 1
                if names & set(re.findall(r"\w{3,}", line)):
                    found.update(contexts)
        found |= {c for contexts in lines.values() for c in contexts} if not found else set()
    quick = sorted(found, key=lambda name: held["seconds"].get(name, 9.0))[:MOST_TESTS]
    return [*declared, *quick, *held.get("also", [])]


def outermost(mutant: Mutant) -> list[str]:
    """The names that the outermost statement around a change gives: an assignment's, a class's."""
    for node in ast.parse(mutant.path.read_text("utf-8")).body:
        if node.lineno <= mutant.line <= (node.end_lineno or node.lineno):
            if isinstance(node, ast.Assign):
                return [ast.unparse(target) for target in node.targets]
            if isinstance(node, ast.AnnAssign):
                return [ast.unparse(node.target)]
            return [getattr(node, "name", "")]
    return []


# One change ------------------------------------------------------------------------------------


class Changed(importlib.machinery.SourceFileLoader):
    """Loads the module with the change in it."""

    mutant: Mutant

    def get_code(self, fullname: str) -> Any:
        return compile(self.mutant.source(), str(self.mutant.path), "exec", dont_inherit=True)


class Finder:
    """Finds the one module that is changed."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant
        name = "playbook_helpers/" + mutant.file.removesuffix(".py").removesuffix("/__init__")
        self.name = name.replace("/", ".")

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> Any:
        if fullname != self.name:
            return None
        loader = Changed(fullname, str(self.mutant.path))
        loader.mutant = self.mutant
        return importlib.util.spec_from_file_location(
            fullname, self.mutant.path, loader=loader,
            submodule_search_locations=[str(self.mutant.path.parent)]
            if self.mutant.path.name == "__init__.py" else None,
        )  # fmt: skip


def started(mutant: Mutant, tests: Sequence[str]) -> int:
    """A fork that runs the tests with the change; its process number."""
    child = os.fork()
    if child:
        return child
    os.setsid()
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 1), os.dup2(nowhere, 2)
    sys.meta_path.insert(0, Finder(mutant))  # type: ignore[arg-type]
    signal.setitimer(signal.ITIMER_PROF, PATIENCE)  # of processor, whoever else is at work
    code = 1
    with contextlib.suppress(BaseException):
        # Most changes are noticed by the first few; the files of the others need not be read then.
        code = int(pytest.main([*tests[:FIRST], *QUIET, "-x"]))
        if not code and tests[FIRST:]:
            code = int(pytest.main([*tests[FIRST:], *QUIET, "-x"]))
    os._exit(code)


def noticed(mutants: Sequence[Mutant], held: dict[str, Any], cores: int) -> dict[Mutant, str]:
    """Mutant -> "noticed", "not noticed" or "not reached"."""
    found: dict[Mutant, str] = {}
    running: dict[int, Mutant] = {}
    todo = list(mutants)[::-1]
    while todo or running:
        while todo and len(running) < cores:
            mutant = todo.pop()
            tests = tests_of(mutant, held)
            if not tests:
                found[mutant] = "not reached"
                continue
            running[started(mutant, tests)] = mutant
        if running:
            child, status = os.wait()
            mutant = running.pop(child)
            found[mutant] = "not noticed" if status == 0 else "noticed"
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)
            print(".SR"[("noticed", "not noticed", "not reached").index(found[mutant])], end="")
            sys.stdout.flush()
    return found


def judged() -> dict[str, str]:
    """Key of a change -> why it changes nothing that anybody could see."""
    found: dict[str, str] = {}
    if JUDGED.is_file():
        for line in JUDGED.read_text("utf-8").splitlines():
            key, _, why = line.rpartition(" || ")
            if key and not line.startswith("#"):
                found[key] = why
    return found


def six() -> list[Mutant]:
    """The changes of `SIX`."""
    found = []
    for file, pattern, new in SIX:
        text = (SOURCE / file).read_text("utf-8")
        match = re.search(pattern, text, re.MULTILINE)
        assert match, (file, pattern)
        line = text.count("\n", 0, match.start()) + 1
        found.append(Mutant(file, line, match.start(), match[0], new))
    return found


def main() -> int:
    """Draw, try, list; 1 if too few are noticed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--number", type=int, default=NUMBER)
    options.add_argument("--seed", type=int, default=SEED)
    options.add_argument("--cores", type=int, default=os.cpu_count() or 1)
    options.add_argument("--only", default="", help="files that begin so, such as practices/trust")
    options.add_argument("--kept", action="store_true", help="reach lines as found before")
    options.add_argument("--also", nargs="*", default=[], help="tests to run besides")
    asked = options.parse_args()
    os.chdir(ROOT)
    begin = time.monotonic()
    for name in LIBRARIES:
        importlib.import_module(name)
    held = reach(asked.kept)
    held["also"] = asked.also
    low = [name for name, floor in FLOORS.items() if held["covered"][name] < floor]
    for name, floor in FLOORS.items():
        print(f"{name}: {held['covered'][name]:.1f} % of lines reached, at least {floor}")
    paths = [p for place in PLACES for p in sorted((SOURCE / place).rglob("*.py"))]
    every = sorted({mutant for path in paths for mutant in mutants_of(path)})
    every = [mutant for mutant in every if mutant.file.startswith(asked.only)]
    drawn = random.Random(asked.seed).sample(every, min(asked.number, len(every)))
    unchanged = [replace(mutant, new=mutant.old) for mutant in six()]
    if any(said != "not noticed" for said in noticed(unchanged, held, asked.cores).values()):
        print("tests fail where nothing is changed, so nothing can be told")
        return 2
    found = noticed([*six(), *drawn], held, asked.cores)
    why = judged()
    by: dict[str, list[Mutant]] = defaultdict(list)
    for mutant in drawn:
        by[
            "judged" if found[mutant] != "noticed" and mutant.key() in why else found[mutant]
        ].append(mutant)
    counted = len(drawn) - len(by["judged"])
    share = len(by["noticed"]) / max(1, counted)
    print(f"\n{len(drawn)} changes of {len(every):,}, in {time.monotonic() - begin:.0f} s")
    print(f"noticed {len(by['noticed'])} of {counted} that change anything: {share:.1%}")
    for name in ("not noticed", "not reached", "judged"):
        for mutant in by[name]:
            reason = f"  ({why[mutant.key()]})" if name == "judged" else ""
            print(f"{name}: {mutant.shown()}{reason}")
    missed = [mutant for mutant in six() if found[mutant] != "noticed"]
    for mutant in missed:
        print(f"one of the six: {mutant.shown()}")
    return int(share < LEAST or bool(missed) or bool(low))


if __name__ == "__main__":
    sys.exit(main())
