"""The store: every revision of every record, in SQLite or PostgreSQL, only ever added to."""

from playbook_helpers.storage.database.opening import closing_of
from playbook_helpers.storage.database.saving import Saved
from playbook_helpers.storage.database.store import Store

__all__ = ["Saved", "Store", "closing_of"]
