"""What a goal's sentence says, read once by a small grammar: five parts, each with its place.

Dates, quantities and names are found first and covered by marks of one character each, so that a
pattern can say "from Q to Q" and the place it finds is the place in the original. Every part
carries the rule of `rules.RULES` that read it; a rule that is sure says "yes", one that is not
says "partial". People confirm what was read: nothing here takes a part for missing that could be
there in other words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from playbook_helpers.practices.goals.characters import JUDGED, Span, cover, plain
from playbook_helpers.practices.goals.dates import Found, find_dates
from playbook_helpers.practices.goals.progress import Way
from playbook_helpers.practices.goals.quantities import Quantity, find_quantities, not_amounts
from playbook_helpers.practices.goals.rules import ELEMENTS, RULES, Element, Verdict
from playbook_helpers.practices.goals.words import (
    ACHIEVE,
    CHANGE,
    CHANGE_NOUN,
    DOWN,
    EFFORT,
    END,
    KEEP,
    MEASURE,
    ORGANISATION,
    QUALITY_ADJECTIVE,
    QUALITY_NOUN,
    QUANTITY_NOUN,
    UP,
    VAGUE,
)

DATE, NUMBER, OTHER, NAME = "\x01", "\x02", "\x03", "\x04"
D, Q, MARKS = f"{DATE}+", f"{NUMBER}+", f"{DATE}{NUMBER}{OTHER}{NAME}"
_W = rf"(?:[\w'’%/+.-]+,? |[{MARKS}]+,? )"
"""A word or a mark, with the space after it."""
_SOME = (
    r"(?:at least|at most|(?:more|less|fewer|lower|higher|longer) than|no more than|up to|about"
    r"|around|approximately|roughly|nearly|almost|over|under|below|above|an?|the|only|just|exactly"
    r"|another|further|additional|average of|(?:mini|maxi)mum of|total of|as (?:low|many|much) as"
    r"|close to|between|some|full|no|not)"
)
_NOW = r"(?:currently|now|today|at present|presently|at the moment|to date|so far)"
_BASE = r"(?:baseline|base year|base|starting point|start(?:ing)? (?:value|level|figure))"
_COMPARED = r"(?:(?:compared|in comparison) (?:to|with|against)|relative to|versus|vs\.?|against)"
_C = rf"(?:(?!by\b|to\b)[\w'%/+-]+ |{D} )"
_S = rf"(?:(?!(?:{CHANGE}) (?:by )?{Q}){_W})"
_STARTS = [
    re.compile(pattern)
    for pattern in (
        rf"\bfrom {_S}{{0,9}}?\(?(?P<a>{Q})[^|;.]{{0,90}}?(?:\bto\b|->|→|-) ?{_W}{{0,5}}?{Q}",
        rf"(?P<a>{Q})[^|;.→>{NUMBER}]{{0,30}}?(?:->|=>|→|⇒| > )[^|;.]{{0,30}}?{Q}",
        rf"\b{_BASE}\b(?:[\s:()=-]|{D}|\b(?:of|is|was|were|year|value|at|in|the|stands?|stood"
        rf"|level|rate|figure|{_SOME})\b){{1,12}}?(?P<a>{Q})",
        rf"\b(?:up|down|rising|falling|risen|fallen|grown) from {_W}{{0,5}}?(?P<a>{Q})",
        rf"\bfrom {_W}{{0,7}}?(?:{D}|level|rate|baseline|base|figure|value|average|results?|total"
        rf"|current|present|today's|existing|last year's) {_W}{{0,5}}?(?P<a>{Q})",
        rf"\bfrom (?:(?!{D}|{Q}){_S}){{0,4}}?(?P<a>{Q}){_W}{{0,3}}? ?[,(]? ?(?:in |at |for "
        rf"|as of )?(?:{D}|{_NOW})",
        rf"(?:\bto {_W}{{0,4}}?{Q}[^|;.]{{0,80}}?,?|{Q}[^|;.]{{0,90}},) from {_W}{{0,3}}?"
        rf"(?P<a>{Q})",
        rf"\b(?:{_COMPARED}|building on) {_C}{{0,5}}?(?P<a>{Q})",
        rf"(?P<a>{Q})[\w %]{{0,15}}\({_NOW}\)|(?P<b>{Q}) (?:did|was|were) (?:so )?in {D}",
        rf"\b(?:current:|(?:we(?: are|'re)|starting|beginning) (?:at|from|with)"
        rf"|\((?:now|today|we have)) (?:{_SOME} )*(?P<a>{Q})",
        rf"\b{_NOW}\b:? (?:(?!to\b|by\b|and\b)[a-z]+ ){{0,4}}(?P<a>{Q})",
        rf"\b(?:number|share|rate) of (?:[a-z'-]+ ){{1,6}}- (?P<a>{Q})[^-.;|]{{0,30}} - ",
        rf"(?P<a>{Q})(?: [\w%/'-]+){{0,4}}?,? (?:{_NOW}|last year)\b",
        rf"\b(?:was|were|stood at|had) {_W}{{0,3}}?(?P<a>{Q})[^|;.,]{{0,50}}?(?:in|at|\() ?{D}",
        rf"(?P<a>{Q})[^|;.,]{{0,30}} (?:in|at) {D}(?=[,;] (?:the )?target\b)",
        rf": (?P<a>{Q})[\w %]{{0,30}}[.,;|(] ?(?:(?:our|the|its) )?target(?: is| of|:)? ?{Q}",
        rf"{D},? (?:[a-z]+ ){{0,3}}(?:was|were|had|stood at) {_W}{{0,3}}?(?P<a>{Q})",
        rf"\((?:up |down )?from (?:{_SOME} )*(?P<a>{Q})\)",
        rf"(?P<a>{Q})(?: can| of)? [a-z ]{{0,20}}{Q}[\w %]{{0,9}}\({D}\)",
        rf"(?P<a>{Q})[\w %]{{0,25}}\({D}\)",
        rf"\((?:(?!\bby\b|\btarget\b|\bto\b)[^()]){{0,40}}?(?:(?P<a>{Q})[\w %]{{0,25}}?"
        rf"(?:in |,|, )?{D}|{D}[:,]? ?(?:\w+ ){{0,3}}(?P<b>{Q}))",
    )
]
"""How a sentence gives the number that things start from: group a (or b) is that number."""
_BARE_PAIR = re.compile(
    rf"(?P<a>{Q})(?P<unit>(?: [a-z]+){{0,3}}?) to (?:{_SOME} )*(?P<b>{Q})(?P<after>(?: [a-z]+)?)"
)
_TWO_DATED = re.compile(
    rf"(?P<first>(?P<a>{Q})[^|;.,{MARKS}]{{0,30}} in {D}),? (?:and |then |to )?{Q}"
    rf"[^|;.,{MARKS}]{{0,30}}"
    rf" in {D}"
)
_YEAR_ONLY = re.compile(
    rf"\b(?:{_COMPARED}|below|above|over|from|since|than|on|back to|{_BASE})\b[^|;.]{{0,45}}?{D}"
)
_IMPLIED = re.compile(
    r"\b(?:current|present|existing|today's|historic|last year's|pre-\w+|previous|prior)"
    r"(?: \w+){0,2} (?:levels?|rates?|numbers?|figures?|average|baseline)\b"
    r"|\b(?:over|than|on|compared (?:to|with)) (?:the )?(?:prior|previous|last) (?:\w+ )?"
    r"(?:year|month|quarter|cy|fy)\b"
    r"|\b(?:baseline(?! (?:compliance|survey|study|report))|than (?:now|today"
    r"|at present|last year)|year[- ]on[- ]year)\b"
)
_CHANGES = re.compile(rf"\b(?:{CHANGE}|{CHANGE_NOUN})\b")
_FRAME = re.compile(rf"\b(?:{CHANGE})\b,? {_W}{{0,9}}?(?:\w+-)?(?:{MEASURE})\b")
_WHO = re.compile(r"\b(?:who|that|which|whose|where|living|having)\b")
_MEASURED = [
    re.compile(pattern)
    for pattern in (
        rf"\b(?:{MEASURE})\b(?: of\b|(?= (?:who|in|for|among|per|to|from|by|at|on|below|above|under"
        rf"|over|will|rises?|falls?|is|are)\b)|(?=\W*$)|(?=[,;.|(\s]*[{MARKS}]))",
        r"\b[\w-]{3,30} (?:rates?|ratios?|prevalence|incidence|scores?|index)\b",
        rf"\b(?:{CHANGE}|{CHANGE_NOUN} (?:in|of))\b (?:(?!through|by|with|using){_W}){{0,5}}?"
        rf"(?:{QUANTITY_NOUN})\b",
        rf"^(?:by {D},? )?(?:the )?(?:[\w-]+ ){{0,4}}?(?:{QUANTITY_NOUN}|rates?)\b"
        r"(?:,? [\w-]+){0,6}?"
        r" (?:rises?|falls?|drops?|declines?|grows?|increases?|decreases?|averted|reduced|increased"
        r"|halved|doubled|cut|is|are|will)\b",
        r"(?:^|(?<= ))[%#] of\b",
        rf"\b(?:fewer|less|lower|higher|more) (?:[\w-]+ ){{0,2}}?(?:{QUANTITY_NOUN})\b",
        _FRAME.pattern,
        rf"(?:^\W*|[.;|] |\b(?:so )?that )(?:(?:by|before|in) (?:the end of )?{D},? "
        r"|there (?:are|will be) )?(?:fewer (?:[\w'-]+ ){0,3}?"
        r"|more (?:(?!\w+(?:ive|ful|ible|ent|ant|ous|ic|ed|ing)\b)[\w'-]+ )?)"
        rf"(?:[\w-]{{2,}}[^s\W]s|people|children|men|women) (?!of\b)(?:[a-z]|{Q})",
        r"\b(?:as )?measured (?:as|by|in|through|using|with)\b|\bindicator:",
    )
]
_SELF_MEASURED = _MEASURED[-1]
_JUDGED_BY = re.compile(
    rf"\b(?:who|that|which)?(?: \w+)? ?(?:are|is|be|being|become|feel|remain|stay|live|lives) "
    rf"(?:more |fully |truly |well |very )?(?:{QUALITY_ADJECTIVE})\b(?! (?:for|to|from|with)\b)"
    rf"|\b(?:lack|lacks|lacking|have|has|having|achieve|achieves|enjoy)"
    rf" (?:[\w-]+ )?{QUALITY_NOUN}\b|\bwho (?:thrive|flourish|prosper)\b"
)
_REPORTED = re.compile(
    r"\b(?:say|says|feel|feels|report|reports|reporting|rate|score|scoring|assessed|surveyed)\b"
)
_LEVELS = re.compile(
    r"(?<!\bat )(?<!\ball )(?<!\bat all )\b(?:\w+ )?(?:levels? of|to [\w-]+ (?:levels?|standards?)"
    r"|\bcurrent levels?)\b"
)
_BENCHMARK = re.compile(
    r"\b(?:than|as [a-z]+ as|to|at|above|below|match(?:es|ing)?|reach(?:es|ing)?|exceed(?:s|ing)?"
    r"|meet(?:s|ing)?)(?: or (?:above|below|better than|exceed(?:s|ing)?))? "
    r"(?:the |that of the |its |their )(?:[\w-]+ ){0,3}?"
    r"(?:average|median|mean|benchmark|threshold|norm)\b"
)
_STATE = re.compile(
    r"\bto (?:(?:non|pre|sub)-[\w-]+|safe|legal|natural|background|acceptable|permitted) (?:\w+ )?"
    r"(?:levels?|standards?|limits?)\b|\bto levels that\b"
)
_FOR_ALL = re.compile(
    r"\b(?:for|by|to) (?:all\b|every(?:one|body)?\b|each\b)|\buniversal(?:ly)?\b"
    r"|\b(?:that|ensure|ensures|ensuring|guarantee|have|get|give|provide|connect|reach|help) "
    r"(?:all|every|each|everyone|everybody|no|nobody)\b(?! forms?\b)|\b(?:by|for) everyone\b"
    r"|\b(?:in|from|across|at) (?:all|every|each) (?!levels?|aspects?|areas?|countries|forms?"
    r"|ages?)"
)
_ALL_SUBJECT = re.compile(
    r"(?:^(?:by|before|until|in) (?:the (?:end|start) of )?(?:[a-z]+ )?\d{4},? |^|[.;:|,] ?"
    r"|\b(?:that|want|wants|wish|wishes|see to it) )"
    r"(?:all|every|each|everyone|everybody|nobody|no one|no)\b"
    r"(?! (?:year|month|week|day|later|more than|less than))"
)
_END = re.compile(rf"(?<!\bby )(?<!\bof )(?<!\bincluding )\b(?:{END})\b(?! of\b)(?!-)")
_NO_END = re.compile(
    rf"\b(?:the|an?|year|by the|week|this|each|every|of|at|in|at the|low|high)$"
    rf"|\b(?:{EFFORT}|help|helps|towards?|including|such as)\b[^,;]*$"
)
_ROUGH = re.compile(
    r"\b(?:halt|stop|reverse|end)(?:s|ing)? the (?:\w+ )?(?:decline|loss|rise|growth|fall)\b|"
    r"\b(?:dozens|hundreds|thousands|millions|most|a majority) of\b"
    r"|\b(?:maintain|keep|sustain|hold|preserve|retain)s?\b[^.;|]{0,40}\b(?:current|present"
    r"|existing|today's)\b[^.;|]{0,30}\b(?:levels?|rates?|numbers?|standards?)\b"
)
_NUMBER_WORDS = re.compile(
    r"\b(?:single|double|low|high) (?:figures|digits)\b|\bno (?:higher|lower|more|fewer|less|worse"
    r"|longer) than (?:now|today|last year|at present|before|current)\b"
)
_RANK = re.compile(
    r"\b(?:in|into|among|within|to|reach|be|become) (?:one of )?(?:the )?(?:top|first|best|lowest"
    r"|highest) (?:\d+|two|three|five|ten|quarter|third|half|quartile|decile)\b"
)
_AMOUNT_WORD = re.compile(
    r"\b(?:majority|parity|gender balance|equal (?:numbers?|shares?)|dozens?|hundreds?|thousands?"
    r"|millions?|a handful|nine-tenths|none|nothing)\b"
)
_TIME_WORD = re.compile(
    r"\b(?:by|before|until|till|through|throughout|during|within|no later than)"
    r" (?:(?:the|our|its|this|that|next|end|close|start|of|new|coming|a|an) ){0,5}"
    r"(?:(?<= of )(?:[a-z]+ ){0,2}[a-z]+'s? )?"
    r"(?:(?:school|financial|fiscal|academic|calendar|parliamentary|electoral|council|mayoral) )?"
    r"(?:years?|months?|quarter|terms?|semester|decade|season|century|spring|summer|autumn|winter"
    r"|christmas|easter|ramadan|eid|diwali|election|census|olympics|agm|deadline"
    r"|january|february|march|april|may|june|july|august|september|october|november|december)\b"
    r"(?! (?:of (?:age|birth|life|discharge|referral|release)|after|old|later|following))"
)
_VAGUE_OBJECT = re.compile(
    rf"\b(?:{VAGUE})\b (?:with )?(?:the )?(?:lives of |lives for )?(?:{_SOME} )*{Q}"
    r"(?P<rest>[^,;.|]{0,80})"
)
_COMPLEMENT = re.compile(
    rf"\b(?:to|into|onto|out of|{CHANGE})\b (?!live)|\b\w+ing (?:more|less)\b|\b(?:per|each)\b"
    r"|^ \w+ (?!in|on|at|of|with|by|from|who|that|living|through|across|and|or|for|a|the)[a-z]+ "
)
_PREPOSITION = re.compile(
    r"\b(?:by|before|until|till|through|no later than|in|during|over|within|from)"
    r"(?: the)?(?: end of)?(?: the)?(?: year)? $"
)
_BOUND = re.compile(r"\b(?:by|before|until|till|through|to)(?: (?:the|end|of|year)){0,4} $")
_CHANGED_BY = re.compile(rf"\b(?:by|(?:{CHANGE_NOUN}) of) (?:(?:{_SOME}|of|one) )*$")
_CHANGE_AFTER = re.compile(
    rf" (?:(?!or\b)[\w-]+ )?(?:{CHANGE_NOUN}|more|fewer|less|below|lower|higher|as many|as much)\b"
)
_MOVED = re.compile(
    r"\b(?:(?:ris|declin|increas|decreas)es?|(?:fall|drop|grow|shrink|climb)s?|go(?:es)?"
    rf" (?:up|down)|up|down) $|\b(?:{CHANGE})\b (?:(?!(?:to|at|by|of|or|and)\b)[\w'-]+ ){{1,6}}"
    r"(?<!to )(?<!at )(?<!of )(?<!below )(?<!under )(?<!above )(?<!over )(?<!in )(?<!than )$"
)
_INTENT = re.compile(
    r"(?<=\bwe)'(?:ll|d like)\b|(?<![\w'])(?:(?:will|shall|must|should|is to|are to"
    r"|(?:is|are) going to|would like (?=to\b)|answers? for|reports? on|takes? (?:charge"
    r"|responsibility)|is in charge|leads?(?= (?:on|this|it|the)\b))\b"
    r"|(?:is|are|has been|have been) (?:also |now |jointly )?(?:continuing|working|planning|aiming"
    r"|seeking|striving|pledged|committed|determined|responsible|accountable|leading|charged)\b"
    r"|(?:has|have) (?:also |all |now |jointly )?(?:set|pledged|committed|agreed|promised"
    r"|undertaken|adopted|vowed|resolved)\b"
    r"|(?:aims?|intends?|plans?|commits?|pledges?|seeks?|strives?|undertakes?|agrees?|wants?|hopes?"
    r"|proposes?|promises?|vows?|endeavou?rs?|expects?|resolves?) (?=to\b|that\b|itself\b"
    r"|themselves\b|for\b|a\b|at least\b))"
)
_NAMED_LEAD = re.compile(
    r"\b(?:owner|lead(?: (?:partner|agency|organi[sz]ation|officer))?|accountable"
    r"|responsib(?:le|ility)(?: (?:party|body|partner|person|officer))?): +(?=\S)"
    r"|(?:^|[(,;.|] ?)(?:led|delivered|owned|run|managed|overseen|co-?ordinated) by "
    r"(?=\S)|\b(?:will|shall|must|should|to) be (?:[\w-]+ )?\w+(?:ed|n|t|d)\b[^.;|]{0,80}?\bby "
    rf"(?=the |our |{NAME})"
)
_LEADING = re.compile(
    rf"^(?:\W*(?:by|before|in|over|from|within|between|during|until|through|starting|to|for|at|with"
    rf"|together with|working with|as part of|under)\b[^,;:]*?,\s*)+"
    rf"|^\W*(?:by|before|in|until|within|over)\s+(?:the (?:end|start) of )?(?:the )?{D}\s+"
    r"|^\W*between now and [^a-z]+"
)
_NOT_WHO = re.compile(
    r"(?:it|this|these|those|there|they|you|he|she|that|which|who|everyone|everybody|nobody"
    r"|no one|people|somebody|someone|anyone|no|at least|most|more|some|half|few|fewer)\b"
)
_PAPER = re.compile(r"\b(?:plan|strategy|policy|law|act|agreement|framework|document|roadmap)$")
_WISH = re.compile(
    r"\b(?:goals?|targets?|objectives?|aims?|mission|vision|ambition|purpose|baseline|priority)\b"
)
_WISHFUL_NAME = re.compile(r"(?:Vision|Mission) [A-Z]|[A-Z]\w+ (?:Vision|Mission)\b")
"""Bodies called so: World Vision, Mission Australia."""
_ACTS = re.compile(
    rf"(?:to )?(?:{CHANGE}|{END}|{EFFORT}|teach|train|open|run|answer|plant|build|fund|publish"
    r"|offer|house|recruit|visit|hold|deliver|provide|set up|reach|help)\b"
)
_AFTER_HEAD = r"\b(?:of|for|from|in|on|at|who|that|with)\b"
"""What comes between the head of a subject and more words about it."""
_DOES = re.compile(
    rf"(?<!\w)(?:(?:{CHANGE}|{EFFORT}|{END})(?<!ed)(?<!ing)|(?:teach|reach)(?:es)?"
    r"|(?:train|open|plant|build|fund|offer|house|recruit|hold|deliver|provide|complete|run|feed"
    rf"|connect)s?|{Q}) (?=(?:the|its|their|our|an?|all|every|each|{NUMBER}|{NAME}|[a-z][\w'-]+))"
    r"(?!(?:from|to|by|in|at|on|until|before|after|below|above|under|over|between|within|over"
    r"|more|less|again|as|while|when|and|or)\b)"
)
"""A verb in the present that somebody does to something: "the council halves its emissions"."""
_ROLE = re.compile(
    rf"\b(?:(?P<one>manager|director|officer|co-?ordinator|head of [\w ]+|chair|secretary)"
    rf"|{ORGANISATION})$|\b(?P<two>manager|director|officer|co-?ordinator),"
)
_PEOPLE = re.compile(r"\b(?:teachers|volunteers|staff|employees|coaches|leaders|managers)$")
_STATE_VERB = re.compile(
    r"(?:be|have|become|remain|stay|live|feel|know|receive|own|get|meet|achieve|reach|read|say)\b"
)
_CAPITAL = r"(?:[A-Z]{2,}|[A-Z][\w'’&.-]+)"
_NUMBER_NAMES = re.compile(
    r"\b(?:One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten|Twelve|Hundred|Thousand|Half|Third"
    rf"|Quarter|Zero|Double|Triple|First|Second)(?:(?: |-)"
    rf"(?!(?:Hundred|Thousand|Million)\b){_CAPITAL})+"
    rf"|\b(?:{_CAPITAL} )+(?:End|Mile|Stop|Cut|Hundred|Quarter|Third|Half)\b"
)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a sentence as read: where it stands, what it says, and by which rule.

    `value` is a number, a partial date ("2028-07"), or words; `percent` whether the number is one.
    """

    start: int
    end: int
    text: str
    rule: str
    value: float | str | None = None
    percent: bool = False

    @property
    def sure(self) -> bool:
        """Whether the reading can stand as it is, until a person says otherwise."""
        return RULES[self.rule].verdict == "yes"


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence as read: a part is None where nothing in the sentence could be it."""

    text: str
    marked: str
    dates: tuple[Found, ...] = ()
    amounts: tuple[Quantity, ...] = ()
    """The quantities that say how far to go."""
    metric: Part | None = None
    baseline: Part | None = None
    baseline_date: Part | None = None
    target: Part | None = None
    deadline: Part | None = None
    owner: Part | None = None
    direction: Way | None = None
    unit: str = ""
    is_change: bool = False
    """Whether the target is an amount of change ("by 10%"), not an amount to reach."""

    def part(self, element: Element) -> Part | None:
        """The part that is this element."""
        return {
            "metric": self.metric,
            "baseline": self.baseline,
            "target": self.target,
            "deadline": self.deadline,
            "owner": self.owner,
        }[element]

    def span(self, start: int, end: int) -> Span:
        """The stretch from `start` to `end`, without spaces and joining marks at its ends."""
        return _span(self.text, start, end)


def read_sentence(text: str, partners: Iterable[str] = ()) -> Reading:
    """Read a goal's sentence; of a text longer than 5,000 characters, its first 5,000.

    `partners` are names as the partner list has them: no part of one is a number or a verb.

    >>> read = read_sentence("Four Corners Council will lift readiness from 48% to 61% by 2031")
    >>> [part and part.value for part in (read.owner, read.baseline, read.target, read.deadline)]
    ['Four Corners Council', 48.0, 61.0, '2031']
    """
    original = text[:JUDGED]
    low = plain(original)
    marked = low
    for start, end in _names(original, low, partners):
        marked = cover(marked, start, end, NAME)
    found = find_dates(marked, original)
    for each in found:
        marked = cover(marked, each.start, each.end, DATE)
    for start, end in not_amounts(marked):
        marked = cover(marked, start, end, OTHER)
    quantities = find_quantities(marked)
    for q in quantities:
        marked = cover(marked, q.start, q.end, NUMBER)
    sentence = _Sentence(original, low, marked, found, quantities)
    return sentence.read()


def _names(original: str, low: str, partners: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Names that hold number words or verbs, and those of the partners."""
    for name in partners:
        said = plain(name.strip())
        if said:
            yield from (m.span() for m in re.finditer(rf"(?<!\w){re.escape(said)}(?!\w)", low))
    words = re.findall(r"[A-Za-z]{4,}", original)
    if sum(word[0].isupper() for word in words) < max(4, len(words)):  # A Title Has No Names
        yield from (m.span() for m in _NUMBER_NAMES.finditer(original))


