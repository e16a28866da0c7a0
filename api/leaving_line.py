"""Decides how a shopper stops waiting for a person and goes on with the bot."""

from __future__ import annotations

from api.agents import notice, told
from api.desk import Desk
from api.errors import ApiError
from handoff import conversations, queue
from handoff.errors import IllegalMove
from handoff.lifecycle import Status
from handoff.models import Conversation


class TakenUp(ApiError):
    """A person has just taken up this conversation."""

    code = "taken_up"
    status = 409


async def leave(desk: Desk, conversation: Conversation) -> Status:
    """Give up the place and say so; with the bot already, nothing happens."""
    try:
        async with desk.database.writing() as session:
            await queue.cancel(session, conversation.id, now=desk.clock())
            await notice(desk, session, conversation.id, "left_line")
    except IllegalMove:
        # Read after the rollback: what stands now is what they hear.
        async with desk.database.reading() as session:
            status = Status((await conversations.get(session, conversation.id)).status)
        if status == Status.ASSIGNED:
            raise TakenUp from None
        if status != Status.BOT:
            raise
        return status
    await told(desk, conversation.id, left_line=True)
    return Status.BOT
