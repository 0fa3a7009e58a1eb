"""Who is said to bring a goal about: the owner in a sentence.

The owner is the subject of a verb of intent or duty ("the council will", "the campaign intends
to"), or whoever a label or a passive names. What is measured is not the owner: in "85% of pupils
will read well" and "graduation rates will rise" nobody has been named.
"""

from __future__ import annotations

import re
from itertools import islice

from playbook_helpers.practices.goals.reading import ANY_NUMBER, D, Judgement, Reading
from playbook_helpers.practices.goals.words import CHANGE, MEASURE, ORGANISATION, QUANTITY_NOUN

_INTENT = re.compile(
    r"(?<=\bwe)'(?:ll|d like)\b|(?<![\w'])(?:(?:will|shall|must|should|is to|are to"
    r"|(?:is|are) going to|would like (?=to\b)|answers? for"
    r"|reports? on|takes? (?:charge|responsibility)|is in charge|leads?(?= (?:on|this|it|the)\b))\b"
    r"|(?:is|are|has been|have been) (?:also |now |jointly )?(?:continuing|working|planning|aiming"
    r"|seeking|striving|pledged|committed|determined|responsible|accountable|leading|charged)\b"
    r"|(?:has|have) (?:also |all |now |jointly )?(?:set|pledged|committed|agreed|promised"
    r"|undertaken"
    r"|adopted|vowed|resolved)\b"
    r"|(?:aims?|intends?|plans?|commits?|pledges?|seeks?|strives?|undertakes?|agrees?|wants?|hopes?"
    r"|proposes?|promises?|vows?|endeavou?rs?|expects?|resolves?) (?=to\b|that\b|itself\b"
    r"|themselves\b|for\b|a\b))"
)
_LABEL = re.compile(
    r"\b(?:owner|lead|lead (?:partner|agency|organisation|organization)"
    r"|responsible(?: (?:party|body"
    r"|partner|person))?|accountable): +(?=\S)|[(,;.|] ?(?:led|delivered|owned) by (?=\S)"
)
_PASSIVE = re.compile(
    r"\b(?:will|shall|must|should|to) be (?:[\w-]+ )?\w+(?:ed|n|t|d)\b[^.;"
    r"|]{0,80}?\bby (?=the |our )"
)
_BEHIND = re.compile(rf"\((?P<who>(?:[a-z&'-]+ ){{0,5}}(?:{ORGANISATION}))\)\W*$")
_DO_VERB = (
    r"(?:be|have|become|remain|stay|live|feel|know|receive|own|get|meet|achieve|reach|read|say)"
)
_LEADING = re.compile(
    rf"^(?:\W*(?:by|before|in|over|from|within|between|during|until|through|starting|to"
    rf"|for|at|with|together with|working with|as part of|under)\b[^,;:]*?,\s*)+"
    rf"|^\W*(?:by|before|in|until|within|over)\s+(?:the (?:end|start) of )?(?:the )?{D}\s+"
    r"|^\W*between now and [^a-z]+"
)
_GOAL_HEAD = re.compile(
    r"\b(?:goals?|targets?|objectives?|aims?|mission|vision|ambition|purpose|baseline|priority)\b"
)
_DOCUMENT = re.compile(r"\b(?:plan|strategy|policy|law|act|agreement|framework|document|roadmap)$")
_PROPER = re.compile(r"[A-Z]{2,}|[A-Z][\w'&.-]+")


def owner(reading: Reading) -> Judgement:
    """Is it said who?"""
    text = reading.marked
    match = _LABEL.search(text)
    if match:
        end = _end_of_name(text, match.end())
        return Judgement("yes", "O4", match.end(), end)
    passive = _PASSIVE.search(text)
    if passive:
        return Judgement("yes", "O5", passive.end(), _end_of_name(text, passive.end()))
    for intent in islice(_INTENT.finditer(text), 40):
        start, end = _subject(text, intent.start())
        if end > start:
            judged = _judge(reading, start, end, intent)
            if judged is not None:
                return judged
    return _bare(reading)


def _end_of_name(text: str, start: int) -> int:
    stop = re.search(r"[.;|,)]|$|\b(?:by|before|in|at|from|through|when|who|that)\b", text[start:])
    return start + (stop.start() if stop else 0)


