"""`datapackage.json`: what a data package says of itself, written and read.

Written to the Frictionless Data Package specification, version 1, so that other programs know
what each column holds. Of one that comes in, only its name and which file holds which kind are
used, and no path in it leads anywhere.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from playbook_helpers.core.errors import InputError
from playbook_helpers.core.partial_dates import PATTERN
from playbook_helpers.core.records import FieldSpec, Record, fields_of
from playbook_helpers.core.slugs import check_slug
from playbook_helpers.storage.files.answers import parsed_json
from playbook_helpers.storage.files.headings import RECORD, REVISION, kind_named
from playbook_helpers.storage.files.sheets import check_size

NO_LICENCE = {
    "name": "notspecified",
    "title": "Not stated: ask the partnership before you share or use this",
}
"""What stands where nobody said under which licence the records may be used."""
HISTORY = "revisions.jsonl"
FORMAT = 2
"""Of packages whose answers say in which picture of their round they are; before, none did."""
_TYPES = {"number": "number", "whole": "integer", "date": "date", "yesno": "boolean"}


@dataclass(frozen=True, slots=True)
class Descriptor:
    """What is used of a package that comes in: whose it is, and file name -> resource name."""

    name: str
    resources: Mapping[str, str] = field(default_factory=dict)
    knows_rounds: bool = True
    """Whether it says which rounds are closed; a package of the version before does not."""

    def kind_of(self, file: str) -> str:
        """The kind that the package says a file holds, or an empty text."""
        return kind_named(self.resources.get(file, "")) or ""

    def missing(self, files: Container[str]) -> list[str]:
        """The files that the package names and that are not among `files`."""
        return [name for name in self.resources if name not in files]


def read_descriptor(data: bytes, partnership: str | None = None) -> Descriptor:
    """Read a `datapackage.json`. Raises InputError if it is none, or of another partnership."""
    check_size("datapackage.json", len(data))
    allowed = 'JSON with the partnership\'s short name, such as {"name": "east-side-2027"}'
    content = parsed_json(data, allowed)
    name = content.get("name") if isinstance(content, dict) else None
    if not isinstance(name, str):
        raise InputError("This data package has no name", value=name, allowed=allowed)
    check_slug(name, "The data package's name")
    if partnership is not None and name != partnership:
        raise InputError(
            "This data package is of another partnership", value=name, allowed=partnership
        )
    listed = content.get("resources")
    resources = {
        entry["path"]: str(entry.get("name", ""))[:100]
        for entry in (listed if isinstance(listed, list) else [])
        if isinstance(entry, dict) and _is_here(entry.get("path"))
    }
    made = content.get("playbook")
    return Descriptor(name, resources, isinstance(made, int) and made >= FORMAT)


def _is_here(path: object) -> bool:
    return isinstance(path, str) and 0 < len(path) <= 200 and not set(path) & set('/\\:*?"<>|')


def describe(
    slug: str,
    record_types: Iterable[type[Record]],
    about: Mapping[str, Any],
    licence: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The content of `datapackage.json` for tables of these types.

    `about` is the payload of the partnership's own record; `licence` has `name` (an SPDX or
    Open Definition id), `title` and `path` as the specification words it.
    """
    described: dict[str, Any] = {
        "name": slug,
        "title": str(about.get("name", slug)),
        "profile": "data-package",
        "playbook": FORMAT,
        "licenses": [dict(licence or NO_LICENCE)],
    }
    if about.get("purpose"):
        described["description"] = about["purpose"]
    if about.get("source"):
        described["sources"] = [{"title": about["source"]}]
    described["resources"] = [
        *(_resource(record_type) for record_type in record_types),
        {
            "name": "revisions",
            "title": "Every state that was ever saved",
            "description": "One JSON object a line. It lets another store take over the history.",
            "path": HISTORY,
            "type": "file",  # not a table: each line is a tree of its own
            "mediatype": "application/x-ndjson",
            "encoding": "utf-8",
        },
    ]
    return described


def _resource(record_type: type[Record]) -> dict[str, Any]:
    return {
        "name": record_type.kind,
        "title": record_type.plural,
        "description": record_type.intro,
        "path": f"{record_type.kind}.csv",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "fields": [
                *(_field(spec) for spec in fields_of(record_type)),
                _id_field(RECORD, "Record", "Which record the row is. Empty in a new row."),
                _id_field(
                    REVISION,
                    "Revision",
                    "Which saved state the row was made from. Leave it as it is when you edit.",
                ),
            ],
            "missingValues": [""],
            "primaryKey": [REVISION],
        },
    }


def _id_field(name: str, title: str, description: str) -> dict[str, Any]:
    return {
        "name": name,
        "type": "string",
        "format": "uuid",
        "title": title,
        "description": description,
        "constraints": {"required": True},
    }


def _field(spec: FieldSpec) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": spec.name,
        "type": _TYPES.get(spec.type, "string"),
        "title": spec.entry.label,
    }
    words = [spec.entry.help]
    if spec.type == "choice":
        words += [f"{value}: {shown}" for value, shown in spec.entry.choices.items()]
    if spec.entry.refers_to:
        words.append(f"Names a {spec.entry.refers_to}.")
    if description := "\n".join(word for word in words if word):
        described["description"] = description
    if spec.entry.example:
        described["example"] = spec.entry.example
    if spec.type == "yesno":
        described["trueValues"], described["falseValues"] = ["yes"], ["no"]
    constraints: dict[str, Any] = {}
    if spec.required:
        constraints["required"] = True
    if spec.type == "choice":
        constraints["enum"] = list(spec.entry.choices)
    if spec.type == "when":
        constraints["pattern"] = PATTERN
    if spec.max_length is not None:
        # One more than the record takes: a text that looks like a formula has an apostrophe.
        constraints["maxLength"] = spec.max_length + 1
    for bound, value in (("minimum", spec.low), ("maximum", spec.high)):
        if value is not None:
            constraints[bound] = int(value) if spec.type == "whole" else value
    if constraints:
        described["constraints"] = constraints
    return described
