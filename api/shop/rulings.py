"""Decides how a ruling on a change is written: the verdict, with words for why and what is next."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from api.shop.orders import Order
from api.shop.phrases import Phrase, Value


class Verdict(StrEnum):
    """What becomes of a wish."""

    YES = "yes"  #: the shop's interface can do it
    PERSON = "person"  #: it can be done, by a person
    NO = "no"  #: not any more, or not yet


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """The verdict, and the words that say what will happen or why not."""

    verdict: Verdict
    phrase: Phrase


def allow(key: str, order: Order, **args: Value) -> Ruling:
    phrase = Phrase(key=key, args={"order_number": order.number, **args})
    return Ruling(verdict=Verdict.YES, phrase=phrase)


def pass_on(key: str, order: Order) -> Ruling:
    phrase = Phrase(key=key, args={"order_number": order.number})
    return Ruling(verdict=Verdict.PERSON, phrase=phrase)


def refuse(key: str, order: Order, *buttons: tuple[str, str], **args: Value) -> Ruling:
    given = {"order_number": order.number, **args}
    phrase = Phrase(key=key, args=given, buttons=buttons)
    return Ruling(verdict=Verdict.NO, phrase=phrase)