def _subject(text: str, verb: int) -> tuple[int, int]:
    """Where the words before a verb of intent begin and end, without dates put in front."""
    begin = max(text.rfind(sign, 0, verb) for sign in (". ", "; ", " | ", ": ", "! ", "? "))
    begin = begin + 2 if begin >= 0 else 0
    begin = max(begin, verb - 300)
    clause = text[begin:verb]
    leading = _LEADING.match(clause)
    if leading:
        begin += leading.end()
    said = (at for at in range(begin, verb) if text[at].isalnum() or text[at] in ANY_NUMBER)
    begin = next(said, verb)
    return begin, verb - (text[verb - 1] == " ")


def _judge(reading: Reading, start: int, end: int, intent: re.Match[str]) -> Judgement | None:
    """What a subject says about the owner; None where it says nothing and another verb may."""
    words = re.sub(r", [^,]*,$", "", reading.marked[start:end])  # ", with three schools,"
    end = start + len(words)
    after = reading.marked[intent.end() : intent.end() + 40].lstrip()
    bare = words.strip()
    if re.match(r"we\b|our (?:partnership|team|group)\b", bare):
        if re.match(r"we (?:as|like) (?:a|an|one)\b|we,? the (?:people|public)\b|we all\b", bare):
            return Judgement("no", "O6", start, end)
        return Judgement("partial" if bare.startswith("we") else "yes", "O3", start, end)
    if re.match(
        r"(?:it|this|these|those|there|they|you|he|she|that|which|who|everyone|everybody|nobody"
        r"|no one|people|somebody|someone|anyone)\b",
        bare,
    ):
        return None
    if re.search(r"\b(?:that|which|who|where|when|if|so that)\b", bare) and not re.match(
        r"the\b", bare
    ):
        return None
    if re.search(r"(?:'s|s'|\b(?:the|a|an|its|their|our|this))$", bare):
        return None
    if _GOAL_HEAD.search(bare.split(" of ")[0]):
        return None
    if any(mark in bare for mark in ANY_NUMBER[1:]) or re.match(
        r"(?:no|at least|most|more|some|half|few)\b", bare
    ):
        return None
    head = re.split(r"\b(?:of|for|in|and|on|at|who|that|with)\b|,", bare)[0].strip()
    if re.search(rf"\b(?:{MEASURE}|{QUANTITY_NOUN})$", head):
        return None
    if _DOCUMENT.search(head):
        return Judgement("partial", "O7", start, end)
    organisation = re.search(rf"\b(?:{ORGANISATION})$", head) or re.search(
        rf"\b(?:{ORGANISATION})\b", head
    )
    plural = bool(re.search(r"(?<!s)s$|(?:people|children|men|women|staff|police)$", head))
    named = _named(reading, start, end)
    if re.match(rf"{_DO_VERB}\b", after) and not organisation and not (named and not plural):
        return None
    if re.match(r"be \w+ed\b", after):
        return None
    if named and (organisation or not plural or len(named) > 1):
        return Judgement("yes", "O1", start, end)
    if re.match(r"(?:the|our|its|this)\b", bare) and not plural:
        return Judgement("yes", "O2", start, end)
    if organisation and re.match(r"(?:all|each|every|both)\b", bare):
        return Judgement("yes", "O2", start, end)
    if organisation:
        return Judgement("partial", "O3", start, end)
    return None


def _named(reading: Reading, start: int, end: int) -> list[str]:
    """Words of a proper name in the subject; the capital that opens a sentence does not count."""
    original = reading.original[start:end]
    opens = start == 0 or reading.original[:start].rstrip()[-1:] in ".;:|!?"
    names = _PROPER.findall(original)
    if names and opens and original.startswith(names[0]):
        follows = original[len(names[0]) :].lstrip()[:1]
        if not names[0].isupper() and not follows.isupper() and "&" not in names[0]:
            names = names[1:]
    return [n for n in names if n not in ("The", "Our", "All", "Each", "Every", "By", "In", "A")]


def _bare(reading: Reading) -> Judgement:
    """ "Schools to cut food waste": somebody is named without a verb that binds them."""
    text = reading.marked
    match = re.match(
        rf"^\W*(?:by [^,]*, ?)?(?P<who>(?:the |all |each |every |our )?(?:[\w'-]+ ){{0,5}}?"
        rf"(?:{ORGANISATION})) to [a-z]+\b",
        text,
    )
    if match and not re.search(rf"\b(?:{CHANGE}|of|for|with|from|between)\b", match["who"]):
        return Judgement("partial", "O3", match.start("who"), match.end("who"))
    behind = _BEHIND.search(text)
    if behind:
        return Judgement("partial", "O8", behind.start("who"), behind.end("who"))
    return Judgement("no", "O0")
