"""The plan of a batch: which worksheet for which partnership, and which of them need running.

A notebook is run again only when something it is made from has changed: the worksheet, this
package, its parameters, or a record that it reads. Beside each executed notebook stands a small
file that says what it was made from; comparing that is all a second run has to do. The store is
asked a few questions for many partnerships together, and of each folder one file is read.
"""

from __future__ import annotations

import difflib
import fnmatch
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

from playbook_helpers.batch.artifacts import saved_notebooks
from playbook_helpers.batch.dependencies import reads_of
from playbook_helpers.batch.parameters import (
    PARAMETER_NAMES,
    Value,
    nearest_first,
    pick_partnerships,
    read_parameters,
    shown_address,
)
from playbook_helpers.batch.places import saved_at
from playbook_helpers.batch.tasks import Kept, Plan, Source, Subject, Tasks
from playbook_helpers.core.as_of import resolve_as_of
from playbook_helpers.core.assessment import Head, current, of_type
from playbook_helpers.core.errors import InputError, NotFound
from playbook_helpers.core.partnership import OVERVIEW, Partnership
from playbook_helpers.core.reads import EVERYTHING, Reads
from playbook_helpers.core.version import __version__
from playbook_helpers.drawing.display import images_wanted
from playbook_helpers.practices import PRACTICES
from playbook_helpers.practices.communication import Story, gate_day, gated
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.database.fingerprints import RecordFingerprints
from playbook_helpers.worksheet.notebooks import assigned
from playbook_helpers.worksheet.project import example_slugs, notebooks_in, report_folder

_AT_ONCE = 100
"""Partnerships whose records are asked for together: more would only take more memory."""
# What no notebook can see: a change there is no reason to run one again.
_NOT_SEEN_BY_NOTEBOOKS = ("cli", "publish/report", "publish/site")


BOOK = (OVERVIEW, *(practice.stem for practice in PRACTICES))
"""The worksheets of a report, in its order."""


def make_plan(
    root: Path,
    store: Store,
    *,
    partnerships: Iterable[str] = (),
    worksheets: Iterable[str] = (),
    as_of: str | date = "",
    round: str = "",  # noqa: A002 - the word people know it by
    values: Mapping[str, Value] | None = None,
    engine: str = "",
    images: str = "",
    force: bool = False,
    output: str = "",
    today: date | None = None,
    folder: Path | None = None,
) -> Plan:
    """What is to be done for the named partnerships and worksheets, or for all of them.

    `values` are those of parameters that worksheets of one's own declare, by name.
    `engine` names a papermill engine; empty is papermill's own. With `images` "png", charts carry
    PNG and PDF besides SVG. With `force` everything is done
    again. `folder`, inside `root`, is where notebooks land: the project's reports if None.
    `output` is the address of another place for the results. Raises InputError for a wrong
    parameter, NotFound (listing what there is) for unknown partnerships and worksheets,
    StoreError if the store cannot be read.
    """
    partnerships = tuple(partnerships)
    sources, left_out = pick_worksheets(root, worksheets)
    slugs = pick_partnerships(store.partnerships(), partnerships, example_slugs(root))
    given = {"store": store.address, "as_of": as_of, "round": round, **(values or {})}
    declared = dict.fromkeys(name for sheet in sources.values() for name in sheet.names)
    checked = read_parameters({"partnership": slugs[0], **given}, declared)
    common = {
        "store": shown_address(checked.store, root),
        "version": __version__,
        "source": source_hash(),
        "engine": engine,
    }
    if (wanted := images_wanted(images)) != "svg":
        common["images"] = wanted
    home = folder or report_folder(root)
    todo: list[Kept] = []
    unchanged: list[Kept] = []
    orders: dict[tuple[str, ...], tuple[str, ...]] = {}
    sent = saved_at(output, slugs) if output and not force else {}
    for slug, prints, own in in_slices(store, slugs):
        record = next((value for _, value in of_type(current(own), Partnership)), None)
        day = checked.as_of or resolve_as_of(record, "", today)
        told = stories_told(own, day, today)
        there = sent.get(slug, {}) if force or output else saved_notebooks(home / slug)
        stems = {*sources, *(stem for stem, each in there.items() if each.state)}
        order = tuple(s for s in BOOK if s in stems) + tuple(sorted(stems - set(BOOK)))
        subject = Subject(
            root=root,
            home=home,
            output=output,
            common=common,
            parameters=replace(checked, partnership=slug, as_of=day),
            name=record.name if record else slug,
            invented=bool(record and record.invented),
            about=prints.of(Reads()),
            order=orders.setdefault(order, order),  # nearly always the same one
        )
        for stem, sheet in sources.items():
            tells = sheet.reads.has(Story.practice, Story.kind)
            records = bytes.fromhex(prints.of(sheet.reads))
            kept = subject, sheet, records, told if tells else ()
            held = there[stem].made if stem in there else {}
            is_current = (
                bool(held) and held.get("fingerprint") == subject.task(*kept[1:]).fingerprint
            )
            (unchanged if is_current else todo).append(kept)
    return Plan(Tasks(todo), Tasks(unchanged), left_out)


def in_slices(
    store: Store, slugs: Sequence[str]
) -> Iterator[tuple[str, RecordFingerprints, list[Head]]]:
    """Each partnership with the fingerprints of its records, and its heads that tell of itself.

    The store is asked for some at a time, so that thousands take no more memory than hundreds.
    """
    for first in range(0, len(slugs), _AT_ONCE):
        some = slugs[first : first + _AT_ONCE]
        prints = store.record_fingerprints(some)
        heads = store.heads_of((Partnership.kind, Story.kind), some)
        for slug in some:
            yield slug, prints[slug], heads.get(slug, [])


