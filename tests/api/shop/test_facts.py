"""Which order counts as the one a conversation is about."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from api.shop.facts import find_facts
from api.shop.identity import Identity, sign_in


class Untouched:
    """A shop that must not be asked."""

    async def list_for(self, customer_id, *, limit):
        raise AssertionError(customer_id)


async def test_a_signed_in_buyers_newest_order_is_no_proven_one(database, clock):
    conversation, now = uuid4(), clock()
    identity = Identity(customer_id="C1", name=None, expires_at=now)
    async with database.writing() as session:
        await sign_in(
            session,
            conversation,
            identity=identity,
            valid=timedelta(minutes=5),
            now=now,
        )
    with pytest.raises(AssertionError, match="C1"):
        await find_facts(database, Untouched(), conversation, now=now)
    found = await find_facts(
        database, Untouched(), conversation, now=now, proven_only=True
    )
    assert found is None
