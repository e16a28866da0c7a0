"""Decides when the desk hears of a promise that is near to breaking, or broke."""

from __future__ import annotations

import contextlib

import structlog
from sqlalchemy.exc import IntegrityError

from api.announce import announce_queue
from api.desk import Desk
from api.queue_view import sla_policy
from handoff import sla

log = structlog.get_logger(__name__)


async def watch_sla(desk: Desk) -> None:
    """Note each once, whichever process looks first, and redraw the lists."""
    events = []
    # Another process noted the same in this instant: it has told everybody.
    with contextlib.suppress(IntegrityError):
        async with desk.database.writing() as session:
            events = await sla.mark(
                session, sla_policy(desk.settings), now=desk.clock()
            )
    for event in events:
        log.info(
            "a promise of the desk",
            action=event.kind,
            clock=event.clock,
            conversation_id=str(event.conversation_id),
        )
    if events:
        announce_queue(desk)
