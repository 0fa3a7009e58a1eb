"""Worksheets made by hand, and tasks done without a kernel, for the tests of a batch."""

from __future__ import annotations

import json

from playbook_helpers.batch import Outcome, Task
from playbook_helpers.batch.artifacts import save_notebook

CELL = {"cell_type": "code", "execution_count": None, "outputs": []}


def notebook(*sources: str) -> str:
    parameters = 'partnership = ""\nstore = ""\nas_of = ""\nround = ""'
    cells = [CELL | {"id": "p", "metadata": {"tags": ["parameters"]}, "source": parameters}]
    cells += [
        CELL | {"id": f"c{place}", "metadata": {}, "source": source}
        for place, source in enumerate(sources)
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def done(task: Task) -> Outcome:
    save_notebook(task.target, "{}", {"fingerprint": task.fingerprint})
    return Outcome(task.partnership, task.worksheet, "done")
