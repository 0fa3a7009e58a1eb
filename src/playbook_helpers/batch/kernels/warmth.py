"""What a fork server has ready before the first notebook: imports that nearly all need."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playbook_helpers.practices import PRACTICES
from playbook_helpers.practices.views import pages_of, what_ifs_of
from playbook_helpers.worksheet.project import notebooks_in

LIGHT = (
    "numpy",
    "matplotlib",
    "matplotlib.backends.backend_svg",
    "IPython.core.pylabtools",
    "ipywidgets",
    "nbformat",
    "sqlalchemy.dialects.sqlite",
)
"""For any notebook, and all that the project's own worksheets need."""
MODULES = (
    *LIGHT,
    "pandas",
    "pandas.io.formats.html",
    "pandas.io.formats.string",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_agg",
    "PIL.BmpImagePlugin",
    "PIL.GifImagePlugin",
    "PIL.JpegImagePlugin",
    "PIL.PngImagePlugin",
    "PIL.PpmImagePlugin",
)
"""For notebooks that bring their own tables and charts: a fifth more memory."""
WORKSHEETS = (
    "playbook_helpers.worksheet.worksheet",
    "playbook_helpers.worksheet.overview",
    *(
        f"playbook_helpers.practices.{place}"
        for place in (
            *(f"{practice.stem}.charts" for practice in PRACTICES),
            *(f"{practice.stem}.what_if" for practice in PRACTICES if what_ifs_of(practice)),
            *(f"{practice.stem}.pages" for practice in PRACTICES if pages_of(practice)),
        )
    ),
    "playbook_helpers.worksheet.sections.decisions",
    "playbook_helpers.worksheet.sections.results",
    "playbook_helpers.worksheet.forms.widget",
    "playbook_helpers.batch.job",
    "playbook_helpers.batch.kernels.client",
    "playbook_helpers.batch.kernels.engine",
    "papermill.execute",
)
"""For worksheets in a batch."""
_SLOW = "rfc3987_syntax"
_OWN_WAYS = re.compile(
    r"(?:^|;)\s*(?:import|from)\s+(?!playbook_helpers\b)|^\s*[%!]|\bframe\b|__import__|importlib",
    re.ASCII | re.MULTILINE,
)


def modules_for(worksheets: Path) -> tuple[str, ...]:
    """What to have ready for the worksheets of a folder.

    Those that only import this package draw and lay out by it, without pandas and pyplot. If one
    imports anything else, uses a magic, asks for a table as a frame or cannot be read, everything
    is made ready: whatever is not costs each notebook that wants it half a second.
    """
    for path in notebooks_in(worksheets):
        try:
            code = [
                "".join(cell["source"])
                for cell in json.loads(path.read_text("utf-8"))["cells"]
                if cell["cell_type"] == "code"
            ]
        except (OSError, ValueError, LookupError, TypeError):
            return (*MODULES, *WORKSHEETS)
        if _OWN_WAYS.search("\n".join(code)):
            return (*MODULES, *WORKSHEETS)
    return (*LIGHT, *WORKSHEETS)


def skip_slow_import() -> None:
    """Leave out a part of the notebook library that costs a second, 16 MB, and nobody asks for.

    jsonschema builds a grammar for international web addresses if the package for it happens to
    be installed (JupyterLab brings it); the notebook format has no such field.
    """
    sys.modules.setdefault(_SLOW, None)  # type: ignore[arg-type]


@contextmanager
def slow_import_skipped() -> Iterator[None]:
    """The same for a while: a notebook that wants the package itself finds it afterwards."""
    skip_slow_import()
    try:
        yield
    finally:
        if sys.modules.get(_SLOW, sys) is None:
            del sys.modules[_SLOW]
