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
