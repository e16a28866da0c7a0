"""Decides how the public contract is read: the interactive description, with our own files."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api.pages import rendering

router = APIRouter(include_in_schema=False)


@router.get("/docs")
async def show_contract(request: Request) -> HTMLResponse:
    return rendering.render(request, "docs.html")
