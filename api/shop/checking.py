"""Decides how the order form goes on: is the number one, is the order proven, what would a change mean.

The proof is checked only when number and contact are both there; before that nothing is
said of whether an order exists.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from api.bot.actions import ActionCall
from api.desk import Desk
from api.shop import problems, telling
from api.shop.allowed import Verdict, rule
from api.shop.form import CHECKED, MOST_TRIES, Form, Reply
from api.shop.hints import could_be_address
from api.shop.identity import signed_in_customer
from api.shop.orders import ChangeKind, Order
from api.shop.phrases import TALK_TO_PERSON, Phrase, Wording, spoken
from api.shop.proof import (
    NotProven,
    ProofPolicy,
    Proven,
    could_be_contact,
    has_proof,
    may_see,
    prove,
)
from api.shop.tries import TooMany, TryPolicy
from handoff import conversations

#: what counts as a failed try
_FAILURES = frozenset(
    {
        "order_number_unreadable",
        "order_proof_unreadable",
        "order_one_at_a_time",
        "order_not_proven",
        "address_unreadable",
    }
)


@dataclass(frozen=True, kw_only=True)
class Asking:
    """One call with all that answering it needs."""

    desk: Desk
    conversation_id: UUID
    wording: Wording
    now: datetime

    @property
    def zone(self) -> ZoneInfo:
        return self.wording.zone


def open_asking(call: ActionCall, desk: Desk) -> Asking:
    now = desk.clock()
    default = desk.settings.languages.default
    wording = Wording(
        words=desk.words,
        language=spoken(call.metadata.get("language"), default=default),
        zone=ZoneInfo(desk.settings.shop.timezone),
        now=now,
    )
    return Asking(
        desk=desk, conversation_id=UUID(call.conversation_id), wording=wording, now=now
    )


async def check(asking: Asking, form: Form, reply: Reply) -> None:
    """Walk the form: number, proof, and for a change what it means and a yes."""
    if "confirmed" in form.new and form.confirmed is None:
        reply.slots["confirmed"] = None
    if form.renamed:
        reply.slots["requested_task"] = form.task
    if form.change is ChangeKind.PROBLEM and form.problem:
        reply.slots["problem"] = form.problem
    number = _number(asking, form, reply)
    contact = _contact(asking, form, reply)
    if number is None:
        await _ask_number(asking, form, reply)
    else:
        order = await _proven_order(asking, form, reply, number, contact)
        if "requested_slot" not in reply.slots:
            _go_on(asking, form, reply, order)
    failed = form.tries + 1 if _has_failed(reply) else 0
    if failed:
        reply.slots["tries"] = failed
    if failed >= MOST_TRIES:
        reply.hand_over()


def _has_failed(reply: Reply) -> bool:
    return any(message.get("say") in _FAILURES for message in reply.messages)


def _number(asking: Asking, form: Form, reply: Reply) -> str | None:
    """The number in its one spelling; nothing is said of whether it exists."""
    if form.is_another or (form.tracking and form.number == form.tracking):
        reply.slots["order_number"] = None
        return None
    if "order_number" not in form.new:
        return form.number
    reply.slots["order_number"] = form.number
    if form.number is None:
        several = isinstance(form.number_given, list)
        key = "order_one_at_a_time" if several else "order_number_unreadable"
        reply.messages.append(asking.wording.say(Phrase(key=key)))
    return form.number


def _contact(asking: Asking, form: Form, reply: Reply) -> str | None:
    """What was given to prove the order, if it could be a telephone or a mailbox."""
    given = form.contact
    if isinstance(given, str) and could_be_contact(given):
        if "order_proof" in form.new:
            reply.slots["order_proof"] = given
        return given
    if "order_proof" in form.new:
        reply.slots["order_proof"] = None
        if given is not None and not reply.messages:
            phrase = Phrase(key="order_proof_unreadable")
            reply.messages.append(asking.wording.say(phrase))
    return None


async def _ask_number(asking: Asking, form: Form, reply: Reply) -> None:
    reply.ask("order_number")
    if reply.messages:
        return
    if form.tracking is not None:
        phrase = Phrase(key="tracking_is_no_order", args={"tracking": form.tracking})
        reply.messages.append(asking.wording.say(phrase))
        return
    desk = asking.desk
    async with desk.database.reading() as session:
        customer = await signed_in_customer(
            session, asking.conversation_id, now=asking.now
        )
    if customer is not None:
        newest = await desk.orders.list_for(customer, limit=5)
        if newest:
            reply.messages.append(asking.wording.say(telling.listed(newest)))


async def _proven_order(
    asking: Asking, form: Form, reply: Reply, number: str, contact: str | None
) -> Order | None:
    """The order if this conversation may see it; else asks for the proof."""
    known = await visible_order(asking, number)
    if known is not None:
        if form.new & {"order_proof", "order_number"}:
            reply.slots |= {"order_proof": CHECKED, "tries": None}
        return known
    if contact is None:
        if "order_number" in form.new and form.proof_given is not None:
            reply.slots["order_proof"] = None
        reply.ask("order_proof")
        return None
    return await _prove(asking, reply, number, contact)


async def _prove(
    asking: Asking, reply: Reply, number: str, contact: str
) -> Order | None:
    desk = asking.desk
    async with desk.database.reading() as session:
        conversation = await conversations.get(session, asking.conversation_id)
    outcome = await prove(
        desk.database,
        desk.orders,
        asking.conversation_id,
        number=number,
        contact=contact,
        address_key=conversation.shopper.get("address_key"),
        policy=proof_policy(desk),
        now=asking.now,
    )
    if isinstance(outcome, Proven):
        reply.slots |= {"order_proof": CHECKED, "tries": None}
        return outcome.order
    if isinstance(outcome, NotProven):
        reply.messages.append(asking.wording.say(Phrase(key="order_not_proven")))
        reply.slots["order_proof"] = None
        reply.ask("order_proof")
        return None
    _say_when(asking, reply, outcome)
    return None


def _say_when(asking: Asking, reply: Reply, outcome: TooMany) -> None:
    """No more tries for now: say until when, and end the form."""
    wait = outcome.retry_at - asking.now
    phrase = Phrase(
        key="proof_limited",
        args={"minutes": max(1, -(-wait // timedelta(minutes=1)))},
        buttons=(TALK_TO_PERSON,),
    )
    reply.messages.append(asking.wording.say(phrase))
    reply.end()


def _go_on(asking: Asking, form: Form, reply: Reply, order: Order | None) -> None:
    """With the order open: done, or for a change what it means and the question."""
    if order is None or form.change is None or form.confirmed is not None:
        reply.finish()
        return
    ruling = rule(
        order,
        form.change,
        now=asking.now,
        zone=asking.zone,
        days=asking.desk.settings.shop.after_sale,
    )
    phrase = ruling.phrase
    if ruling.verdict is Verdict.NO:
        reply.messages.append(asking.wording.say(phrase))
        reply.end()
        return
    if form.change is ChangeKind.ADDRESS and not _has_address(asking, form, reply):
        return
    if form.change is ChangeKind.PROBLEM:
        missing = problems.ask_next(form, order, reply)
        if missing is not None:
            reply.messages.append(asking.wording.say(missing))
            return
    reply.messages.append(asking.wording.say(phrase))
    if form.change is ChangeKind.PROBLEM:
        summary = problems.summary(form, order)
        reply.messages.append(asking.wording.say(summary))
    if form.change is ChangeKind.ADDRESS:
        summary = Phrase(key="address_summary", args={"address": form.new_address})
        reply.messages.append(asking.wording.say(summary))
    reply.ask("confirmed")


def _has_address(asking: Asking, form: Form, reply: Reply) -> bool:
    """Whether the new address was told; else it is asked for."""
    if form.new_address and could_be_address(form.new_address):
        reply.slots["new_address"] = form.new_address
        return True
    if form.new_address:
        unreadable = Phrase(key="address_unreadable")
        reply.messages.append(asking.wording.say(unreadable))
    reply.slots["new_address"] = None
    reply.ask("new_address")
    return False


async def visible_order(asking: Asking, number: str | None) -> Order | None:
    """The order, if this conversation may see it; nothing is looked up without reason."""
    if number is None:
        return None
    desk, conversation_id, now = asking.desk, asking.conversation_id, asking.now
    async with desk.database.reading() as session:
        proven = await has_proof(session, conversation_id, number, now=now)
        customer = await signed_in_customer(session, conversation_id, now=now)
    if not proven and customer is None:
        return None
    order = await desk.orders.find(number)
    if order is None:
        return None
    async with desk.database.reading() as session:
        return (
            order if await may_see(session, conversation_id, order, now=now) else None
        )


def proof_policy(desk: Desk) -> ProofPolicy:
    """The limits of the configuration."""
    limits = desk.settings.limits
    window = timedelta(minutes=limits.proof_window_minutes)
    return ProofPolicy(
        tries=TryPolicy(tries=limits.proof_tries, window=window),
        valid=timedelta(minutes=limits.proof_valid_minutes),
        secret=desk.settings.secrets.session_key,
    )
