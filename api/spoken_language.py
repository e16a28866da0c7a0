"""Decides in which language a shopper is answered: the message's own if it shows, else as before."""

from __future__ import annotations

import re
import unicodedata

from api.other_language import nearest
from knowledge_base.languages import Language, detect, has_han, is_language

#: e-mails, addresses, numbers and codes are written alike in every language
_CODE = re.compile(r"\S*[@\d/_]\S*|\b[A-Z]+(?:-[A-Z]+)+\b")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
#: from here on Latin words are a sentence, and a sentence shows its language
ENOUGH_WORDS = 2
#: Chinese writers say these as well
_BORROWED = frozenset(
    {"app", "bye", "email", "hi", "no", "ok", "okay", "pdf", "sms", "url", "vip", "yes"}
)
#: what only somebody who writes English says in one word. A list, because a brand, a
#: size or a name alone looks like a word too and says nothing about its writer.
_ENGLISH_WORDS = """
    account address agent angry anybody anyone awesome awful bad brilliant broken cancel
    cancellation cheers colleague complain complaint contact coupon courier customs
    damaged defective delay delayed delete delivered delivery discount english exchange
    expensive faulty fraud goodbye great hello help hey how human hurry invoice invoices
    later lawyer lost manager membership missing money never nobody nonsense nope not
    nothing operator order orders package parcel password payment person phone please
    postage price privacy promotion really receipt refund refunded refunds
    representative return returned returning returns ridiculous scam service shipment
    shipped shipping slow sorry staff stop terrible thank thanks thx track tracking
    urgent useless voucher warranty what when where which who why wrong yeah yep
"""
_ENGLISH = frozenset(_ENGLISH_WORDS.split())


def language_of(text: str, current: str) -> Language:
    """The language to answer in after this message of a conversation in `current`."""
    before: Language = current if is_language(current) else "zh-Hans"
    text = unicodedata.normalize("NFKC", text)
    foreign = nearest(text, before)
    if foreign is not None:
        return foreign
    if has_han(text):
        return detect(text, fallback=before)
    prose = _CODE.sub(" ", text)
    words = [word.lower() for word in _WORD.findall(prose)]
    telling = [word for word in words if word not in _BORROWED]
    if len(telling) < ENOUGH_WORDS:
        return "en" if _ENGLISH.intersection(telling) else before
    return detect(prose, fallback=before)
