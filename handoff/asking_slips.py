"""Which misspelt English words are read as the ones by which shoppers ask for a person."""

from __future__ import annotations

import re

from rapidfuzz.distance import OSA

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
    "tlk": "talk",
    "tallk": "talk",
    "spek": "speak",
    "spk": "speak",
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
    spelled = _TO_AS_DIGIT.sub(r"\1 to", folded).replace(" w/ ", " with ")
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
