"""The form in a live notebook: an ipywidgets widget whose face is `static/widget.js`.

The page sends each saved state as a message and keeps it until Python has answered. Python
answers "saved" only after `on_save` has returned, which is after the commit. If no answer comes
(a dead kernel, a closed lid), the page keeps the revision and sends it again later: its id stays
the same, so that storing twice stores once.

What is stored already goes to a page as a message when the page asks for it, and never into the
widget's state: that may be saved with the notebook, and a form shows what its file may not tell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import anywidget
import traitlets

from playbook_helpers.core.answering import Fault
from playbook_helpers.core.errors import InputError, PlaybookError
from playbook_helpers.core.revisions import Revision, from_json
from playbook_helpers.practices.kinds import is_pseudonymous
from playbook_helpers.worksheet.forms.checking import faults
from playbook_helpers.worksheet.forms.scripts import STATIC, widget_module

Faults = Sequence[Fault]
Save = Callable[[Mapping[str, Any]], Faults | None]
"""Stores one revision (as JSON values) and returns once it is committed, or returns its faults."""


class FormView(anywidget.AnyWidget):
    """A practice's form in a notebook, with the records that are there and a way to save more.

    `description` comes from `form_description`; `revisions` are the stored ones as JSON values;
    `known` maps a kind to the names that references to it can choose from; `on_save` gets each
    new revision, already checked against its record type, and answers when it is committed.
    """

    _esm = widget_module()
    _css = STATIC / "form.css"
    setup = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        description: Mapping[str, Any],
        *,
        partnership: str,
        on_save: Save,
        revisions: Iterable[Mapping[str, Any]] = (),
        known: Mapping[str, Iterable[str]] | None = None,
    ) -> None:
        # Who we are is known in a notebook.
        own = {name: value for name, value in description.items() if name != "shared"}
        super().__init__(setup={"description": own, "partnership": partnership})
        self._on_save = on_save
        self._stored = {str(revision["id"]): dict(revision) for revision in revisions}
        self._known = {kind: list(names) for kind, names in (known or {}).items()}
        self.on_msg(self._received)

    def answer(self, message: object) -> dict[str, Any] | None:
        """What to answer to a message from the page; None where it is not one of the form's.

        `{"type": "save", "revision": {...}}` is answered with the revision's `id` and one of
        `saved` (True: it is committed), `problems` ([field, words] pairs: nothing was stored and
        the person must change something) and `failed` (why: the page keeps it and tries again).
        `{"type": "list"}` is answered with all `revisions` and the `known` names; its `id` is "".
        """
        if not isinstance(message, Mapping):
            return None
        if message.get("type") == "list":
            return {"id": "", "revisions": list(self._stored.values()), "known": self._known}
        if message.get("type") != "save":
            return None
        data = message.get("revision")
        held = data.get("id") if isinstance(data, Mapping) else None
        reply = {"id": held if isinstance(held, str) else ""}
        try:
            revision = from_json(data)
            problems = self._faults(revision) or self._on_save(revision.to_json()) or ()
        except InputError as error:
            return reply | {"problems": [["", str(error)]]}
        except PlaybookError as error:
            return reply | {"failed": str(error)}
        except Exception as error:  # the page must learn that it was not saved, whatever it was
            return reply | {"failed": f"{type(error).__name__}: {error}"}
        if problems:
            return reply | {"problems": [list(fault) for fault in problems]}
        self._remember(revision)
        return reply | {"saved": True}

    def _faults(self, revision: Revision) -> Faults:
        kinds = {kind["kind"]: kind["practice"] for kind in self.setup["description"]["kinds"]}
        return faults(revision, self.setup["partnership"], kinds)

    def _remember(self, revision: Revision) -> None:
        # Pages that are open know it from the answer, and one opened later asks for the list.
        # A pseudonymous one is not remembered: whoever opens the form next must not see it.
        if not is_pseudonymous(revision.kind):
            self._stored[revision.id] = revision.to_json()

    def _received(self, _: object, message: object, buffers: object) -> None:
        reply = self.answer(message)
        if reply is not None:
            self.send(reply)
