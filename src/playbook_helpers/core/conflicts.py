"""What the group has to settle itself: two versions of one record, records nobody can read.

Nothing here is decided by a program. Where two people changed a record at once both versions are
kept, the later one is used meanwhile, and this says so until somebody saves the one that counts.
"""

from __future__ import annotations

from collections.abc import Iterable

from playbook_helpers.core.assessment import Finding, Head


def open_questions(heads: Iterable[Head], practice: str) -> tuple[Finding, ...]:
    """The findings about records of one practice, or of the partnership itself, to be settled."""
    own = [head for head in heads if head.practice in (practice, "partnership")]
    findings = []
    seen: set[str] = set()
    for head in own:
        if head.problem:
            findings.append(
                Finding(
                    "unreadable",
                    f"A record of the kind “{head.kind}” cannot be read: {head.problem}. "
                    "It is kept as it is, and left out here.",
                    "look",
                    "Update the playbook, or correct the record in the form.",
                    effort="minutes",
                    records=(head.record,),
                )
            )
        if head.rivals and head.record not in seen:
            seen.add(head.record)
            findings.append(_rivals(head, [h for h in own if h.record == head.record]))
    return tuple(findings)


def _rivals(head: Head, versions: list[Head]) -> Finding:
    named = next((h.value for h in versions if h.value is not None), None)
    name = named.mention() if named is not None else head.kind
    removed = any(version.deleted for version in versions)
    what = "changed it and removed it" if removed else "changed it"
    return Finding(
        "two_versions",
        f"“{name}” has {len(versions)} versions: people {what} at the same time. All are kept; "
        "the latest is used here.",
        "act",
        "Open it in the form, agree on what is right, and save that.",
        effort="minutes",
        records=(head.record,),
    )
