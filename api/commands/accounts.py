"""`warmline accounts`: make staff accounts and give new passwords."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from sqlalchemy.ext.asyncio import AsyncSession

from api import accounts as staff
from api import migrations
from api.database import Database
from api.settings import load_settings

app = typer.Typer(no_args_is_help=True, help="Staff accounts.")
console = Console(highlight=False)
ROLES = ("agent", "supervisor", "editor", "admin")


@app.command()
def create(
    login: str,
    name: Annotated[str, typer.Option(help="as shoppers and colleagues see it")],
    role: Annotated[list[str], typer.Option(help="agent, supervisor, editor, admin")],
) -> None:
    """Make an account; its password is generated and printed once."""
    if unknown := sorted(set(role) - set(ROLES)):
        _fail(f"There is no role {', '.join(unknown)}. Roles: {', '.join(ROLES)}.")
    password = secrets.token_urlsafe(12)

    async def work(session: AsyncSession) -> None:
        if await staff.exists(session, login):
            _fail(f"There is already an account {login}.")
        await staff.create_account(
            session,
            login=login,
            name=name,
            roles=tuple(role),
            password=password,
            now=datetime.now(UTC),
        )

    _in_database(work)
    _print_password(login, password)


@app.command("password")
def password_(login: str) -> None:
    """Give an account a new password; all its sessions end."""
    password = secrets.token_urlsafe(12)

    async def work(session: AsyncSession) -> None:
        if not await staff.exists(session, login):
            _fail(f"There is no account {login}.")
        await staff.set_password(
            session, login=login, password=password, now=datetime.now(UTC)
        )

    _in_database(work)
    _print_password(login, password)


def _print_password(login: str, password: str) -> None:
    console.print(f"login     {login}\npassword  {password}", markup=False)
    console.print("It is shown only now.", style="dim")


def _in_database(work: Callable[[AsyncSession], Awaitable[None]]) -> None:
    settings = load_settings()

    async def run() -> None:
        await migrations.upgrade(settings)
        database = Database(settings)
        try:
            async with database.writing() as session:
                await work(session)
        finally:
            await database.close()

    asyncio.run(run())


def _fail(reason: str) -> NoReturn:
    console.print(reason, style="red", markup=False)
    raise typer.Exit(1)
