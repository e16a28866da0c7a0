"""Decides who may see an order: the conversation that proved it, or its signed-in buyer.

A proof is the order's number with the buyer's telephone or mailbox. Whether the order is
unknown or the contact wrong, the words, the work and the time are the same. Nothing that
was typed, and no slot, opens an order: the rows alone do.
"""

from __future__ import annotations

import asyncio
import hmac
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from api.database import Database
from api.shop import tries
from api.shop.errors import ShopError
from api.shop.identity import signed_in_customer
from api.shop.models import Proof
from api.shop.numbers import email_address, phone_numbers
from api.shop.orders import Customer, Order, OrderSource
from api.shop.tries import TooMany, TryPolicy

log = structlog.get_logger(__name__)

#: no check answers before this, so that the shop's own speed tells nothing
FLOOR_SECONDS = 0.1
#: a typed telephone can mean several numbers; as many comparisons are always made
MOST_MEANINGS = 4
#: who is compared with when there is no such order
_STAND_IN = Customer(id="", name="", phone="+8613800000000", email="nobody@example.com")


@dataclass(frozen=True, kw_only=True)
class ProofPolicy:
    """The limits, the secret that keys the rows, and how long a proof holds."""

    tries: TryPolicy
    valid: timedelta
    secret: str
    floor_seconds: float = FLOOR_SECONDS


@dataclass(frozen=True, kw_only=True)
class Proven:
    order: Order


@dataclass(frozen=True, kw_only=True)
class NotProven:
    """No such order, or not this contact: nobody is told which."""


Outcome = Proven | NotProven | TooMany


async def prove(
    database: Database,
    orders: OrderSource,
    conversation_id: UUID,
    *,
    number: str,
    contact: str,
    address_key: str | None,
    policy: ProofPolicy,
    now: datetime,
) -> Outcome:
    """Check one try; ShopUnreachable does not count as one.

    `number` is normalised; `address_key` names the client's address, if it is known.
    """
    started = time.monotonic()
    order_key = tries.key_of(number, secret=policy.secret)
    async with database.writing() as session:
        reserved = await tries.reserve(
            session,
            conversation_id=conversation_id,
            order_key=order_key,
            address_key=address_key,
            policy=policy.tries,
            now=now,
        )
    if isinstance(reserved, TooMany):
        return reserved
    order = await _find(database, orders, number, try_id=reserved.try_id)
    is_theirs = belongs_to(order, contact)
    how = "email" if "@" in contact else "phone"
    proof = Proof(conversation_id=conversation_id, order_number=number, how=how)
    kept = proof if is_theirs else None
    await _settle(database, kept, try_id=reserved.try_id, policy=policy, now=now)
    await _not_before(started + policy.floor_seconds)
    if order is not None and is_theirs:
        return Proven(order=order)
    return NotProven()


def belongs_to(order: Order | None, contact: str) -> bool:
    """Whether the typed contact is the buyer's; as much work for an order that is none."""
    phone, email = _known(order)
    typed_email = tries.digest(email_address(contact) or "-")
    meanings = [tries.digest(each) for each in phone_numbers(contact)[:MOST_MEANINGS]]
    meanings += [tries.digest("--")] * (MOST_MEANINGS - len(meanings))
    same = [hmac.compare_digest(typed_email, email)]
    same += [hmac.compare_digest(each, phone) for each in meanings]
    return any(same) and order is not None


def could_be_contact(text: object) -> bool:
    """Whether this is a telephone or a mailbox at all."""
    return email_address(text) is not None or bool(phone_numbers(text))


def _known(order: Order | None) -> tuple[bytes, bytes]:
    """The digests of the buyer's telephone and mailbox; a stand-in's if there is none."""
    buyer = order.customer if order is not None else _STAND_IN
    region = order.region if order is not None else "CN"
    phones = phone_numbers(buyer.phone, regions=(region,))
    email = email_address(buyer.email)
    return tries.digest(phones[0] if phones else "none"), tries.digest(email or "none")


async def _find(
    database: Database, orders: OrderSource, number: str, *, try_id: UUID
) -> Order | None:
    """The order, if there is one; a shop that cannot be reached costs no try."""
    try:
        return await orders.find(number)
    except ShopError:
        async with database.writing() as session:
            await tries.take_back(session, try_id)
        raise


async def _settle(
    database: Database,
    proof: Proof | None,
    *,
    try_id: UUID,
    policy: ProofPolicy,
    now: datetime,
) -> None:
    """Write down how the try ended, and wake somebody when many end badly."""
    async with database.writing() as session:
        await tries.settle(session, try_id, proven=proof is not None)
        if proof is not None:
            await _keep(session, proof, valid=policy.valid, now=now)
        failed = await tries.failures(session, window=policy.tries.window, now=now)
    if proof is None and failed % tries.ALARM_EVERY == 0:
        log.error(
            "many orders could not be proven", action="proof_alarm", failed=failed
        )


async def _keep(
    session: AsyncSession, proof: Proof, *, valid: timedelta, now: datetime
) -> None:
    await session.execute(delete(Proof).where(Proof.valid_until < now))
    proof.proven_at = now
    proof.valid_until = now + valid
    await session.merge(proof)


async def _not_before(moment: float) -> None:
    wait = moment - time.monotonic()
    if wait > 0:
        await asyncio.sleep(wait)


async def has_proof(
    session: AsyncSession, conversation_id: UUID, number: str, *, now: datetime
) -> bool:
    """Whether this very conversation proved this very order, and lately."""
    found = await session.scalar(
        select(Proof.order_number).where(
            Proof.conversation_id == conversation_id,
            Proof.order_number == number,
            Proof.valid_until > now,
        )
    )
    return found is not None


async def may_see(
    session: AsyncSession, conversation_id: UUID, order: Order, *, now: datetime
) -> bool:
    """Whether the order may be told in this conversation."""
    if await has_proof(session, conversation_id, order.number, now=now):
        return True
    customer = await signed_in_customer(session, conversation_id, now=now)
    return customer is not None and hmac.compare_digest(
        customer.encode(), order.customer.id.encode()
    )


async def newest_proof(
    session: AsyncSession, conversation_id: UUID, *, now: datetime
) -> Proof | None:
    """The order this conversation proved last, while that holds: for the card."""
    found: Proof | None = await session.scalar(
        select(Proof)
        .where(Proof.conversation_id == conversation_id, Proof.valid_until > now)
        .order_by(Proof.proven_at.desc())
        .limit(1)
    )
    return found
