"""What a fork does with less work than nbformat and papermill comes to the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import dateutil.parser  # type: ignore[import-untyped]
import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import nbbase

from playbook_helpers.batch.kernels import lean

KINDS = st.sampled_from(["stream", "display_data", "execute_result", "error", "other"])
MIMES = st.sampled_from(
    ["text/plain", "text/html", "application/json", "application/x+json", "application/json\n"]
)
ANY = st.one_of(
    st.none(), st.booleans(), st.integers(-1, 2), st.text(), st.lists(st.text()), st.floats(0, 1)
)
DATA = st.one_of(ANY, st.dictionaries(MIMES, ANY))


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "output_type": KINDS,
            "data": DATA,
            "metadata": DATA,
            "execution_count": ANY,
            "name": ANY,
            "text": ANY,
            "more": ANY,
        },
    ),
    KINDS,
)
def test_what_is_plainly_right_is_right_by_the_notebook_format(
    output: dict[str, Any], kind: str
) -> None:
    if lean.is_plainly_right(output, kind):
        nbformat.validate(output, ref=kind, version=4)


@pytest.mark.parametrize(
    "output",
    [
        {"output_type": "stream", "name": "stdout", "text": "a"},
        {"output_type": "display_data", "data": {"text/plain": "a"}, "metadata": {}},
        {
            "output_type": "execute_result",
            "data": {"application/x+json": {"a": [1]}, "text/html": "<b>"},
            "metadata": {"isolated": True},
            "execution_count": 3,
        },
    ],
)
def test_usual_outputs_are_plainly_right(output: dict[str, Any]) -> None:
    assert lean.is_plainly_right(output, output["output_type"])


def test_what_is_wrong_is_told_as_nbformat_tells_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import papermill.engines

    monkeypatch.setattr(nbbase, "validate", nbbase.validate)
    monkeypatch.setattr(papermill.engines, "dateutil", papermill.engines.dateutil)
    wrong: dict[str, Any] = {"data": {"text/plain": {"not": "text"}}, "metadata": {}}
    with pytest.raises(nbformat.ValidationError) as usual:
        nbbase.new_output("display_data", **wrong)  # type: ignore[no-untyped-call]
    lean.use()
    lean.use()
    with pytest.raises(nbformat.ValidationError) as ours:
        nbbase.new_output("display_data", **wrong)  # type: ignore[no-untyped-call]
    assert str(ours.value) == str(usual.value)
    right = nbbase.new_output("stream", name="stderr", text="b")  # type: ignore[no-untyped-call]
    assert right == {"output_type": "stream", "name": "stderr", "text": "b"}
    assert papermill.engines.dateutil.parser.parse("2026-01-02T03:04:05.6+00:00").second == 5
    assert papermill.engines.dateutil.parser.parse("2 January 2026") == datetime(2026, 1, 2)


@given(st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=-5))])))
def test_a_moment_is_read_as_papermill_reads_it(moment: datetime) -> None:
    said = moment.isoformat()
    assert lean.moment(said, lambda _: pytest.fail("it is plain")) == dateutil.parser.parse(said)
