"""What is wrong with a revision that a form sends, whichever way it comes."""

from __future__ import annotations

from collections.abc import Mapping

from playbook_helpers.core.answering import Fault, answered
from playbook_helpers.core.revisions import Revision
from playbook_helpers.practices.kinds import record_type


def faults(revision: Revision, partnership: str, kinds: Mapping[str, str]) -> list[Fault]:
    """What is wrong with it, for a form of `partnership`; `kinds` maps kind to practice."""
    if revision.partnership != partnership:
        return [("", f"this is for {revision.partnership}, not for {partnership}")]
    if kinds.get(revision.kind) != revision.practice:
        return [("", f"{revision.kind} is not part of this form")]
    return answered(record_type(revision.kind), revision.payload)[1]
