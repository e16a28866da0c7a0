"""Decides what a turn means: by asking the bot, or, for our own buttons, without it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import anyio.to_thread
import structlog

from api import odd_texts
from api.bot.answers import PART_MISSED
from api.bot.payloads import (
    BotMessage,
    BotReply,
    Press,
    Say,
    TurnMetadata,
    TurnRequest,
    VectorPayload,
)
from api.buttons import (
    ChosenArticle,
    NoneOfThese,
    OfferReply,
    Pressed,
    Verdict,
    meaning_of,
)
from api.desk import Desk
from api.errors import BotFailure
from api.incoming import for_bot
from api.other_language import nearest
from api.understood import Gap, TurnMessage, Understood
from api.vectors import Vector
from api.wish_and_question import form_is_open, served_together
from handoff.turns import OpenTurn
from knowledge_base.search import SearchResult

if TYPE_CHECKING:
    from api.signals import Past

log = structlog.get_logger(__name__)

#: a shopper waits no longer than this for the vector
EMBED_SECONDS = 3.0
#: what is still worth saying when a person takes over: facts, no questions
_FACTS = ("order_", "change_", "refused_", "explain_")


async def understand(desk: Desk, turn: OpenTurn, past: Past) -> Understood:
    """What the shopper means; a failure of the bot is part of the answer."""
    last = turn.messages[-1]
    press: Press | None = None
    if "button" in last.meta:
        meaning = meaning_of(last.meta["button"])
        if isinstance(meaning, Verdict | OfferReply | NoneOfThese):
            return _without_bot(turn, meaning)
        press = _press(meaning)
    texts = [message.text for message in turn.messages]
    text = for_bot(texts, limit=desk.settings.limits.message_characters)
    if not text and press is None:
        return _nothing_said(turn)
    if press is None and odd_texts.commands_a_machine(text):
        return _command_refused(turn)
    understood = await _ask_bot(desk, turn, past, text=text, press=press)
    if press is None and nearest(text, past.language) is not None:
        understood = odd_texts.with_apology(understood, said=past.said)
    return _with_thanks_for_pictures(understood)


def _press(meaning: Pressed | ChosenArticle) -> Press:
    if isinstance(meaning, Pressed):
        return meaning.press
    return Press(intent="ask_question", entities={"article_id": meaning.article_id})


async def _ask_bot(
    desk: Desk, turn: OpenTurn, past: Past, *, text: str, press: Press | None
) -> Understood:
    started = Understood.broken(turn, reason="")
    vector: Vector | None = None
    if press is None:
        vector = await _embed(desk, text)
    if vector is not None:
        desk.vectors.keep(str(turn.turn_id), text, vector)
        # While the bot makes out what is wanted, its search is got ready.
        desk.background.start(_read_ahead(desk, text), name="read ahead")
    request = _request(desk, turn, past, text=text, press=press, vector=vector)
    try:
        reply = await desk.bot.turn(request)
    except BotFailure as failure:
        desk.metrics.bot_failures.labels(reason=failure.reason).inc()
        log.warning(
            "the bot failed",
            action="bot_failure",
            reason=failure.reason,
            turn_id=str(turn.turn_id),
        )
        return replace(started, failure=failure.reason, vector=vector)
    search = desk.vectors.take_search(str(turn.turn_id))
    if press is None and not form_is_open(turn.dialogue):
        asking = partial(_ask_part, desk, turn, past)
        both = await served_together(desk, past, text=text, whole=reply, ask=asking)
        reply, search = both or (reply, search)
    return _from_reply(started, reply, vector=vector, search=search)


async def _ask_part(desk: Desk, turn: OpenTurn, past: Past, text: str) -> BotReply:
    """The bot's turn on a part of the message: nothing of it holds until it is chosen."""
    vector = await _embed(desk, text)
    if vector is not None:
        desk.vectors.keep(str(turn.turn_id), text, vector)
    request = _request(desk, turn, past, text=text, press=None, vector=vector)
    reply = await desk.bot.turn(request)
    desk.vectors.take_search(str(turn.turn_id))
    return reply


def _request(
    desk: Desk,
    turn: OpenTurn,
    past: Past,
    *,
    text: str,
    press: Press | None,
    vector: Vector | None,
) -> TurnRequest:
    packed = (
        VectorPayload.pack(desk.embedder.model_id, vector)
        if vector is not None
        else None
    )
    return TurnRequest(
        conversation_id=str(past.conversation.id),
        text=text,
        press=press,
        metadata=TurnMetadata(
            language=past.language,
            turn_id=str(turn.turn_id),
            signed_in=past.signed_in,
            vector=packed,
        ),
        dialogue=turn.dialogue,
    )


