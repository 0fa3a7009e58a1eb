"""What is taken where nothing is said: the defaults that people and other modules lean on."""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import Any

import pytest

DEFAULTS: dict[str, dict[str, Any]] = {
    "core.assessment.Head": {"deleted": False, "showing": 0, "waiting": False, "erased": False},
    "core.assessment.Measure": {"n": 0, "missing": 0},
    "core.distributions.z_value": {"confidence": 0.95},
    "core.distributions.wilson": {"confidence": 0.95},
    "core.partnership.Partnership": {"invented": False},
    "core.practice.Practice": {"above": False},
    "core.reads.Reads": {"everything": False},
    "core.revisions.Revision": {"deleted": False, "schema_version": 1, "erased": False},
    "core.revisions.new_revision": {"deleted": False},
    "core.suppression.Cell": {"largest_share": 0.0},
    "practices.communication.calendar.Event": {"every_days": 0},
    "practices.communication.records.Audience": {"community": False},
    "practices.communication.records.Story": {
        "consent": False,
        "withdrawn": False,
        "reviewed": False,
        "minor": False,
        "guardian": False,
    },
    "practices.community.surveys.sample_size": {"confidence": 0.95, "p": 0.5},
    "practices.community.surveys.margin_of_error": {"confidence": 0.95, "p": 0.5},
    "practices.community.surveys.GroupShare": {
        "capped": False,
        "hidden": False,
        "high": None,
        "low": None,
    },
    "practices.community.surveys.Representation": {"unsaid": 0},
    "practices.community.what_if.sample_sentence": {"confidence": 0.95},
    "practices.goals.charts.goal_words.reading": {"most": 6},
    "practices.goals.progress.progress": {"tolerance": 0.0},
    "practices.goals.progress.reaches": {"tolerance": 0.0},
    "practices.goals.quantities.Quantity": {"money": False},
    "practices.goals.reading.Part": {"value": None, "percent": False},
    "practices.goals.reading.Reading": {"unit": "", "is_change": False},
    "practices.goals.records.Measurement": {"series_break": False},
    "practices.goals.series.Point": {"segment": 0, "baseline": False, "met": False},
    "practices.goals.series.GoalStatus": {"broken": False, "measurements": 0},
    "practices.goals.statement.StatementCheck": {"target_is_change": False},
    "practices.goals.targets.ten_percent_improvement": {"percent": 10.0},
    "practices.goals.targets.target_by_h": {"h": 0.1},
    "practices.goals.together.names_of": {"most": 6},
    "practices.learning.pages.celebration": {"invented": False},
    "practices.overview.gaps.Filled": {"rivals": 0, "unread": 0},
    "practices.overview.next_things.Thing": {"decided": False, "late": False},
    "practices.resources.amounts.unit_key": {"money": False},
    "practices.resources.matching.Link": {"open": False},
    "practices.resources.matching.supply": {"gone": False},
    "practices.resources.records.Need": {"must_have": False},
    "practices.resources.words.shortened": {"most": 120},
    "practices.sustainability.finances.Money": {"free": 0.0, "mixed": False},
    "practices.sustainability.funding.Funding": {"likelihood": 1.0, "signed": True},
    "practices.sustainability.money.runway": {"months": 36},
    "practices.sustainability.records.Fund": {"signed": False},
    "practices.sustainability.social_value.sroi": {"discount_rate": 0.035},
    "practices.sustainability.value.Value": {"inputs": 0.0},
    "practices.trust.closing.refusal": {"given": 0},
    "practices.trust.disclosure.Rule": {"counts_to": 1},
    "practices.trust.disclosure.told": {"missing": 0, "whole": True},
    "practices.trust.items.Item": {"reverse": False},
    "practices.trust.rounds.Round": {"late": 0, "lost": 0},
    "practices.trust.rounds.round_of": {"closed": True, "late": 0, "lost": 0},
    "practices.trust.scales.cronbach_alpha": {"confidence": 0.95},
    "practices.trust.scales.score": {"confidence": 0.95},
    "practices.trust.scales.change": {"confidence": 0.95},
}
"""A function or a type -> what its parameters or fields are if they are left out."""


@pytest.mark.parametrize("place", DEFAULTS)
def test_what_is_left_out_is(place: str) -> None:
    module, name = place.rsplit(".", 1)
    parameters = inspect.signature(
        getattr(import_module(f"playbook_helpers.{module}"), name)
    ).parameters
    held = {key: parameters[key].default for key in DEFAULTS[place]}
    assert held == DEFAULTS[place]
    # 0 is not False.
    assert [type(value) for value in held.values()] == [
        type(value) for value in DEFAULTS[place].values()
    ]
