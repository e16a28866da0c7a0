"""The shop vouches for a shopper who signed in there, or takes that back."""

from __future__ import annotations

from datetime import timedelta

from fastapi import APIRouter

from api.auth import Shopper, TheDesk
from api.bodies import Customer
from api.shop.identity import as_shopper, read_identity, sign_in, sign_out
from handoff.models import Conversation

router = APIRouter(prefix="/api/v1/conversations", tags=["shopper"])


@router.put(
    "/{conversation_id}/customer", status_code=204, operation_id="vouch_for_customer"
)
async def vouch(conversation: Shopper, desk: TheDesk, body: Customer) -> None:
    """Bind the customer to this conversation, for as long as a proof holds."""
    now = desk.clock()
    identity = read_identity(body.customer_token, secret=desk.identity_secret, now=now)
    valid = timedelta(minutes=desk.settings.limits.proof_valid_minutes)
    async with desk.database.writing() as session:
        await sign_in(session, conversation.id, identity=identity, valid=valid, now=now)
        row = await session.get_one(Conversation, conversation.id)
        # of the customer before nothing stays
        old = {"tier", "region"}
        kept = {key: row.shopper[key] for key in row.shopper if key not in old}
        row.shopper = kept | as_shopper(identity)


@router.delete(
    "/{conversation_id}/customer", status_code=204, operation_id="forget_customer"
)
async def forget(conversation: Shopper, desk: TheDesk) -> None:
    """The shopper signed out of the shop."""
    async with desk.database.writing() as session:
        await sign_out(session, conversation.id)
        row = await session.get_one(Conversation, conversation.id)
        kept = {"address_key", "timezone"} & set(row.shopper)
        row.shopper = {key: row.shopper[key] for key in kept}
