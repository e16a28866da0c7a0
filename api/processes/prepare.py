"""Makes a checkout ready to serve: tables, starter articles, demo accounts, bot model, index."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from ruamel.yaml import YAML

from api import accounts, migrations
from api.database import Database
from api.knowledge import make_searcher
from api.processes import training
from api.settings import Settings
from knowledge_base import articles, shipped_vectors, starter

#: login -> (name, roles); only while `demo: true`
DEMO_ACCOUNTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "agent": ("Li Na 李娜", ("agent",)),
    "agent2": ("Bob Chen 陳博", ("agent",)),
    "editor": ("Wang Min 王敏", ("editor",)),
    "supervisor": ("Grace Lin 林恩", ("supervisor", "agent", "editor")),
    "admin": ("Ada Ho 何安", ("admin",)),
}


@dataclass
class Prepared:
    """What was made for the first time and must be told once."""

    passwords: dict[str, str] = field(default_factory=dict)


@contextmanager
def step(console: Console, name: str) -> Iterator[list[str]]:
    """Show a step while it runs and how long it took; the body may add a remark."""
    started = time.monotonic()
    remarks: list[str] = []
    with console.status(f"{name} …"):
        yield remarks
    remark = f" · {remarks[-1]}" if remarks else ""
    seconds = time.monotonic() - started
    console.print(f"  [green]✓[/green] {name}{remark} [dim]({seconds:.1f} s)[/dim]")


async def prepare(settings: Settings, console: Console) -> Prepared:
    """Bring everything up to date; what is already there is left alone."""
    prepared = Prepared()
    with step(console, "Database"):
        await migrations.upgrade(settings)
    database = Database(settings)
    try:
        await _fill(settings, database, console, prepared)
    finally:
        await database.close()
    return prepared


async def _fill(
    settings: Settings, database: Database, console: Console, prepared: Prepared
) -> None:
    with step(console, "Articles") as remarks:
        remarks.append(await seed_articles(settings, database))
    if settings.demo:
        with step(console, "Demo accounts"):
            prepared.passwords = await seed_accounts(database)
    trainer = None
    if not training.is_trained(settings):
        questions = await write_questions(settings, database)
        trainer = training.start_training(settings, questions)
    with step(console, "Search index") as remarks:
        remarks.append(await build_index(settings, database))
    if trainer is not None:
        with step(console, "Training the bot") as remarks:
            training.finish_training(settings, trainer)
            remarks.append("only when the bot itself changes")


async def seed_articles(settings: Settings, database: Database) -> str:
    """Add and publish starter articles that were never here; an editor's are not touched."""
    async with database.writing() as session:
        here = len(await articles.list_articles(session))
        if not settings.demo:
            await articles.clear_starter_marks(session)
        if here and not settings.demo:
            return f"{here} here"
        added = await starter.seed(
            session, starter.load_starter(), now=datetime.now(UTC)
        )
        if added:
            models = set(settings.knowledge_base.models.values())
            await shipped_vectors.bring(session, models=models)
    return f"{added} starter articles added" if added else f"{here} here"


async def seed_accounts(database: Database) -> dict[str, str]:
    """Make the demo accounts that are missing; return the passwords made just now."""
    made: dict[str, str] = {}
    async with database.writing() as session:
        for login, (name, roles) in DEMO_ACCOUNTS.items():
            if await accounts.exists(session, login):
                continue
            password = secrets.token_urlsafe(9)
            await accounts.create_account(
                session,
                login=login,
                name=name,
                roles=roles,
                password=password,
                demo=True,
                now=datetime.now(UTC),
            )
            made[login] = password
    return made


async def write_questions(settings: Settings, database: Database) -> Path:
    """Write the published articles' questions as training text for `ask_question`."""
    async with database.reading() as session:
        published = await articles.list_articles(session, status="published")
    lines = sorted(
        {
            " ".join(part.question.split())
            for view in published
            for part in view.content.values()
        }
    )
    folder = settings.var / "training"
    folder.mkdir(parents=True, exist_ok=True)
    examples = "".join(f"- {line}\n" for line in lines if not line.startswith("/"))
    document = {
        "version": "3.1",
        "nlu": [{"intent": "ask_question", "examples": examples}],
    }
    with (folder / "articles.yml").open("w", encoding="utf-8") as file:
        YAML().dump(document, file)
    return folder


async def build_index(settings: Settings, database: Database) -> str:
    """Embed what has no vector yet, so that the service itself starts quickly."""
    searcher = make_searcher(settings)
    async with database.reading() as session:
        sources = await searcher.read(session)
    if sources is not None:
        await searcher.build(sources)
    async with database.writing() as session:
        fresh = await searcher.save_vectors(session)
    return f"{searcher.size} articles, {fresh} new texts"
