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
from api.accounts import second_factor, trail
from api.accounts.models import Staff
from api.accounts.roles import Role
from api.accounts.staff import end_sessions, find
from api.accounts.trail import COMMAND_LINE, Done
from api.database import Database
from api.settings import load_settings

app = typer.Typer(no_args_is_help=True, help="Staff accounts.")
console = Console(highlight=False)
ROLES = tuple(role.value for role in Role)


@app.command()
def create(
    login: str,
    name: Annotated[str, typer.Option(help="as shoppers and colleagues see it")],
    role: Annotated[
        list[str], typer.Option(help="agent, supervisor, editor, admin, auditor")
    ],
) -> None:
    """Make an account; its password is generated and printed once."""
    if unknown := sorted(set(role) - set(ROLES)):
        _fail(f"There is no role {', '.join(unknown)}. Roles: {', '.join(ROLES)}.")
    password = secrets.token_urlsafe(12)

    async def work(session: AsyncSession) -> None:
        if await staff.exists(session, login):
            _fail(f"There is already an account {login}.")
        now = datetime.now(UTC)
        person = await staff.create_account(
            session,
            login=login,
            name=name,
            roles=tuple(role),
            password=password,
            now=now,
        )
        _note(session, Done.CREATED, person, now=now)

    _in_database(work)
    _print_password(login, password)


@app.command("password")
def password_(login: str) -> None:
    """Give an account a new password; all its sessions end."""
    password = secrets.token_urlsafe(12)

    async def work(session: AsyncSession) -> None:
        if not await staff.exists(session, login):
            _fail(f"There is no account {login}.")
        now = datetime.now(UTC)
        person = await staff.set_password(
            session, login=login, password=password, now=now
        )
        _note(session, Done.PASSWORD_SET, person, now=now)

    _in_database(work)
    _print_password(login, password)


@app.command("reset-second-factor")
def reset_second_factor(login: str) -> None:
    """For a lost phone: the account signs in with its password alone again."""

    async def work(session: AsyncSession) -> None:
        person = await find(session, login=login)
        if person is None:
            _fail(f"There is no account {login}.")
        if not await second_factor.switch_off(session, person.id):
            _fail(f"The account {login} has no second factor.")
        await end_sessions(session, person.id)
        _note(session, Done.SECOND_FACTOR_RESET, person, now=datetime.now(UTC))

    _in_database(work)
    console.print(f"{login} has no second factor now; all sessions have ended.")


def _note(session: AsyncSession, done: Done, person: Staff, *, now: datetime) -> None:
    trail.note(session, done, person, by=COMMAND_LINE, now=now)


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
