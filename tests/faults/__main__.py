"""`python -m tests.faults`: proves the guarantees on real processes and prints what came out."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path
from typing import get_args

from rich.console import Console
from rich.table import Table

from tests.databases import PostgresServer, PostgresUnavailable
from tests.faults.desk import Nursery
from tests.faults.guarantees import GUARANTEES, Guarantee, SizeName, Verdict, prove

console = Console()
SHOWN = 5


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=get_args(SizeName), default="selection")
    parser.add_argument("--only", nargs="*", help="names such as G1 G9")
    parser.add_argument("--keep", type=Path, help="keep histories and databases here")
    given = parser.parse_args()
    chosen = [each for each in GUARANTEES if not given.only or each.name in given.only]
    with tempfile.TemporaryDirectory(prefix="warmline-faults-") as folder:
        where = given.keep or Path(folder)
        where.mkdir(parents=True, exist_ok=True)
        verdicts = asyncio.run(run(chosen, given.size, where))
    print_table(verdicts, given.size)
    return 0 if all(each.is_proven for each in verdicts) else 1


async def run(chosen: list[Guarantee], size: SizeName, folder: Path) -> list[Verdict]:
    verdicts = []
    async with Nursery() as nursery:
        for guarantee in chosen:
            console.print(f"{guarantee.name} {guarantee.promise} …", style="dim")
            verdict = await prove(guarantee, size, nursery=nursery, folder=folder)
            verdicts.append(verdict)
            tell(verdict)
        if size == "full":
            verdicts += await on_postgres(chosen, size, nursery, folder)
    return verdicts


async def on_postgres(
    chosen: list[Guarantee], size: SizeName, nursery: Nursery, folder: Path
) -> list[Verdict]:
    """The same on PostgreSQL, for what depends on the database."""
    wanted = [each for each in chosen if "postgresql" in each.also_on]
    if not wanted:
        return []
    verdicts = []
    try:
        with PostgresServer() as server:
            for guarantee in wanted:
                verdict = await prove(
                    guarantee,
                    size,
                    nursery=nursery,
                    folder=folder / "postgresql",
                    database="postgresql",
                    database_url=server.create_database(guarantee.name.lower()),
                )
                verdicts.append(verdict)
                tell(verdict)
    except PostgresUnavailable as error:
        console.print(f"not on PostgreSQL: {error}", style="yellow")
    return verdicts


def tell(verdict: Verdict) -> None:
    for each in verdict.outcome.violations[:SHOWN]:
        console.print(f"  violated: {each}", style="red", markup=False)
    if not verdict.notices:
        console.print("  the control passed: the check is blind", style="red")


def print_table(verdicts: list[Verdict], size: SizeName) -> None:
    table = Table(title=f"Guarantees, {size}")
    for column in ("", "promise", "database", "run", "result", "control", "seconds"):
        table.add_column(column)
    for each in verdicts:
        table.add_row(
            each.guarantee.name,
            each.guarantee.promise,
            each.database,
            each.outcome.told(),
            "kept"
            if each.outcome.is_kept
            else f"{len(each.outcome.violations)} broken",
            _control(each),
            f"{each.seconds:.0f}",
        )
    console.print(table)


def _control(verdict: Verdict) -> str:
    if verdict.control is None:
        return "-"
    if not verdict.notices:
        return "PASSED (blind)"
    sign = verdict.guarantee.sign
    return f"{sum(sign in each for each in verdict.control.violations)} found"


if __name__ == "__main__":
    sys.exit(main())
