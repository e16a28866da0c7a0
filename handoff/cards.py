"""Which rows go into a card: the story since people last settled something."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff import requests
from handoff import turns as turn_rows
from handoff.attachments import number_sent
from handoff.context import CardTurn, Said, build_card
from handoff.decisions import Kind, Reason
from handoff.lifecycle import Actor
from handoff.models import Feedback, Message, Turn
from handoff.signals import from_json
from handoff.transitions import fetch
from handoff.turns import TurnState

#: a story longer than this is summed up by its end
MOST_TURNS = 40


async def gather(
    session: AsyncSession,
    conversation_id: UUID,
    *,
    reasons: Sequence[Reason],
    order_facts: Mapping[str, Any] | None = None,
    verified_how: str | None = None,
    after_seq: int | None = None,
    now: datetime,
) -> dict[str, Any]:
    """Build the card from the rows. Call it after `turns.finish`, before `queue.join`.

    With `after_seq` the story begins behind that message, whatever the bot did before.
    """
    conversation = await fetch(session, conversation_id)
    ended = await turn_rows.recent(session, conversation_id, limit=MOST_TURNS)
    open_since = await requests.unsettled(session, conversation_id)
    story = _since_settled(ended, settled_at=open_since.since)
    after = story[0].first_seq - 1 if story else 0
    if after_seq is not None:
        story = [card for card in story if card.first_seq > after_seq]
        after = after_seq
    return build_card(
        language=conversation.language,
        reasons=_with_earlier(reasons, open_since.reasons),
        said=await _said(session, conversation_id, after=after),
        turns=story,
        order_facts=order_facts,
        verified_how=verified_how,
        titles=await _titles(session, conversation_id, after=after),
        verdicts=await _verdicts(session, conversation_id),
        pictures=await number_sent(session, conversation_id, after=after),
        now=now,
    )


def _with_earlier(
    reasons: Sequence[Reason], earlier: Sequence[Mapping[str, Any]]
) -> list[Reason]:
    """Add why they asked before they left the line; what is said again counts once."""
    all_of_them = {each.code: each for each in reasons}
    for each in earlier:
        again = Reason(code=each["code"], evidence=each.get("evidence", {}))
        all_of_them.setdefault(again.code, again)
    return list(all_of_them.values())


def _since_settled(
    ended: Sequence[Turn], *, settled_at: datetime | None
) -> list[CardTurn]:
    """Drop everything up to a handoff that people settled; the newest turn may be one itself."""
    cards = [
        CardTurn(
            first_seq=turn.first_seq,
            last_seq=turn.last_seq,
            turn=from_json(turn.signals),
            failed=turn.state == TurnState.FAILED,
        )
        for turn in ended
    ]
    if settled_at is None:
        return cards
    earlier = list(zip(ended, cards, strict=True))[:-1]
    settled = max(
        (
            place
            for place, (turn, card) in enumerate(earlier, 1)
            if card.turn.decided == Kind.HANDOFF and turn.started_at <= settled_at
        ),
        default=0,
    )
    return cards[settled:]


async def _said(
    session: AsyncSession, conversation_id: UUID, *, after: int
) -> list[Said]:
    rows = await session.execute(
        select(Message.seq, Message.text)
        .where(
            Message.conversation_id == conversation_id,
            Message.actor == Actor.SHOPPER,
            Message.seq > after,
        )
        .order_by(Message.seq)
    )
    return [Said(seq=seq, text=text) for seq, text in rows.all()]


async def _titles(
    session: AsyncSession, conversation_id: UUID, *, after: int
) -> dict[str, str]:
    """Return what the bot has cited since then."""
    cited = await session.scalars(
        select(Message.sources).where(
            Message.conversation_id == conversation_id,
            Message.actor == Actor.BOT,
            Message.seq > after,
        )
    )
    return {
        str(source["article_id"]): str(source.get("title") or "")
        for sources in cited
        for source in sources
        if source.get("article_id")
    }


async def _verdicts(session: AsyncSession, conversation_id: UUID) -> dict[str, bool]:
    rows = await session.execute(
        select(Feedback.article_id, Feedback.helpful)
        .where(Feedback.conversation_id == conversation_id)
        .order_by(Feedback.message_seq)
    )
    return {article: helpful for article, helpful in rows.all() if article}
