"""Whole pages: jinja2 templates that escape every value, under one style.

What a template does not call safe by name, or gets as ready markup, is escaped.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playbook_helpers.core.bidi import isolated
from playbook_helpers.core.partial_dates import spoken
from playbook_helpers.drawing.tables import css, squeezed

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = [Path(__file__).parent / part / "template" for part in ("report", "portfolio")]


def page(template: str, **values: Any) -> str:
    """The page that a template makes of the values; it takes no name that it is not given."""
    return isolated(environment().get_template(template).render(**values))


@cache
def environment() -> Environment:
    """The one template environment of this process."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    made.globals["styles"] = page_styles()
    made.filters |= {"spoken": spoken, "moment": spoken_moment, "brief": lambda t: str(t)[:10]}
    return made


@cache
def page_styles() -> str:
    """The style that stands in the head of each page: outputs' own, then the page's."""
    return css() + style_sheet("report.css")


def style_sheet(name: str) -> str:
    """One of the templates' style sheets, without comments and spare blanks."""
    (path,) = (folder / name for folder in TEMPLATES if (folder / name).is_file())
    return squeezed(path.read_text("utf-8"))


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
