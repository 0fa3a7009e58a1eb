"""What a fork server imports before its first fork: libraries that nearly all notebooks need."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

LIGHT = (
    "ipywidgets",
    "nbformat",
    "sqlalchemy.dialects.sqlite",
)
"""For any notebook, and all that the project's own worksheets need."""
MODULES = (
    *LIGHT,
    "IPython.core.pylabtools",
    "numpy",
    "pandas",
    "pandas.io.formats.html",
    "pandas.io.formats.string",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_svg",
    "matplotlib.backends.backend_agg",
    "PIL.BmpImagePlugin",
    "PIL.GifImagePlugin",
    "PIL.JpegImagePlugin",
    "PIL.PngImagePlugin",
    "PIL.PpmImagePlugin",
)
"""For notebooks that bring their own tables and charts: more memory."""
_SLOW = "rfc3987_syntax"


def load(modules: Iterable[str]) -> None:
    """Import what notebooks need."""
    for module in modules:
        with suppress(ImportError):  # it is the notebooks' own business then
            importlib.import_module(module)


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
