"""What a partnership takes on disk: its records, its pages, its executed notebooks.

Measured on what `make site` has made of the example partnerships. The three figures go into
`book/_data/measured.json` under the names that are printed.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files import load_examples
from playbook_helpers.worksheet.project import project_root, report_folder

PAGES = (".html", ".json", ".zip")


def main() -> int:
    root = project_root()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.db"
        with Store.open(f"sqlite:///{path}") as store:
            load_examples(store, root / "data")
            slugs = store.partnerships()
        kilobytes = {"store": sum(f.stat().st_size for f in path.parent.iterdir()) / 1000}
    folders = [report_folder(root) / slug for slug in slugs]
    if not all(len(list(each.glob("*.ipynb"))) >= 9 for each in folders):
        print("The examples' worksheets have not all been run: `make site` first.", file=sys.stderr)
        return 1
    files = [file for each in folders for file in each.iterdir()]
    made = [f for f in files if not f.name.endswith(".made-from.json")]
    kilobytes["report"] = sum(f.stat().st_size for f in made if f.suffix in PAGES) / 1000
    kilobytes["notebooks"] = sum(f.stat().st_size for f in made if f.suffix == ".ipynb") / 1000
    print(f"kB for one partnership, mean of the {len(slugs)} examples with nine worksheets each")
    for name, total in kilobytes.items():
        print(f'  "{name}": {total / len(slugs):.0f}')
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
