"""What shoppers asked that no article answers well."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from api.accounts.roles import Permission
from api.accounts.staff import StaffMember
from api.auth import TheDesk, require
from api.bodies import CloseGap
from knowledge_base import gaps
from knowledge_base.models import Gap

router = APIRouter(prefix="/api/v1/gaps", tags=["editor"])
GapReader = Annotated[StaffMember, Depends(require(Permission.SEE_GAPS))]
GapCloser = Annotated[StaffMember, Depends(require(Permission.EDIT_ARTICLES))]


@router.get("", operation_id="list_gaps")
async def list_gaps(
    _member: GapReader,
    desk: TheDesk,
    closed: Annotated[bool, Query()] = False,  # noqa: FBT002 - a query parameter
    limit: Annotated[int, Query(ge=1, le=500)] = 200,
) -> dict[str, Any]:
    """Masked questions, asked most often first; never who asked."""
    async with desk.database.reading() as session:
        found = await gaps.list_gaps(session, closed=closed, limit=limit)
    return {"items": [_show(gap) for gap in found]}


@router.post("/{gap_id}/close", operation_id="close_gap")
async def close_gap(
    gap_id: UUID, member: GapCloser, desk: TheDesk, body: CloseGap
) -> dict[str, Any]:
    """Say how it was dealt with."""
    async with desk.database.writing() as session:
        gap = await gaps.close(session, gap_id, how=body.how, by=member.name, now=desk.clock())
    return _show(gap)


def _show(gap: Gap) -> dict[str, Any]:
    return {
        "id": str(gap.id),
        "text": gap.text,
        "language": gap.language,
        "kind": gap.kind,
        "nearest_article_id": gap.nearest_article_id,
        "times": gap.times,
        "first_at": gap.first_at,
        "last_at": gap.last_at,
        "closed_at": gap.closed_at,
        "closed_how": gap.closed_how,
    }
