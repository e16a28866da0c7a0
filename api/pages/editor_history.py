"""Decides how the past of an article is shown: who wrote what, what changed, and the way back."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.accounts.roles import Permission
from api.auth import desk_of
from api.errors import NotFound
from api.pages.differences import compare
from api.pages.editor_words import article_json
from api.pages.gate import enter, staff_page
from api.pages.rendering import json_in_page
from knowledge_base import articles, publish
from knowledge_base.content import from_row
from knowledge_base.errors import NoSuchArticle
from knowledge_base.models import Publication, Revision

router = APIRouter(include_in_schema=False)
#: diffs are made of the newest ones; older ones are a click away
MOST_SHOWN = 30


@router.get("/editor/articles/{article_id}/revisions")
async def show_revisions(article_id: str, request: Request) -> Response:
    """Every revision, newest first, each with what it changed."""
    person = await enter(request, Permission.READ_ARTICLES)
    if isinstance(person, Response):
        return person
    async with desk_of(request).database.reading() as session:
        try:
            view = await articles.get(session, article_id)
        except NoSuchArticle:
            raise NotFound from None
        revisions = await articles.revisions(session, article_id)
        done = await publish.publications(session, article_id)
    return staff_page(
        request,
        "editor/revisions.html",
        person,
        here="editor",
        article=view,
        rows=_with_changes(revisions[: MOST_SHOWN + 1])[:MOST_SHOWN],
        publications=_by_revision(done),
        left_out=max(0, len(revisions) - MOST_SHOWN),
        can_publish=person.may(Permission.PUBLISH_ARTICLES),
        page_facts=json_in_page(
            {
                "article": article_json(view),
                "can_publish": person.may(Permission.PUBLISH_ARTICLES),
            }
        ),
    )


def _by_revision(done: list[Publication]) -> dict[UUID | None, list[Publication]]:
    """When each revision was let out to shoppers, by whom, and over what."""
    found: dict[UUID | None, list[Publication]] = {}
    for one in done:
        found.setdefault(one.revision_id, []).append(one)
    return found


def _with_changes(revisions: list[Revision]) -> list[dict[str, object]]:
    """Each with its difference to the one before; the first one has none to differ from."""
    rows = []
    for place, revision in enumerate(revisions):
        older = revisions[place + 1] if place + 1 < len(revisions) else None
        changes = (
            compare(from_row(older.content), from_row(revision.content))
            if older is not None
            else []
        )
        rows.append(
            {"revision": revision, "changes": changes, "is_first": older is None}
        )
    return rows
