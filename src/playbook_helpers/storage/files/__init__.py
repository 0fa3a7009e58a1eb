"""Files in and out: data packages, spreadsheets as people have them, answers from forms."""

from playbook_helpers.storage.files.importing import (
    ImportRefused,
    ImportSummary,
    import_paths,
    load_examples,
    take_in,
)
from playbook_helpers.storage.files.incoming import Incoming, read_path
from playbook_helpers.storage.files.package import (
    export_partnership,
    package_files,
    withheld_stories,
)
from playbook_helpers.storage.files.problems import Problem
from playbook_helpers.storage.files.rows import FileRow

__all__ = [
    "FileRow",
    "ImportRefused",
    "ImportSummary",
    "Incoming",
    "Problem",
    "export_partnership",
    "import_paths",
    "load_examples",
    "package_files",
    "read_path",
    "take_in",
    "withheld_stories",
]
