"""Builds the public application: its routes, its guards and how its errors leave."""

from __future__ import annotations

from fastapi import FastAPI

from api import problems as problem_pages
from api.body import BodyGuard
from api.desk import Desk
from api.pages import missing
from api.pages import routes as pages
from api.problems import Problems
from api.routes import (
    accounts,
    after_talk,
    allowances,
    article_files,
    article_workflow,
    articles,
    board,
    camera,
    consults,
    conversations,
    forecast,
    gaps,
    health,
    identity,
    labelled,
    marks,
    own_account,
    pictures,
    places,
    policy,
    promises,
    queue,
    report,
    sockets,
    staff,
    writing,
)
from api.security import Guard

TITLE = "Warmline"
DESCRIPTION = (
    "Customer service for an online shop: a bot that knows when it does not know,"
    " and a human queue that gets the whole story."
)


ROUTERS = (
    conversations.router,
    pictures.router,
    identity.router,
    places.router,
    queue.router,
    consults.router,
    board.router,
    forecast.router,
    report.router,
    promises.router,
    allowances.router,
    camera.router,
    after_talk.router,
    writing.router,
    accounts.router,
    staff.router,
    own_account.router,
    article_files.router,  # before `articles`, whose paths take any id
    articles.router,
    article_workflow.router,
    gaps.router,
    marks.router,
    policy.router,
    labelled.router,
    health.router,
    sockets.router,
    pages.router,
)


def create_app(desk: Desk) -> FastAPI:
    """The public app over an already wired desk; whoever built the desk closes it."""
    app = FastAPI(
        title=TITLE,
        description=DESCRIPTION,
        version="0.1.0",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
    )
    app.state.desk = desk
    problems = Problems(desk.problems)
    problem_pages.install(app, problems)
    missing.install(app, problems)
    for router in ROUTERS:
        app.include_router(router)
    # The last one added is the first to see a request.
    limits = desk.settings.limits
    most_picture = max(limits.picture_megabytes, limits.video_megabytes) * 1_000_000
    app.add_middleware(BodyGuard, problems=problems, most_picture=most_picture)
    app.add_middleware(Guard, settings=desk.settings, problems=problems)
    return app
