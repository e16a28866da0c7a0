"""The questions whose right article editors have said: the publish gate asks them all."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from api.auth import Editor, Reader, TheDesk
from api.bodies import Body
from api.errors import InvalidFields, NotFound
from knowledge_base import labelled_rows
from knowledge_base.languages import Language
from knowledge_base.models import LabelledQuestion

router = APIRouter(prefix="/api/v1/labelled-questions", tags=["editor"])


class Labelled(Body):
    """A question and what answers it; nothing in the list: nothing does."""

    text: Annotated[str, Field(min_length=1, max_length=500)]
    language: Language
    article_ids: Annotated[
        list[Annotated[str, Field(max_length=80)]], Field(max_length=10)
    ]


@router.get("", operation_id="list_labelled_questions")
async def list_labelled(_member: Reader, desk: TheDesk) -> dict[str, Any]:
    """All of them, the newest first."""
    async with desk.database.reading() as session:
        rows = await labelled_rows.everything(session)
    return {"items": [_show(row) for row in rows]}


@router.post("", status_code=201, operation_id="label_question")
async def label(_member: Editor, desk: TheDesk, body: Labelled) -> dict[str, Any]:
    """Keep it; the same words again replace what was said before."""
    async with desk.database.writing() as session:
        unknown = await labelled_rows.unknown(session, body.article_ids)
        if unknown or not body.text.strip():
            raise InvalidFields(
                [{"pointer": "/article_ids", "detail": ", ".join(unknown)}]
                if unknown
                else [{"pointer": "/text", "detail": "Missing."}]
            )
        row = await labelled_rows.keep(
            session,
            body.text,
            language=body.language,
            article_ids=body.article_ids,
            now=desk.clock(),
        )
        return _show(row)


@router.delete(
    "/{question_id}", status_code=204, operation_id="forget_labelled_question"
)
async def forget(question_id: UUID, _member: Editor, desk: TheDesk) -> None:
    """Take it out again."""
    async with desk.database.writing() as session:
        if not await labelled_rows.forget(session, question_id):
            raise NotFound


def _show(row: LabelledQuestion) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "text": row.text,
        "language": row.language,
        "article_ids": list(row.article_ids),
        "created_at": row.created_at,
    }
