"""Classes of English words that the rules refer to, each chosen by what such words mean.

They are general: the common verbs of change, the nouns that name a quantity, the names of kinds
of organisation. No word belongs here because one example needs it; where one is missing, add its
whole family.
"""

from __future__ import annotations


def _forms(verbs: str) -> str:
    """The forms of regular verbs, as alternatives of a regular expression.

    >>> _forms("cut raise")
    'cuts?|cutting|cutted|raises?|raising|raised'
    """
    out = []
    for verb in verbs.split():
        if verb.endswith("e"):
            out += [verb + "s?", verb[:-1] + "ing", verb + "d"]
        elif verb.endswith("y") and verb[-2] not in "aeou":
            out += [verb, verb[:-1] + "ies", verb + "ing", verb[:-1] + "ied"]
        elif verb.endswith(("sh", "ch", "ss", "x")):
            out += [verb + "(?:es)?", verb + "ing", verb + "ed"]
        elif verb in _DOUBLING:
            out += [verb + "s?", verb + verb[-1] + "ing", verb + verb[-1] + "ed"]
        else:
            out += [verb + "s?", verb + "ing", verb + "ed"]
    return "|".join(out)


_DOUBLING = {"cut", "drop", "stop", "plan", "commit", "run", "set", "get", "trim", "put"}

CHANGE = (
    _forms(
        "increase raise grow expand boost lift improve extend widen enlarge multiply accelerate "
        "decrease reduce lower cut shrink decline drop fall lessen diminish slow narrow trim "
        "minimise minimize maximise maximize curb limit halve double triple treble quadruple "
        "maintain keep hold sustain stabilise stabilize close restore"
    )
    + "|ris(?:e|es|ing)|rose|grew|grown|brings?|bringing|gets? |quarter(?= the)"
)
"""Verbs that move an amount up or down, or keep it where it is."""

UP = (
    rf"\b(?:{_forms('increase raise grow expand boost lift improve double triple treble')}"
    r"|ris(?:e|es|ing)|more|up)\b"
)
DOWN = (
    rf"\b(?:{_forms('decrease reduce lower cut shrink decline drop fall lessen halve trim')}"
    r"|reduction|fewer|less|down)\b"
)
KEEP = rf"\b(?:{_forms('maintain keep hold sustain')})\b"
"""Which way such verbs go."""

CHANGE_NOUN = (
    r"increases?|reductions?|decreases?|rise|fall|growth|decline|drop|cut|improvements?|gain|loss"
    r"|saving|expansion"
)
"""Nouns for the same."""

MEASURE = (
    r"numbers?|shares?|proportions?|percentages?|per ?cent of|rates?|ratios?|prevalence|incidence"
    r"|averages?|mean|median|amounts?|quantit(?:y|ies)|counts?|totals?|scores?|index|indices"
    r"|frequency|density|lengths?|size|volume|concentrations?|gaps?|life expectancy|years of life"
)
"""Nouns that say in so many words that something is counted or measured."""

QUANTITY_NOUN = (
    r"emissions?|deaths?|mortality|morbidity|abundance|footfall|occupancy|throughput|recidivism"
    r"|absenteeism|truancy|vacanc(?:y|ies)|uptake|arrears|complaints?|casualt(?:y|ies)|fatalit(?:y|ies)|births?|injur(?:y|ies)|accidents?|crashes"
    r"|collisions?|suicides?|homicides?|(?:re)?admissions?|arrests?|evictions?|visits?"
    r"|infections?|diagnoses|relapses?|overdoses?|hospitali[sz]ations?|outbreaks?|poisonings?"
    r"|crimes?|offen[cs]es|burglar(?:y|ies)|thefts?|assaults?|convictions?|enrol?lments?"
    r"|attendance|absences?|unemployment|turnover|wages?|incomes?|earnings|salar(?:y|ies)|rents?"
    r"|prices?|costs?|spending|expenditures?|revenues?|sales|exports?|imports?|profits?|debts?"
    r"|consumption|output|productivity|waiting times?|wait times?|waits?|time|hours|days|miles"
    r"|kilomet(?:re|er)s|hectares|acres|tonn?es|temperature|weight|distance|speed|ridership"
    r"|membership|turnout|coverage|yields?|lead times?|response times?|population"
    r"|gap|gaps|disparit(?:y|ies) in \w+ rates?|class sizes?"
)
"""Nouns of events and of physical or money quantities: they are counted as they are."""

