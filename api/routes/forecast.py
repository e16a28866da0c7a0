"""What supervisors may ask of the waits that shoppers were told."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from api import waits_view
from api.accounts.roles import Permission
from api.accounts.staff import StaffMember
from api.auth import TheDesk, require
from api.waits_view import WaitsWanted

router = APIRouter(prefix="/api/v1", tags=["supervisor"])
Supervisor = Annotated[StaffMember, Depends(require(Permission.SEE_ALL_CONVERSATIONS))]
Wanted = Annotated[WaitsWanted, Depends(waits_view.waits_wanted)]


@router.get("/forecast/calibration", operation_id="read_calibration")
async def read_calibration(
    _: Supervisor, desk: TheDesk, wanted: Wanted
) -> dict[str, Any]:
    """Said against actual: of all, by hour of the day, and by skill."""
    return waits_view.as_json(await waits_view.read(desk, wanted))


@router.get(
    "/forecast/calibration.csv",
    operation_id="download_calibration",
    responses={200: {"content": {"text/csv": {}}}},
    response_class=Response,
)
async def download_calibration(
    _: Supervisor, desk: TheDesk, wanted: Wanted
) -> Response:
    """The same as one CSV file, with every wait in it."""
    return Response(
        waits_view.as_csv(await waits_view.read(desk, wanted)),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": 'attachment; filename="warmline-waits.csv"',
            "Cache-Control": "no-store",
        },
    )
