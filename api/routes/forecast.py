"""What supervisors may ask of the waits that shoppers were told."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query

from api.accounts.roles import Permission
from api.accounts.staff import StaffMember
from api.auth import TheDesk, require
from handoff.calibration import calibration

router = APIRouter(prefix="/api/v1", tags=["supervisor"])
Supervisor = Annotated[StaffMember, Depends(require(Permission.SEE_ALL_CONVERSATIONS))]


@router.get("/forecast/calibration", operation_id="read_calibration")
async def read_calibration(
    _: Supervisor, desk: TheDesk, days: Annotated[int, Query(ge=1, le=92)] = 7
) -> dict[str, Any]:
    """Said against actual: of all, by hour of the day, and by skill."""
    now = desk.clock()
    async with desk.database.reading() as session:
        found = await calibration(
            session,
            since=now - timedelta(days=days),
            until=now,
            zone=ZoneInfo(desk.settings.shop.timezone),
        )
    rows = [asdict(each) | {"share": round(each.share, 3)} for each in found]
    return {"days": days, "timezone": desk.settings.shop.timezone, "rows": rows}
