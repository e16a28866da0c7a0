"""What shoppers asked that no article answers well, and what editors make of it."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import Field

from api import gap_desk
from api.accounts.roles import Permission
from api.accounts.staff import StaffMember
from api.auth import TheDesk, require
from api.bodies import Body, CloseGap, Topic
from api.errors import NotFound
from knowledge_base import articles, gaps
from knowledge_base.gap_board import GapGroup
from knowledge_base.models import Gap

router = APIRouter(prefix="/api/v1/gaps", tags=["editor"])
GapReader = Annotated[StaffMember, Depends(require(Permission.SEE_GAPS))]
GapCloser = Annotated[StaffMember, Depends(require(Permission.EDIT_ARTICLES))]
GapIds = Annotated[list[UUID], Field(min_length=1, max_length=200)]
Shown = dict[str, Any]


class CloseGaps(CloseGap):
    """All questions of a group, dealt with in one way."""

    ids: GapIds


class AddVariants(Body):
    """Questions to be wordings of an article."""

    ids: GapIds
    article_id: Annotated[str, Field(max_length=80)]


class DraftFromAnswer(Body):
    """An agent's answer to be an article, with the questions it should be found by."""

    id: Annotated[
        str, Field(min_length=2, max_length=80, pattern=r"^[a-z0-9][a-z0-9-]*$")
    ]
    topic: Topic
    answer_id: UUID
    gap_ids: Annotated[list[UUID], Field(max_length=200, default_factory=list)]


@router.get("", operation_id="list_gaps")
async def list_gaps(
    _member: GapReader,
    desk: TheDesk,
    closed: Annotated[bool, Query()] = False,  # noqa: FBT002 - a query parameter
    limit: Annotated[int, Query(ge=1, le=500)] = 200,
) -> Shown:
    """Masked questions, the costliest first; never who asked."""
    async with desk.database.reading() as session:
        found = await gaps.list_gaps(session, closed=closed, limit=limit)
    return {"items": [_show(gap) for gap in found]}


@router.get("/groups", operation_id="list_gap_groups")
async def list_groups(_member: GapReader, desk: TheDesk) -> Shown:
    """Open gaps on one thing together, across languages, the costliest first."""
    found = await gap_desk.groups(desk)
    return {"items": [_show_group(one) for one in found]}


@router.post("/close", operation_id="close_gaps")
async def close_gaps(member: GapCloser, desk: TheDesk, body: CloseGaps) -> Shown:
    """Say how all of them were dealt with; none is closed when one is unknown."""
    async with desk.database.writing() as session:
        found = await gaps.close_all(
            session, body.ids, how=body.how, by=member.name, now=desk.clock()
        )
    return {"items": [_show(gap) for gap in found]}


@router.post("/variants", operation_id="add_gap_variants")
async def add_variants(member: GapCloser, desk: TheDesk, body: AddVariants) -> Shown:
    """Make them wordings of an article, as a draft; those that fit nowhere stay open."""
    async with desk.database.writing() as session:
        found = await gaps.get(session, body.ids)
        added, left = await gap_desk.add_variants(
            session, found, article_id=body.article_id, author=member.name, desk=desk
        )
        kept = {gap.id for gap in left}
        fitted = [gap.id for gap in found if gap.id not in kept]
        await gaps.close_all(
            session, fitted, how="variant_added", by=member.name, now=desk.clock()
        )
    return {"added": added, "left": [_show(gap) for gap in left]}


@router.post("/article", status_code=201, operation_id="draft_from_answer")
async def draft_from_answer(
    member: GapCloser, desk: TheDesk, body: DraftFromAnswer
) -> Shown:
    """Make an agent's answer a draft: the question is filled in, the gaps are its wordings."""
    async with desk.database.writing() as session:
        answer = await gap_desk.past_answer(session, body.answer_id)
        if answer is None:
            raise NotFound
        found = await gaps.get(session, body.gap_ids)
        own = gap_desk.begun_article([], answer=answer)
        content, left = gap_desk.with_variants(own, found)
        await articles.create(
            session,
            article_id=body.id,
            topic=body.topic,
            content=content,
            author=member.name,
            note="From an agent's answer",
            now=desk.clock(),
        )
    return {"id": body.id, "content": content, "left": [_show(gap) for gap in left]}


@router.get("/{gap_id}/answers", operation_id="list_answers_near_gap")
async def list_answers(gap_id: UUID, _member: GapReader, desk: TheDesk) -> Shown:
    """What agents answered to questions like this one, masked."""
    found = await gap_desk.near_answers(desk, gap_id)
    return {
        "items": [
            {
                "id": str(one.id),
                "question": one.question,
                "answer": one.answer,
                "language": one.language,
                "likeness": round(one.likeness, 3),
            }
            for one in found
        ]
    }


@router.post("/{gap_id}/close", operation_id="close_gap")
async def close_gap(
    gap_id: UUID, member: GapCloser, desk: TheDesk, body: CloseGap
) -> Shown:
    """Say how it was dealt with."""
    async with desk.database.writing() as session:
        gap = await gaps.close(
            session, gap_id, how=body.how, by=member.name, now=desk.clock()
        )
    return _show(gap)


def _show(gap: Gap) -> Shown:
    return {
        "id": str(gap.id),
        "text": gap.text,
        "language": gap.language,
        "kind": gap.kind,
        "nearest_article_id": gap.nearest_article_id,
        "times": gap.times,
        "handovers": gap.handovers,
        "first_at": gap.first_at,
        "last_at": gap.last_at,
        "closed_at": gap.closed_at,
        "closed_how": gap.closed_how,
        "closed_by": gap.closed_by,
    }


def _show_group(one: GapGroup) -> Shown:
    return {
        "gaps": [_show(gap) for gap in one.gaps],
        "times": one.times,
        "handovers": one.handovers,
        "cost": one.cost,
        "kinds": list(one.kinds),
        "first_at": one.first_at,
        "last_at": one.last_at,
        "nearest_article_id": one.nearest_article_id,
        "outcome_now": one.now.outcome if one.now else None,
        "is_like_not_ours": one.is_like_not_ours,
    }
