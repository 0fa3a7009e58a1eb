"""Every example in a docstring does what it says."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import playbook_helpers

MODULES = [
    "playbook_helpers",
    *sorted(
        info.name
        for info in pkgutil.walk_packages(playbook_helpers.__path__, "playbook_helpers.")
        if info.name != "playbook_helpers.batch.papermill_process"
    ),
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_docstrings_hold(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name))
    assert result.failed == 0
