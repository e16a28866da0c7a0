"""Decides what a handoff takes along and what the shopper is told: what happens next, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from api.desk import Desk
from api.opening import is_staffed
from api.replies import Draft, Writer
from api.routing import routing_policy
from api.settings import Language
from api.signals import Past, emotion_of, writer
from api.understood import Understood
from handoff import cards, hours, queue, requests, waiting
from handoff.decisions import Decision
from handoff.forecasting import Forecast
from handoff.lifecycle import Actor
from handoff.models import Conversation, Handoff
from handoff.priority import Standing, head_start
from handoff.routing import Needs, needs_of

#: the reasons that bring words of their own, the gravest first
_INTROS = {
    "sensitive": "handoff_intro_sensitive",
    "bot_failure": "handoff_intro_bot_failure",
    "angry": "handoff_intro_angry",
    "change_needs_person": "handoff_intro_change_needs_person",
    "asked_for_human": "handoff_intro",
    "shopper_accepted_offer": "handoff_intro",
    "rising_emotion": "handoff_intro_angry",
    "order_at_risk": "handoff_intro_order_at_risk",
    "not_understood": "handoff_intro_not_understood",
    "not_helpful": "handoff_intro_not_understood",
    "repeated_question": "handoff_intro_not_understood",
    "form_given_up": "handoff_intro_not_understood",
    "picture_sent": "handoff_intro",
    "human_first": "handoff_intro_human_first",
}
SECONDS_A_MINUTE = 60
_DAYS: dict[Language, tuple[str, ...]] = {
    "zh-Hans": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
    "zh-Hant": ("週一", "週二", "週三", "週四", "週五", "週六", "週日"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}


@dataclass(frozen=True, kw_only=True)
class Joining:
    """What was found out before the transaction: it may ask other systems."""

    decision: Decision
    #: the shopper's words and mood, and what was proved of their order
    standing: Standing
    needs: Needs
    order_facts: Mapping[str, Any] | None
    verified_how: str | None
    #: a person may be expected now
    is_staffed: bool
    #: by whose clock times are told
    zone: ZoneInfo


async def prepare_joining(
    desk: Desk, past: Past, understood: Understood, decision: Decision
) -> Joining:
    """Gather what needs no transaction. An order system that is away costs only its facts."""
    facts = await desk.order_facts(past.conversation.id)
    tier = tier_of(desk, past.conversation)
    needs = needs_of(
        _intents(past, understood), tier=tier, policy=routing_policy(desk.settings)
    )
    return Joining(
        decision=decision,
        standing=Standing(
            reasons=decision.reasons,
            emotion=emotion_of(understood),
            text=understood.text,
            tier=tier,
            order_total=_total(facts.order if facts else None),
        ),
        needs=needs,
        order_facts=facts.order if facts else None,
        verified_how=facts.how if facts else None,
        is_staffed=await is_staffed(desk, skill=needs.skill, now=desk.clock()),
        zone=zone_of(desk, past.conversation),
    )


def zone_of(desk: Desk, conversation: Conversation) -> ZoneInfo:
    """The shopper's own, when their browser named it, else the shop's."""
    given = conversation.shopper.get("timezone")
    return ZoneInfo(given) if given else desk.opening_hours.timezone


def tier_of(desk: Desk, conversation: Conversation) -> str:
    """The tier the shop signed for this shopper; one without a promise is standard."""
    given = str(conversation.shopper.get("tier") or "")
    return given if given in desk.settings.handoff.sla else "standard"


def _intents(past: Past, understood: Understood) -> list[str | None]:
    """What was wanted, the newest first; a wish for a person says nothing of the matter."""
    earlier = [turn.signals.get("intent") for turn in reversed(past.turns[-5:])]
    return [understood.intent.name, *earlier]


def _total(order: Mapping[str, Any] | None) -> float | None:
    try:
        return float((order or {})["total"]["amount"])
    except (KeyError, TypeError, ValueError):
        return None


def promised_by(desk: Desk, *, skill: str | None, now: datetime) -> datetime | None:
    """By when a message left out of hours is answered; None if nobody knows the hours."""
    opens_at = hours.next_opening(now, desk.opening_hours.of(skill))
    if opens_at is None:
        return None
    return opens_at + timedelta(minutes=desk.settings.handoff.promise_minutes)


async def join(
    desk: Desk,
    session: AsyncSession,
    past: Past,
    understood: Understood,
    joining: Joining,
) -> tuple[Conversation, Draft]:
    """Move the shopper into the line; return the row and the words that tell it."""
    now = desk.clock()
    conversation_id = past.conversation.id
    card = await cards.gather(
        session,
        conversation_id,
        reasons=joining.decision.reasons,
        order_facts=joining.order_facts,
        verified_how=joining.verified_how,
        now=now,
    )
    handoff = await _queue(desk, session, conversation_id, joining, card=card, now=now)
    soon = await waiting.forecast(
        session,
        position=handoff.position,
        now=now,
        default=desk.settings.handoff.forecast_default_seconds,
        skill=joining.needs.skill,
    )
    if joining.is_staffed:
        handoff.said_low, handoff.said_high = soon.low, soon.high
    else:
        skill = joining.needs.skill
        handoff.promised_by = promised_by(desk, skill=skill, now=now)
    words = writer(desk, past, understood)
    notice = _notice(
        desk, words, joining, position=handoff.position, soon=soon, now=now
    )
    joined = await session.get_one(Conversation, conversation_id)
    return joined, notice


async def _queue(
    desk: Desk,
    session: AsyncSession,
    conversation_id: UUID,
    joining: Joining,
    *,
    card: dict[str, Any],
    now: datetime,
) -> Handoff:
    """Join, as far ahead as the shopper's standing allows."""
    given = desk.settings.handoff
    standing = replace(
        joining.standing,
        earlier_requests=await requests.count(session, conversation_id),
    )
    ahead = head_start(
        standing,
        given.priority_minutes.model_dump(),
        valuable_order=given.valuable_order,
    )
    return await queue.join(
        session,
        conversation_id,
        reasons=[reason.as_json() for reason in joining.decision.reasons],
        card=card,
        priority_minutes=ahead.minutes,
        priority=ahead.as_json(),
        needs=joining.needs,
        now=now,
    )