def _span(text: str, start: int, end: int) -> Span:
    said = text[start:end]
    start += len(said) - len(said.lstrip(" \t\r\n,;:|("))
    said = text[start:end].rstrip(" \t\r\n,;:|.")
    return Span(start, start + len(said), said)


@dataclass(slots=True)
class _Sentence:
    """A sentence while it is read: each step uses what the steps before it found."""

    original: str
    low: str
    text: str
    dates: list[Found]
    quantities: list[Quantity]

    def read(self) -> Reading:
        owner = self.owner()
        for q in list(self.quantities):
            if self.is_named(q, owner) or self.is_label(q):
                self.quantities.remove(q)
                self.text = cover(self.text, q.start, q.end, OTHER)
        base, first = self.baseline()
        if base and base.rule == "B1":
            self.settle_dates(base)
        amounts = self.amounts(base, first)
        target = self.target(amounts, base)
        named = self.metric(base, target, amounts)
        aim = next((q for q in amounts if target and target.start <= q.start < target.end), None)
        changes = bool(aim and self.is_change(aim))
        kinds = {first.kind, aim.kind} if first and aim else set()
        if base and aim and not base.start <= aim.start < base.end:
            halved = lead_in(self.text, aim.start)[0] == "in"  # "cut it in half"
            if kinds == {"count", "share"} and not changes and not halved:
                base = replace(base, rule="B4")  # a share and a count: not of one thing
        started = self.base_date(base, first)
        value = base.value if base else None
        return Reading(
            self.original,
            self.text,
            tuple(self.dates),
            tuple(amounts),
            named,
            base,
            started,
            target,
            self.deadline(),
            owner,
            self.direction(value, target.value if target and not changes else None),
            self.unit(aim or first),
            changes,
        )

    def part(self, rule: str, start: int, end: int, q: Quantity | None = None) -> Part:
        span = _span(self.original, start, end)
        value = q.value if q else None
        if q and q.kind == "share" and value is not None:
            value = round(100 * value, 1)  # "9 out of 10": 90%
        return Part(span.start, span.end, span.text, rule, value, q is not None and is_percent(q))

    def is_named(self, q: Quantity, owner: Part | None) -> bool:
        """Whether a number is part of a name: "100,000 Homes Campaign"."""
        return owner is not None and owner.sure and owner.start <= q.start < owner.end

    def is_label(self, q: Quantity) -> bool:
        """Whether a number says what is measured: "Waits over 26 weeks: 310 people"."""
        label = self.text.partition(": ")[0]
        return (
            q.end <= len(label) < self.quantities[-1].start
            and len(re.findall(Q, label)) == 1
            and DATE not in label
            and not re.search(rf"\b(?:{CHANGE}|{_BASE}|target)\b", label)
        )

    def at(self, start: int) -> Quantity:
        return next(q for q in self.quantities if q.start == start)

    # Where things stand -----------------------------------------------------------------------

    def baseline(self) -> tuple[Part | None, Quantity | None]:
        """The number that things start from, or what points to one."""
        for pattern in _STARTS if self.quantities else ():
            match = pattern.search(self.text)
            if match:
                at = match.start("a") if match.start("a") >= 0 else match.start("b")
                first = self.at(at)
                return self.part("B1", match.start(), match.end(), first), first
        pair = self.bare_pair()
        if pair:
            return pair
        two = _TWO_DATED.search(self.text)
        if two:
            first = self.at(two.start("a"))
            return self.part("B4", *two.span("first"), first), first
        for each in self.dates:
            if each.part != "start" or each.kind != "date":
                continue
            year = self.low[each.start : each.end].isdigit()
            at_year = r"(?:in|at|of)" if year else r"(?:in|at|of|on)"
            before = self.text[max(0, each.start - 45) : each.start]
            near = list(
                re.finditer(rf"{Q}[^|;.,]{{0,40}}?\b{at_year}(?: the)?(?: end of)? $", before)
            )
            if near and " than " not in near[-1].group():
                begin = each.start - len(before) + near[-1].start()
                return self.part("B1", begin, each.end, self.at(begin)), self.at(begin)
            words = list(_YEAR_ONLY.finditer(self.text, max(0, each.start - 60), each.end))
            return self.part("B2", words[-1].start() if words else each.start, each.end), None
        said = self.source()
        if said:
            sure = is_percent(said) or said.money
            return self.part("B1" if sure else "B4", said.start, said.end, said), said
        implied = _IMPLIED.search(self.text)
        if implied:
            return self.part("B3", *implied.span()), None
        for q in self.quantities:
            to = re.search(rf"\bto (?:{_SOME} )*(?P<b>{Q})", self.text[q.end :])
            if q.kind == "multiple" and q.value and to:  # "double membership to 600": from 300
                part = self.part("B1", q.start, q.end)
                reached = self.at(q.end + to.start("b")).value
                return replace(part, value=reached and reached / q.value), None
            if q.kind == "multiple" or (
                q.kind == "share"
                and re.search(
                    r"(?:\bby|\bcut in|\bcut \w+ in|\breduc\w+ (?:\S+ ){0,8}in)"
                    rf"(?: {_SOME})*(?: one)? $",
                    self.text[max(0, q.start - 80) : q.start],
                )
            ):
                return self.part("B3", q.start, q.end), None
        return None, None

    def source(self) -> Quantity | None:
        """The amount after "from", where something is to change: "cut permits from 32% by 5%"."""
        if len(self.quantities) < 2 or not _CHANGES.search(self.text):
            return None
        for q in self.quantities:
            counted = re.match(r" (?:different |local )?[a-z-]+s\b", self.text[q.end :])
            if lead_in(self.text, q.start)[0] == "from" and not (counted and q.kind == "count"):
                return q
        return None

    def bare_pair(self) -> tuple[Part, Quantity] | None:
        """ "Readiness 48% to 61%": a start and an end, said without "from"."""
        for match in _BARE_PAIR.finditer(self.text):
            first, last = self.at(match.start("a")), self.at(match.start("b"))
            word, _ = lead_in(self.text, first.start)
            if (
                first.kind not in (last.kind, "count")
                or first.money != last.money
                or word in ("by", "to", "of", "between")
            ):
                continue
            same = first.kind == last.kind and (
                is_percent(first) or (match["unit"] and match["unit"] == match["after"])
            )
            rule = "B1" if same or DATE in match.group() else "B4"
            if first.kind == "count" and match["unit"] and not same:
                continue  # "5 days a week to 40%"
            return self.part(rule, match.start("a"), match.start("b") - 3, first), first
        return None

    def settle_dates(self, base: Part) -> None:
        """A date beside the first number says when that was: "up from 62% in 2024"."""
        ranged = self.text[base.start : base.end]
        to = re.search(rf"(?:\bto|->|→) ?{_W}{{0,5}}?{Q}$", ranged)
        for place, each in enumerate(self.dates):
            if each.part != "deadline":
                continue
            if each.kind == "rhythm" and base.start <= each.start < base.end:
                self.dates[place] = replace(each, part="name")
            if each.kind != "date":
                continue
            inside = base.start <= each.start < base.end
            follows = (
                not to
                and each.start >= base.end
                and re.fullmatch(
                    r"(?: [a-z]+)?,? ?\(?(?:in|at|as of)? ?", self.text[base.end : each.start]
                )
            )
            bound = _BOUND.search(self.text[max(0, each.start - 30) : each.start])
            if not bound and (inside or follows):
                self.dates[place] = replace(each, part="start")
        if any(each.part == "deadline" for each in self.dates):
            return
        based = [d.day for d in self.dates if base.start <= d.start < base.end and d.day]
        for place, each in enumerate(self.dates):  # "48% (2024) -> 60% (2030)"
            later = each.day and (each.day > min(based) if based else to)
            last = all(not d.day or not each.day or d.day <= each.day for d in self.dates)
            if later and last and each.part == "start":
                self.dates[place] = replace(each, part="deadline")

    def base_date(self, base: Part | None, first: Quantity | None) -> Part | None:
        for each in self.dates:
            if each.part == "start" and each.kind == "date" and base:
                part = self.part("D1", each.start, each.end)
                return replace(part, value=iso(each))
        return None

    # How far to go ----------------------------------------------------------------------------

    def amounts(self, base: Part | None, first: Quantity | None) -> list[Quantity]:
        """The quantities that say how far to go: not where things stand, nor what is counted."""
        frame = _FRAME.search(self.text)
        who = _WHO.search(self.text, frame.end()) if frame else None
        within = who.start() if who else len(self.text)
        stop = re.search(r"[|;]|\. ", self.text[within:])
        ends = within + stop.start() if stop else len(self.text)
        aside = re.search(r"\b(?:representing|which (?:would |will )?represents?)\b", self.text)
        keeps = bool(frame and re.match(r"(?:keep|hold|maintain|sustain)", frame.group()))
        found = []
        for q in self.quantities:
            word, begins = lead_in(self.text, q.start)
            if aside and q.start > aside.start():
                continue
            if (
                first
                and self.text[first.end : q.end + 1].count("(") == 1
                and re.search(rf"\({Q}\)$", self.text[first.end : q.end + 1])
            ):
                continue  # "423 out of 883 today (48%)": the same number again
            if q is first or (word == "from" and first):
                continue
            if word in ("within", "across", "throughout", "among"):
                continue  # how soon, or where: "across the seven counties"
            if word == "with" and self.text[:begins].rstrip().endswith(", with"):
                continue
            kept = keeps and word == "at" and is_percent(q)
            if frame and within < q.start < ends and word not in ("to", "by") and not kept:
                continue
            counted = frame and q.kind == "count" and frame.end() <= q.start
            described = frame and _WHO.search(self.text[frame.end() : begins])
            if counted and described and word in ("than", "of", "with", "consume", "for", "on"):
                continue
            found.append(q)
        return found

    def target(self, amounts: list[Quantity], base: Part | None) -> Part | None:
        if amounts:
            label = re.search(r"\btarget\b(?: \w+)?:", self.text)
            after = [q for q in amounts if label and q.start > label.end()]
            aim = (after or amounts)[0]
            to = [q for q in amounts if lead_in(self.text, q.start)[0] == "to"]
            stated = base if base and base.rule == "B1" else None
            alike = [q for q in amounts if stated and is_percent(q) == stated.percent]
            paired = [
                q
                for q in alike or amounts
                if stated and stated.start <= q.start < stated.end and q.kind != "multiple"
            ]
            if alike and not self.is_change(aim):
                aim = alike[0]
            if paired:
                aim = paired[-1]
            elif to and self.is_change(aim):  # "double membership to 600"
                aim = to[0]
            word, begins = lead_in(self.text, aim.start)
            begins -= len(word) + 1 if word in ("to", "by") else 0
            return self.part("T1", max(0, begins), aim.end, aim)
        for pattern in (_BENCHMARK, _STATE):
            match = pattern.search(self.text)
            if match:
                return self.part("T2", *match.span())
        for match in _END.finditer(self.text):
            begin = clause_start(self.text, match.start())
            if _NO_END.search(self.text[begin : match.start()].rstrip()):
                continue
            after_end = self.text[match.end() : match.end() + 90]
            counted = re.match(rf"\W+{_W}{{0,4}}?(?:{MEASURE}|{QUANTITY_NOUN})\b", after_end)
            counted = counted or re.search(
                rf"\b(?:{MEASURE}|{QUANTITY_NOUN})\b[^,;.]* (?:is|are|be) $",
                self.text[begin : match.start()],
            )
            if counted or _SELF_MEASURED.search(self.text):
                return replace(self.part("T3", *match.span()), value=0.0)
            return self.part("T4", *match.span())
        whole = self.universal()
        if whole:
            return self.part("T4", *whole)
        span = [q for q in self.quantities if lead_in(self.text, q.start)[0] == "within"]
        if span and not base:  # "answer complaints within ten days"
            return self.part("T1", span[0].start, span[0].end, span[0])
        rough = _ROUGH.search(self.text) or self.left_over()
        return self.part("T5", *rough.span()) if rough else None

    def left_over(self) -> re.Match[str] | None:
        """A rank, or a word of amount that no other reading took: it could be how far to go."""
        patterns = (_NUMBER_WORDS, _RANK, _AMOUNT_WORD)
        return next((m for p in patterns if (m := p.search(self.low))), None)

    def universal(self) -> tuple[int, int] | None:
        """The place of words that leave nobody out, as what is to be reached, not as scope."""
        match = _ALL_SUBJECT.search(self.low)
        if match:
            return match.span()
        for match in _FOR_ALL.finditer(self.low):
            begin = clause_start(self.text, match.start())
            before = self.low[begin : match.start() + match.group().find(" ") + 1]
            verbs = list(
                re.finditer(rf"\b(?:(?P<achieve>{ACHIEVE})|(?:{EFFORT}|{CHANGE}))\b", before)
            )
            last = verbs[-1] if verbs else None
            listed = last and re.match(r"\w*ed(?:,| and\b| or\b)", before[last.start() :])
            if last and last["achieve"] and not listed:  # "a connected and fair city for everyone"
                return match.span()
            dated = any(d.part == "deadline" and d.kind == "date" for d in self.dates)
            if not last and dated:  # "a living wage for all cleaners by April 2027"
                return match.span()
        return None

    def is_change(self, q: Quantity) -> bool:
        """Whether a quantity is an amount of change, not an amount to reach."""
        before = self.low[max(0, q.start - 60) : q.start]
        after = self.text[q.end : q.end + 40]
        return bool(
            q.kind in ("points", "multiple")
            or _CHANGED_BY.search(before)
            or _CHANGE_AFTER.match(after)
            or _MOVED.search(before)
        )

    def direction(self, start: float | str | None, aim: float | str | None) -> Way | None:
        if isinstance(start, float) and isinstance(aim, float):
            return "up" if aim > start else "down" if aim < start else "keep"
        ways: tuple[tuple[Way, str], ...] = (("up", UP), ("down", DOWN), ("keep", KEEP))
        found = [(m.start(), way) for way, verbs in ways for m in re.finditer(verbs, self.text)]
        return min(found)[1] if found else None

    def unit(self, q: Quantity | None) -> str:
        if q is None:
            return ""
        if is_percent(q) or q.kind == "points":
            return "percent"
        if q.money:
            return "currency"
        if re.match(r" (?:[a-z]+ )?per ", self.text[q.end :]):
            return "rate"
        return "number" if q.kind == "count" else ""

    # What is measured -------------------------------------------------------------------------

    def metric(
        self, base: Part | None, target: Part | None, amounts: list[Quantity]
    ) -> Part | None:
        stated = base is not None and base.rule in ("B1", "B4")
        unclear = None if stated else self.judged()
        measured = (m.span() for p in _MEASURED if (m := p.search(self.text)))
        named = next(measured, None)
        value = self.what()
        numbers = stated or (target is not None and target.rule in ("T1", "T3"))
        if not named and numbers:
            vague = _VAGUE_OBJECT.search(self.text)
            if vague and len(amounts) == 1 and not _COMPLEMENT.search(vague["rest"]):
                return None
        if unclear and (named or numbers):
            return self.part("M3", *unclear)
        if named:
            return replace(self.part("M1", *named), value=value)
        compared = target and target.rule in ("T2", "T5")
        if numbers or (compared and self.compares()):
            told = target or base
            return replace(self.part("M2", told.start, told.end), value=value) if told else None
        level = _LEVELS.search(self.text)
        return self.part("M3", *level.span()) if level else None

    def compares(self) -> bool:
        """Whether a benchmark or a size is named that only a number can be held against."""
        return bool(_BENCHMARK.search(self.text) or _NUMBER_WORDS.search(self.low))

    def judged(self) -> tuple[int, int] | None:
        """Where a group is described by a quality that two people would judge differently."""
        if _REPORTED.search(self.low):
            return None
        for match in _JUDGED_BY.finditer(self.text):
            last = self.original[: match.end()].split()[-1]
            if not last[:1].isupper():
                return match.span()
        return None

    def what(self) -> str | None:
        """What is counted, in the words of the sentence, where their place is plain."""
        stop = rf"(?= (?:from|to|by|at|below|above|under|over) | *[{MARKS}:(]|[,;.]|$)"
        for pattern in (
            rf"\b(?:{CHANGE})\s+(?P<what>[a-z][^.;:{MARKS}]{{2,120}}?){stop}",
            rf"^(?P<what>[a-z][^.;:{MARKS}]{{2,80}}?)(?: (?:to|will|should|must))? "
            rf"(?:{CHANGE})\b",
            rf"^(?P<what>[a-z][^.;:,{MARKS}]{{2,80}}?):? (?:from )?{Q}",
        ):
            match = re.search(pattern, self.text)
            if match:
                start, end = match.span("what")
                return _span(self.original, start, end).text or None
        return None

    # By when ----------------------------------------------------------------------------------

    def deadline(self) -> Part | None:
        due = [d for d in self.dates if d.part == "deadline"]
        for kind, rule in (("date", "D1"), ("relative", "D2"), ("rhythm", "D2")):
            for each in due:
                defines = kind == "rhythm" and re.search(
                    r"\b(?:who|that|which|whose)\b[^,;.|]*$",
                    self.text[max(0, each.start - 120) : each.start],
                )
                if each.kind == kind and not defines:
                    said = _PREPOSITION.search(self.low[max(0, each.start - 30) : each.start])
                    if any(d.kind == "rhythm" for d in due) and said and "from" in said.group():
                        rule = "D2"  # "20 a year from 2028": a beginning
                    part = self.part(rule, each.start - len(said.group() if said else ""), each.end)
                    return replace(part, value=iso(each))
        if any(d.part == "deadline" for d in self.dates):
            return None
        said = _TIME_WORD.search(self.text)
        return self.part("D2", *said.span()) if said else None

    # Who --------------------------------------------------------------------------------------

    def owner(self) -> Part | None:
        lead = _NAMED_LEAD.search(self.text)
        if lead:
            stop = re.search(
                r"[.;:|,)]|$|\b(?:by|before|in|at|from|through|when|who|that)\b",
                self.text[lead.end() :],
            )
            return self.who("O1", lead.end(), lead.end() + (stop.start() if stop else 0))
        for intent in _INTENT.finditer(self.text):
            start, end = self.subject(intent.start())
            part = self.judge(start, end, intent) if end > start else None
            if part:
                return None if part.rule == "O0" else part
        return self.bare_owner() or self.doer()

    def doer(self) -> Part | None:
        """Who does something in the present: only a body, or what is plainly a name."""
        for does in _DOES.finditer(self.text):  # "halves" is read as an amount
            if NUMBER not in does.group() or self.at(does.start()).kind == "multiple":
                break
        else:
            return None
        start, end = self.subject(does.start())
        bare = self.text[start:end].strip()
        if re.search(rf"^$|{Q}|{DATE}|\b(?:to|\w+ly)$", bare):
            return None
        part = self.judge(start, end, does)
        return part if part and part.rule in ("O1", "O2") else None

    def who(self, rule: str, start: int, end: int) -> Part:
        part = self.part(rule, start, end)
        return replace(part, value=part.text)

    def subject(self, verb: int) -> tuple[int, int]:
        """Where the words before a verb of intent begin and end, without dates put in front."""
        begin = max(
            clause_start(self.text, verb),
            *(at + 2 for s in ("! ", "? ") if (at := self.text.rfind(s, 0, verb)) >= 0),
            verb - 300,
        )
        leading = _LEADING.match(self.text[begin:verb])
        begin += leading.end() if leading else 0
        said = (
            at for at in range(begin, verb) if self.text[at].isalnum() or self.text[at] in MARKS
        )
        return next(said, verb), verb - (self.text[verb - 1] == " ")

    def judge(self, start: int, end: int, intent: re.Match[str]) -> Part | None:
        """What a subject says about the owner; None where it says nothing and another verb may."""
        words = re.sub(r", [^,]*,$", "", self.text[start:end])  # ", with three schools,"
        end, bare = start + len(words), words.strip()
        after = self.text[intent.end() : intent.end() + 40].lstrip()
        if re.match(r"we (?:as|like) (?:a|an|one)\b|we,? the (?:people|public)\b|we all\b", bare):
            return self.who("O0", start, end)
        if re.match(r"our (?:partnership|team|group)\b", bare):
            return self.who("O1", start, end)
        if re.match(r"we\b", bare):
            return self.who("O2", start, end)
        head = re.split(rf"{_AFTER_HEAD}|\band\b|,", bare)[0].strip()
        names = self.named(start, end)
        wish = _WISH.search(bare.split(" of ")[0])
        numbered = NUMBER in bare or OTHER in bare
        titled = re.match(r"the\b.* (?:campaign|project|programme|initiative|alliance)$", bare)
        titled = titled or re.fullmatch(rf"(?:project|operation|vision|team) {Q}", bare)
        if (
            _NOT_WHO.match(bare)
            or re.search(r"\b(?:the|a|an|its|their|our|this)$", bare)
            or (re.search(r"(?:'s|s')$", bare) and intent.group() not in ("will", "shall", "must"))
            or (re.search(r"\b(?:that|which|who|where|when|if)\b", bare) and bare[:4] != "the ")
            or (wish and not _WISHFUL_NAME.search(" ".join(names)))
            or (numbered and not titled and len(names) < 2)
            or (numbered and " of " in bare)
            or re.search(rf"\b(?:{MEASURE}|{QUANTITY_NOUN})$", head)
            or re.match(r"be \w+ed\b", after)
        ):
            return None
        if _PAPER.search(head):
            return self.who("O2", start, end)
        joined = [re.split(_AFTER_HEAD, each)[0] for each in re.split(r",? and |, ", bare)]
        bodies = [each for each in joined if re.search(rf"\b(?:{ORGANISATION})s?$", each.strip())]
        body = re.search(rf"\b(?:{ORGANISATION})s?\b", head) or NAME in bare or bodies
        plural = bool(re.search(r"(?<!s)s$|(?:people|children|men|women|staff|police)$", head))
        plural = plural and not re.search(rf"{NAME}$|'s$", head)
        plural = plural and not self.original[start:end].rstrip()[-2:].isupper()
        opens_alone = not names and bool(self.lone_capital(start, end))
        if _STATE_VERB.match(after) and not body and (plural or not (names or opens_alone)):
            return None
        if _STATE_VERB.match(after) and _PEOPLE.search(head.split(" or ")[-1]):
            return None  # "all teachers will be trained": those who are counted
        common = plural and body and self.original[:end].split()[-1][:1].islower()
        if common and not re.match(r"(?:all|each|every|both|the)\b", bare):
            return self.who("O2", start, end)
        if titled or NAME in bare or (names and (body or not plural or len(names) > 1)):
            return self.who("O1", start, end)
        if re.match(r"(?:the|our|its|this)\b", bare) and not plural:
            return self.who("O1", start, end)
        if body and re.match(r"(?:all|each|every|both)\b", bare):
            return self.who("O1", start, end)
        if opens_alone and not plural and not body:
            return self.who("O1", start, end)  # "Oxfam will ..."
        if opens_alone and plural and _ACTS.match(after):
            return self.who("O2", start, end)  # "Samaritans will answer ...": a body, or many?
        return self.who("O2", start, end) if body else None

    def named(self, start: int, end: int) -> list[str]:
        """Words of a proper name in the subject, without the capital that opens a sentence."""
        said = self.original[start:end]
        opens = start == 0 or self.original[:start].rstrip()[-1:] in ".;:|!?"
        names = re.findall(_CAPITAL, said)
        if names and opens and said.startswith(names[0]):
            follows = said[len(names[0]) :].lstrip()[:1]
            if not names[0].isupper() and not follows.isupper() and "&" not in names[0]:
                names = names[1:]
        return [
            n for n in names if n not in ("The", "Our", "All", "Each", "Every", "By", "In", "A")
        ]

    def lone_capital(self, start: int, end: int) -> re.Match[str] | None:
        """A name of one word that opens the sentence: a thing that is measured has more words."""
        said = self.original[start:end].strip()
        match = re.fullmatch(_CAPITAL, said)
        common = re.fullmatch(
            rf"(?:{QUANTITY_NOUN}|{MEASURE}|{QUALITY_NOUN}|{CHANGE}|{ACHIEVE}|{EFFORT}"
            rf"|{_WISH.pattern}"
            r"|\w+(?:tion|ment|ness|ity|ism|ing|cy|ship)|continue|work|seek|aim|strive|plan|pledge"
            r"|aspire|commit|agree|hope|want|need|promise|how|what|when|where|we|they|it|this|try"
            r"|start|begin|ready|able|access)",
            said.lower(),
        )
        return None if common else match

    def bare_owner(self) -> Part | None:
        """ "Schools to cut food waste": somebody is named without a verb that binds them."""
        match = re.match(
            rf"^[^\w{NAME}]*(?:by [^,]*, ?)?(?P<who>(?:the |all |each |every |our )?"
            rf"(?:[\w'-]+ ){{0,5}}?(?:{ORGANISATION})|{NAME}+) to [a-z]+\b",
            self.text,
        )
        if match and not re.search(rf"\b(?:{CHANGE}|of|for|with|from|between)\b", match["who"]):
            proper = len(self.named(*match.span("who"))) > 1 and not match["who"].endswith("s")
            return self.who("O1" if proper else "O2", *match.span("who"))
        lone = re.match(
            rf"^({_CAPITAL}(?: (?:{_CAPITAL}|&|and|of|the|for))*) "
            r"to (?!rise|fall|drop|increase|decrease|grow|be)[a-z]+ ",
            self.original,
        )
        if lone and (" " in lone[1] or self.lone_capital(*lone.span(1))):
            plural = lone[1].endswith("s") and not lone[1].isupper()
            return self.who("O2" if plural or " " in lone[1] else "O1", *lone.span(1))
        ours = re.match(r"we (?!as\b|all\b|the\b)[a-z]+\b", self.text)
        if ours:
            return self.who("O2", 0, 2)
        labelled = re.match(rf"^(?P<who>[\w&',/ -]{{3,80}}): (?!{Q})[a-z]", self.text)
        if labelled and (role := _ROLE.search(labelled["who"])):
            return self.who("O1" if role["one"] or role["two"] else "O2", *labelled.span("who"))
        wished = re.search(
            rf"(?P<who>(?:the |our )?(?:{_CAPITAL} ?)+)['’]s? (?P<what>\w+) is (?:to"
            r"|that)\b",
            self.original,
        )
        if wished and _WISH.fullmatch(wished["what"]):
            return self.who("O2", *wished.span("who"))
        behind = re.search(
            rf"\((?P<who>(?:[a-z&'-]+ ){{0,5}}(?:{ORGANISATION})|{NAME}+)\)\W*$", self.text
        )
        return self.who("O2", *behind.span("who")) if behind else None


