"""The English words by which shoppers ask for a person, and those that only look so.

All patterns meet folded text with the commonest typos already put right.
"""

from __future__ import annotations

import re

from rapidfuzz.distance import OSA

from handoff.asking_words import AskingWords

_ADJECTIVE = (
    r"(?:(?:a|an|any|the|your|some|one|of|you|guys|real|actual|live|living|human|proper|senior|another|different"
    r"|damn|bloody|fucking|freaking|f\w*ing|customer|service|support|care|sales|human-?being|line|online)[\s-]+){0,5}"
)
_CERTAIN = r"(?:human(?:s| being)?|agents?|representatives?|reps?|operators?|supervisors?|managers?|advis[oe]rs?)"
_LOOSE = (
    r"(?:someone|somebody|persons?|people|staff|associates?|specialists?|a member of staff|team"
    r"|departments?|colleagues?|employees?|boss|owner|experts?|customer (?:service|support|care)|support|helpdesk|help desk|anyone|anybody)"
)
_ANYONE = rf"(?:{_CERTAIN}|{_LOOSE})"
_TALK = (
    r"(?:talk(?:ing)?|speak(?:ing)?|chat(?:ting)?|connect(?:ed|ing)?|transfer(?:red|ring)?|escalate[d]?"
    r"|switch(?:ed)?|pass(?:ed)?|forward(?:ed)?|hand(?:ed)?|put|patch|direct|redirect|refer|conversation|call)"
)

_LOOK_ALIKES = re.compile(
    r"\b(?:clean(?:ing|sing)?|bleach(?:ing)?|whitening|tanning|travel|estate|shipping|freight|delivery|customs"
    r"|insurance|booking|ticket|secret|double|special|undercover|free|foaming|thickening|raising|leavening"
    r"|anti-?\s?ag(?:e)?ing|aging|drying|bonding|wetting|chemical|active|oxidi[sz]ing|curing|coating"
    r"|flavou?ring|colou?ring|sizing|reducing|setting|softening|conditioning|preserv\w+|anti-?\s?\w*bacterial"
    r"|antimicrobial|release|blowing|gelling|sealing|polishing|user|ai|descaling|degreasing|deodori[sz]ing"
    r"|waterproofing|anti-?fog|anti-?static|fizzing|glazing|stain(?: removing)?|tenderi[sz]ing|nerve)[\s-]+agents?\b"
    r"|\bagents? (?:orange|carter|provocateur|0*07|cooper|smith|47|of shield|based)\b"
    r"|\bhuman[\s-]+(?:hair|sized?|body|bones?|anatomy|rights|made|grade|faces?|skull|shape[d]?|figures?"
    r"|foods?|nature|race|error|touch|resources|eyes?|scale|like|beings? (?:hair|body))\b"
    r"|\b(?:per|one|two|three|four|five|six|\d+)[\s-]+persons?\b|\bpersonal\w*\b|\bin person\b"
    r"|\b(?:phone|tech|arch|back|neck|ankle|knee|lumbar|wrist|posture) support\b"
    r"|\b(?:file|task|package|password|device|window) managers?\b|\bmanager'?s? special\b"
)

_IDENTITY = re.compile(
    r"\b(?:are|r) (?:you|u|there) (?:really )?(?:just )?(?:a |an )?(?:real |actual |live |human )*"
    r"(?:human(?: being)?|person|people|bots?|robots?|machine|ai|agent)\b(?! i can| that i can| who can| to (?:talk|speak))"
    r"(?: or (?:a |an )?(?:real |actual |live )*\w+)?"
    r"|\b(?:am i|are we|i am|i'm) (?:talking|speaking|chatting) (?:to|with) (?:a |an )?(?:real |actual |live )*"
    r"(?:human|person|bot|robot|machine|ai|agent)\b(?: or (?:a |an )?(?:real |actual )?\w+)?"
    r"|\bis (?:this|that|it) (?:a |an )?(?:real |actual |live )*(?:human|person|bot|robot|machine|ai|agent)\b"
    r"(?: or (?:a |an )?(?:real |actual )?\w+)?"
    r"|\b(?:is there|is that|is it) (?:really |actually )?(?:a |an |any )?(?:real |actual |live )*(?:human|person|anyone|someone)"
    r" (?:typing|behind|writing|reading|answering)\b"
)

