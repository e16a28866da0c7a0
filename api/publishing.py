"""Decides how a publication leaves the desk: examined first, refused with the report, done when somebody says why."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from api.desk import Desk
from api.errors import ApiError
from api.index import refresh_index
from knowledge_base import articles, gate, publish, workflow
from knowledge_base.content import from_row
from knowledge_base.errors import IndexMoved, KnowledgeError, NoSuchRevision
from knowledge_base.gate import WouldBe
from knowledge_base.gate_findings import Report
from knowledge_base.publish import Passed

log = structlog.get_logger(__name__)

#: how often somebody else may be faster before we give up
_TRIES = 4
#: labelled questions embedded in one round, ahead of the first publication
_AHEAD = 16
#: carries a publication out inside the one transaction
Publish = Callable[[AsyncSession, Passed], Awaitable[object]]


class GateBlocked(ApiError):
    """Publishing this would do harm; the report says which. Give a reason to do it all the same."""

    code: ClassVar[str] = "gate_blocked"
    status: ClassVar[int] = 409

    def __init__(self, report: Report) -> None:
        super().__init__()
        self.report = report

    @property
    def extra(self) -> dict[str, Any]:
        """What the problem says beside its title."""
        return {"report": self.report.as_json()}


async def would_be(
    session: AsyncSession, article_id: str, *, revision_id: UUID | None = None
) -> WouldBe:
    """The article as it would be published."""
    article = await articles.row(session, article_id)
    chosen = revision_id or article.latest_revision_id
    if chosen is None:
        raise NoSuchRevision
    revision = await articles.revision(session, article_id, chosen)
    return WouldBe(
        article_id=article_id,
        revision_id=str(chosen),
        content=from_row(revision.content),
    )


async def examine(desk: Desk, wanted: Sequence[WouldBe]) -> Report:
    """What would come of it, said against the newest version."""
    await refresh_index(desk)
    return await gate.examine(
        wanted,
        reading=desk.database.reading,
        writing=desk.database.writing,
        searcher=desk.searcher,
        memory=desk.gate_memory,
        rules=desk.settings.gate_rules(),
    )


async def through_gate(
    desk: Desk,
    wanted: Sequence[WouldBe],
    do: Publish,
    *,
    author: str,
    how: str = "publish",
    override_reason: str | None = None,
) -> int:
    """Examine, then publish and let every worker know; raises GateBlocked.

    Nobody publishes over a report that another publisher has made old: then it is
    examined again.
    """
    reason = (override_reason or "").strip() or None
    for last in (False,) * (_TRIES - 1) + (True,):
        report = await examine(desk, wanted)
        if report.blocks and reason is None:
            raise GateBlocked(report)
        passed = Passed(
            author=author,
            how=how,
            report=report.as_json(),
            override_reason=reason if report.blocks else None,
            index_version=report.index_version,
        )
        try:
            async with desk.database.writing() as session:
                await do(session, passed)
                desk.failpoints.reach("before_publish_commit")
            break
        except IndexMoved:
            if last:
                raise
    return await refresh_index(desk)


async def publish_due(desk: Desk) -> None:
    """Carry out what was planned for now, each by itself; a refusal is kept for the editors."""
    now = desk.clock()
    async with desk.database.reading() as session:
        waiting = [
            (article.id, article.scheduled_at, article.schedule)
            for article in await workflow.due(session, now=now)
        ]
    for article_id, at, plan in waiting:
        if at is None or plan is None:
            continue
        try:
            await _publish_planned(desk, article_id, at, plan)
        except GateBlocked as blocked:
            counts = blocked.report.as_json()["counts"]
            await _refuse(desk, article_id, code=blocked.code, counts=counts)
        except KnowledgeError as error:
            await _refuse(desk, article_id, code=error.code, counts={})


async def _publish_planned(
    desk: Desk, article_id: str, at: datetime, plan: dict[str, Any]
) -> None:
    revision_id = UUID(plan["revision_id"])
    async with desk.database.reading() as session:
        wanted = await would_be(session, article_id, revision_id=revision_id)

    async def do(session: AsyncSession, passed: Passed) -> None:
        article = await articles.row(session, article_id)
        if article.scheduled_at != at or article.schedule != plan:
            return  # another worker did it, or an editor thought again
        await publish.publish(
            session,
            article_id,
            revision_id=revision_id,
            passed=passed,
            now=desk.clock(),
        )

    await through_gate(
        desk,
        [wanted],
        do,
        author=plan["by"],
        how="schedule",
        override_reason=plan["override_reason"],
    )


async def _refuse(
    desk: Desk, article_id: str, *, code: str, counts: dict[str, int]
) -> None:
    log.warning("planned publication refused", action="publish", article=article_id)
    async with desk.database.writing() as session:
        await workflow.refuse(
            session,
            article_id,
            why={"code": code, "counts": counts},
            now=desk.clock(),
        )


async def prepare_gate(desk: Desk) -> None:
    """Embed the labelled questions a few at a time, so that the first publication need not.

    Only while nobody waits for an answer: shoppers need the processor first.
    """
    if not desk.is_loaded or desk.gate_memory.is_ready or desk.driving:
        return
    await gate.prepare(
        reading=desk.database.reading,
        writing=desk.database.writing,
        searcher=desk.searcher,
        memory=desk.gate_memory,
        most=_AHEAD,
    )