async def _read_ahead(desk: Desk, text: str) -> None:
    await anyio.to_thread.run_sync(desk.searcher.read_ahead, text)


async def _embed(desk: Desk, text: str) -> Vector | None:
    """The vector, or None when the model is too busy: then the bot embeds by itself."""
    try:
        async with asyncio.timeout(EMBED_SECONDS):
            return await desk.vectors.embed(desk.embedder, text)
    except TimeoutError:
        log.warning("embedding took too long", action="embed")
        return None


def _from_reply(
    started: Understood,
    reply: BotReply,
    *,
    vector: Vector | None,
    search: SearchResult | None,
) -> Understood:
    outcome = _outcome(reply)
    nearest = search.hits[0].article_id if search is not None and search.hits else None
    gap = None
    if outcome == "abstain":
        gap = Gap(text=started.text, kind="abstained", nearest_article_id=nearest)
    elif (missed := _part_missed(reply)) is not None:
        gap = Gap(text=missed, kind="abstained")
    return replace(
        started,
        messages=tuple(
            TurnMessage(message=each, stays_on_handoff=_is_fact(each))
            for each in reply.messages
            if each.request is None
        ),
        requests=tuple(each.request for each in reply.messages if each.request),
        intent=reply.intent,
        intent_ranking=tuple(reply.intent_ranking[:5]),
        entities=tuple(each.model_dump() for each in reply.entities),
        slots=reply.slots,
        active_loop=reply.active_loop,
        emotion=reply.emotion,
        dialogue=reply.dialogue,
        failure=None,
        outcome=outcome,
        search=search,
        vector=vector,
        gap=gap,
    )


def _without_bot(
    turn: OpenTurn, meaning: Verdict | OfferReply | NoneOfThese
) -> Understood:
    """Our own buttons are answered here: the dialogue stays as it was."""
    started = replace(Understood.broken(turn, reason=""), failure=None)
    kept = replace(started, dialogue=turn.dialogue)
    if isinstance(meaning, OfferReply):
        said = () if meaning.accepted else (_say("offer_declined"),)
        return replace(kept, offer_accepted=meaning.accepted, messages=said)
    if isinstance(meaning, Verdict):
        key = "helpful_thanks" if meaning.helpful else "not_helpful_sorry"
        gap = None
        if not meaning.helpful:
            gap = Gap(
                text=meaning.question,
                kind="not_helpful",
                nearest_article_id=meaning.article_id,
            )
        return replace(
            kept,
            helpful=meaning.helpful,
            verdict=meaning,
            messages=(_say(key),),
            gap=gap,
        )
    gap = Gap(text=meaning.question, kind="clarification_declined")
    return replace(
        kept, outcome="abstain", messages=(_say("none_of_these_sorry"),), gap=gap
    )


def _nothing_said(turn: OpenTurn) -> Understood:
    """Only pictures came, which the bot cannot see, or only slashes and blanks."""
    started = replace(Understood.broken(turn, reason=""), failure=None)
    key = "pictures_alone" if started.pictures else "say_more"
    return replace(started, dialogue=turn.dialogue, messages=(_say(key),))


def _command_refused(turn: OpenTurn) -> Understood:
    """The text tells a machine what to do: nothing in it is asked of anybody."""
    started = replace(Understood.broken(turn, reason=""), failure=None)
    refused = odd_texts.command_refused()
    return replace(started, dialogue=turn.dialogue, messages=(refused,))


def _with_thanks_for_pictures(understood: Understood) -> Understood:
    """Say that they have come and that the bot does not know what they show."""
    if not understood.pictures or understood.failure:
        return understood
    said = (_say("pictures_came"), *understood.messages)
    return replace(understood, messages=said)


def _say(key: str) -> TurnMessage:
    return TurnMessage(message=BotMessage(say=Say(say=key)))


def _outcome(reply: BotReply) -> str | None:
    for message in reply.messages:
        if message.answer is not None:
            return "answer"
        if message.clarify is not None:
            return "clarify"
        if message.abstain is not None:
            return "abstain"
    return None


def _part_missed(reply: BotReply) -> str | None:
    """The first part of a message of several questions that nothing answered."""
    for message in reply.messages:
        if message.say is not None and message.say.say == PART_MISSED:
            return str(message.say.args.get("part", "")) or None
    return None


def _is_fact(message: BotMessage) -> bool:
    """Whether the shopper should still read it although a person takes over."""
    if message.answer is not None:
        return True
    say = message.say
    return say is not None and say.say.startswith(_FACTS)
