"""Decides that the turns of one conversation run one after the other, and who waits for which."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from api import turns
from api.desk import Desk
from api.turns import Begun, Outcome
from handoff import conversations
from handoff import turns as turn_rows
from handoff.lifecycle import Status
from handoff.models import Turn
from handoff.turns import TurnState

#: how often another process's running turn is looked at
LOOK_AGAIN_SECONDS = 0.1
#: a turn waits this long for a process that has just started to load the articles
LOADING_SECONDS = 10.0
#: on top of the lease, before a waiting request gives up
GRACE_SECONDS = 10


@dataclass(frozen=True, kw_only=True)
class Ended:
    """A turn of this process, and how it ended."""

    begun: Begun
    outcome: Outcome


#: resolves when the next turn ends; None when there was no turn to take
NextTurn = asyncio.Future[Ended | None]


class Driving:
    """The task that runs a conversation's turns in this process."""

    def __init__(self) -> None:
        #: something was said since the task last looked
        self.again = True
        self._turned: NextTurn = asyncio.get_running_loop().create_future()

    def turned(self, ended: Ended | None = None) -> None:
        """Wake everybody who waits for a turn to end."""
        turned, self._turned = self._turned, asyncio.get_running_loop().create_future()
        turned.set_result(ended)

    def next_turn(self) -> NextTurn:
        return self._turned


def drive(desk: Desk, conversation_id: UUID) -> NextTurn:
    """See to it that everything unanswered gets a turn; returns the next one's end."""
    driving = desk.driving.get(conversation_id)
    if driving is not None:
        driving.again = True
        return driving.next_turn()
    desk.driving[conversation_id] = driving = Driving()
    desk.background.start(_run(desk, conversation_id, driving), name="turns")
    return driving.next_turn()


async def _run(desk: Desk, conversation_id: UUID, driving: Driving) -> None:
    try:
        await _loaded(desk)
        while driving.again:
            driving.again = False
            await _run_all(desk, conversation_id, driving)
    finally:
        # No await between the last look at `again` and this line.
        del desk.driving[conversation_id]
        driving.turned()


async def _loaded(desk: Desk) -> None:
    """Give a process that has just started time to load, before a turn of ours begins.

    What is said is kept meanwhile. Without the articles the bot would fail, and a shopper
    would go to a person only because the service had just been started.
    """
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LOADING_SECONDS):
            await desk.loaded.wait()


async def _run_all(desk: Desk, conversation_id: UUID, driving: Driving) -> None:
    while True:
        begun = await turns.begin(desk, conversation_id)
        if begun is not None:
            outcome = await turns.answer(desk, conversation_id, begun)
            driving.turned(Ended(begun=begun, outcome=outcome))
            # Whoever says something meanwhile sets `again`; in another process, they
            # drive there. Otherwise there is nothing to look for.
            if not driving.again:
                return
            driving.again = False
            continue
        async with desk.database.reading() as session:
            if not await _is_unanswered(session, conversation_id):
                return
        # Another process runs a turn; what came meanwhile is the next one.
        await asyncio.sleep(LOOK_AGAIN_SECONDS)


async def _is_unanswered(session: AsyncSession, conversation_id: UUID) -> bool:
    conversation = await conversations.get(session, conversation_id)
    if conversation.status != Status.BOT:
        return False
    said = await conversations.last_shopper_seq(session, conversation_id)
    return said > conversation.answered_seq


async def wait_for_turn(
    desk: Desk, conversation_id: UUID, seq: int, *, turned: NextTurn | None
) -> Turn | None:
    """The ended turn that covers this message; None when people answer instead.

    Also None when nothing ended in time: then the answer comes over the socket.
    `turned` is what `drive` returned for the message.
    """
    seconds = desk.settings.handoff.turn_lease_seconds + GRACE_SECONDS
    try:
        async with asyncio.timeout(seconds):
            if turned is not None:
                await _next_turn(turned)
            while True:
                driving = desk.driving.get(conversation_id)
                turned = driving.next_turn() if driving else None
                is_over, turn = await _look(desk, conversation_id, seq)
                if is_over:
                    return turn
                await _next_turn(turned)
    except TimeoutError:
        return None


async def _look(
    desk: Desk, conversation_id: UUID, seq: int
) -> tuple[bool, Turn | None]:
    async with desk.database.reading() as session:
        turn = await turn_rows.covering(session, conversation_id, seq)
        if turn is not None:
            return turn.state != TurnState.RUNNING, turn
        return not await _is_unanswered(session, conversation_id), None


async def covered(taken: NextTurn | None, seq: int) -> Ended | None:
    """The end of the very turn that a message was taken into, if it is known here.

    None whenever the rows must say it: another process's turn, a person's conversation,
    a turn of other messages, or one that takes long.
    """
    if taken is None:
        return None
    await _next_turn(taken)
    ended = taken.result() if taken.done() else None
    return ended if ended is not None and ended.begun.covers(seq) else None


async def _next_turn(turned: NextTurn | None) -> None:
    if turned is None:
        await asyncio.sleep(LOOK_AGAIN_SECONDS)
        return
    try:
        async with asyncio.timeout(LOOK_AGAIN_SECONDS * 5):
            # Others wait for the same future: it must not be cancelled with us.
            await asyncio.shield(turned)
    except TimeoutError:
        return
