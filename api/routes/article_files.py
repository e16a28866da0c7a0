"""Articles in and out as files: Markdown, CSV, XLSX, YAML, JSON or JSON lines."""

from __future__ import annotations

from typing import Annotated, Any

import anyio.to_thread
from fastapi import APIRouter, Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from api.auth import Editor, Publisher, Reader, TheDesk
from api.body import XLSX
from api.publishing import through_gate, would_be
from api.publishing_bodies import PublishMany
from knowledge_base import importers, importing, publish
from knowledge_base.importers import FileFormat
from knowledge_base.publish import Passed

router = APIRouter(prefix="/api/v1/articles", tags=["editor"])
Format = Annotated[FileFormat, Query(alias="format")]

_KINDS: dict[FileFormat, tuple[str, str]] = {
    "markdown": ("text/markdown; charset=utf-8", "md"),
    "csv": ("text/csv; charset=utf-8", "csv"),
    "xlsx": (XLSX, "xlsx"),
    "yaml": ("application/yaml", "yml"),
    "json": ("application/json", "json"),
    "jsonl": ("application/jsonl", "jsonl"),
}


@router.get("/export", operation_id="export_articles")
async def export_articles(
    _member: Reader,
    desk: TheDesk,
    file_format: Format = "yaml",
    status: Annotated[str | None, Query(pattern="^(draft|published|retired|)$")] = None,
    topic: Annotated[str | None, Query(max_length=40)] = None,
    text: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """All articles but the retired ones, or those asked for; the file imports again as it is."""
    async with desk.database.reading() as session:
        found = await importing.everything(
            session, status=status or None, topic=topic or None, text=text or None
        )
    content = await anyio.to_thread.run_sync(
        lambda: importers.write(found, file_format=file_format)
    )
    kind, ending = _KINDS[file_format]
    disposition = f'attachment; filename="articles.{ending}"'
    return Response(
        content, media_type=kind, headers={"Content-Disposition": disposition}
    )


@router.post(
    "/import",
    operation_id="import_articles",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                kind.partition(";")[0]: {"schema": {"type": "string"}}
                for kind, _ in _KINDS.values()
            },
        }
    },
)
async def import_articles(
    request: Request,
    member: Editor,
    desk: TheDesk,
    file_format: Format = "yaml",
    *,
    preview: Annotated[bool, Query()] = False,
) -> dict[str, Any]:
    """Write the articles of the file as drafts; with `preview`, only say what would happen.

    Nothing is written when any row cannot be accepted; the answer names each of them.
    """
    body = await request.body()
    found = await anyio.to_thread.run_sync(
        lambda: importers.read(body, file_format=file_format)
    )
    if preview:
        async with desk.database.reading() as session:
            done = await importing.preview(session, found)
    else:
        async with desk.database.writing() as session:
            done = await importing.take_in(
                session, found, author=member.name, now=desk.clock()
            )
    return {
        "created": list(done.created),
        "revised": list(done.revised),
        "unchanged": list(done.unchanged),
        "written": not preview,
    }


@router.post("/publish", operation_id="publish_articles")
async def publish_articles(
    member: Publisher, desk: TheDesk, body: PublishMany
) -> dict[str, Any]:
    """Let shoppers have the newest words of all these, in one step, if the gate lets them pass."""
    ids = list(dict.fromkeys(body.ids))
    async with desk.database.reading() as session:
        wanted = [await would_be(session, one) for one in ids]

    async def do(session: AsyncSession, passed: Passed) -> None:
        await publish.publish_many(session, ids, passed=passed, now=desk.clock())

    version = await through_gate(
        desk, wanted, do, author=member.name, override_reason=body.override_reason
    )
    return {"published": ids, "index_version": version}
