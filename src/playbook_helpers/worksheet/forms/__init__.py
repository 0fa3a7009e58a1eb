"""The one form component: drawn from record types, for notebooks, pages and paper alike.

The modules in `static` draw the form from `form_description`, and `scripts` joins them.
`page.form_html` puts it on a plain page;
`widget.FormView` (imported by itself, because it brings the notebook machinery) puts it in a
notebook.
"""

from playbook_helpers.worksheet.forms.description import form_description
from playbook_helpers.worksheet.forms.page import form_html, write_assets

__all__ = ["form_description", "form_html", "write_assets"]
