"""The figures of a period, for programs: the same that the report page shows."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from api import report_csv, report_view
from api.accounts.roles import Permission
from api.accounts.staff import StaffMember
from api.auth import TheDesk, require
from api.report_view import Filters

router = APIRouter(prefix="/api/v1", tags=["supervisor"])
Supervisor = Annotated[StaffMember, Depends(require(Permission.SEE_ALL_CONVERSATIONS))]
Wanted = Annotated[Filters, Depends(report_view.filters)]


@router.get("/report", operation_id="read_report")
async def read_report(_: Supervisor, desk: TheDesk, wanted: Wanted) -> dict[str, Any]:
    """Every figure of the period, the same of the one before, and by whom."""
    found, names = await report_view.read(desk, wanted)
    return report_view.as_json(found, names)


@router.get(
    "/report.csv",
    operation_id="download_report",
    responses={200: {"content": {"text/csv": {}}}},
    response_class=Response,
)
async def download_report(_: Supervisor, desk: TheDesk, wanted: Wanted) -> Response:
    """The same as one CSV file; a cell that would be a formula is quoted."""
    found, names = await report_view.read(desk, wanted)
    return Response(
        report_csv.as_csv(found, names),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": 'attachment; filename="warmline-report.csv"',
            "Cache-Control": "no-store",
        },
    )
