"""Decides what still has to be asked of a faulty delivery: what happened, to which item, what instead.

What a message already told is not asked again. A person reads the shopper's own words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from api.settings import Language
from api.shop.form import Form, Reply
from api.shop.orders import Order
from api.shop.phrases import Phrase

MOST_CHARACTERS = 300
_REPLACEMENT = re.compile(
    r"换|換|补发|補發|补寄|補寄|重发|重發|重寄|replace|exchange|send .{0,20}(?:again|new)|new one",
    re.IGNORECASE,
)
_REFUND = re.compile(r"退款|退钱|退錢|退我|退货|退貨|refund|money back", re.IGNORECASE)


def remedy_in(text: str | None) -> str | None:
    """What is wanted instead, if the words say one thing alone."""
    new, money = _REPLACEMENT.search(text or ""), _REFUND.search(text or "")
    if bool(new) == bool(money):
        return None
    return "replacement" if new else "refund"


def item_in(text: str | None, order: Order) -> str | None:
    """The name of the item that is meant; the only one needs no naming."""
    names = [next(iter(each.name.values()), each.sku) for each in order.items]
    if len(names) == 1:
        return names[0]
    words = (text or "").casefold()
    named = [
        name
        for name, each in zip(names, order.items, strict=True)
        if any(called.casefold() in words for called in each.name.values() if called)
    ]
    if len(named) == 1:
        return named[0]
    place = re.fullmatch(r"\D{0,3}([1-9])\D{0,3}", words.strip())
    if place and int(place[1]) <= len(names):
        return names[int(place[1]) - 1]
    return None


def ask_next(form: Form, order: Order, reply: Reply) -> Phrase | None:
    """Ask for the first thing that is missing; None when all was told."""
    if not form.problem:
        reply.ask("problem")
        return Phrase(key="problem_items", args={"items": _lines(order)})
    item = form.problem_item or item_in(form.problem, order)
    if item is None:
        reply.ask("problem_item")
        return Phrase(key="problem_items", args={"items": _lines(order)})
    reply.slots["problem_item"] = item_in(item, order) or item[:MOST_CHARACTERS]
    remedy = remedy_of(form)
    if remedy is None:
        reply.slots["remedy"] = None
        reply.ask("remedy")
        if form.remedy is None:
            return Phrase(key="photos_welcome")
        # More of what happened came instead of an answer: it is told along.
        more = f"{form.problem}; {form.remedy}"[:MOST_CHARACTERS]
        reply.slots["problem"] = more
        return Phrase(key="problem_noted")
    reply.slots["remedy"] = remedy
    return None


def remedy_of(form: Form) -> str | None:
    if form.remedy in {"refund", "replacement"}:
        return form.remedy
    return remedy_in(form.remedy) or remedy_in(form.problem)


def summary(form: Form, order: Order) -> Phrase:
    """What will be asked for, to be read back before the yes."""
    return Phrase(
        key="problem_summary",
        args={
            "item": _called(form, order),
            "problem": form.problem or "",
            "remedy": Phrase(key=f"remedy_{remedy_of(form) or 'refund'}"),
        },
    )


def _called(form: Form, order: Order) -> Mapping[Language, str] | str:
    """The item's name in every language; as it was written if it is none of them."""
    first = item_in(form.problem_item or form.problem, order)
    for each in order.items:
        if first in {next(iter(each.name.values()), None), each.sku}:
            return each.name
    return first or form.problem_item or ""


def detail(form: Form) -> dict[str, str]:
    """What a person is told of it."""
    return {
        "problem": form.problem or "",
        "item": form.problem_item or "",
        "remedy": remedy_of(form) or "",
    }


def _lines(order: Order) -> list[Phrase]:
    return [
        Phrase(
            key="order_item_name", args={"name": each.name, "quantity": each.quantity}
        )
        for each in order.items
    ]
