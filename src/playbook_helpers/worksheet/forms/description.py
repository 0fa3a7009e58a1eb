"""What the form component needs to know to draw a practice's form, as plain JSON values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Annotated, Any

from playbook_helpers.core.errors import NotFound
from playbook_helpers.core.partnership import OVERVIEW, WORKSHEETS, Decision, Partner, Partnership
from playbook_helpers.core.partnership import RECORD_TYPES as SHARED_TYPES
from playbook_helpers.core.records import (
    GREATEST,
    Entry,
    FieldSpec,
    Record,
    Sentence,
    Short,
    fields_of,
)
from playbook_helpers.practices import first_round
from playbook_helpers.practices.kinds import practice_named, record_type

FORMAT = "playbook-form/1"
ALIKE = 3
"""From so many fields in a row that take the same choices on, they are rows under one scale."""
ABOUT = ("place", "purpose", "starts")
"""What a form asks about the partnership besides its name."""
FEW = 5
"""Up to so many choices stand open as radio buttons; more go into a list that drops down."""
WORDS = {
    "who": "Who are we?",
    "use": "Use this name",
    "keep": "Keep this",
    "answers": "Answers of",
    "change": "Change",
    "change_who": "Change who we are",
    "partner_list": "Our partners",
    "no_partners": "Our partners: none yet",
    "stranger": "“{name}” is not among our partners yet. What is it?",
    "no_partner": "Not a partner of ours",
    "invite": "Invite others",
    "inviting": (
        "Whoever opens this link on their own phone writes for the same partnership. Their answers "
        "stay on their phone until they send you the file."
    ),
    "link": "Link to this worksheet",
    "qr": "The link as a square to scan with a phone",
    "copy": "Copy the link",
    "copied": "The link is copied.",
    "unnamed": "First name your partnership, at the top. What you wrote here stays.",
    "kept": "Kept in this browser. Download your answers to take them with you.",
    "handed": "Handed in. Thank you. Nothing of it is left on the screen for the next person.",
    "saving": "Saving …",
    "saved": "Saved.",
    "earlier": "Written before:",
    "unsaved": "Kept in this browser, not yet saved.",
    "closed": (
        "This round is closed, so its picture can no longer change. Nothing was saved. Answer the "
        "next round: write its month."
    ),
    "counted": (
        "This round has as many answers as were counted. Nothing was saved. Whoever leads can "
        "count again."
    ),
    "once": (
        "This round has been answered in this browser already, and one person answers once. "
        "Nothing was saved. On a device that goes from hand to hand, count hands first."
    ),
    "refused": "Not saved. Please look at it again.",
    "rivals": "Changed by two at once.",
    "both": "There are two under one name.",
    "choose": "Keep these words",
    "blocked": (
        "This browser keeps nothing for this page: it is a private window, or its storage is "
        "full. What you have not saved or downloaded is gone when you close the page."
    ),
    "more": "More",
    "pasted": "Pasted: {kept} kept, {wrong} to look at.",
    "none_of": "is none of the answers to choose from",
    "note": "Add a note",
    "first": "Choose an answer for this point first.",
    "differ": "Answered differently",
    "settle": "Talk about it, then choose one together.",
    "undecided": "still open",
    "take": "Take your answers with you",
    "total": (
        "Nothing leaves this browser by itself. Download your answers to keep them, to send them "
        "to someone, or to go on elsewhere. Entries so far:"
    ),
    "safari": (
        "Safari deletes what a page keeps after seven days without a visit. Download your answers "
        "before you leave."
    ),
    "download": "Download answers",
    "share": "Send the file",
    "open": "Open files you saved before",
    "print": "Print",
    "opened": "Opened. What was in the file is in the lists above.",
    "unopened": (
        "This file cannot be opened here. It has to be one that was downloaded from this form."
    ),
    "not_opened": "Not opened, since they are of another form or another partnership:",
}
"""What the form says, whichever the practice."""
SENTENCE_WORDS = {
    "sentence": "Fill in the gaps",
    "whole": "Type or paste a whole sentence instead",
    "gaps": "Gaps still empty:",
    "later": "Later: what else there is to say",
    "other_way": (
        "It says which way to go, and the numbers go the other way. Change one of them, or press "
        "the button again to keep it so."
    ),
    "read": "We read:",
    "right": "Is that right? A gap can wait.",
    "yes": "Yes, fill it in",
    "no": "No, I’ll fill the gaps myself",
}
"""What it says besides about a record that is a sentence with gaps."""
ITEM_WORDS = {
    "answered": "answered",
    "open": (
        "Still open: {n}. You may leave them open. Press the button again to hand in as it is."
    ),
}
"""And about statements that are answered on one scale."""


def form_description(stem: str, kinds: Iterable[str] = ()) -> dict[str, Any]:
    """The form of the worksheet `stem`: its kinds of record and their fields, as JSON values.

    `stem` is a practice or `overview`. `kinds` picks some, in the order given, from the practice's
    own and those that all share (`partner`, `partnership`, `decision`); without it, all of the
    practice's own and last of all the decisions. A field's `low` and
    `high` are allowed themselves, `above` is not; `refers_field` is the field that a reference
    repeats; `asked`, `hint`, `options` and `control` say how it is drawn. `words` is what buttons
    and messages say, for all kinds and for each. `who` holds the fields by which a reader names
    the partnership. Raises NotFound for a practice or kind that is not there.

    >>> described = form_description("goals", kinds=["measurement"])
    >>> [kind["plural"] for kind in described["kinds"]]
    ['Measurements']
    >>> value = described["kinds"][0]["fields"][2]
    >>> value["name"], value["type"], value["required"]
    ('value', 'number', True)
    """
    title, own = _worksheet(stem)
    above = first_round.RECORD_TYPES if stem == OVERVIEW else ()
    allowed = {t.kind: t for t in (*own, *above, *SHARED_TYPES)}
    wanted = tuple(kinds) or (*(t.kind for t in own), Decision.kind)
    for kind in wanted:
        if kind not in allowed:
            raise NotFound(
                f"The form for {stem} has no such kind of record",
                value=kind,
                allowed=", ".join(allowed),
            )
    return {
        "format": FORMAT,
        "practice": stem,
        "title": title,
        "words": WORDS,
        "who": [_field(_Who, spec) for spec in fields_of(_Who)],
        "shared": [
            _about(stem),
            *(_kind(type_, stem) for type_ in (Partner,) if type_.kind not in wanted),
        ],
        "kinds": [_kind(allowed[kind], stem) for kind in wanted],
    }


def _worksheet(stem: str) -> tuple[str, tuple[type[Record], ...]]:
    """The title of a worksheet and the kinds of record that are its own."""
    if stem == OVERVIEW:
        return WORKSHEETS[OVERVIEW], ()
    practice = practice_named(stem)
    return practice.title, practice.record_types


class _Who(Record):
    """Whose answers a page holds: asked once, before the first is kept."""

    name: Annotated[Short, Entry("Name of your partnership")]
    slug: Annotated[Short, Entry("Short name", "Made from the name. Files are called by it.")]


def _about(stem: str) -> dict[str, Any]:
    """What is asked about the partnership itself: its name, and a little more."""
    kind = _kind(Partnership, stem)
    fields = [field for field in kind["fields"] if field["name"] in ("name", *ABOUT)]
    return kind | {"layout": "who", "columns": list(ABOUT), "fields": fields}


def _kind(type_: type[Record], stem: str) -> dict[str, Any]:
    fields = [_field(type_, spec) for spec in fields_of(type_)]
    items = _items(type_)
    for field in fields:
        if field["name"] in type_.columns:
            field["cell"] = _cell(field)
            field["short"] = field["label"] + (f" ({field['unit']})" if field["unit"] else "")
        if field["name"] in items:
            field["options"] = field["choices"]
            field["control"] = {"tag": "fieldset", "role": "radiogroup"}
        if type_.gapped and field["name"] in type_.gapped.gaps:
            field["gap"] = _gap(field, type_.gapped)
    if type_ is Decision:
        # Nobody should have to say which worksheet lies in front of them.
        next(f for f in fields if f["name"] == "worksheet")["default"] = stem
    return {
        "kind": type_.kind,
        "practice": type_.practice,
        "title": type_.title,
        "plural": type_.plural,
        "intro": type_.intro,
        "on_paper": type_.on_paper or type_.intro,
        "key": list(type_.key),
        "summary": list(type_.summary or type_.key),
        "schema_version": type_.schema_version,
        "pseudonymous": type_.pseudonymous,
        "closes": type_.closes,
        "counts": type_.counts,
        "confirm": type_.confirm,
        "words": {
            **_words(type_.title),
            **(SENTENCE_WORDS if type_.gapped else {}),
            **(ITEM_WORDS if items else {}),
            **type_.verbs,
        },
        "layout": "points" if type_.points else "table" if type_.columns else "list",
        "columns": list(type_.columns),
        "points": list(type_.points),
        "items": items,
        "item_options": next((f["options"] for f in fields if f["name"] in items), []),
        "sentence": _sentence(type_.gapped) if type_.gapped else None,
        "fields": fields,
    }


def _items(type_: type[Record]) -> list[str]:
    """The fields that follow each other and take the same choices: statements on one scale."""
    choices = groupby(fields_of(type_), lambda spec: list(spec.entry.choices.items()))
    runs = [[spec.name for spec in run] for same, run in choices if same]
    return max((run for run in runs if len(run) >= ALIKE), key=len, default=[])


def _cell(field: Mapping[str, Any]) -> dict[str, str]:
    """The control in a line of a table: choices drop down, so that lines stay low."""
    if not field["options"]:
        return dict(field["control"]) | ({"rows": "1"} if field["type"] == "long" else {})
    return {"tag": "select"}


def _gap(field: Mapping[str, Any], sentence: Sentence) -> dict[str, Any]:
    gap = sentence.gaps[field["name"]]
    options = [[value, words] for value, words in gap.choices.items()]
    return {"label": gap.label, "options": [["", "…"], *options] if options else []}


def _shown(part: str) -> Iterable[list[str]]:
    """The words, marks and gaps of a part, as [look, text]; a gap has no look."""
    for name, mark, words in re.findall(r"\{(\w+)\}|([(),])|([^{(),]+)", part):
        if name or mark or words.strip():
            yield ["", name] if name else ["mark", mark] if mark else ["word", words.strip()]


def _sentence(sentence: Sentence) -> dict[str, Any]:
    gaps = [
        {
            "name": name,
            "missing": gap.missing,
            "fallback": gap.fallback,
            "reads": gap.reads,
            "or": list(gap.or_in),
            "needed": gap.needed,
            "options": [list(option) for option in gap.choices.items()],
        }
        for name, gap in sentence.gaps.items()
    ]
    return {
        "parts": [re.split(r"\{(\w+)\}", part) for part in sentence.template.split("|")],
        "shown": [piece for part in sentence.template.split("|") for piece in _shown(part)]
        + [["mark", "."]],
        "text": sentence.text,
        "now": list(sentence.now),
        "hope": list(sentence.hope),
        "hidden": list(sentence.hidden),
        "percent": sentence.percent,
        "way": list(sentence.way),
        "reads": sentence.reads,
        "gaps": gaps,
    }


def _words(title: str) -> dict[str, str]:
    name = title[0].lower() + title[1:]
    one = f"an {name}" if name[0] in "aeio" else f"a {name}"
    return {
        "add": f"Add {one}",
        "new": f"New {name}",
        "edit": f"Edit the {name}",
        "save": f"Save {name}",
        "resume": f"You were in the middle of {one}",
        "paper": f"{title}: to fill in by hand",
        "alike": f"These look like one {name}. Which words do you keep?",
    }


def _field(type_: type[Record], spec: FieldSpec) -> dict[str, Any]:
    entry, info = spec.entry, type_.model_fields[spec.name]
    above = next((m.gt for m in info.metadata if getattr(m, "gt", None) is not None), None)
    default = None if info.is_required() else info.default
    example = f"For example: {entry.example}" if entry.example else ""
    options = _options(spec)
    control = _control(spec, options)
    numeric = spec.type in ("number", "whole")
    if options and default is None:
        if control["tag"] == "select":
            options.insert(0, ["", "Choose one" if spec.required else "No answer yet"])
        elif not spec.required:
            options.append(["", "No answer yet"])
    return {
        "name": spec.name,
        "type": spec.type,
        "label": entry.label,
        "help": entry.help,
        "example": entry.example,
        "unit": entry.unit,
        "required": spec.required,
        "default": default,
        "choices": [[value, words] for value, words in entry.choices.items()],
        "low": -GREATEST if numeric and spec.low is None and above is None else spec.low,
        "high": GREATEST if numeric and spec.high is None else spec.high,
        "above": above,
        "max_length": spec.max_length,
        "refers_to": entry.refers_to,
        "refers_field": record_type(entry.refers_to).key[0] if entry.refers_to else "",
        "ends": list(entry.ends) if entry.ends else None,
        "hint": " ".join(part for part in (entry.help, example) if part),
        "asked": _asked(spec),
        "options": options,
        "control": control,
    }


def _asked(spec: FieldSpec) -> str:
    unit = f" ({spec.entry.unit})" if spec.entry.unit else ""
    return spec.entry.label + unit + (" (needed)" if spec.required else "")


def _options(spec: FieldSpec) -> list[list[str]]:
    """The answers to choose from, as [what the control holds, words]; none if it is typed."""
    ends = spec.entry.ends
    options: list[list[str]] = []
    if spec.type == "choice":
        options = [[value, words] for value, words in spec.entry.choices.items()]
    elif spec.type == "yesno":
        options = [["true", "Yes"], ["false", "No"]]
    elif ends and spec.low is not None and spec.high is not None and spec.high - spec.low <= 10:
        low, high = int(spec.low), int(spec.high)
        words = {low: f"{low}: {ends[0]}", high: f"{high}: {ends[1]}"}
        options = [[str(n), words.get(n, str(n))] for n in range(low, high + 1)]
    return options


def _control(spec: FieldSpec, options: list[list[str]]) -> dict[str, str]:
    """The native control: its tag (`fieldset` for radio buttons) and attributes."""
    radios = {"tag": "fieldset", "role": "radiogroup"}
    if options:
        if spec.entry.ends or spec.type == "yesno":
            return radios | {"class": "pb-scale"}
        return radios if len(options) <= FEW else {"tag": "select"}
    typed = {
        "long": {"tag": "textarea", "rows": "3"},
        "number": {"tag": "input", "type": "text", "inputmode": "decimal", "class": "pb-short"},
        # Months have names: a keyboard of figures alone would not do.
        "when": {"tag": "input", "type": "text", "class": "pb-short"},
        "date": {"tag": "input", "type": "date", "class": "pb-short"},
    }
    typed["whole"] = typed["number"]
    return typed.get(spec.type, {"tag": "input", "type": "text"})
