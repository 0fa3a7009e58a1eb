"""What-ifs: move a target, take a partner away, and see what follows.

Each what-if is one function from the chosen values to HTML. A live notebook puts controls above
it and draws it again at each change; a document shows its starting case, and says so. Each
practice's what-ifs are in the module of its name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from playbook_helpers.core.errors import NotFound
from playbook_helpers.drawing.controls import WhatIf, live
from playbook_helpers.drawing.display import Html, display_mode
from playbook_helpers.practices.community import what_if as community
from playbook_helpers.practices.goals import what_if as goals
from playbook_helpers.practices.resources import what_if as resources
from playbook_helpers.practices.sustainability import what_if as sustainability
from playbook_helpers.worksheet.sections.empty_states import nothing_to_try

if TYPE_CHECKING:
    from playbook_helpers.worksheet.worksheet import Worksheet

WHAT_IFS: Mapping[str, Mapping[str, Callable[[Worksheet], WhatIf | None]]] = {
    "goals": {"pace": goals.pace},
    "resources": {"partner_leaves": resources.partner_leaves},
    "community": {"sample_size": community.sample_size},
    "sustainability": {
        "source_stops": sustainability.source_stops,
        "social_value": sustainability.social_value,
    },
}
"""Practice -> name -> the function that makes it from a worksheet; None where there is no data."""


def what_if(worksheet: Worksheet, name: str) -> Any:
    """The what-if called `name` of the worksheet's practice: a widget, or an `Html` document.

    Raises NotFound listing the what-ifs there are.
    """
    known = WHAT_IFS.get(worksheet.practice.stem, {})
    if name not in known:
        raise NotFound("There is no such what-if", value=name, allowed=", ".join(known) or "none")
    chosen = known[name](worksheet)
    if chosen is None:
        words = nothing_to_try(worksheet.practice.stem, name)
        return Html(f"<p class='pb-empty'>{words}</p>", words)
    if display_mode() == "live":
        return live(chosen)
    start = {choice.name: choice.start for choice in chosen.controls({})}
    note = "This is the starting case. Open the notebook to try others."
    return Html(f"{chosen.draw(start)}<p class='pb-facts'>{note}</p>")
