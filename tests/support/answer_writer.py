"""Saves answers one after the other, in the order of a file, and says a line after each."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from playbook_helpers.core.revisions import from_json
from playbook_helpers.storage.database import Store


def main(address: str, order: Path) -> None:
    """Save until all are saved, or until killed."""
    with Store.open(address, create=False) as store:
        for entry in json.loads(order.read_text()):
            store.append(from_json(entry))
            print(entry["id"], flush=True)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
