"""The guide reads well: plain words, short sentences, whole chapters, and nothing left half done.

What is tested is the text of the pages in MyST Markdown. How they look is tested in the browser.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from guide_pages import BOOK, OTHER_TEXTS, PAGES, name_of, source, words

SECTIONS = [
    "In one minute",
    "Before you start",
    "Why it matters",
    "How to do it",
    "Worked through",
    "Do it now",
    "Traps",
    "Check yourselves",
    "Go further",
]
HARDEST_GRADE = 9.0
LONGEST_SENTENCE = 40
FILLER = (
    "in today's world",
    "leverage",
    "synergy",
    "synergies",
    "crucial",
    "it is important to",
    "important to note",
    "at the end of the day",
    "cutting-edge",
    "game-changer",
    "holistic",
    "robust",
    "seamless",
    "stakeholder buy-in",
    "paradigm",
    "impactful",
    "utilise",
    "utilize",
    "going forward",
    "deep dive",
    "key takeaways",
    "beneficiaries",
    "ever-changing",
    "needless to say",
    "plays a vital role",
    "empower",
)
UNFINISHED = ("todo", "tbd", "fixme", "lorem", "ipsum", "placeholder", "coming soon", "xxx")
LATIN = re.compile(
    r"\b(?:e\.g|i\.e|etc|viz|cf|et al|vs|ibid|n\.b)\b\.?|\b(?:eg|ie)\b", re.IGNORECASE
)
CHAPTERS = [
    page for page in PAGES if "## In one minute" in page.read_text("utf-8")
]  # a chapter is a page with a chapter's parts; tests/test_slices.py holds one to each practice


def prose(page: Path) -> list[str]:
    """The sentences of a page, without headings, tables and addresses."""
    text = re.sub(
        r"^```\{(?:bibliography|tableofcontents)\}.*?^```$", "", source(page), flags=re.S | re.M
    )
    text = re.sub(r"^(?:```.*|:[\w-]+:.*|\([\w-]+\)=|\|.*|#.*)$", "", text, flags=re.MULTILINE)
    text = re.sub(r"\s*\{cite(?::\w)?\}`[^`]*`", "", text)
    text = re.sub(r"\{\w+\}`([^`<]*?)(?:\s*<[^`>]*>)?`", r"\1", text)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"`[^`]*`", "code", text)
    text = re.sub(r"[*_]{1,3}(\S(?:.*?\S)?)[*_]{1,3}", r"\1", text)
    blocks: list[str] = []
    for line in text.splitlines():
        stripped = re.sub(r"^(?:#+|>|[-*]|\d+\.)\s+", "", line.strip())
        fresh = not blocks or not blocks[-1] or stripped != line.strip()
        if fresh or not stripped:
            blocks.append(stripped)
        else:
            blocks[-1] += " " + stripped
    sentences = []
    for block in blocks:
        ends = re.split(r"(?<=[.!?])[\"”'’)]*\s+(?=[\"“'‘(]?[A-Z0-9])", block)
        sentences += [part for part in ends if len(words(part)) > 1]
    return sentences


@cache
def syllables(word: str) -> int:
    """How many syllables an English word has, by its groups of vowels: right for most words."""
    low = re.sub(r"['’].*$", "", word.lower())
    if len(low) <= 3:
        return 1
    low = re.sub(r"(?:[^laeiouy]es|[^td]ed|[^laeiouy]e)$", lambda m: m.group()[0], low)
    low = re.sub(r"^y", "", low)
    groups = len(re.findall(r"[aeiouyàâäéèêëîïôöûü]+", low))
    apart = len(re.findall(r"[iu]a(?!r|t)|io(?!n|u)|[^q]ua|ea(?=te)|(?<!p)eo|iu|[rd]ea$", low))
    return max(1, groups + apart)


def grade(sentences: list[str]) -> float:
    """The Flesch-Kincaid grade (Kincaid and others, 1975): school years needed to follow a text."""
    all_words = [word for sentence in sentences for word in words(sentence)]
    per_sentence = len(all_words) / len(sentences)
    per_word = sum(map(syllables, all_words)) / len(all_words)
    return 0.39 * per_sentence + 11.8 * per_word - 15.59


def worst(sentences: list[str], most: int = 6) -> str:
    hard = sorted(sentences, key=lambda s: grade([s]) * len(words(s)), reverse=True)[:most]
    return "\n".join(f"  {grade([s]):.0f}: {s}" for s in hard)


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("goal", 1),
        ("measured", 2),
        ("partnership", 3),
        ("community", 4),
        ("because", 2),
        ("idea", 3),
        ("people", 2),
        ("created", 3),
        ("organisation", 5),
        ("places", 2),
        ("table", 2),
        ("every", 3),
        ("area", 3),
    ],
)
def test_syllables_are_counted_as_spoken(word: str, count: int) -> None:
    assert abs(syllables(word) - count) <= (word in ("places", "every"))


def test_the_grade_of_a_known_text() -> None:
    # 6 words in one sentence, 6 syllables: 0.39 * 6 + 11.8 - 15.59
    assert grade(["The cat sat on the mat."]) == pytest.approx(-1.45)


@pytest.mark.parametrize("page", [*PAGES, *OTHER_TEXTS], ids=name_of)
def test_a_page_can_be_read_at_thirteen(page: Path) -> None:
    sentences = prose(page)
    reached = grade(sentences)
    assert reached <= HARDEST_GRADE, f"grade {reached:.1f}; the hardest:\n{worst(sentences)}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_no_sentence_is_long(page: Path) -> None:
    long = [s for s in prose(page) if len(words(s)) > LONGEST_SENTENCE]
    assert not long, "\n".join(f"{len(words(s))} words: {s}" for s in long)


@pytest.mark.parametrize("page", CHAPTERS, ids=name_of)
def test_a_chapter_has_its_nine_sections_in_order(page: Path) -> None:
    assert re.findall(r"^## (.+)$", source(page), re.MULTILINE) == SECTIONS


@pytest.mark.parametrize("page", CHAPTERS, ids=name_of)
def test_a_chapter_asks_yes_or_no_and_names_sources(page: Path) -> None:
    text = source(page)
    asked = text.split("## Check yourselves")[1].split("## Go further")[0]
    assert 5 <= len(re.findall(r"^\d+\. .+\?$", asked, re.MULTILINE)) <= 8
    further = text.split("## Go further")[1]
    entries = re.findall(r"^- .+$", further, re.MULTILINE)
    assert 2 <= len(entries) <= 5
    assert all("{cite}" in entry for entry in entries)


def test_the_minutes_of_the_workshop_plans_follow_on_and_add_up() -> None:
    """Each part begins where the one before ends; the plans take what their titles say."""
    text = (BOOK / "workshops.md").read_text("utf-8")
    plans = {}
    for plan in text.split("\n## ")[1:]:
        spans = [
            (int(a), int(b)) for a, b in re.findall(r"^\| (\d+) to (\d+) \|", plan, re.MULTILINE)
        ]
        if spans:
            starts, ends = zip(*spans, strict=True)
            assert (0, *ends[:-1]) == starts, plan.splitlines()[0]
            plans[plan.splitlines()[0]] = ends[-1]
    assert plans == {"90 minutes online": 90, "Half a day": 210, "A full day": 420}
    assert "three and a half hours" in text
    assert "seven hours" in text


@pytest.mark.parametrize("page", CHAPTERS, ids=name_of)
def test_the_minutes_of_the_steps_add_up_to_the_meeting(page: Path) -> None:
    text = source(page)
    minutes = [int(m) for m in re.findall(r"^### \d+\. .+ \((\d+) minutes\)$", text, re.MULTILINE)]
    stated = text.split("## Before you start")[1].split("## Why it matters")[0]
    hours = {
        "Two hours": 120,
        "two hours": 120,
        "75 minutes": 75,
        "90 minutes": 90,
        "60 minutes": 60,
    }
    promised = [value for words_, value in hours.items() if words_ in stated]
    assert len(minutes) >= 4
    assert sum(minutes) in promised


@pytest.mark.parametrize("page", CHAPTERS, ids=name_of)
def test_a_chapter_works_its_figures_out_in_the_page(page: Path) -> None:
    cells = re.findall(
        r"^```\{code-cell\} ipython3\n(.*?)^```$", page.read_text("utf-8"), re.S | re.M
    )
    assert any("Worksheet(" in cell for cell in cells)
    for cell in cells:
        assert ":tags: [remove-input]" in cell, "readers see results, not code"
        assert "http" not in cell
    assert "cdn" not in source(page).lower()


@pytest.mark.parametrize("page", [*PAGES, *OTHER_TEXTS], ids=name_of)
def test_no_filler_no_latin_nothing_unfinished(page: Path) -> None:
    sentences = prose(page)
    faults = []
    for sentence in sentences:
        low = sentence.lower().replace("’", "'")
        found = [w for w in (*FILLER, *UNFINISHED) if re.search(rf"\b{re.escape(w)}", low)]
        found += LATIN.findall(sentence)
        faults += [f"{word!r} in: {sentence}" for word in found]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_an_invented_partnership_is_said_to_be_invented_where_it_stands(page: Path) -> None:
    for section in re.split(r"^##+ ", source(page), flags=re.MULTILINE):
        if "Riverside" in section:
            assert "invented" in section.lower(), section[:120]
