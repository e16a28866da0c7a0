"""Decides what the shop's side forgets together with a conversation: who proved what in it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from api.shop.models import CarriedChange, Proof, ProofTry, SignIn


async def forget_proofs(session: AsyncSession, gone: Sequence[UUID]) -> None:
    """Delete what was kept under the numbers of these conversations."""
    if not gone:
        return
    for rows in (ProofTry, Proof, SignIn, CarriedChange):
        await session.execute(delete(rows).where(rows.conversation_id.in_(gone)))
