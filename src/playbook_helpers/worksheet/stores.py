"""Which store a worksheet opens, and how a newcomer's first one is filled.

Opening a worksheet in JupyterLab must work with no further step. Where nobody named a store and
the default one is not there yet or empty, the example partnerships are loaded into it.
"""

from __future__ import annotations

import os

from playbook_helpers.core.errors import NotFound
from playbook_helpers.storage.database import Store
from playbook_helpers.storage.files import load_examples
from playbook_helpers.worksheet.project import STORE_VARIABLE, default_store_url, project_root


def open_worksheet_store(url: str = "") -> Store:
    """The store at `url`; without one the default store, with the examples if it is empty.

    Raises StoreError if a named store cannot be opened, NotFound if there is no default.
    """
    if url or os.environ.get(STORE_VARIABLE):
        return Store.open(url or os.environ[STORE_VARIABLE], create=False)
    root = project_root()
    store = Store.open(default_store_url(root))
    if not store.partnerships():
        data = root / "data"
        if not data.is_dir():
            store.close()
            raise NotFound("The example partnerships were not found", value=str(data))
        load_examples(store, data)
    return store
