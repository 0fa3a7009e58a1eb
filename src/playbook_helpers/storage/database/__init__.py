"""The store: every revision of every record, in SQLite or PostgreSQL, only ever added to."""

from playbook_helpers.storage.database.ballots import closing_of
from playbook_helpers.storage.database.store import Saved, Store

__all__ = ["Saved", "Store", "closing_of"]
