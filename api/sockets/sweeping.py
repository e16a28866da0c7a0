"""Decides what a lost ring costs: seconds, for the rows are asked once for all sockets of a process.

A socket that looked for itself whenever it was quiet would ask as often as there are
shoppers, and thousands of them would leave no time for what they say.
"""

from __future__ import annotations

from itertools import batched
from uuid import UUID

from api.desk import Desk
from api.realtime.rings import Head, Ring
from handoff.followed import heads

#: conversations that are asked for in one statement
AT_ONCE = 500


async def sweep(desk: Desk) -> None:
    """Ring for every followed conversation that stands otherwise than at the last sweep."""
    stands: dict[UUID, Head] = {}
    for some in batched(desk.hub.conversations(), AT_ONCE):
        async with desk.database.reading() as session:
            rows = await heads(session, some)
        stands |= {
            key: Head(seq=seq, status=status, agent_id=agent_id)
            for key, seq, status, agent_id in rows
        }
    before, desk.swept = desk.swept, stands
    for key, head in stands.items():
        if before.get(key) != head:
            desk.hub.ring(Ring(kind="check", conversation_id=key, head=head))
