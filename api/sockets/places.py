"""Decides how soon a waiting shopper hears of a new place in the line."""

from __future__ import annotations

import asyncio

from api.desk import Desk
from api.sockets.pump import Feed

#: when the line moves, a new place is told after this time at the latest …
PLACE_SECONDS = 2.0
#: … as long as one process looks up no more places than this in a second
LOOKS_A_SECOND = 50


async def follow_line(desk: Desk, feed: Feed) -> None:
    """Tell the place anew whenever the line has moved; while it rests, nothing is asked."""
    heard = -1  # what moved while this socket was opened counts as well
    while True:
        await asyncio.sleep(pause(desk.hub.topics))
        if heard != desk.hub.line_moves:
            heard = desk.hub.line_moves
            await feed.send_place()


def pause(listened_to: int) -> float:
    """How long to let the line move before looking, with so many who might look."""
    return max(PLACE_SECONDS, listened_to / LOOKS_A_SECOND)
