"""`warmline triggers fit`: which thresholds agents' marks speak for, and what each would cost."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict
from io import StringIO
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from ruamel.yaml import YAML

from api import migrations
from api.commands.replay import present_policy
from api.database import Database
from api.replaying import fetch_stored
from api.settings import Settings, load_settings
from api.trigger_settings import Triggers
from handoff import marks
from handoff.fitting import ENOUGH_MARKS, Curve, Fit, fit

app = typer.Typer(no_args_is_help=True, help="The rules for handing over.")
console = Console(highlight=False)


@app.command("fit")
def fit_(
    limit: Annotated[int, typer.Option(help="newest conversations looked at")] = 5000,
    out: Annotated[Path | None, typer.Option(help="write the proposal here")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="for programs")] = False,  # noqa: FBT002
) -> None:
    """Propose thresholds from the marks, and show the trade-off of each."""
    found, present = asyncio.run(find(load_settings(), limit=limit))
    if as_json:
        print(json.dumps(as_plain(found), ensure_ascii=False, indent=2))  # noqa: T201
    else:
        show(found, console)
    if out is not None and found.proposed:
        out.write_text(written(found, present), encoding="utf-8")


async def find(settings: Settings, *, limit: int) -> tuple[Fit, Triggers]:
    """The fit over what is stored, and the policy that holds now."""
    await migrations.upgrade(settings)
    database = Database(settings)
    try:
        present = await present_policy(settings, database)
        stored = await fetch_stored(
            database,
            limit=limit,
            default_seconds=settings.handoff.handling_default_seconds,
        )
        async with database.reading() as session:
            given = await marks.verdicts(session)
    finally:
        await database.close()
    found = fit(
        stored.spells,
        given,
        present.policy(),
        handling_minutes=stored.handling_minutes,
    )
    return found, present


def as_plain(found: Fit) -> dict[str, Any]:
    return asdict(found) | {"proposed": found.proposed}


def written(found: Fit, present: Triggers) -> str:
    """The proposal as a file that `warmline replay --policy` takes."""
    proposal = present.model_copy(
        update={
            name: type(getattr(present, name))(value)
            for name, value in found.proposed.items()
        }
    )
    text = StringIO()
    YAML().dump({"triggers": proposal.model_dump()}, text)
    return text.getvalue()


def show(found: Fit, to: Console) -> None:
    """The marks, a curve for each number that they touch, and what follows."""
    told = ", ".join(f"{count} {name}" for name, count in found.marks.items())
    to.print(f"Marks: {told}.", markup=False)
    if found.lost:
        to.print(f"{found.lost} marks are on conversations not looked at or forgotten.")
    for curve in found.curves:
        if curve.mended or curve.broken:
            _show_curve(curve, to)
    if found.missing_marks:
        to.print(
            f"Too few marks for any proposal: {found.missing_marks} more are needed"
            f" ({ENOUGH_MARKS} in all)."
        )
        return
    for curve in found.curves:
        _say_of(curve, to)
    if not found.proposed:
        to.print("No threshold is proposed.")


def _say_of(curve: Curve, to: Console) -> None:
    if curve.is_proposed:
        to.print(
            f"{curve.name}: {curve.present:g} → {curve.best:g} mends {curve.mended}"
            f" marked handoffs and breaks {curve.broken}.",
            style="green",
        )
    elif curve.missing:
        to.print(
            f"{curve.name}: {curve.best:g} might be better ({curve.mended} mended,"
            f" {curve.broken} broken), but it could be chance; {curve.missing} more"
            " such marks would settle it."
        )


def _show_curve(curve: Curve, to: Console) -> None:
    table = Table(
        curve.name,
        "too early",
        "too late",
        "handoffs",
        "agent minutes",
        "left in anger",
    )
    for point in curve.points:
        sign = " ←now" if point.value == curve.present else ""
        sign += " ←best" if point.value == curve.best != curve.present else ""
        table.add_row(
            f"{point.value:g}{sign}",
            str(point.too_early),
            str(point.too_late),
            str(point.handoffs),
            f"{point.agent_minutes:g}",
            str(point.angry_shoppers),
        )
    to.print(table)
