"""Decides which answers of agents are kept for reuse, and that nothing in them names anybody."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import timedelta

from api.desk import Desk
from handoff import past_answers
from handoff.models import Conversation
from handoff.past_answers import Exchange, Learnable
from knowledge_base.masking import mask

#: what is resolved may still be rated badly: it is looked at after this time
SETTLES_AFTER = timedelta(minutes=10)
#: dispositions under which a shopper's question was answered
SETTLED = ("solved", "information_given", "refunded", "replaced")
#: how an agent addresses somebody: `王女士您好`, `Dear Ms Lee,`
_ADDRESSED = re.compile(
    r"[\u4e00-\u9fff]{1,3}(?:先生|女士|小姐|太太)"
    r"|\b(?:Dear|Hi|Hello|Hey)\s+(?!there\b|and\b)(?:(?:Mr|Mrs|Ms|Miss)\.?\s+)?[A-Z][\w'-]+"
    r"|\b(?:Mr|Mrs|Ms|Miss)\.?\s+[A-Z][\w'-]+"
)


async def learn_answers(desk: Desk) -> int:
    """Look at what was resolved a while ago, and keep what settled it."""
    async with desk.database.reading() as session:
        found = await past_answers.not_learned(
            session, before=desk.clock() - SETTLES_AFTER
        )
    for one in found:
        await _learn(desk, one)
    return len(found)


async def _learn(desk: Desk, one: Learnable) -> None:
    kept: list[Exchange] = []
    if past_answers.has_settled(one, dispositions=SETTLED):
        async with desk.database.reading() as session:
            heard = await past_answers.exchanges(session, one.conversation.id)
        kept = [masked(each, one.conversation) for each in heard]
    embed = desk.embedder.embed
    questions = [each.question for each in kept]
    # The model takes its time: no transaction is open, and no other request waits.
    vectors = await asyncio.to_thread(embed, questions, kind="question") if kept else ()
    async with desk.database.writing() as session:
        for each, vector in zip(kept, vectors, strict=True):
            await past_answers.keep(
                session,
                one.conversation,
                each,
                model_id=desk.embedder.model_id,
                vector=vector.astype("<f4").tobytes(),
            )
        await past_answers.looked_at(session, one.conversation.id, now=desk.clock())


def masked(exchange: Exchange, conversation: Conversation) -> Exchange:
    """Without mails, numbers, codes and the names by which anybody was addressed."""
    name = str(conversation.shopper.get("name") or "")

    def hide(text: str) -> str:
        told = text.replace(name, "[name]") if len(name) > 1 else text
        return mask(_ADDRESSED.sub("[name]", told))

    return replace(
        exchange, question=hide(exchange.question), answer=hide(exchange.answer)
    )
