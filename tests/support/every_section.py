"""Every section of every worksheet as HTML: run here and in a browser, and held side by side.

It is read as text into the browser's Python, so it may import nothing but the package.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from playbook_helpers.core.assessment import Context, current, of_type
from playbook_helpers.core.partnership import Partner, Partnership
from playbook_helpers.core.revisions import Revision
from playbook_helpers.practices import PRACTICES
from playbook_helpers.practices.kinds import read_heads
from playbook_helpers.practices.overview import take_overview
from playbook_helpers.practices.views import charts_of, pages_of, what_ifs_of
from playbook_helpers.worksheet.sections.overview import changes_html, gaps_html, next_html
from playbook_helpers.worksheet.sections.view import WorksheetView, first_case


def sections(given: str) -> dict[str, str]:
    """Name -> HTML, of partnerships as JSON: slug -> their as-of day and their revisions."""
    found: dict[str, str] = {}
    for slug, (day, held) in json.loads(given).items():
        revisions = [Revision(**r | {"parents": tuple(r["parents"])}) for r in held]
        found |= {f"{slug}: {name}": html for name, html in of_one(slug, day, revisions).items()}
    return found


def of_one(slug: str, day: str, revisions: list[Revision]) -> dict[str, str]:
    found: dict[str, str] = {}
    heads = read_heads(revisions)
    now = current(heads)
    about = next((record for _, record in of_type(now, Partnership)), None)
    partners = tuple(partner for _, partner in of_type(now, Partner))
    whole = Context(slug, date.fromisoformat(day), about, partners)
    for practice in PRACTICES:
        history: dict[str, Any] = {}
        for revision in revisions:
            if revision.kind in practice.history:
                history.setdefault(revision.record, []).append(revision)
        context = Context(
            slug, whole.as_of, about, partners, history={r: tuple(s) for r, s in history.items()}
        )
        picture = WorksheetView(practice, practice.reading.heads(heads), context)
        own = {
            "title": picture.title() + picture.beginning(),
            "measures": picture.measures().html(),
            "findings": picture.findings().html(),
            "records": picture.records(),
            "decisions": picture.decisions().html(),
        }
        own |= {f"chart {name}": picture.chart(name).html() for name in charts_of(practice)}
        own |= {f"page {name}": picture.page(name).html() for name in pages_of(practice)}
        for name in what_ifs_of(practice):
            chosen = picture.what_if(name)
            shown = chosen if hasattr(chosen, "html") else first_case(chosen)
            own[f"what if {name}"] = shown.html()
        found |= {f"{practice.stem} {name}": html for name, html in own.items()}
    view = take_overview(heads, revisions, whole)
    found["overview next"] = next_html(view).html()
    found["overview changes"] = changes_html(view).html()
    found["overview gaps"] = gaps_html(view).html()
    return found
