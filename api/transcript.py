"""Writes a conversation down as plain text, for the shopper to keep."""

from __future__ import annotations

from typing import Any

from api.desk import Desk
from api.settings import Language
from api.views import agent_names
from handoff import conversations
from handoff.models import Conversation, Message
from knowledge_base.languages import is_language

_WHO: dict[Language, dict[str, str]] = {
    "zh-Hans": {"shopper": "您", "bot": "智能助手", "agent": "客服", "system": "·"},
    "zh-Hant": {"shopper": "您", "bot": "智慧助理", "agent": "客服", "system": "·"},
    "en": {"shopper": "You", "bot": "Assistant", "agent": "Agent", "system": "·"},
}
PAGE = 500


async def transcript(desk: Desk, conversation: Conversation) -> str:
    """Every public message in order, with who said it and when, in the shop's zone."""
    language = conversation.language
    who = _WHO[language if is_language(language) else "en"]
    lines: list[str] = []
    after = 0
    while True:
        async with desk.database.reading() as session:
            rows = await conversations.since(
                session, conversation.id, after=after, limit=PAGE
            )
            names = await agent_names(session, (row.agent_id for row in rows))
        for row in rows:
            name = names.get(row.agent_id) if row.agent_id else None
            lines.append(_line(desk, row, name or who[row.actor]))
        if len(rows) < PAGE:
            return "\n\n".join(lines) + "\n"
        after = rows[-1].seq


def _line(desk: Desk, row: Message, name: str) -> str:
    at = row.created_at.astimezone(desk.opening_hours.timezone)
    sources = "".join(
        f"\n  → {each['title']} {desk.settings.public_url}{each['url']}"
        for each in row.sources
    )
    # What a picture shows stands in its sender's own words, if at all.
    shown = "".join(
        f" [{_sign(each)} {each['alt']}]" if each["alt"] else f" [{_sign(each)}]"
        for each in row.meta.get("pictures") or ()
    )
    return f"[{at:%Y-%m-%d %H:%M}] {name}: {row.text}{shown}{sources}"


def _sign(sent: dict[str, Any]) -> str:
    return "▶" if sent["mime"].startswith("video/") else "▣"
