"""Pages of the book are worked out in forks of one warm process, where a fork is safe."""

from __future__ import annotations

import subprocess
import sys

import pytest

from playbook_helpers.batch.kernels.linux import can_fork

TWO_PAGES = """
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from playbook_helpers.batch.kernels.forkserver import shared_server
from playbook_helpers.publish.site.sphinx_extension import fork_kernels

fork_kernels()
for page in range(2):
    book = new_notebook(cells=[new_code_cell("import os; kept = os.getppid(); kept")])
    NotebookClient(book).execute()
    print(book.cells[0].outputs[0]["data"]["text/plain"], shared_server(kernel=False).pid)
"""


@pytest.mark.skipif(not can_fork(), reason="no safe fork here: each page has a kernel of its own")
def test_both_pages_have_the_warm_process_for_a_parent() -> None:
    done = subprocess.run([sys.executable, "-c", TWO_PAGES], capture_output=True, text=True)
    lines = done.stdout.splitlines()
    assert len(lines) == 2, done.stderr
    parents = {number for line in lines for number in line.split()}
    assert len(parents) == 1
