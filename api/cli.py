"""The `warmline` command: one word for each thing an operator does."""

from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path
from typing import Annotated

# First of all imports that matter: puts the safe SQLite in place of the standard one.
import api.sqlite  # noqa: F401  # isort: skip
import typer
from rich.console import Console

from api.commands import accounts as accounts_command
from api.commands import articles as articles_command
from api.commands import triggers as triggers_command
from api.errors import BadConfiguration
from api.settings import Settings, load_settings

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Warmline: a bot that knows when it does not know, and a human queue.",
)
app.add_typer(articles_command.app, name="articles")
app.add_typer(accounts_command.app, name="accounts")
app.add_typer(triggers_command.app, name="triggers")
console = Console(stderr=False, highlight=False)


def settings_or_exit() -> Settings:
    """Load config.yml; a mistake in it is told in words, not in a traceback."""
    try:
        return load_settings()
    except BadConfiguration as error:
        console.print(str(error), style="red", markup=False)
        raise typer.Exit(2) from error


def quiet_logs() -> None:
    """A person at a terminal reads sentences of ours, not log lines."""
    import structlog  # noqa: PLC0415 - slow import

    level = logging.WARNING
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(level))


@app.command()
def up() -> None:
    """Start everything on this machine and keep it running."""
    from api.processes import guard, training, valkey  # noqa: PLC0415 - slow imports
    from api.processes.up import DidNotStart, run  # noqa: PLC0415

    settings = settings_or_exit()
    quiet_logs()
    try:
        run(settings, console)
    except guard.AlreadyRunning as error:
        base = f"http://127.0.0.1:{settings.ports.public}"
        console.print(f"{error} Open {base}", style="yellow")
        raise typer.Exit(1) from error
    except (DidNotStart, training.TrainingFailed, valkey.NoRedisServer) as error:
        console.print(str(error), style="red", markup=False)
        raise typer.Exit(1) from error


@app.command()
def serve() -> None:
    """Run one service process alone (`up` and systemd units call this)."""
    from api import listeners  # noqa: PLC0415 - slow import

    listeners.serve(settings_or_exit())


@app.command()
def train() -> None:
    """Train the bot with the articles as they are published now."""
    from api.commands.train import train_now  # noqa: PLC0415

    asyncio.run(train_now(settings_or_exit(), console))


@app.command()
def doctor() -> None:
    """Check everything a desk needs, and say what to do about what is missing."""
    from api.commands.doctor import examine  # noqa: PLC0415

    try:
        settings = load_settings()
    except BadConfiguration as error:
        console.print(f"✗ config.yml: {error}", style="red", markup=False)
        raise typer.Exit(1) from error
    raise typer.Exit(0 if examine(settings, console) else 1)


@app.command()
def chat(
    language: Annotated[
        str | None, typer.Option(help="zh-Hans, zh-Hant or en; else as you write")
    ] = None,
    url: Annotated[str | None, typer.Option(help="address of a running desk")] = None,
) -> None:
    """Talk to the running desk in this terminal, as a shopper would."""
    from api.commands.chat import talk  # noqa: PLC0415

    settings = settings_or_exit()
    base = url or f"http://127.0.0.1:{settings.ports.public}"
    raise typer.Exit(talk(base, language, console))


@app.command()
def evaluate(
    articles: Annotated[Path | None, typer.Option(help="articles, JSONL")] = None,
    questions: Annotated[Path | None, typer.Option(help="questions, JSONL")] = None,
    messages: Annotated[Path | None, typer.Option(help="messages, JSONL")] = None,
    json: Annotated[Path | None, typer.Option(help="write the figures here")] = None,
) -> None:
    """Measure answering (--articles and --questions) or understanding (--messages)."""
    from api.commands import evaluate as command  # noqa: PLC0415

    settings = settings_or_exit()
    quiet_logs()
    try:
        if messages is not None and articles is None and questions is None:
            command.measure_messages(settings, messages, json, console)
            return
        if articles is not None and questions is not None and messages is None:
            command.measure_questions(settings, articles, questions, json, console)
            return
    except command.BadSet as error:
        console.print(str(error), style="red", markup=False)
        raise typer.Exit(2) from error
    console.print(
        "Give either --articles A.jsonl --questions Q.jsonl, or --messages M.jsonl.",
        style="red",
    )
    raise typer.Exit(2)


@app.command()
def replay(
    policy: Annotated[Path, typer.Option(help="the policy to try, YAML")],
    file: Annotated[
        Path | None, typer.Option(help="conversations, JSONL; else the stored ones")
    ] = None,
    against: Annotated[
        str, typer.Option(help="recorded (what happened) or present (today's rules)")
    ] = "recorded",
    limit: Annotated[int, typer.Option(help="newest conversations")] = 5000,
    as_json: Annotated[bool, typer.Option("--json", help="for programs")] = False,  # noqa: FBT002
) -> None:
    """Decide stored conversations anew under another policy; nothing is changed."""
    from api.commands import replay as command  # noqa: PLC0415
    from handoff.stories import BadStories  # noqa: PLC0415

    settings = settings_or_exit()
    quiet_logs()
    if against not in {"recorded", "present"}:
        console.print("--against is recorded or present.", style="red")
        raise typer.Exit(2)
    try:
        found, stored = asyncio.run(
            command.decide_anew(
                settings, policy=policy, file=file, against=against, limit=limit
            )
        )
    except (BadConfiguration, BadStories) as error:
        console.print(str(error), style="red", markup=False)
        raise typer.Exit(2) from error
    if as_json:
        print(command.show_json(found, stored))  # noqa: T201
        return
    command.show(found, stored, console)


@app.command("migrations-check", hidden=True)
def migrations_check() -> None:
    """Fail when the tables in the code and the migrations differ."""
    from api.migrations import check  # noqa: PLC0415

    if differences := check.differences():
        for line in differences:
            console.print(line, markup=False)
        raise typer.Exit(1)


if __name__ == "__main__":
    sys.exit(app())
