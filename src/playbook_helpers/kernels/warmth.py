"""What a fork server has ready before the first notebook: imports that nearly all need."""

from __future__ import annotations

MODULES = (
    "numpy",
    "pandas",
    "matplotlib",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_svg",
    "ipywidgets",
    "nbformat",
    "playbook_helpers.worksheet",
)