def _notice(
    desk: Desk,
    words: Writer,
    joining: Joining,
    *,
    position: int,
    soon: Forecast,
    now: datetime,
) -> Draft:
    codes = joining.decision.codes
    key = next((_INTROS[code] for code in _INTROS if code in codes), "handoff_intro")
    intro = words.say(key)
    if joining.is_staffed:
        wait = wait_words(words, position=position, soon=soon)
    else:
        skill, zone = joining.needs.skill, joining.zone
        wait = closed_words(desk, words, skill=skill, zone=zone, now=now)
    return Draft(
        text=f"{intro.text}\n{wait.text}",
        language=intro.language,
        actor=Actor.SYSTEM,
        kind="notice",
        meta={"say": intro.meta["say"], "key": "handoff_joined"},
    )


def wait_words(words: Writer, *, position: int, soon: Forecast) -> Draft:
    """The place and an honest span."""
    low = max(1, soon.low // SECONDS_A_MINUTE)
    high = max(low + 1, -(-soon.high // SECONDS_A_MINUTE))
    key = "handoff_wait_next" if position <= 1 else "handoff_wait"
    return words.say(key, {"position": position, "low": low, "high": high})


def closed_words(
    desk: Desk, words: Writer, *, skill: str | None, zone: ZoneInfo, now: datetime
) -> Draft:
    """When the desk opens, and by when the message is answered, by the shopper's clock."""
    opens_at = hours.next_opening(now, desk.opening_hours.of(skill))
    by = promised_by(desk, skill=skill, now=now)
    if opens_at is None or by is None:
        return words.say("handoff_wait_unknown_opening")
    return words.say(
        "handoff_wait_closed",
        {
            "opens": told_time(opens_at, words.language, zone=zone),
            "by": told_time(by, words.language, zone=zone),
        },
    )


def told_time(moment: datetime, language: Language, *, zone: ZoneInfo) -> str:
    """The day and the hour in this zone, named so that nobody misreads it."""
    local = moment.astimezone(zone)
    day = _DAYS[language][local.weekday()]
    offset = local.strftime("UTC%z")[:-2]
    return f"{day} {local:%m-%d %H:%M} ({offset})"
