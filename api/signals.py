"""Turns what was understood into the signals that the rules weigh, and remembers them with the turn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from api.desk import Desk
from api.replies import Writer
from api.settings import Language
from api.shop.identity import signed_in_customer
from api.understood import Understood
from api.words import Tone
from handoff import conversations, triggers, turns
from handoff.amounts_named import amounts_in
from handoff.days_named import days_in
from handoff.decisions import Decision
from handoff.models import Conversation, Message, Turn
from handoff.signals import (
    Emotion,
    Entity,
    HandoffRequest,
    OrderSeen,
    PastTurn,
    TriedArticle,
    TurnSignals,
    from_json,
    since_last_handoff,
    to_json,
)
from knowledge_base.languages import is_language

#: how far back a turn looks
RECENT_MESSAGES = 60
RECENT_TURNS = 20

_NEWEST = (
    select(Message)
    .where(Message.conversation_id == bindparam("conversation_id"))
    .order_by(Message.seq.desc())
    .limit(RECENT_MESSAGES)
)

#: from here on a shopper is spoken to as one who is upset
UPSET_INTENSITY = 0.35
_UPSET = frozenset({"angry", "dissatisfied", "sad"})


@dataclass(frozen=True, kw_only=True)
class Past:
    """What the conversation was like before this turn."""

    conversation: Conversation
    language: Language
    #: the newest messages, oldest first, notes included
    messages: list[Message]
    turns: list[Turn]
    #: the shop vouches for this shopper at the moment
    signed_in: bool
    #: the shop's day on which the shopper wrote
    today: date

    @property
    def said(self) -> list[str]:
        """The wordings used so far, oldest first."""
        return [str(row.meta["say"]) for row in self.messages if "say" in row.meta]


async def look_back(desk: Desk, conversation_id: UUID) -> Past:
    """Read what the turn needs to know, and close the session."""
    async with desk.database.reading() as session:
        conversation = await conversations.get(session, conversation_id)
        return await read_past(desk, session, conversation)


async def read_past(
    desk: Desk, session: AsyncSession, conversation: Conversation
) -> Past:
    """What the turn needs to know, read in this session."""
    newest = await session.scalars(_NEWEST, {"conversation_id": conversation.id})
    language = conversation.language
    customer = await signed_in_customer(session, conversation.id, now=desk.clock())
    return Past(
        conversation=conversation,
        language=(
            language if is_language(language) else desk.settings.languages.default
        ),
        messages=list(newest)[::-1],
        turns=await turns.recent(session, conversation.id, limit=RECENT_TURNS),
        signed_in=customer is not None,
        today=desk.clock().astimezone(ZoneInfo(desk.settings.shop.timezone)).date(),
    )


def weigh(
    desk: Desk, past: Past, understood: Understood, *, order: OrderSeen | None = None
) -> Decision:
    """What the rules make of this turn and those before it."""
    history = since_last_handoff(past_turns(past))
    signals = to_signals(past, understood, order=order)
    return triggers.decide_or_ask_back(signals, history, desk.policy.current)


def to_signals(
    past: Past, understood: Understood, *, order: OrderSeen | None = None
) -> TurnSignals:
    """The turn as the rules see it."""
    vector = understood.vector
    answers = {True: "accepted", False: "refused"}
    return TurnSignals(
        text=understood.text,
        language=past.language,
        intent=understood.intent.name,
        intent_confidence=understood.intent.confidence,
        entities=tuple(
            Entity(entity=str(each["entity"]), value=str(each["value"])[:200])
            for each in understood.entities
        )
        + _named(understood.text, today=past.today),
        emotion=emotion_of(understood),
        search_outcome=understood.outcome,
        hits=_tried(understood),
        bot_failure=understood.failure,
        requested=tuple(
            HandoffRequest(reason=each.reason or "", detail=each.detail)
            for each in understood.requests
            if each.type == "handoff_request"
        ),
        vector=tuple(map(float, vector)) if vector is not None else None,
        helpful=understood.helpful,
        offer_answer=(
            None
            if understood.offer_accepted is None
            else answers[understood.offer_accepted]
        ),
        active_loop=understood.active_loop,
        order=order,
        pictures=understood.pictures,
    )


def _named(text: str, *, today: date) -> tuple[Entity, ...]:
    """The days and sums that stand in the words themselves."""
    days = [Entity(entity="date", value=d.value) for d in days_in(text, today=today)]
    sums = [Entity(entity="amount", value=each.value) for each in amounts_in(text)]
    return (*days, *sums)


def emotion_of(understood: Understood) -> Emotion:
    return Emotion(
        label=understood.emotion.label,
        intensity=understood.emotion.intensity,
        evidence=tuple(understood.emotion.evidence),
    )


def to_row(
    past: Past,
    understood: Understood,
    decision: Decision,
    *,
    order: OrderSeen | None = None,
) -> dict[str, Any]:
    """What is kept with the turn."""
    return to_json(
        to_signals(past, understood, order=order),
        decided=decision.kind.value,
        reasons=decision.codes,
    )


def past_turns(past: Past) -> list[PastTurn]:
    """The ended turns with their shoppers' words, as the card wants them."""
    found = []
    for turn in past.turns:
        words = [
            row.text
            for row in past.messages
            if row.actor == "shopper" and turn.first_seq <= row.seq <= turn.last_seq
        ]
        found.append(from_json(turn.signals, text="\n".join(words)))
    return found


def writer(desk: Desk, past: Past, understood: Understood) -> Writer:
    """Who writes this turn's words: in the shopper's language and to their mood."""
    return Writer(
        words=desk.words,
        searcher=desk.searcher,
        language=past.language,
        tone=tone(past, understood),
        question=understood.text[:500],
        said=past.said,
    )


def tone(past: Past, understood: Understood) -> Tone:
    """Nobody who was angry a moment ago is cheered at now."""
    felt = [emotion_of(understood)]
    felt += [from_json(turn.signals).signals.emotion for turn in past.turns[-1:]]
    upset = any(
        each.label in _UPSET and each.intensity >= UPSET_INTENSITY for each in felt
    )
    return "upset" if upset and felt[0].label != "grateful" else "plain"


def _tried(understood: Understood) -> tuple[TriedArticle, ...]:
    """The articles that this turn showed; of a verdict, the one it is about."""
    if understood.verdict is not None:
        article = understood.verdict.article_id
        return (TriedArticle(article_id=article, title="", probability=0.0),)
    if understood.search is not None:
        return tuple(
            TriedArticle(
                article_id=hit.article_id, title=hit.title, probability=hit.probability
            )
            for hit in understood.search.hits[:3]
        )
    shown = [each.message.answer for each in understood.messages]
    return tuple(
        TriedArticle(
            article_id=answer.article_id, title="", probability=answer.probability
        )
        for answer in shown
        if answer is not None
    )
