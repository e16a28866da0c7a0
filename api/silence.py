"""Decides when an agent's silence gives a shopper back to the line, and what is said about it."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from api.agents import notice, told
from api.desk import Desk
from handoff import assignments, ownership, silence
from handoff.errors import NotYours
from handoff.presence import AgentState


async def release_silent(desk: Desk) -> None:
    """Whoever was left without a word for too long keeps the old place, and is told so."""
    given = desk.settings.handoff
    since = desk.clock() - timedelta(seconds=given.silent_seconds)
    async with desk.database.reading() as session:
        left = await silence.unanswered(session, since=since)
    for row in left:
        if row.agent_id is None:
            continue
        with suppress(NotYours):  # another process was faster
            async with desk.database.writing() as session:
                owner, version = row.agent_id, row.assignment_version
                # Locked first, then asked again: a reply that was on its way counts.
                await ownership.hold_own(
                    session, row.id, owner, version, now=desk.clock()
                )
                still = await silence.unanswered(session, since=since)
                if row.id not in {each.id for each in still}:
                    continue
                event = await assignments.release(
                    session,
                    row.id,
                    agent_id=owner,
                    assignment_version=version,
                    how="silent",
                    pause=timedelta(seconds=given.silent_pause_seconds),
                    now=desk.clock(),
                )
                await notice(desk, session, row.id, "agent_silent")
            await desk.line.add(row.id, rank_at=event.rank_at)
            if given.mode == "push":
                # Whoever is not there would be given the next one, and the next.
                await desk.presence.say(owner, state=AgentState.AWAY)
            await told(desk, row.id)