def is_percent(q: Quantity) -> bool:
    """Whether a quantity is a part of a hundred or of a whole."""
    return q.kind in ("percent", "share")


def iso(found: Found) -> str | None:
    """The date as a field keeps it: no more exact than it was said."""
    first, last = found.first, found.day
    if first is None or last is None:
        return None
    if first == last:
        return last.isoformat()
    months = (last.year - first.year) * 12 + last.month - first.month
    return f"{last:%Y}" if months >= 11 else f"{last:%Y-%m}"


def lead_in(marked: str, start: int) -> tuple[str, int]:
    """The word that brings a quantity in, past "at least", "about" and their like.

    Returns that word ("" at the start or after punctuation) and where the quantity's own words
    ("at least 40%") begin.

    >>> lead_in("reduce it by at least \\x02\\x02", 22)
    ('by', 13)
    """
    window = max(0, start - 60)
    some = re.search(rf"(?:\b{_SOME} |[$£€] ?)*$", marked[window:start])
    begins = window + (some.start() if some else start - window)
    word = re.search(r"\b([a-z]+) $", marked[window:begins])
    return (word[1] if word else ""), begins


def clause_start(marked: str, place: int) -> int:
    """Where the clause that `place` stands in begins: after a full stop, semicolon, bar or dash."""
    back = max(marked.rfind(sign, 0, place) for sign in (". ", "; ", " | ", " - ", ": "))
    return back + 2 if back >= 0 else 0


__all__ = ["ELEMENTS", "Element", "Part", "Reading", "Verdict", "read_sentence"]
