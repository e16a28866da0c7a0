"""Decides who is given conversations in push mode: everybody available, as far as they have room."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from api.accounts import people
from api.accounts.models import Staff
from api.agents import notice, told
from api.desk import Desk
from api.routing import capacity_of, routing_policy, seeker_of
from handoff import capacity, pushing
from handoff.presence import AgentState
from handoff.pushing import Gift, Hand


async def give_out(desk: Desk) -> int:
    """Give whoever waits to whoever has room; nothing in pull mode. Return how many."""
    if desk.settings.handoff.mode != "push":
        return 0
    now = desk.clock()
    here = {
        each.agent_id: each.capacity
        for each in await desk.presence.present(now=now) or ()
        if each.state == AgentState.AVAILABLE
    }
    if not here:
        return 0
    async with desk.database.reading() as session:
        line = await pushing.front(session)
        if not line:
            return 0
        serving = await people.all_who_serve(session, demo=desk.settings.demo)
        takers = {each.id: each for each in serving if each.id in here}
        held = await capacity.loads(session, takers)
    hands = [
        _hand(desk, person, said=here[person.id], load=held.get(person.id, 0))
        for person in takers.values()
    ]
    gifts = pushing.plan(line, hands, routing_policy(desk.settings), now=now)
    given = 0
    for gift in gifts:
        given += await _give(desk, gift, name=takers[gift.seeker.agent_id].name)
    return given


async def _give(desk: Desk, gift: Gift, *, name: str) -> bool:
    """One in a transaction of its own: a second process that plans the same finds it gone."""
    now: datetime = desk.clock()
    async with desk.database.writing() as session:
        policy = routing_policy(desk.settings)
        assignment = await pushing.give(session, gift, policy, now=now)
        if assignment is None:
            return False
        await notice(desk, session, gift.conversation_id, "agent_joined", name=name)
    await told(desk, gift.conversation_id, left_line=True)
    return True


def _hand(desk: Desk, person: Staff, *, said: int | None, load: int) -> Hand:
    """What they said they can hold counts when it is less than their account allows."""
    seeker = seeker_of(desk.settings, person)
    if said is not None and said < capacity_of(desk.settings, person):
        seeker = replace(seeker, capacity=said)
    return Hand(seeker=seeker, load=load)
