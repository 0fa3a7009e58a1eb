"""What looks like a person's name in a text: a nudge to read again, never a judgement.

Reviews of what went wrong should tell what was done and how it was set up, not who did it. No rule
finds every name. These look for a title with a name, for a common given name, and for capitalised
words that do, suffer or are blamed for something as people are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORD = r"[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ'’-]*[a-zß-öø-ÿ]"
_DOES = (
    "who|was|did|had|has|is|forgot|failed|refused|said|never|left|missed|told|made|didn['’]t|"
    "wasn['’]t|lied|lost|broke|ignored|blamed|promised|resigned|quit|dropped|should|could|would"
)
_BLAMED = "because of|by|blamed?|fault of|mistake of|due to|thanks to|told|asked|with|and|from|as"
_PATTERNS = (
    # A title with a name.
    rf"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sir|Dame|Herr|Frau|Señora?|Madame|Monsieur)\.?\s+{_WORD}",
    # Two words that do something, or that something is laid at the door of.
    rf"\b{_WORD}\s{_WORD}(?=\s(?:{_DOES})\b|['’]s?\s)",
    rf"(?<=\b)(?:{_BLAMED})\s({_WORD}\s{_WORD})\b",
    # Two words between commas: "the treasurer, Ada Lovelace, ...".
    rf"(?<=, ){_WORD}\s{_WORD}(?=,)",
    # One word within a sentence that does what only people do.
    rf"(?<=[a-z,] )\b{_WORD}(?=\s(?:forgot|refused|lied|promised|resigned|quit|blamed|ignored)\b)",
)
_SEEN = tuple(re.compile(pattern) for pattern in _PATTERNS)
_ALONE = re.compile(rf"\b{_WORD}\b")
# Common given names of several languages, without those that are also plain words or places.
_GIVEN = frozenset(
    """
    aaron abdul adam ahmed aisha alan alejandro alex alexander ali alice amina amir amy ana
    andrea andrew angela anita anna anne anthony antonio aylin barbara beatriz ben benjamin
    brian carla carlos carmen carol caroline catherine charles charlotte chris christine
    christopher claire claudia daniel david deborah denise diana diego edward elena elizabeth
    emily emma eric eva fatima fatma francesca francisco gareth gary george giulia gloria
    gordon graham hannah hans hassan heather helen henry hussein ian ibrahim ingrid isabel
    ivan jack james jamie jane janet jason javier jean jennifer jessica jim joan joe john
    jonathan jorge jose joseph juan judith julia julie karen kate katherine kathleen kenneth
    kevin khadija kumar laura lauren leila linda lisa louise lucas lucia lucy luis luke
    margaret maria marie marta martin mary mateo matthew mehmet michael michelle miguel
    mohamed mohammed mustafa nancy natalia natasha neil nicholas nicola olga oliver omar pablo
    patricia patrick paul paula pedro peter philip priya rachel raj rebecca richard robert
    roberto rosa ruth ryan sandra sara sarah sean sergei sergio sharon simon sofia sophie
    stephen steven susan svetlana tariq teresa thomas tim tom tony valentina victoria wei
    william yusuf zainab zoe
    """.split()  # noqa: SIM905 - a list of words, read as such
)
# Words that stand in the names of organisations, places and times, or that begin sentences.
_NOT_PEOPLE = frozenset(
    """
    academy agency alliance april association august authority bank board borough bus campaign
    care centre center charity children's church circle city clinic club college community
    company cooperative council county day december department district division easter eid
    evaluation family february festival food foundation friday friends fund group hall health
    high hospital house housing initiative institute january july june library lodge london
    lower march market may ministry monday museum national network new north northern november
    nursery october office park partnership people's playgroup police primary programme
    project public quarter ramadan rapid results river road royal saint saturday school
    schools september service services shop social society south southern square st station
    street sunday team the thursday town trust tuesday union united university upper village
    visitors ward wednesday week west western women's work year york youth a after all an
    another any as at because before both but by each even every few first for from he her his
    how if in it its last later less many more most much my nobody no none not nothing now on
    once one only our partners since so some somebody someone staff that their then there
    these they this those though to two until volunteers we what when where which while who
    why with without you your
    """.split()  # noqa: SIM905 - a list of words, read as such
)


def names_in(text: str, organisations: Iterable[str] = ()) -> list[str]:
    """What looks like a person's name, in order; words of organisations' names do not count.

    It misses many names and takes some other words for names.

    >>> names_in("The van broke down because Dr. Patel and then Jane Miller forgot the service.")
    ['Dr. Patel', 'Jane Miller']
    >>> names_in("Tom left early. The Town Council was late in May.")
    ['Tom']
    """
    held = list(organisations)
    known = {word for name in held for word in name.casefold().split()} | _NOT_PEOPLE
    found: dict[tuple[int, int], str] = {}
    for number, pattern in enumerate(_SEEN):
        for match in pattern.finditer(text):
            group = 1 if pattern.groups else 0
            words = match[group].casefold().replace("’", "'").split()
            if number == 0 or not any(word in known for word in words):
                found[match.span(group)] = match[group]
    for match in _ALONE.finditer(text):
        word = match[0].casefold().removesuffix("'s").removesuffix("’s")
        if word in _GIVEN and word not in known:
            found[match.span()] = match[0].removesuffix("'s").removesuffix("’s")
    # Of names that overlap, the longest.
    spans = [s for s in found if not any(_within(s, other) for other in found if other != s)]
    return [found[span] for span in sorted(spans)]


def _within(span: tuple[int, int], other: tuple[int, int]) -> bool:
    return other[0] <= span[0] and span[1] <= other[1]
