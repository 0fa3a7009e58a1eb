"""What a fork server has ready before the first notebook: imports that nearly all need."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

MODULES = (
    "numpy",
    "pandas",
    "matplotlib",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "IPython.core.pylabtools",
    "PIL.BmpImagePlugin",
    "PIL.GifImagePlugin",
    "PIL.JpegImagePlugin",
    "PIL.PngImagePlugin",
    "PIL.PpmImagePlugin",
    "pandas.io.formats.html",
    "pandas.io.formats.string",
    "ipywidgets",
    "nbformat",
    "sqlalchemy.dialects.sqlite",
)
"""For any notebook."""
WORKSHEETS = (
    "playbook_helpers.worksheet",
    "playbook_helpers.overview_page",
    "playbook_helpers.charts",
    "playbook_helpers.whatif",
    "playbook_helpers.downloads",
    "playbook_helpers.pages",
    "playbook_helpers.decided",
    "playbook_helpers.show",
    "playbook_helpers.forms.widget",
    "playbook_helpers.batch.job",
    "playbook_helpers.kernels.client",
    "playbook_helpers.kernels.engine",
    "papermill.execute",
)
"""For worksheets in a batch."""
_SLOW = "rfc3987_syntax"


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
