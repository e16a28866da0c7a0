"""Decides whether a message holds a wish for an order and a question beside it, and then serves both.

The bot reads a message as one; of "where is my parcel and can I still return it?" one half
would be lost. The question is answered first, so that what the wish asks back stands last.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

import anyio.to_thread

from api.bot.answers import PART_MISSED
from api.bot.payloads import AnswerFound, BotMessage, BotReply, Say
from api.circumstances import circumstances_of
from api.desk import Desk
from api.errors import BotFailure
from api.order_seen import ORDER_MATTERS
from knowledge_base.parts import is_question, leans, parts_of, two_of
from knowledge_base.search import Outcome, SearchResult

if TYPE_CHECKING:
    from api.signals import Past

#: what opens a flow of its own
WISHES = ORDER_MATTERS - {"inform", "complain"}
#: a half is a wish from this confidence on: who is asked for an order number in vain is lost
SURE = 0.7
#: of these the half that is no wish was said to somebody, not asked
_NOT_PARTED = frozenset({"ask_human", "complain", "affirm", "deny"})

#: names the wish, before something is asked for it
WISH_GOES_ON = "wish_goes_on"

#: the bot's turn on a part of the message, from the same dialogue
AskBot = Callable[[str], Awaitable[BotReply]]


async def served_together(
    desk: Desk, past: Past, *, text: str, whole: BotReply, ask: AskBot
) -> tuple[BotReply, SearchResult] | None:
    """The reply to both halves and what the articles said; None leaves the reply to the whole."""
    halves = _halves(text, whole)
    if halves is None:
        return None
    try:
        for wish, question in (halves, halves[::-1]):
            reply = await ask(wish)
            if _is_wish(reply):
                found = await _look_up(desk, past, question)
                said = _said(question, found, past=past, whole=whole)
                if said is None:
                    return None
                goes_on = whole if _is_wish(whole) else reply
                return _together(whole, said, goes_on, wish=wish), found
    except BotFailure:
        # the whole message has an answer already
        return None
    return None


def form_is_open(dialogue: list[Any]) -> bool:
    """Whether the bot is asking for something: it minds questions in between by itself."""
    for event in reversed(dialogue):
        if isinstance(event, Mapping) and event.get("event") == "active_loop":
            return event.get("name") is not None
    return False


def _halves(text: str, whole: BotReply) -> tuple[str, str] | None:
    """How boldly the message is parted depends on what the whole of it came to.

    Of a message that was answered both halves must be questions by their form: one question
    told in two sentences is far more usual. Nothing is lost by trying where it came to nothing.
    """
    if whole.intent.name in _NOT_PARTED or _calls_for_person(whole):
        return None
    if _is_answered(whole):
        match parts_of(text):
            case (first, second):
                return first, second
        return None
    return two_of(text) if _is_lost(whole) or _is_wish(whole) else None


def _is_answered(reply: BotReply) -> bool:
    return any(message.answer is not None for message in reply.messages)


def _is_lost(reply: BotReply) -> bool:
    return any(message.abstain or message.clarify for message in reply.messages)


def _calls_for_person(reply: BotReply) -> bool:
    return any(message.request is not None for message in reply.messages)


def _is_wish(reply: BotReply) -> bool:
    is_sure = reply.intent.name in WISHES and reply.intent.confidence >= SURE
    return is_sure and not _calls_for_person(reply)


async def _look_up(desk: Desk, past: Past, question: str) -> SearchResult:
    known = await circumstances_of(desk, str(past.conversation.id))

    def search() -> SearchResult:
        return desk.searcher.search(question, language=past.language, known=known)

    return await anyio.to_thread.run_sync(search)


def _said(
    question: str, found: SearchResult, *, past: Past, whole: BotReply
) -> list[BotMessage] | None:
    """The answer; or that there is none, where the whole message had none either; None is no gain."""
    if found.outcome is Outcome.ANSWER:
        best = found.hits[0]
        answer = AnswerFound(
            article_id=best.article_id,
            revision_id=str(best.revision_id),
            language=past.language,
            probability=min(1.0, max(0.0, best.probability)),
        )
        return [BotMessage(answer=answer)]
    if not _is_lost(whole):
        return None
    if leans(question) or not is_question(question):
        return []
    return [BotMessage(say=Say(say=PART_MISSED, args={"part": question}))]


def _together(
    whole: BotReply, said: list[BotMessage], reply: BotReply, *, wish: str
) -> BotReply:
    """The wish goes on as if it alone had been said; how it was said is of the whole."""
    named = [BotMessage(say=Say(say=WISH_GOES_ON, args={"part": wish}))] if said else []
    return reply.model_copy(
        update={
            "messages": [*said, *named, *reply.messages],
            "emotion": whole.emotion,
            "entities": whole.entities,
        }
    )
