"""The example for people who look after many: 151 areas of England and their early learning.

They are loaded into a store of their own and never beside real groups: `load_examples` passes
them over, since their folder is no data package but a table with its mapping file.
"""

from __future__ import annotations

from pathlib import Path

from playbook_helpers.core.errors import NotFound
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files.importing import ImportSummary
from playbook_helpers.storage.files.mapping import import_mapped

FOLDER = "early-years-england"
SAMPLE = (
    "area-barnet",
    "area-isle-of-wight",
    "area-lincolnshire",
    "area-richmond-upon-thames",
    "area-bournemouth-christchurch-and-poole",
)
"""Areas whose reports are shown: on the way, met and lost, far from it, met, and without a past."""


def load_areas(store: Store, root: Path) -> ImportSummary:
    """Import the 151 areas from the project's folder; it stores nothing when all are there.

    Raises NotFound if the example is not there, ImportRefused if it has a mistake.
    """
    folder = Path(root) / "data" / FOLDER
    if not folder.is_dir():
        raise NotFound("The example of 151 areas was not found", value=str(folder))
    return import_mapped(store, [folder], folder / "mapping.toml")
