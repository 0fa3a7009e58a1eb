"""From executed notebook to page: one nbconvert exporter with the playbook's own templates.

The exporter is made once and used for every page; its template environment also draws the pages
above the worksheets. It escapes every value that a template does not call safe by name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from nbconvert.exporters import TemplateExporter
from traitlets import default

from playbook_helpers.core.bidi import isolated
from playbook_helpers.core.partial_dates import spoken
from playbook_helpers.drawing.tables import css
from playbook_helpers.publish.report.document import read_document

TEMPLATES = Path(__file__).parent / "template"


class ReportExporter(TemplateExporter):
    """Writes an executed notebook as a page to read: no code, no prompts, no script."""

    output_mimetype = "text/html"

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    @default("template_paths")
    def _template_paths_default(self) -> list[str]:
        return [str(TEMPLATES)]

    @default("template_file")
    def _template_file_default(self) -> str:
        return "worksheet.html.j2"

    @default("default_preprocessors")
    def _default_preprocessors_default(self) -> list[str]:
        return []  # what a reader sees is decided in one place: document.py

    def _create_environment(self) -> Any:
        environment = super()._create_environment()  # type: ignore[no-untyped-call]
        environment.autoescape = True
        environment.trim_blocks = environment.lstrip_blocks = True
        environment.globals |= {"styles": page_styles()}
        environment.filters |= {
            "spoken": spoken,
            "moment": spoken_moment,
            "brief": lambda text: str(text)[:10],
        }
        return environment

    def page(self, template: str, **values: Any) -> str:
        """A page that is no notebook, from one of the other templates."""
        return isolated(self.environment.get_template(template).render(**values))

    def worksheet(self, notebook: Mapping[str, Any], **values: Any) -> str:
        """The page of an executed notebook; `values` as the template takes them."""
        from nbformat import from_dict

        document = read_document(notebook, values.get("title", ""))
        resources = {"page": values | {"document": document}}
        node = from_dict({**notebook, "cells": []})  # type: ignore[no-untyped-call]
        html, _ = self.from_notebook_node(node, resources)
        return isolated(html)


@cache
def exporter() -> ReportExporter:
    """The one exporter of this process."""
    return ReportExporter()  # type: ignore[no-untyped-call]


@cache
def page_styles() -> str:
    """The style that stands in the head of each page: outputs' own, then the page's."""
    text = (TEMPLATES / "report.css").read_text("utf-8")
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return css() + re.sub(r"\s*([{};,>])\s*", r"\1", re.sub(r"\s+", " ", text)).strip()


def spoken_moment(moment: str) -> str:
    """A stored time as people say it.

    >>> spoken_moment("2026-11-24T03:01:40.787Z")
    '24 November 2026, 03:01 UTC'
    """
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return moment
    return f"{spoken(at.date().isoformat())}, {at:%H:%M} UTC"
