"""One writer of the crash tests: saves groups of revisions and notes each that was acknowledged.

Called with a store's address, the writer's number, the file for acknowledgements and the file for
failures. It starts at the first group that was not acknowledged, and goes on until it is killed.
"""

from __future__ import annotations

import os
import sys
import time
import uuid
from pathlib import Path

from playbook_helpers.core.errors import StoreError
from playbook_helpers.core.revisions import Revision
from playbook_helpers.storage.database import Store


def group(writer: int, number: int) -> list[Revision]:
    """Three states of one record, the same each time they are asked for."""
    ids = [str(uuid.UUID(int=writer << 64 | number << 8 | part)) for part in range(4)]
    return [
        Revision(
            id=ids[part],
            partnership=f"area-{writer}",
            practice="goals",
            kind="goal",
            record=ids[3],
            payload={"name": f"Goal {number} of {writer}", "sentence": f"{part} " * 50},
            parents=(ids[part - 1],) if part else (),
            client_time=f"2025-01-01T00:00:00.{part:03d}Z",
        )
        for part in range(3)
    ]


def main(address: str, writer: int, acknowledged: Path, failures: Path) -> None:
    """Save until killed, or until the test is gone; after a failure, send the same again."""
    test = os.getppid()
    note = os.open(acknowledged, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    number = len(acknowledged.read_text().split())
    with Store.open(address, create=False) as store:
        while os.getppid() == test:
            try:
                store.append(group(writer, number))
            except StoreError as error:
                with failures.open("a") as file:
                    file.write(error.what + "\n")
                time.sleep(0.05)
            else:
                os.write(note, f"{number}\n".encode())
                number += 1


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), Path(sys.argv[4]))
