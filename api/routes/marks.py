"""What agents say over HTTP about the moment of a handoff."""

from __future__ import annotations

from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field, model_validator
from sqlalchemy.ext.asyncio import AsyncSession

from api.accounts.roles import Permission
from api.accounts.staff import StaffMember
from api.auth import Agent, TheDesk, conversation_id_of
from api.bodies import Body
from api.desk import Desk
from api.errors import NotAllowed
from handoff import conversations, marks, requests
from handoff.marks import Verdict
from handoff.models import Handoff
from knowledge_base import articles, gaps
from knowledge_base.languages import detect, is_language, preference

router = APIRouter(prefix="/api/v1/conversations", tags=["agent"])


class MarkHandoff(Body):
    """`article_id` only with `bot_could`."""

    verdict: Verdict
    article_id: Annotated[str, Field(min_length=1, max_length=80)] | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.article_id is not None and self.verdict is not Verdict.BOT_COULD:
            raise ValueError("Only bot_could names an article.")
        return self


@router.get("/{conversation_id}/handoff-mark", operation_id="read_handoff_mark")
async def read_mark(
    conversation_id: str, member: Agent, desk: TheDesk
) -> dict[str, Any]:
    """My own mark, whether I may give one, and the articles that could be meant."""
    wanted = conversation_id_of(conversation_id)
    async with desk.database.reading() as session:
        handoff = await requests.newest_handoff(session, wanted)
        may = handoff is not None and await _may_mark(session, member, wanted)
        if handoff is None or not may:
            return {"may_mark": False, "mark": None, "articles": []}
        own = await marks.mine(session, handoff.id, agent_id=member.id)
        listed = await _articles(session, desk, handoff)
    mark = {"verdict": own.verdict, "article_id": own.article_id} if own else None
    return {"may_mark": True, "mark": mark, "articles": listed}


@router.put("/{conversation_id}/handoff-mark", operation_id="mark_handoff")
async def mark_handoff(
    conversation_id: str, member: Agent, desk: TheDesk, body: MarkHandoff
) -> dict[str, Any]:
    """Say whether the person came too early, right or too late; the last word counts."""
    wanted = conversation_id_of(conversation_id)
    async with desk.database.writing() as session:
        if not await _may_mark(session, member, wanted):
            raise NotAllowed
        if body.article_id is not None:
            await articles.get(session, body.article_id)
        kept = await marks.mark(
            session,
            wanted,
            agent_id=member.id,
            verdict=body.verdict,
            article_id=body.article_id,
            now=desk.clock(),
        )
        if body.article_id is not None:
            await _tell_editors(session, desk, wanted, body.article_id)
    return {"verdict": kept.verdict, "article_id": kept.article_id}


async def _may_mark(
    session: AsyncSession, member: StaffMember, conversation_id: UUID
) -> bool:
    """Whoever served the shopper, and supervisors."""
    await conversations.get(session, conversation_id)
    if member.may(Permission.SEE_ALL_CONVERSATIONS):
        return True
    return await marks.has_served(session, conversation_id, agent_id=member.id)


async def _articles(
    session: AsyncSession, desk: Desk, handoff: Handoff
) -> list[dict[str, str]]:
    """Those that the bot tried first, then all others by title."""
    language = str(handoff.card.get("language") or "")
    chosen = language if is_language(language) else desk.settings.languages.default
    titles = {
        view.id: next(
            view.content[code].question
            for code in preference(chosen)
            if code in view.content
        )
        for view in await articles.list_articles(session)
        if view.content
    }
    tried = [str(one.get("article_id")) for one in handoff.card.get("tried") or ()]
    first = [one for one in dict.fromkeys(tried) if one in titles]
    rest = sorted(set(titles) - set(first), key=lambda one: titles[one])
    return [
        {"id": one, "title": titles[one], "tried": "yes" if one in first else ""}
        for one in (*first, *rest)
    ]


async def _tell_editors(
    session: AsyncSession, desk: Desk, conversation_id: UUID, article_id: str
) -> None:
    """The question belongs to an article that the search did not find: a gap near it."""
    handoff = await requests.newest_handoff(session, conversation_id)
    question = str((handoff.card if handoff else {}).get("open_question") or "")
    if not question:
        return
    await gaps.note_gap(
        session,
        text=question,
        language=detect(question, fallback=desk.settings.languages.default),
        kind="handed_over",
        nearest_article_id=article_id,
        asked=False,
        now=desk.clock(),
    )
