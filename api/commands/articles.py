"""`warmline articles`: articles in and out as files, checked before anything is written."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from sqlalchemy.ext.asyncio import AsyncSession

from api import migrations
from api.database import Database
from api.settings import load_settings
from knowledge_base import importing, publish
from knowledge_base.errors import KnowledgeError
from knowledge_base.file_articles import FileArticle
from knowledge_base.importers import FORMATS, FileFormat, read, write

app = typer.Typer(no_args_is_help=True, help="Articles in and out as files.")
console = Console(highlight=False)
SUFFIXES: dict[str, FileFormat] = {
    ".md": "markdown",
    ".csv": "csv",
    ".yml": "yaml",
    ".yaml": "yaml",
    ".jsonl": "jsonl",
}


@app.command("import")
def import_(
    file: Path,
    publish_now: Annotated[  # noqa: FBT002 - a flag of the command line
        bool, typer.Option("--publish", help="publish what is new or changed")
    ] = False,
    author: Annotated[str, typer.Option(help="who is named as the author")] = "import",
) -> None:
    """Write the articles of FILE as drafts; the same file twice changes nothing."""
    found = _read(file)

    async def work(session: AsyncSession) -> importing.Imported:
        now = datetime.now(UTC)
        done = await importing.take_in(session, found, author=author, now=now)
        if publish_now and (fresh := [*done.created, *done.revised]):
            await publish.publish_many(session, fresh, reason="import", now=now)
        return done

    done = asyncio.run(_in_database(work))
    _tell(done)


@app.command()
def check(file: Path) -> None:
    """Say what importing FILE would do, without doing it."""
    found = _read(file)
    _tell(asyncio.run(_in_database(lambda s: importing.preview(s, found))))


@app.command()
def export(
    file: Annotated[Path | None, typer.Argument(help="else standard output")] = None,
    format_: Annotated[str, typer.Option("--format", help=", ".join(FORMATS))] = "yaml",
) -> None:
    """Write all articles as a file that `import` reads back the same."""
    if format_ not in FORMATS:
        _fail(f"There is no format {format_}. Formats: {', '.join(FORMATS)}.")
    kind: FileFormat = format_
    everything = asyncio.run(_in_database(importing.everything))
    data = write(everything, file_format=kind)
    if file is None:
        sys.stdout.buffer.write(data)
    else:
        file.write_bytes(data)


@app.command()
def fit(
    back: Annotated[  # noqa: FBT002 - a flag of the command line
        bool, typer.Option("--back", help="take the newest fit away instead")
    ] = False,
) -> None:
    """Learn from the shop's articles and labelled questions how sure the bot may be."""
    from api.commands import fit as command  # noqa: PLC0415 - loads the models

    settings = load_settings()
    if back:
        command.go_back(settings, console)
        return
    try:
        asyncio.run(command.fit_now(settings, console))
    except (command.TooFewQuestions, KnowledgeError) as error:
        _fail(str(error))


def _read(file: Path) -> list[FileArticle]:
    kind = SUFFIXES.get(file.suffix.lower())
    if kind is None:
        _fail(f"{file.name}: known endings are {', '.join(SUFFIXES)}.")
    try:
        return read(file.read_bytes(), file_format=kind)
    except (OSError, KnowledgeError) as error:
        _fail(str(error))


def _tell(done: importing.Imported) -> None:
    console.print(
        f"{len(done.created)} new, {len(done.revised)} changed, "
        f"{len(done.unchanged)} the same"
    )
    for article_id in (*done.created, *done.revised):
        console.print(f"  {article_id}", markup=False)


async def _in_database[T](work: Callable[[AsyncSession], Awaitable[T]]) -> T:
    settings = load_settings()
    await migrations.upgrade(settings)
    database = Database(settings)
    try:
        async with database.writing() as session:
            return await work(session)
    finally:
        await database.close()


def _fail(reason: str) -> NoReturn:
    console.print(reason, style="red", markup=False)
    raise typer.Exit(1)
