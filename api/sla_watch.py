"""Decides when the desk hears of a promise that is near to breaking, or broke."""

from __future__ import annotations

import contextlib

import structlog
from sqlalchemy.exc import IntegrityError

from api.announce import announce_queue
from api.desk import Desk
from api.queue_view import sla_policy
from handoff import sla_marks

log = structlog.get_logger(__name__)


async def watch_sla(desk: Desk) -> None:
    """Note each once, whichever process looks first, and redraw the lists."""
    now = desk.clock()
    # Asked first: whoever may write keeps all others from writing.
    async with desk.database.reading() as session:
        found = await sla_marks.unmarked(session, sla_policy(desk.settings), now=now)
    if not found:
        return
    events = []
    # Another process noted the same in this instant: it has told everybody.
    with contextlib.suppress(IntegrityError):
        async with desk.database.writing() as session:
            events = await sla_marks.mark(session, found, now=now)
    for event in events:
        log.info(
            "a promise of the desk",
            action=event.kind,
            clock=event.clock,
            conversation_id=str(event.conversation_id),
        )
    if events:
        announce_queue(desk)
