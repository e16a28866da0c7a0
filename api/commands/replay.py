"""`warmline replay`: what another policy would have done to the stored conversations."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from ruamel.yaml.comments import CommentedMap

from api import config_file, migrations
from api.database import Database
from api.errors import BadConfiguration
from api.live_policy import LivePolicy
from api.replaying import Stored, comparison_json, courses, fetch_stored, set_beside
from api.settings import Settings
from api.trigger_settings import Triggers
from handoff import policies, stories
from handoff.replay import Change, Comparison, Spell, recorded

#: how many moves the table shows; `--json` has more
SHOWN = 30
SIGNS = {
    Change.EARLIER: "earlier",
    Change.LATER: "later",
    Change.APPEARS: "appears",
    Change.VANISHES: "vanishes",
}


async def decide_anew(
    settings: Settings,
    *,
    policy: Path,
    file: Path | None,
    against: str,
    limit: int,
) -> tuple[Comparison, Stored]:
    """Decide everything anew; raises BadConfiguration or BadStories."""
    read_policy(policy, settings.triggers)  # a mistake in it is told at once
    spells = read_stories(file) if file is not None else None
    await migrations.upgrade(settings)
    database = Database(settings)
    default_seconds = settings.handoff.handling_default_seconds
    try:
        present = await present_policy(settings, database)
        tried = read_policy(policy, present)
        stored = await fetch_stored(
            database,
            limit=limit if spells is None else 0,
            default_seconds=default_seconds,
        )
    finally:
        await database.close()
    if spells is not None:
        stored = replace(stored, spells=spells)
    # A file written by hand records no decisions: only the present rules can stand for them.
    is_recorded = against == "recorded" and file is None
    before = (
        [recorded(spell) for spell in stored.spells]
        if is_recorded
        else courses(stored.spells, present.policy())
    )
    return set_beside(stored, before, courses(stored.spells, tried.policy())), stored


async def present_policy(settings: Settings, database: Database) -> Triggers:
    """What holds now: the newest applied revision, or config.yml."""
    live = LivePolicy(settings.triggers)
    async with database.reading() as session:
        newest = await policies.newest(session)
    if newest is not None:
        live.take(newest.number, newest.triggers)
    return live.triggers


def read_policy(path: Path, present: Triggers) -> Triggers:
    """A whole config.yml, its `triggers` section, or a few of its keys over the present ones."""
    content = config_file.read(path)
    section = content.get("triggers", content)
    if not isinstance(section, CommentedMap):
        raise BadConfiguration(f"{path}: triggers must be a section with keys.")
    config_file.parse(Triggers, section, path=path)
    given: dict[str, Any] = config_file.plain(section)
    base = present.model_dump()
    rules = base["rules"] | given.get("rules", {})
    return Triggers.model_validate(base | given | {"rules": rules})


def read_stories(file: Path) -> list[Spell]:
    """The conversations of a file; raises BadStories."""
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise stories.BadStories(f"the file cannot be read ({error})") from error
    return stories.read_lines(lines)


def show(found: Comparison, stored: Stored, console: Console) -> None:
    """The outcome as two tables."""
    table = Table("", "before", "after", "difference")
    rows = (
        ("handoffs", found.before.handoffs, found.after.handoffs),
        ("offers", found.before.offers, found.after.offers),
        ("agent minutes", found.before.agent_minutes, found.after.agent_minutes),
        (
            "shoppers left in anger",
            found.before.angry_shoppers,
            found.after.angry_shoppers,
        ),
        (
            "their angry messages",
            found.before.angry_messages,
            found.after.angry_messages,
        ),
    )
    for name, before, after in rows:
        table.add_row(name, f"{before:g}", f"{after:g}", f"{after - before:+g}")
    console.print(table)
    told = ", ".join(f"{found.count(change)} {SIGNS[change]}" for change in Change)
    console.print(
        f"{found.conversations} conversations, {stored.handling_minutes:g} minutes a"
        f" handoff; handoffs: {told}.",
        markup=False,
    )
    if not found.moves:
        return
    moves = Table("conversation", "handoff", "before", "after")
    for move in found.moves[:SHOWN]:
        moves.add_row(
            move.spell.conversation_id,
            SIGNS[move.change],
            _told(move.before.handoff_at, move.before.reasons),
            _told(move.after.handoff_at, move.after.reasons),
        )
    console.print(moves)
    if len(found.moves) > SHOWN:
        console.print(f"… and {len(found.moves) - SHOWN} more; --json lists them.")


def show_json(found: Comparison, stored: Stored) -> str:
    told = comparison_json(found, minutes=stored.handling_minutes)
    return json.dumps(told, ensure_ascii=False, indent=2)


def _told(place: int | None, reasons: tuple[str, ...]) -> str:
    return "–" if place is None else f"turn {place + 1}: {', '.join(reasons)}"
