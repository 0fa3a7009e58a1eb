"""The store: every revision of every record, in SQLite or PostgreSQL, only ever added to."""

from playbook_helpers.store.store import Store

__all__ = ["Store"]
