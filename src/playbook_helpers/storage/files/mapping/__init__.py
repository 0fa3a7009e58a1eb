"""Tables that others publish, one row for an area and a year, made into partnerships.

A mapping file says which column is what, where the way of counting changed, and by which rule a
target is set. It is data from end to end: nothing in it, and nothing in a table, is ever run.
"""

from playbook_helpers.storage.files.mapping.importing import import_mapped, read_mapped
from playbook_helpers.storage.files.mapping.parsing import parse_mapping, read_mapping
from playbook_helpers.storage.files.mapping.rules import Mapping

__all__ = ["Mapping", "import_mapped", "parse_mapping", "read_mapped", "read_mapping"]
