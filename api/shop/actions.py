"""Answers what the bot asks of an order: is the form right, what may be told, may it be changed.

Nothing is changed here; a confirmed change goes back as a request. Every action asks the
rows again who may see the order: slots open nothing.
"""

from __future__ import annotations

from api.bot.actions import ActionCall, ActionResult, action
from api.desk import Desk
from api.shop import problems, telling
from api.shop.allowed import Verdict, rule
from api.shop.changes import UNREACHABLE
from api.shop.checking import Asking, check, open_asking, visible_order
from api.shop.errors import ShopUnreachable
from api.shop.form import Form, Reply, read
from api.shop.orders import ChangeKind, Order
from api.shop.phrases import Phrase

PROOF_EXPIRED = Phrase(key="proof_expired")


@action("validate_order_form")
async def validate_order_form(call: ActionCall, desk: Desk) -> ActionResult:
    """Keep what could be right, check the proof once both are there, say what is next."""
    asking, form, reply = open_asking(call, desk), read(call), Reply()
    try:
        await check(asking, form, reply)
    except ShopUnreachable:
        reply.messages.append(asking.wording.say(UNREACHABLE))
        reply.end()
    return ActionResult(slots=reply.slots, messages=reply.messages)


@action("action_tell_order")
async def tell_order(call: ActionCall, desk: Desk) -> ActionResult:
    """Tell what the task asks for, to a conversation that may see the order."""
    asking, form = open_asking(call, desk), read(call)
    try:
        order = await visible_order(asking, form.number)
    except ShopUnreachable:
        return ActionResult(messages=[asking.wording.say(UNREACHABLE)])
    said = PROOF_EXPIRED if order is None else _told(asking, form.task, order)
    # The number stays, so that the next wish need not repeat it.
    slots = {"order_proof": None, "tries": None}
    return ActionResult(slots=slots, messages=[asking.wording.say(said)])


@action("action_request_change")
async def request_change(call: ActionCall, desk: Desk) -> ActionResult:
    """Ask the service for the change that was confirmed, or say why it cannot be."""
    asking, form = open_asking(call, desk), read(call)
    kind = form.change
    if kind is None or form.confirmed_given is not True:
        left = Phrase(key="change_not_confirmed")
        return ActionResult(messages=[asking.wording.say(left)])
    try:
        order = await visible_order(asking, form.number)
    except ShopUnreachable:
        return ActionResult(messages=[asking.wording.say(UNREACHABLE)])
    slots = {"order_proof": None, "tries": None}
    if order is None:
        message = asking.wording.say(PROOF_EXPIRED)
    else:
        message = _change_message(asking, order, kind, form)
    return ActionResult(slots=slots, messages=[message])


def _told(asking: Asking, task: str, order: Order) -> Phrase:
    if task == "order_details":
        return telling.details(order)
    if task == "refund_status":
        return telling.refund(order, now=asking.now, zone=asking.zone)
    return telling.track(order, now=asking.now, zone=asking.zone)


def _change_message(
    asking: Asking, order: Order, kind: ChangeKind, form: Form
) -> dict[str, object]:
    days = asking.desk.settings.shop.after_sale
    ruling = rule(order, kind, now=asking.now, zone=asking.zone, days=days)
    if ruling.verdict is Verdict.NO:
        return asking.wording.say(ruling.phrase)
    told = problems.detail(form) if kind is ChangeKind.PROBLEM else {}
    if kind is ChangeKind.ADDRESS and form.new_address:
        told = {"new_address": form.new_address}
    detail = {**told, "change": kind.value, "order_number": order.number}
    if ruling.verdict is Verdict.PERSON:
        request = {"type": "handoff_request", "reason": "change_needs_person"}
        return {"request": {**request, "detail": detail}}
    request = {"type": "order_change", "change": kind.value}
    return {"request": {**request, "order_number": order.number, "detail": told}}
