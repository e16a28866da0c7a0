"""Takes what a shopper sends: checks it, cleans it, keeps it once, and sees to its answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api import buttons, coming_back, incoming, pictures
from api.announce import announce
from api.bodies import SentPicture
from api.coming_back import Returning
from api.desk import Desk
from api.errors import EmptyMessage, Unavailable
from api.limits import Rate
from api.pictures import SHOPPER
from api.schemas import PublicMessage, TurnView
from api.spoken_language import language_of
from api.turn_driver import NextTurn, covered, drive, wait_for_turn
from api.views import handoff_view, owner_name, public_message, public_messages
from handoff import conversations, feedback
from handoff.conversations import Appended, Details
from handoff.errors import ConversationEnded
from handoff.lifecycle import Actor, Status
from handoff.models import Conversation, Message
from handoff.reopening import Reopened


@dataclass(frozen=True, kw_only=True)
class Said:
    """A message of a shopper as it came in: words, pictures or both, or a button."""

    client_id: str
    text: str | None = None
    button_id: str | None = None
    pictures: Sequence[SentPicture] = ()


@dataclass(frozen=True, kw_only=True)
class Taken:
    """The message as it is kept."""

    message: Message
    status: str
    was_resent: bool
    #: the end of the turn that is under way for it
    turned: NextTurn | None = None
    #: the settled case that it opened again
    reopened: Reopened | None = None


async def take(desk: Desk, conversation: Conversation, said: Said) -> Taken:
    """Keep the message; when this returns it is safe, and its turn is on the way."""
    if desk.is_draining:
        raise Unavailable(retry_after=2)
    limits = desk.settings.limits
    await desk.limiter.check(
        "messages",
        str(conversation.id),
        Rate(times=limits.messages_per_minute, seconds=60),
    )
    text, language = _words(desk, conversation, said)
    try:
        taken = await _append(desk, conversation.id, said, text=text, language=language)
    except ConversationEnded:
        if text is None:
            raise  # a button of a settled case is no new word about it
        taken = await _come_back(desk, conversation, said, text, language=language)
    desk.failpoints.reach("after_commit_before_ack")
    if not taken.was_resent:
        desk.metrics.messages.labels(actor=Actor.SHOPPER.value).inc()
        announce(desk, conversation.id, "messages")
    if taken.status == Status.BOT:
        return replace(taken, turned=drive(desk, conversation.id))
    return taken


def _words(
    desk: Desk, conversation: Conversation, said: Said
) -> tuple[str | None, str]:
    """The words as they are kept and their language; None for a button, which has its own."""
    limit = desk.settings.limits.message_characters
    if said.text is None and not said.pictures:
        return None, conversation.language
    text = pictures.words_of(desk, said.text, said.pictures)
    if not text:
        return text, conversation.language
    if conversation.status == Status.BOT:
        # The model works while the disk confirms the message.
        ahead = incoming.for_bot([text], limit=limit)
        desk.vectors.embed_ahead(desk.embedder, ahead)
    return text, language_of(text, conversation.language)


async def _append(
    desk: Desk,
    conversation_id: UUID,
    said: Said,
    *,
    text: str | None,
    language: str,
    returning: Returning | None = None,
) -> Taken:
    """Transaction 1; with `returning` the case is opened again for the message."""
    now = desk.clock()
    async with desk.database.writing() as session:
        text, meta = await _content(desk, session, conversation_id, said, text)
        reopened = await coming_back.reopen(desk, session, conversation_id, returning)
        appended = await conversations.append(
            session,
            conversation_id,
            actor=Actor.SHOPPER,
            text=text,
            now=now,
            **_sent(said, language, meta),
        )
        await _belong(session, appended)
        conversation = appended.conversation or await conversations.get(
            session, conversation_id
        )
        if text and not said.button_id and not appended.was_resent:
            await _follow_language(session, conversation, language, now=now)
        if reopened is not None and returning is not None:
            await coming_back.ask_again(desk, session, reopened, returning)
        return Taken(
            message=appended.message,
            status=conversation.status,
            was_resent=appended.was_resent,
            reopened=reopened,
        )


async def _content(
    desk: Desk,
    session: AsyncSession,
    conversation_id: UUID,
    said: Said,
    text: str | None,
) -> tuple[str, dict[str, Any]]:
    """The words of the message, and what it carries beside them."""
    meta: dict[str, Any] = {}
    if said.button_id is not None:
        text, meta = await _pressed(session, conversation_id, said.button_id)
    if text is None:
        raise EmptyMessage
    shown = await pictures.chosen(
        desk, session, conversation_id, said.pictures, sender=SHOPPER
    )
    return text, meta | ({"pictures": shown} if shown else {})


async def _follow_language(
    session: AsyncSession, conversation: Conversation, language: str, *, now: datetime
) -> None:
    """Answer in the language of the newest words."""
    if language != conversation.language:
        await conversations.change_language(
            session, conversation.id, language=language, now=now
        )


async def _belong(session: AsyncSession, appended: Appended) -> None:
    """What came with the message is its own from now on: its pictures, its verdict."""
    message = appended.message
    if not appended.was_resent:
        await pictures.bind(session, message)
    await _note_verdict(session, message.conversation_id, message)


async def _come_back(
    desk: Desk, conversation: Conversation, said: Said, text: str, *, language: str
) -> Taken:
    """Go on with the settled case; ConversationEnded stands if that was too long ago."""
    returning = await coming_back.prepare(desk, conversation.id, text=text)
    taken = await _append(
        desk, conversation.id, said, text=text, language=language, returning=returning
    )
    if taken.reopened is not None:
        await coming_back.welcome(desk, taken.reopened, returning)
    return taken


def _sent(said: Said, language: str, meta: dict[str, Any]) -> Details:
    return {"client_id": said.client_id, "language": language, "meta": meta}


async def _pressed(
    session: AsyncSession, conversation_id: UUID, button_id: str
) -> tuple[str, dict[str, Any]]:
    """The words on the button, and what pressing it means."""
    found = await buttons.find(session, conversation_id, button_id=button_id)
    meaning = found.meaning.model_dump(mode="json")
    return found.label, {
        "button_id": button_id,
        "button": meaning,
        "of_seq": found.seq,
    }


async def _note_verdict(
    session: AsyncSession, conversation_id: UUID, message: Message
) -> None:
    """A pressed "this helped" counts at once, whoever has the conversation."""
    pressed = message.meta.get("button") or {}
    if pressed.get("kind") == "verdict":
        await feedback.judge(
            session,
            conversation_id,
            message_seq=message.meta["of_seq"],
            helpful=pressed["helpful"],
            now=message.created_at,
        )


async def answered(desk: Desk, taken: Taken) -> TurnView:
    """Wait for the turn that covers the message, and show all that was said in it."""
    message = taken.message
    conversation_id = message.conversation_id
    ended = await covered(taken.turned, message.seq)
    if ended is not None and ended.outcome.kept and ended.outcome.joined is None:
        # The bot answered in this process: what it said is at hand.
        said = [public_message(row, {}) for row in (message, *ended.outcome.said)]
        return TurnView(
            message=said[0], replies=said[1:], status=Status.BOT, handoff=None
        )
    turn = await wait_for_turn(desk, conversation_id, message.seq, turned=taken.turned)
    async with desk.database.reading() as session:
        rows: list[Message] = []
        if turn is not None:
            found = await session.scalars(
                select(Message)
                .where(
                    Message.conversation_id == conversation_id,
                    Message.turn_id == turn.id,
                )
                .order_by(Message.seq)
            )
            rows = list(found)
        shown = await public_messages(session, [message, *rows])
        conversation = await conversations.get(session, conversation_id)
        name = await owner_name(session, conversation)
    return TurnView(
        message=shown[0],
        replies=shown[1:],
        status=conversation.status,
        handoff=await handoff_view(desk, conversation),
        agent_name=name,
    )


async def show(desk: Desk, message: Message) -> PublicMessage:
    async with desk.database.reading() as session:
        return (await public_messages(session, [message]))[0]
