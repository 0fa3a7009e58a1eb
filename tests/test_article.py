"""Every point of the article that the playbook builds on is in its chapter, in the guide's words.

The article's points are told here in short, with words by which each is known in the chapter. That
a word is there does not prove that the point is well made: people have read the chapters for that.
It tells when a change of a chapter takes a point away.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

BOOK = Path(__file__).parents[1] / "book"
POINTS: dict[str, dict[str, str]] = {
    "trust": {
        "talk openly about goals, values and expectations": r"hope.*values|values.*hopes",
        "do so before anything is formal": r"before (anything is|you) sign",
        "a common understanding prevents misunderstandings": r"misunderstanding",
        "trust is built over time": r"grows step by step",
        "a culture of transparency": r"open by habit",
        "regular check-ins": r"every half year",
        "see what each partner brings": r"what each partner brings is seen",
    },
    "goals": {
        "specific, measurable, achievable, relevant, time-bound": r"SMART",
        "keep to what matters": r"mission drift",
        "outcomes and not outputs alone": r"outcome.*output|output.*outcome",
        "look at progress regularly and adapt": r"every (three months|quarter|half year)|review",
    },
    "resources": {
        "each partner brings something else": r"each partner has strengths of its own",
        "knowledge of the community, money, technology": r"know.*(street|community|famil)",
        "map what each can contribute": r"resource map",
        "networks as well as money": r"contacts",
        "causes rather than symptoms": r"root causes",
        "data beside resources": r"data is a resource",
    },
    "community": {
        "ground the work in real needs": r"sound on paper and fail",
        "take part in design and in doing": r"words in a plan",
        "surveys": r"survey",
        "focus groups": r"focus group",
        "advisory boards": r"advisory board",
        "people who see their say reflected take part again": r"more likely to turn up",
    },
    "innovation": {
        "adapt to change": r"need moves, and so must you",
        "room for ideas": r"wild ideas",
        "taking risks": r"picks the riskiest",
        "trying out": r"people try things",
        "failure teaches": r"failing is allowed",
        "change course by what is learned": r"change course|changed the way it worked",
    },
    "communication": {
        "progress, challenges and successes reach all partners": r"moves.*stuck.*went well",
        "morale": r"keeps people going",
        "meetings": r"regular meetings",
        "progress reports": r"progress report",
        "a shared place": r"shared place",
        "funders": r"a fund renews",
        "the community": r"community",
        "the media": r"a paper writes",
        "credibility": r"reason to believe",
        "stories make numbers human": r"story makes a number human",
    },
    "learning": {
        "mark milestones": r"milestone",
        "however small": r"however small",
        "thank those who made them": r"thank",
        "look back on what went wrong": r"went wrong",
        "a safe place to tell of failures": r"feel safe",
        "learn together": r"look back together",
    },
    "sustainability": {
        "lasting value": r"what has to last",
        "several sources of money": r"many sources",
        "local capacity": r"local capacity",
        "people keep a say": r"keep a say",
        "go on looking at results": r"look at (results|what)",
        "the ripple beyond the first project": r"ripple",
        "shared responsibility": r"share of the responsibility",
    },
}


@pytest.mark.parametrize(
    ("stem", "point"), [(stem, point) for stem, points in POINTS.items() for point in points]
)
def test_each_point_of_the_article_is_in_its_chapter(stem: str, point: str) -> None:
    prose = (BOOK / f"{stem}.md").read_text("utf-8")
    prose = re.sub(r"```.*?```|\{cite\}`[^`]*`", "", prose, flags=re.DOTALL)
    found = re.search(POINTS[stem][point], prose, re.IGNORECASE)
    assert found, f"book/{stem}.md no longer says: {point}"
