"""What stands between a draft and the shoppers: the gate's report, review, a planned time, and an end."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from api.auth import Editor, Publisher, Reader, TheDesk
from api.desk import Desk
from api.index import refresh_index
from api.publishing import GateBlocked, examine, would_be
from api.publishing_bodies import CheckBody, ScheduleBody, ValidityBody
from api.routes.articles import show
from knowledge_base import articles, publish, workflow
from knowledge_base.gate import WouldBe

router = APIRouter(prefix="/api/v1/articles", tags=["editor"])
Shown = dict[str, Any]


@router.post("/{article_id}/check", operation_id="check_article")
async def check(
    article_id: str, _member: Editor, desk: TheDesk, body: CheckBody | None = None
) -> Shown:
    """What publishing the newest words, or the revision named, would change; changes nothing."""
    given = body or CheckBody()
    async with desk.database.reading() as session:
        wanted = await would_be(session, article_id, revision_id=given.revision_id)
    if given.retire:
        wanted = WouldBe(article_id=article_id, revision_id="", content=None)
    return (await examine(desk, [wanted])).as_json()


@router.put("/{article_id}/review", operation_id="ask_for_review")
async def ask_for_review(article_id: str, member: Editor, desk: TheDesk) -> Shown:
    """Ask a colleague to look at the newest words."""
    async with desk.database.writing() as session:
        await workflow.ask_for_review(
            session, article_id, by=member.name, now=desk.clock()
        )
    return await _shown(desk, article_id)


@router.delete("/{article_id}/review", operation_id="end_review")
async def end_review(article_id: str, _member: Editor, desk: TheDesk) -> Shown:
    """Give the words back to whoever wrote them."""
    async with desk.database.writing() as session:
        await workflow.end_review(session, article_id, now=desk.clock())
    return await _shown(desk, article_id)


@router.put("/{article_id}/schedule", operation_id="schedule_article")
async def schedule(
    article_id: str, member: Publisher, desk: TheDesk, body: ScheduleBody
) -> Shown:
    """Publish these words at a time to come; the gate looks now, and again then."""
    async with desk.database.reading() as session:
        wanted = await would_be(session, article_id, revision_id=body.revision_id)
    report = await examine(desk, [wanted])
    if report.blocks and body.override_reason is None:
        raise GateBlocked(report)
    async with desk.database.writing() as session:
        await workflow.schedule(
            session,
            article_id,
            at=body.at,
            by=member.name,
            revision_id=body.revision_id,
            override_reason=body.override_reason,
            now=desk.clock(),
        )
    return await _shown(desk, article_id) | {"report": report.as_json()}


@router.delete("/{article_id}/schedule", operation_id="unschedule_article")
async def unschedule(article_id: str, _member: Publisher, desk: TheDesk) -> Shown:
    """Take the plan back, or the note that it was refused."""
    async with desk.database.writing() as session:
        await workflow.unschedule(session, article_id, now=desk.clock())
    return await _shown(desk, article_id)


@router.put("/{article_id}/validity", operation_id="set_validity")
async def set_validity(
    article_id: str, member: Publisher, desk: TheDesk, body: ValidityBody
) -> Shown:
    """Say from when until when shoppers get the article."""
    async with desk.database.writing() as session:
        await publish.set_validity(
            session,
            article_id,
            valid_from=body.valid_from,
            valid_until=body.valid_until,
            author=member.name,
            now=desk.clock(),
        )
    await refresh_index(desk)
    return await _shown(desk, article_id)


@router.get("/{article_id}/publications", operation_id="list_publications")
async def list_publications(article_id: str, _member: Reader, desk: TheDesk) -> Shown:
    """Who let shoppers have which words, what the gate said, and why it was done."""
    async with desk.database.reading() as session:
        await articles.row(session, article_id)
        found = await publish.publications(session, article_id)
    return {
        "items": [
            {
                "id": str(one.id),
                "revision_id": str(one.revision_id) if one.revision_id else None,
                "index_version": one.index_version,
                "how": one.how,
                "author": one.author,
                "override_reason": one.override_reason,
                "report": one.report,
                "at": one.at,
            }
            for one in found
        ]
    }


async def _shown(desk: Desk, article_id: str) -> Shown:
    async with desk.database.reading() as session:
        return show(await articles.get(session, article_id))
