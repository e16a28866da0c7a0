"""Decides how an address where nothing is gets answered: with a page to whoever reads pages."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.responses import Response

from api.errors import NotFound
from api.pages.rendering import error_page
from api.problems import Problems
from handoff.errors import NoSuchConversation
from knowledge_base.errors import NoSuchArticle, NoSuchGap, NoSuchRevision

#: programs speak to these; they get problems whatever they accept
_FOR_PROGRAMS = ("/api/", "/static/", "/widget/v1/")
_PAGE = "text/html"
_PROBLEMS = ("application/json", "application/problem+json")
#: no browser names more
_MOST_KINDS = 20


def install(app: FastAPI, problems: Problems) -> None:
    """Answer with a page or a problem; more exact than what `api.problems` installs."""

    async def nothing_here(request: Request, error: Exception) -> Response:
        if not wants_page(request):
            return problems.problem(
                HTTPStatus.NOT_FOUND, "not_found", headers=request.headers
            )
        page = error_page(
            request,
            status=HTTPStatus.NOT_FOUND,
            title="This page does not exist",
            detail="The address may be misspelt, or the page was taken away.",
        )
        page.headers.add_vary_header("Accept")
        return page

    app.add_exception_handler(HTTPStatus.NOT_FOUND, nothing_here)
    for kind in (
        NotFound,
        NoSuchArticle,
        NoSuchConversation,
        NoSuchGap,
        NoSuchRevision,
    ):
        app.add_exception_handler(kind, nothing_here)


def wants_page(request: Request) -> bool:
    """Whether a browser is going there, not a program asking."""
    if request.url.path.startswith(_FOR_PROGRAMS):
        return False
    weights = _weights(request.headers.get("accept", ""))
    page = weights.get(_PAGE, 0.0)
    return page > 0 and page >= max(weights.get(kind, 0.0) for kind in _PROBLEMS)


def _weights(accept: str) -> dict[str, float]:
    """How much each kind that is named is wanted; what cannot be read is not wanted."""
    found = {}
    for part in accept.lower().split(",")[:_MOST_KINDS]:
        kind, *settings = (piece.strip() for piece in part.split(";"))
        weight = next((each[2:] for each in settings if each.startswith("q=")), "1")
        try:
            found[kind] = float(weight)
        except ValueError:
            found[kind] = 0.0
    return found
