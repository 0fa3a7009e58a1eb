"""Records as a store gives them, and the day and hostile text of communication's tests."""

from __future__ import annotations

from datetime import date

from playbook_helpers.core.assessment import Head
from playbook_helpers.core.records import Record

AS_OF = date(2027, 3, 31)
HOSTILE = "</title><script>alert(1)</script> [x](javascript:alert(2)) {=} \n# Ha\nEND:VEVENT"


def heads(*records: Record) -> list[Head]:
    return [
        Head(f"record-{n}", f"revision-{n}", r.practice, r.kind, r.payload(), r)
        for n, r in enumerate(records)
    ]
