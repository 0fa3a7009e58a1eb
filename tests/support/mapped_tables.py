"""Published tables and the mappings that make partnerships of them, for the tests of mapping."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from imported_files import write

from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files import ImportRefused, ImportSummary
from playbook_helpers.storage.files.mapping import import_mapped

MAPPING = """
format = "playbook-mapping/1"
title = "Places in nurseries"
[table]
missing = ["", "x"]
[date]
column = "year"
[value]
column = "share"
[partnership]
slug = "{area}"
name = "{area} (figures)"
[[goal]]
whose = "exercise"
baseline = "first"
name = "a place for all"
sentence = "from {the baseline} ({the baseline date}) to {the target} by {the target date}."
level = "outcome"
unit = "percent"
target = { rule = "points", points = 5, date = "2030" }
"""
TABLE = "area,year,share\nEast,2020,50\nEast,2021,52.5\nWest,2020,40\nWest,2022,x\nWest,2023,39\n"


def take(
    store: Store, folder: Path, table: str = TABLE, mapping: str = MAPPING, **ways: Any
) -> ImportSummary:
    path = write(folder, "table.csv", table)
    return import_mapped(store, [path], write(folder, "mapping.toml", mapping), **ways)


def refused(store: Store, folder: Path, table: str = TABLE, mapping: str = MAPPING) -> list[str]:
    before = store.revisions()
    with pytest.raises(ImportRefused) as caught:
        take(store, folder, table, mapping)
    assert store.revisions() == before, "nothing was half-written"
    return [str(problem) for problem in caught.value.summary.problems]


def payloads(store: Store, slug: str, kind: str) -> list[dict[str, Any]]:
    return [dict(head.payload) for head in store.heads(slug, kind=kind)]


WAITING = """
format = "playbook-mapping/1"
title = "Waiting times"
[table]
newest = ["Ziel 2028"]
[date]
column = "Stichtag"
[value]
column = "Wert"
[partnership]
slug = "{Kurzname}"
name = "{Gebiet}"
[[goal]]
whose = "theirs"
rows = { Kennzahl = "Wartezeit" }
series = "Zählweise"
baseline = "31.12.2022"
name = "Shorter waits"
sentence = "Cut the wait in {Gebiet} from {the baseline} days to {the target} by {the target date}."
level = "outcome"
unit = "number"
direction = "down"
source = "Plan of the district, 2022"
target = { rule = "column", column = "Ziel 2028", date = "2028-12-31" }
[goal.measurement]
note = "Counted in the {Zählweise} way"
[goal.indicator_sheet]
name = "Days to a place"
baseline = "{the baseline} on {the baseline date}, for {the goal}"
[[goal]]
whose = "reading"
rows = { Kennzahl = ["Plätze", "Plätze (vorläufig)"] }
name = "Places"
sentence = "more places in {Gebiet}."
level = "output"
"""
WAITING_TABLE = (
    "Gebiet;Kurzname;Kennzahl;Stichtag;Wert;Ziel 2028;Zählweise\n"
    "Nord;district north;Wartezeit;31.12.2020;40,5;;alt\n"
    "Nord;district north;Wartezeit;31.12.2021;38,0;;alt\n"
    "Nord;district north;Wartezeit;31.12.2023;30,5;20;neu\n"
    "Nord;district north;Wartezeit;31.12.2022;35,5;25;neu\n"
    "Nord;district north;Plätze;31.12.2022;1.200;;neu\n"
    "Nord;district north;Plätze (vorläufig);31.12.2023;1.250,5;;neu\n"
)