_REFUSED = re.compile(
    r"(?<!why )\b(?:don'?t|dont|do not|no need to|needn'?t|rather not|not|no need for|without|instead of) "
    r"(?:really )?(?:want|need|wish|like|transfer|connect|put|hand|pass|switch|(?:talk|speak|chat)(?:ing)?|waiting)?\b"
    rf"(?:(?!\bbots?\b|\brobots?\b|\bmachines?\b)[^.?!,;]){{0,24}}?{_CERTAIN}\b"
)

_CLEAR = re.compile(
    "|".join(
        (
            rf"\b{_TALK}\b[^.?!;]{{0,24}}?\b(?:to|with|over|through|by)\b(?: over to| to| me| us)? {_ADJECTIVE}{_ANYONE}\b",
            rf"\b(?:contact|reach|phone)(?:ing)?\b (?:with )?{_ADJECTIVE}"
            rf"(?:{_CERTAIN}|someone|somebody|persons?|people|staff)\b",
            rf"\b(?:need|want|give me|get me|bring|find me|i'?d like|would like|let me have|send me|fetch|request(?:ing)?"
            rf"|require|looking for|demand|where(?:'s| is)|get) (?:me )?{_ADJECTIVE}{_CERTAIN}\b",
            rf"\b(?:need|want|give me|get me|find me|i'?d like|would like|prefer|only) {_ADJECTIVE}"
            r"(?:real|human|live|actual) (?:human |live )?(?:person|people|help|chat|support|assistance|service|being)\b",
            rf"\b(?:is|are) there (?:a |an |any |some |no )?(?:real |live |actual |human )*"
            rf"(?:{_CERTAIN}|person|people)\b",
            rf"^\W*(?:(?:yes|ok|hi|hello|please|pls|plz|just|now|a|an|the|to) )*(?:(?:real|actual|live|human|customer|service|support"
            rf"|care) )*(?:{_CERTAIN}|(?:real|live|actual|human) (?:person|chat|support|help)|customer (?:service|support|care)"
            r"|contact support|live chat|human help)(?:\W+(?:please|pls|plz|now|asap|agent|human))*\W*$",
            r"\b(?:no more|(?<!you're )(?<!are )not (?:a|this|another)|no|stop (?:the|this)|without) (?:stupid |damn |useless )?(?:chat\s?)?(?:bots?|robots?|machines?)\b",
            r"\b(?:don'?t|dont|do not|hate|sick of|tired of|fed up with|done with|enough of|stop)\b[^.?!;]{0,24}"
            r"\b(?:chat\s?)?(?:bots?|robots?|machines?|automated)\b",
            rf"\b(?:let|have|make) {_ADJECTIVE}{_ANYONE} (?:call|contact|help|answer|reply|email|reach|talk|speak|deal)\b",
            r"\bhuman (?:help|support|assistance|please|service)\b|\blive (?:agent|chat|person|support)\b|\breal (?:person|human) please\b",
            rf"\b(?:put|get|find|bring) {_ADJECTIVE}{_ANYONE} (?:on|here|to (?:the )?(?:phone|line|chat))\b"
            rf"|\b(?:get (?:a )?hold of|hook me up with|get through to|deal with) {_ADJECTIVE}(?:{_CERTAIN}|someone|somebody|real people)\b",
            # passed on, with or without saying to whom
            r"\b(?:pass|hand|transfer|switch|put|patch|move) me (?:on|over|off|across|through)\b|\btransfer me\b"
            r"|\b(?:please|pls|plz|just) (?:escalate|transfer)\b|\bescalate (?:this|my|it|the)\b",
            # somebody is to step in, not merely to know the answer
            rf"\b(?:can|could|would|will|may|need|want|get|have) {_ADJECTIVE}{_ANYONE}(?: (?:from|on|at|in) (?:your|the) [a-z]+(?: [a-z]+)?)?"
            r"(?: please| just| actually| to)? (?:take (?:over|this|it)|step in|look (?:at|into|over)|call|ring|phone|contact|reach out"
            r"|get in touch|intervene|handle|deal|talk|speak|review)\b",
            r"\b(?:in touch|touch base) with (?:your|the|an?|some)\b[^.?!;]{0,20}\b(?:department|team|staff|person|human|agent|someone)\b",
            rf"\bany (?:other )?(?:real |live |actual )*(?:{_CERTAIN}|staff|people|persons?) (?:here|there|online|available|working|around|awake|alive|on duty|on shift|free)\b",
            r"\b(?:a|an) (?:real |actual |live )?(?:person|human|human being),? (?:i mean|please|pls|plz|not (?:a|this)|instead)\b",
            rf"\b(?:rather|better|prefer|only)\b[^.?!;]{{0,12}}\b(?:an? )?(?:real |live |actual )*(?:{_CERTAIN}|real person|live person|actual person)\b",
            r"\b(?:someone|somebody) (?:human|real|alive|with a pulse|in charge|with authority)\b|\bwho(?:ever)?(?:'s| is) in charge\b",
            r"^\W*(?:assistance|help)\W+(?:to |with )?(?:contact|talk|speak|chat)\w*\W+(?:to |with )?(?:an? )?(?:live )?agent\W*$",
        )
    )
)

