"""Decides which pages exist: one router that the app takes in whole."""

from __future__ import annotations

from fastapi import APIRouter

from api.pages import (
    account,
    assets,
    board,
    console,
    docs,
    editor,
    editor_figures,
    editor_gaps,
    editor_history,
    editor_import,
    editor_map,
    editor_try,
    help_index,
    login,
    policy,
    report,
    shop,
    staff,
    tasks,
    waits,
    widget,
)
from api.pages import help as help_pages

router = APIRouter(include_in_schema=False)
for page in (
    account,
    assets,
    board,
    console,
    docs,
    editor,
    editor_figures,
    editor_gaps,
    editor_history,
    editor_import,
    editor_map,
    editor_try,
    help_index,
    help_pages,
    login,
    policy,
    report,
    shop,
    staff,
    tasks,
    waits,
    widget,
):
    router.include_router(page.router)