def stories_told(heads: Iterable[Head], as_of: date, today: date | None = None) -> tuple[str, ...]:
    """The stories that pages may tell: when a consent ends, pages change though no record does."""
    told = gated(heads, "public", gate_day(as_of, today))
    return tuple(sorted(each.head.revision for each in told if not each.problem))


def pick_worksheets(
    root: Path, wanted: Iterable[str] = ()
) -> tuple[dict[str, Source], tuple[str, ...]]:
    """Stem -> worksheet, in the book's order: those wanted, or all that one partnership takes.

    Beside it, in words, the notebooks that were left out because their parameters cannot be told.
    A worksheet with parameters but without `partnership` stands above partnerships and is no part
    of a batch. `*` and `?` stand for any letters and for one; a path leads to a worksheet of one's
    own outside the folder. Raises NotFound listing those there are.
    """
    folder = root / "worksheets"
    found = {path.stem: _source(path) for path in notebooks_in(folder)}
    wanted = list(wanted)
    outside = [_outside(folder, found, each) for each in wanted if each.endswith(".ipynb")]
    found |= {path.stem: _source(path) for path in outside}
    faults = {stem: source.fault for stem, source in found.items() if source.fault}
    no_files = {path.stem for path in folder.glob("[!.]*.ipynb")} - set(found)
    faults |= dict.fromkeys(sorted(no_files), "it is no file, or a link that leads nowhere")
    found = {
        stem: source
        for stem, source in found.items()
        if "partnership" in source.names and not source.fault
    }
    left_out = tuple(f"{stem}.ipynb was left out: {fault}" for stem, fault in faults.items())
    if not found:
        raise NotFound("There are no worksheets", value=str(folder), allowed="; ".join(left_out))
    order = [stem for stem in BOOK if stem in found] + [s for s in found if s not in BOOK]
    picked: list[str] = []
    for each in wanted:
        stem = Path(each).stem if each.endswith(".ipynb") else each
        several = any(sign in stem for sign in "*?") and fnmatch.filter(order, stem)
        picked += several or [stem]
    for stem in picked:
        if stem in faults:
            raise InputError(
                f"This notebook cannot be run for a partnership: {faults[stem]}",
                value=f"{stem}.ipynb",
                allowed="a file with a plain name, with one code cell that has the tag parameters "
                "and sets partnership",
            )
        if stem not in found:
            raise NotFound(
                "There is no worksheet of that name for a partnership",
                value=stem,
                allowed=nearest_first(stem, order),
            )
    chosen = {stem: found[stem] for stem in order if not picked or stem in picked}
    return chosen, () if picked else left_out


def _outside(folder: Path, there: Mapping[str, Source], named: str) -> Path:
    """The worksheet at a path. Raises InputError where its pages would be another's."""
    path = Path(named).expanduser().resolve()
    if not path.is_file():
        raise NotFound(
            "There is no worksheet at this path",
            value=named,
            allowed="a notebook's path; or the name of one of: " + nearest_first(path.stem, there),
        )
    held = there.get(path.stem)
    if held is not None and held.path.resolve() != path:
        raise InputError(
            "A worksheet of this name is in the playbook's folder, and pages go by that name",
            value=named,
            allowed="another file name",
        )
    return path


def reads_by_stem(root: Path) -> dict[str, Reads]:
    """Stem -> what the worksheet of that name reads, for all worksheets there are."""
    return {path.stem: _source(path).reads for path in notebooks_in(root / "worksheets")}


def _source(path: Path) -> Source:
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    try:
        cells = [
            ("".join(cell["source"]), cell.get("metadata", {}).get("tags", ()))
            for cell in json.loads(content)["cells"]
            if cell["cell_type"] == "code"
        ]
        tagged = [text for text, tags in cells if "parameters" in tags]
        given = assigned(tagged[0]) if tagged else []
        fault = _fault(len(tagged), [tags for _, tags in cells])
        reads = reads_of(text for text, _ in cells)
    except (ValueError, LookupError, TypeError, SyntaxError):
        # Not a notebook that can be read: its own run says why, and stops nobody else's.
        given, reads, fault = list(PARAMETER_NAMES), EVERYTHING, ""
    if path.stem == "index" or "." in path.stem:
        fault = "its pages go by its name, which may not be index or have a full stop in it"
    names = tuple(dict.fromkeys((*(n for n in PARAMETER_NAMES if n in given), *given)))
    return Source(path, digest, names, reads, fault)


def _fault(tagged: int, tags: Iterable[Iterable[str]]) -> str:
    """Why it cannot be told which parameters a notebook takes; empty where it can."""
    if tagged == 1:
        return ""
    if tagged:
        return f"{tagged} of its cells have the tag parameters, and only the first would be filled"
    near = difflib.get_close_matches(
        "parameters", [str(tag).lower() for each in tags for tag in each], n=1, cutoff=0.7
    )
    other = f" (one has the tag {near[0]!r})" if near and near[0] != "parameters" else ""
    other = other or (" (one has it with capital letters)" if near else "")
    return f"none of its cells has the tag parameters{other}"


@cache
def source_hash() -> str:
    """A hash over this package's own files, as far as notebooks can see them."""
    folder = Path(__file__).parents[1]
    total = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        place = file.relative_to(folder)
        if file.suffix not in (".py", ".css", ".js"):
            continue
        if not place.as_posix().startswith(_NOT_SEEN_BY_NOTEBOOKS):
            total.update(place.as_posix().encode() + b"\0")
            total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()