_UNCLEAR = re.compile(
    rf"\b{_CERTAIN}\b|\breal (?:person|people)\b|\bcustomer (?:service|support|care)\b"
    r"|\b(?:anyone|anybody|someone|somebody) (?:there|here|alive|listening|help|to help)\b"
)

_ABOUT_THE_SERVICE = re.compile(
    r"\b(?:hours|phone|number|email|e-mail|address|open|close[sd]?|opening|when|what time)\b"
    r"[^.?!;]{0,30}\b(?:agents?|customer (?:service|support|care)|support|representatives?)\b"
    r"|\b(?:customer (?:service|support|care)|support|agents?)\b[^.?!;]{0,14}"
    r"\b(?:hours|phone|number|email|e-mail|address|open|available until|opening)\b"
)

ENGLISH = AskingWords(
    identity=_IDENTITY,
    look_alikes=_LOOK_ALIKES,
    refused=_REFUSED,
    clear=_CLEAR,
    about_the_service=_ABOUT_THE_SERVICE,
    unclear=_UNCLEAR,
)

_WORDS = (
    "agent",
    "agents",
    "human",
    "person",
    "representative",
    "operator",
    "supervisor",
    "manager",
    "customer",
    "service",
    "support",
    "someone",
    "somebody",
    "transfer",
    "speak",
    "connect",
    "contact",
    "talking",
    "speaking",
    "chatting",
    "live",
)
#: real words one slip away from one of ours
_REAL_WORDS = frozenset(
    (
        "superior",
        "argent",
        "agency",
        "hunan",
        "humane",
        "humans",
        "persons",
        "personal",
        "prison",
        "parson",
        "manger",
        "managed",
        "manages",
        "management",
        "steak",
        "sneak",
        "speck",
        "spear",
        "peak",
        "speaker",
        "speaks",
        "customers",
        "costume",
        "services",
        "serviced",
        "supports",
        "supported",
        "transfers",
        "connects",
        "contacts",
        "contract",
        "contracts",
        "content",
        "connected",
        "contacted",
        "operators",
        "operate",
        "managers",
        "walking",
        "taking",
        "breaking",
        "freaking",
        "chatting",
        "liver",
        "lives",
        "love",
        "give",
        "five",
        "line",
        "life",
        "like",
        "dive",
        "alive",
        "drive",
        "olive",
    )
)
_SLIPS = {
    "tlak": "talk",
    "takl": "talk",
    "tok": "talk",
    "tallk": "talk",
    "spek": "speak",
    "speek": "speak",
    "hooman": "human",
    "hoomin": "human",
    "ppl": "people",
    "sum1": "someone",
    "some1": "someone",
    "csr": "representative",
    "costumer": "customer",
    "custmer": "customer",
    "cust": "customer",
    "serv": "service",
    "svc": "service",
    "cs": "customer service",
}
_TOKEN = re.compile(r"[a-z][a-z0-9]+")
#: "talk 2 someone"
_TO_AS_DIGIT = re.compile(
    r"\b(talk|speak|chat|connect(?: me)?|transfer(?: me)?|want|need|like) ?2\b(?! ?\d)"
)
_SHORTEST_FUZZY = 5
_LONG_WORD = 9


def straighten(folded: str) -> str:
    """Put right the slips of the finger in the words that matter here."""
    spelled = _TO_AS_DIGIT.sub(r"\1 to", folded)
    return _TOKEN.sub(lambda found: _straight(found.group()), spelled)


def _straight(token: str) -> str:
    if token in _SLIPS:
        return _SLIPS[token]
    if len(token) < _SHORTEST_FUZZY or token in _REAL_WORDS or token in _WORDS:
        return token
    return next((word for word in _WORDS if _is_slip_of(token, word)), token)


def _is_slip_of(token: str, word: str) -> bool:
    if len(word) < _SHORTEST_FUZZY or token[0] != word[0]:
        return False
    slips = 2 if len(word) >= _LONG_WORD else 1
    return OSA.distance(token, word, score_cutoff=slips) <= slips