QUALITY_ADJECTIVE = (
    r"healthy|healthier|happy|happier|safe|safer|well|stable|strong|stronger|resilient|secure"
    r"|successful|engaged|connected|prepared|ready|empowered|thriving|flourishing|vibrant|confident"
    r"|satisfied|included|supported|valued|respected|sustainable|independent|fulfilled|motivated"
    r"|vulnerable|struggling|disadvantaged|inclusive|aware|informed|involved|better off"
)
"""Adjectives that judge: two people need a definition before they can count the same."""

QUALITY_NOUN = (
    r"(?:\w+(?:bility|being|ience|fidence|filment|fillment)|dignity|security|wellness|happiness"
    r"|readiness|preparedness|fairness|connectedness|togetherness|quality|success|hope|trust"
    r"|inclusion|capacity|equity|purpose|belonging|opportunit(?:y|ies)|autonomy|agency)"
    r"(?! (?:standards?|measures?|levels?|targets?|goals?|scores?|index|checks?|guidelines?))"
)
"""Abstract nouns for such judgements."""

END = (
    _forms("end eliminate eradicate abolish stop")
    + r"|put an end to|putting an end to|rid|do away with|wip(?:e|ing) out|stamp out|ban"
    r"|phas(?:e|ing) out"
)
"""Verbs that leave nothing over."""

ACHIEVE = (
    _forms(
        "ensure achieve place provide guarantee deliver reach attain offer connect house cover "
        "complete equip"
    )
    + r"|giv(?:e|es|ing)|mak(?:e|es|ing)|hav(?:e|ing)|has|bring|get|gets|be|is|are|build"
)
"""Verbs that are done or not done."""

EFFORT = _forms(
    "promote protect strengthen support enhance encourage foster facilitate advance advocate "
    "develop address explore integrate mobilise mobilize pursue consider respect upgrade "
    "empower prevent create adopt implement"
)
"""Verbs of trying: they say which way to push, and never that it is done."""

VAGUE = (
    _forms(
        "impact affect touch benefit serve support help empower engage inspire influence transform "
        "assist enrich"
    )
    + r"|make a difference (?:to|for|in)|chang(?:e|es|ing) (?=the lives)|improv(?:e|es"
    r"|ing) (?=the lives)"
)
"""Verbs that say something good was done to people, and not what could be seen of it."""

INNER = (
    r"rais(?:e|es|ing) (?:[\w-]+ )?awareness|understand(?:s|ing)?|(?:be|become|becoming) "
    r"(?:more )?aware|appreciate(?:s|d)?|sensiti[sz]e|will know"
)
"""Verbs of the inner life, which nobody can see happen."""

OUTPUT_NOUN = (
    r"workshops?|meetings?|sessions?|trainings?|courses?|events?|conferences?|webinars?|plans?"
    r"|assessments?|reports?|coalitions?|committees?|leaflets?|posters?|brochures?|newsletters?"
    r"|websites?|toolkits?|guides?|surveys?|interviews?|focus groups?|campaigns?|policies"
    r"|strategies"
    r"|agreements?"
)
"""Nouns for what a group makes or puts on."""

ORGANISATION = (
    r"partnership|partners?|coalition|alliance|consortium|collaborative|network|collective"
    r"|campaign|council|councils|city|cities|town|county|counties|borough|district|districts|state"
    r"|states|province|government|governments|ministry|department|departments|agency|agencies"
    r"|authority|authorities|office|bureau|commission|committee|board|boards|service|services"
    r"|trust|foundation|foundations|charity|charities|association|federation|union|society|club"
    r"|organi[sz]ation|organi[sz]ations|company|companies|business|businesses|firm|firms|employer"
    r"|employers|university|universities|college|colleges|school|schools|hospital|hospitals|clinic"
    r"|clinics|church|churches|library|libraries|team|teams|group|groups|administration|centre|center"
    r"|institute|police|members?|providers?|funders?|countries|country|nation|nations|parties"
    r"|communities|community|mayor|director|lead|chair|manager|coordinator|officer|secretary"
    r"|minister|president|teachers|volunteers|staff|leaders|programme|program|project|initiative"
    r"|landlords?|developers|utilities|utility|task ?force|working group|steering group|forum"
)
"""Kinds of body or role that can answer for something."""
