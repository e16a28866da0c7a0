"""Decides what is put down when an agent resolves: the branch of the tree, and a drafted summary."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy.ext.asyncio import AsyncSession

from api.accounts.staff import StaffMember
from api.bodies import Resolve
from api.desk import Desk
from api.desk_view import may_read_whole
from api.errors import NotAllowed
from api.incoming import clean
from api.settings import Language
from api.words import LOCALES, Words, load_words
from handoff import conversations, ledger, promises, requests, wrap_ups
from handoff.lifecycle import Actor
from handoff.models import Message
from handoff.summaries import telling_sentences

LABELS = LOCALES / "summary.yml"
MOST_MESSAGES = 400
LONGEST_SUMMARY = 2000
HUNDREDTHS = 100


class WrapUpDraft(BaseModel):
    """What the agent corrects before the conversation ends."""

    model_config = ConfigDict(frozen=True)

    summary: str
    #: disposition -> the details below it
    details: dict[str, tuple[str, ...]]


class WrapUpView(BaseModel):
    model_config = ConfigDict(frozen=True)

    disposition: str
    detail: str
    summary: str


@cache
def _labels(table: str) -> Words:
    return load_words((LABELS,), table=table)


async def draft(
    desk: Desk, member: StaffMember, conversation_id: UUID, *, language: Language
) -> WrapUpDraft:
    """Quotes and facts of this conversation, for the agent to correct."""
    async with desk.database.reading() as session:
        row = await conversations.get(session, conversation_id)
        if not may_read_whole(member, row):
            raise NotAllowed
        lines = await _lines(desk, session, conversation_id, language)
    return WrapUpDraft(
        summary="\n".join(lines)[:LONGEST_SUMMARY],
        details=dict(desk.settings.care.disposition_details),
    )


async def put_down(
    desk: Desk,
    session: AsyncSession,
    member: StaffMember,
    conversation_id: UUID,
    body: Resolve,
) -> None:
    """Keep the wrap-up in the transaction that ends the conversation."""
    tree = desk.settings.care.disposition_details
    wrap_ups.check_detail(body.disposition, body.detail, tree=tree)
    summary = clean(body.summary, limit=LONGEST_SUMMARY) if body.summary.strip() else ""
    await wrap_ups.put_down(
        session,
        conversation_id,
        agent_id=member.id,
        disposition=body.disposition,
        detail=body.detail,
        summary=summary,
        is_corrected=body.is_corrected,
        now=desk.clock(),
    )


async def last_wrap_up(desk: Desk, conversation_id: UUID) -> WrapUpView | None:
    """How it was put down last; None if it never was."""
    async with desk.database.reading() as session:
        row = await wrap_ups.get(session, conversation_id)
    if row is None:
        return None
    return WrapUpView(
        disposition=row.disposition, detail=row.detail, summary=row.summary
    )


async def _lines(
    desk: Desk, session: AsyncSession, conversation_id: UUID, language: Language
) -> list[str]:
    labels = _labels(desk.settings.languages.traditional)

    def line(key: str, *parts: str, **args: str) -> list[str]:
        text = " / ".join(part for part in parts if part)
        return [labels.say(key, language, text=text, **args)] if text else []

    card = await requests.newest_card(session, conversation_id)
    rows = await conversations.since(session, conversation_id, limit=MOST_MESSAGES)
    told = [row.text for row in rows if row.actor == Actor.AGENT and row.kind == "text"]
    order = card.get("order") or {}
    zone = desk.opening_hours.timezone
    lines = [
        *line("summary_asked", *_wishes(card, rows)),
        *line("summary_order", _order(order)),
        *line("summary_tried", *(each["title"] for each in card.get("tried") or ())),
        *line("summary_done", *telling_sentences(told)),
    ]
    for each in await promises.of_conversation(session, conversation_id):
        if each.state != "withdrawn":
            lines += line(
                "summary_promised",
                each.words,
                due=f"{each.due_at.astimezone(zone):%Y-%m-%d %H:%M}",
                state=labels.say(f"state_{each.state}", language),
            )
    for request in await ledger.of_conversation(session, conversation_id):
        if request.state not in {"waits", "refused", "failed"}:
            kind = labels.say(f"kind_{request.asked.kind}", language)
            amount = request.asked.minor_units / HUNDREDTHS
            given = f"{kind} {amount:.2f} {request.asked.currency}"
            lines += line("summary_allowance", given)
    return lines


def _wishes(card: dict[str, Any], rows: Iterable[Message]) -> list[str]:
    """The card's own words; without a card what the shopper said first."""
    quotes = [
        str(one["text"]) for one in (card.get("wants") or {}).get("own_words", ())
    ]
    if quotes:
        return quotes
    said = [" ".join(row.text.split()) for row in rows if row.actor == Actor.SHOPPER]
    return said[:2]


def _order(order: dict[str, Any]) -> str:
    if not order:
        return ""
    return f"{order.get('order_number')} ({order.get('state')})"
