"""Decides how a file of articles is looked at before it is taken in, and what an editor corrects in it.

The page keeps the file and sends it again with its corrections: nothing is stored between the steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import anyio.to_thread
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.accounts.roles import Permission
from api.accounts.staff import StaffMember
from api.auth import Editor, TheDesk, desk_of
from api.errors import BadRequest
from api.pages.editor_words import status_words, topic_words
from api.pages.fault_words import fault_json
from api.pages.gate import enter, staff_page
from api.pages.rendering import json_in_page, language_of
from api.settings import Language
from knowledge_base import articles, importers, importing
from knowledge_base.content import MOST_ANSWER
from knowledge_base.errors import BadImport
from knowledge_base.file_articles import COLUMNS, EXTRAS, FileArticle
from knowledge_base.file_lines import Gathered
from knowledge_base.importers import FORMATS, FileFormat
from knowledge_base.importing import Imported
from knowledge_base.languages import preference

router = APIRouter(include_in_schema=False)
#: more would make the page slow and nobody reads so far
MOST_FAULTS = 10_000
MOST_SHOWN = 500

_Column = Annotated[str, Field(pattern=f"^({'|'.join((*COLUMNS, *EXTRAS))})$")]
_Cells = dict[_Column, Annotated[str, Field(max_length=60 * MOST_ANSWER)]]


class Corrections(BaseModel):
    """What stands before the file: which cells are to be read as what."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    fixes: Annotated[dict[int, _Cells], Field(max_length=importers.MOST_LINES)] = {}
    #: write nothing when anything is wrong
    whole: bool = False


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A file with its corrections."""

    file: bytes
    corrections: Corrections


Format = Annotated[FileFormat, Query(alias="format")]


@router.get("/editor/import")
async def show_import(request: Request) -> Response:
    """Where a file is chosen, looked at, corrected and taken in; and where one is made."""
    person = await enter(request, Permission.READ_ARTICLES)
    if isinstance(person, Response):
        return person
    language = language_of(request)
    async with desk_of(request).database.reading() as session:
        known = await articles.list_articles(session)
    return staff_page(
        request,
        "editor/import.html",
        person,
        here="editor",
        formats=FORMATS,
        columns=COLUMNS,
        total=len(known),
        topics=topic_words({view.topic for view in known}, language),
        statuses=status_words(language),
        can_import=person.may(Permission.EDIT_ARTICLES),
        can_publish=person.may(Permission.PUBLISH_ARTICLES),
        page_facts=json_in_page({"columns": COLUMNS}),
    )


@router.post("/editor/import/check")
async def check_file(
    request: Request, _: Editor, desk: TheDesk, file_format: Format
) -> dict[str, Any]:
    """What the file would do, and every cell that cannot be accepted."""
    found, _sent = await _examined(request, file_format)
    async with desk.database.reading() as session:
        done = await importing.preview(session, found.articles)
    language = language_of(request)
    return await anyio.to_thread.run_sync(lambda: _report(found, done, language))


@router.post("/editor/import/write")
async def write_file(
    request: Request, member: Editor, desk: TheDesk, file_format: Format
) -> dict[str, Any]:
    """Write what can be taken as drafts, in one transaction; publishing is a step of its own."""
    found, sent = await _examined(request, file_format)
    if found.faults and (sent.corrections.whole or not found.articles):
        raise BadImport([one.problem for one in found.faults[:MOST_SHOWN]])
    done = await _take_in(desk, found.articles, member)
    return {
        "created": list(done.created),
        "revised": list(done.revised),
        "unchanged": len(done.unchanged),
        "left_out": found.faulty_lines,
    }


async def _take_in(
    desk: Any, found: list[FileArticle], member: StaffMember
) -> Imported:
    async with desk.database.writing() as session:
        return await importing.take_in(
            session, found, author=member.name, now=desk.clock()
        )


async def _examined(request: Request, file_format: FileFormat) -> tuple[Gathered, Sent]:
    body = await request.body()

    def work() -> tuple[Gathered, Sent]:
        sent = opened(body)
        found = importers.examine(
            sent.file, file_format=file_format, fixes=sent.corrections.fixes
        )
        return found, sent

    return await anyio.to_thread.run_sync(work)


def opened(body: bytes) -> Sent:
    """One line of JSON, then the file as it is."""
    head, newline, file = body.partition(b"\n")
    try:
        corrections = Corrections.model_validate_json(head)
    except ValidationError as error:
        raise BadRequest("The corrections cannot be read.") from error
    if not newline or not file:
        raise BadRequest("The file is empty.")
    return Sent(file=file, corrections=corrections)


def _report(found: Gathered, done: Imported, language: Language) -> dict[str, Any]:
    states = dict.fromkeys(done.created, "new") | dict.fromkeys(done.revised, "changed")
    shown = [one for one in found.articles if one.id in states][:MOST_SHOWN]
    return {
        "rows": len(found.lines),
        "articles": len(found.articles),
        "new": len(done.created),
        "changed": len(done.revised),
        "unchanged": len(done.unchanged),
        "faulty": found.faulty_lines,
        "items": [
            {
                "id": one.id,
                "title": _title(one, language),
                "state": states[one.id],
                "languages": list(one.content),
                "drops": list(done.dropped.get(one.id, ())),
            }
            for one in shown
        ],
        "more_items": len(states) - len(shown),
        "faults": [
            fault_json(one, found.lines, language) for one in found.faults[:MOST_FAULTS]
        ],
        "more_faults": max(0, len(found.faults) - MOST_FAULTS),
    }


def _title(article: FileArticle, language: Language) -> str:
    return next(
        article.content[code].question
        for code in preference(language)
        if code in article.content
    )
