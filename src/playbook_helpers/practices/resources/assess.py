"""What the resources worksheet works out of its records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from playbook_helpers.assessment import Assessment, Context, Head, current


def assess(heads: Iterable[Head], context: Context) -> Assessment:
    """The assessment of one partnership's resources as of `context.as_of`."""
    now = current(heads)
    counts = Counter(head.kind for head in now if head.practice == "resources")
    return Assessment("resources", context.slug, context.as_of, counts=dict(counts))
