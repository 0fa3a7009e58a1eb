"""A worksheet reads what it declares: nothing else changes it, and each of its kinds does."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from playbook_helpers.batch.artifacts import save_notebook
from playbook_helpers.batch.dependencies import reads_of
from playbook_helpers.batch.plan import make_plan, pick_worksheets
from playbook_helpers.core.partnership import WORKSHEETS, Decision, Partner
from playbook_helpers.core.reads import Reads
from playbook_helpers.core.records import Record
from playbook_helpers.core.revisions import Revision, new_revision
from playbook_helpers.practices import PRACTICES
from playbook_helpers.practices.goals import Goal
from playbook_helpers.practices.kinds import RECORD_TYPES
from playbook_helpers.practices.learning import Review
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files import load_examples

ROOT = Path(__file__).parents[1]
SLUG = "riverside-invented"
DAY = date(2026, 11, 26)
SOURCES, LEFT_OUT = pick_worksheets(ROOT)
OTHERS = [(practice.stem, kind) for practice in PRACTICES for kind in practice.reads]
FACE = "from playbook_helpers.worksheet import Worksheet\n"


@pytest.fixture(scope="module")
def revisions() -> list[Revision]:
    with Store.open("sqlite://") as store:
        load_examples(store, ROOT / "data")
        return store.revisions()


@pytest.fixture(autouse=True)
def _document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAYBOOK_SHOW", "document")


def kept(revisions: list[Revision], keep: Callable[[Revision], bool], folder: Path) -> str:
    """The address of a store that holds those revisions only."""
    address = f"sqlite:///{folder / 'some.db'}"
    with Store.open(address) as store:
        store.append(r for r in revisions if keep(r))
    return address


def cells_of(stem: str) -> list[str]:
    cells = json.loads((ROOT / "worksheets" / f"{stem}.ipynb").read_text("utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def shown_by(stem: str, address: str) -> list[str]:
    """What each cell of a worksheet shows; of charts the assessment, which is all they are of."""
    names: dict[str, Any] = {}
    seen = []
    for place, source in enumerate(cells_of(stem)):
        if place == 0:
            source = f"partnership, store, as_of, round = {SLUG!r}, {address!r}, '', ''"
        elif source.startswith("ws.chart("):
            continue
        body = ast.parse(source).body
        last = body.pop() if isinstance(body[-1], ast.Expr) else None
        exec(compile(ast.Module(body, []), stem, "exec"), names)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), stem, "eval"), names)
            if value is not None:  # what stands on the site alone
                seen.append(str(value._repr_mimebundle_()["text/html"]))
    return [*seen, json.dumps(names["ws"].assess().to_json())]


@pytest.mark.parametrize("stem", SOURCES)
def test_no_cell_changes_when_every_record_that_is_not_read_is_taken_away(
    revisions: list[Revision], tmp_path: Path, stem: str
) -> None:
    reads = SOURCES[stem].reads

    def read(r: Revision) -> bool:
        at = r.payload.get("worksheet") in reads.worksheets if r.kind == Decision.kind else False
        return r.partnership == SLUG and (reads.has(r.practice, r.kind) or at)

    (tmp_path / "all").mkdir()
    whole = kept(revisions, lambda r: r.partnership == SLUG, tmp_path / "all")
    some = kept(revisions, read, tmp_path)
    gone = sum(r.partnership == SLUG and not read(r) for r in revisions)
    assert gone > 50 or stem == "overview"
    assert shown_by(stem, some) == shown_by(stem, whole)


# What the example has no case of: an owner that left, a partner named like a person, a lesson to
# be shared in the time that the drafted report is about.
CASES: dict[tuple[str, str], tuple[Record, ...]] = {
    ("goals", "partner"): (
        Partner(name="Old Mill", sector="company", left="2024"),
        Goal(name="M", sentence="More.", level="output", owner_organisation="Old Mill"),
    ),
    ("learning", "partner"): (
        Partner(name="Jane Miller", sector="company"),
        Review(name="Bus", side="challenge", happened="Then Jane Miller forgot the bus."),
    ),
    ("communication", "review"): (
        Review(name="Bus", side="success", date="2026-08", happened="It came.", sharing="anyone"),
    ),
}


@pytest.mark.parametrize(("stem", "kind"), OTHERS)
def test_every_kind_that_is_declared_is_truly_read(
    revisions: list[Revision], tmp_path: Path, stem: str, kind: str
) -> None:
    own = [r for r in revisions if r.partnership == SLUG]
    own += [new_revision(SLUG, record) for record in CASES.get((stem, kind), ())]
    (tmp_path / "less").mkdir()
    whole = kept(own, lambda r: True, tmp_path)
    less = kept(own, lambda r: r.kind != kind, tmp_path / "less")
    assert shown_by(stem, less) != shown_by(stem, whole)


@pytest.fixture
def planned(tmp_path: Path, revisions: list[Revision]) -> Iterator[Callable[[], set[str]]]:
    """Plan after plan over one store: which worksheets have to be run; they then count as run."""
    (tmp_path / "_config.yml").touch()
    (tmp_path / "worksheets").symlink_to(ROOT / "worksheets")
    with Store.open(f"sqlite:///{tmp_path / 'playbook.db'}") as store:
        store.append(r for r in revisions if r.partnership == SLUG)

        def plan(*more: Revision) -> set[str]:
            store.append(more)
            tasks = make_plan(tmp_path, store, today=DAY).tasks
            for task in tasks:
                save_notebook(task.target, "{}", {"fingerprint": task.fingerprint})
            return {task.worksheet for task in tasks}

        plan()
        assert plan() == set()
        yield plan


def test_a_changed_record_of_any_kind_renews_the_worksheets_that_read_it_and_no_other(
    planned: Callable[[], set[str]], revisions: list[Revision]
) -> None:
    seen = set()
    for kind, type_ in RECORD_TYPES.items():
        if kind == Decision.kind:
            continue
        held = next((r for r in revisions if r.partnership == SLUG and r.kind == kind), None)
        said = dict(held.payload) if held else {"round": "2026-11"}  # no example of a first round
        gone = new_revision(SLUG, type_.model_validate(said))
        readers = {s for s, source in SOURCES.items() if source.reads.has(type_.practice, kind)}
        assert planned(gone) == readers, kind
        seen |= {frozenset(readers)}
    assert {"overview", "goals", "resources", "communication"} in seen  # a goal
    assert {"overview", "community"} in seen
    assert set(WORKSHEETS) in seen  # the partnership itself


def test_a_decision_renews_its_own_worksheet_and_one_that_is_moved_renews_both(
    planned: Callable[..., set[str]],
) -> None:
    first = new_revision(SLUG, Decision(worksheet="goals", date="2026-11", decided="Count again"))
    assert planned(first) == {"overview", "goals"}
    moved = Decision(worksheet="trust", date="2026-11", decided="Count again")
    after = new_revision(SLUG, moved, record_id=first.record, parents=(first.id,))
    assert planned(after) == {"overview", "goals", "trust"}


def test_an_older_state_that_is_brought_in_later_renews_what_reads_the_past(
    planned: Callable[..., set[str]],
) -> None:
    earlier = new_revision(SLUG, RECORD_TYPES["assumption"].model_validate({"name": "It rains"}))
    later = new_revision(
        SLUG,
        RECORD_TYPES["assumption"].model_validate({"name": "It snows"}),
        record_id=earlier.record,
        parents=(earlier.id,),
    )
    assert planned(later) == {"overview", "innovation"}
    assert planned(earlier) == {"overview", "innovation"}


def test_the_store_gives_the_fingerprints_of_many_partnerships_at_once(store_url: str) -> None:
    goals, partners = Reads(frozenset({"goals"})), Reads(kinds=frozenset({"partner"}))
    with Store.open(store_url) as store:
        for slug in ("east", "west"):
            store.append([new_revision(slug, Goal(name="A", sentence="More.", level="output"))])
        first = store.record_fingerprints()
        assert set(first) == {"east", "west"}
        assert store.record_fingerprints(["east", "nobody"]) == {
            "east": first["east"],
            "nobody": store.record_fingerprints(["none"])["none"],
        }
        store.append([new_revision("east", Partner(name="Library", sector="other"))])
        store.append([new_revision("east", Decision(worksheet="goals", date="2026", decided="X"))])
        then = store.record_fingerprints()
        assert then["west"] == first["west"]
        assert then["east"].of(goals) == first["east"].of(goals)
        assert then["east"].of(partners) != first["east"].of(partners)
        at_goals = Reads(worksheets=frozenset({"goals"}))
        assert then["east"].of(at_goals) != first["east"].of(at_goals)
        at_trust = Reads(worksheets=frozenset({"trust"}))
        assert then["east"].of(at_trust) == first["east"].of(at_trust)
        heads = store.heads_of(("goal", "partner"))
        assert [h.kind for h in heads["east"]] == ["goal", "partner"]
        assert [h.kind for h in heads["west"]] == ["goal"]
        assert list(store.heads_of(("goal",), ["west"])) == ["west"]


def test_the_worksheets_of_the_playbook_read_what_their_practices_declare() -> None:
    for practice in PRACTICES:
        assert SOURCES[practice.stem].reads == practice.reading
    assert SOURCES["overview"].reads.everything


@pytest.mark.parametrize(
    "code",
    [
        "import sqlite3",
        "from pathlib import Path",
        "from playbook_helpers.storage.database import Store",
        "ws.heads()",
        "ws._store.revisions()",
        "open('other.csv')",
        "%run other.ipynb",
        "stem = 'trust'\nWorksheet(stem, partnership)",
        "ws.table(kind)",
        "ws.table(*kinds)",
        "getattr(ws, 'heads')()",
        "Worksheet('nothing', partnership)",
        "(lambda: ws)().form()",
    ],
)
def test_a_notebook_that_may_read_anything_is_taken_to(code: str) -> None:
    assert reads_of((FACE, "ws = Worksheet('goals', partnership)", code)).everything


def test_a_notebook_of_ones_own_reads_what_its_cells_name() -> None:
    reads = reads_of((FACE, "ws = Worksheet('trust', partnership)", "ws.table('offer')"))
    assert reads.has("resources", "offer")
    assert not reads.has("resources", "need")
    both = reads_of((FACE, "Worksheet('trust', partnership)", "Worksheet('goals', partnership)"))
    assert both.has("goals", "goal")
    assert both.has("trust", "check_in")
    assert not both.has("resources", "offer")
    assert reads_of(("print('nothing of the playbook')",)).everything
