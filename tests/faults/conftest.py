"""Plays all chosen small runs at once: they mostly wait, and importing a service takes seconds."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest

from tests.faults.desk import Nursery
from tests.faults.guarantees import Guarantee
from tests.faults.outcome import Outcome, Stage

AT_ONCE = 3
Key = tuple[str, bool]


@pytest.fixture(scope="session")
def outcomes(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[Key, Outcome | BaseException]:
    """What came of each run, by the guarantee's name and whether its guard was out."""
    chosen: dict[Key, Guarantee] = {}
    for item in request.session.items:
        params = getattr(getattr(item, "callspec", None), "params", {})
        guarantee = params.get("guarantee")
        if isinstance(guarantee, Guarantee):
            chosen[guarantee.name, params["is_control"]] = guarantee
    return asyncio.run(_play(chosen, tmp_path_factory.mktemp("faults")))


async def _play(
    chosen: dict[Key, Guarantee], folder: Path
) -> dict[Key, Outcome | BaseException]:
    places = asyncio.Semaphore(AT_ONCE)

    async def one(key: Key, guarantee: Guarantee) -> Outcome:
        name, is_control = key
        without = (guarantee.without,) if is_control else ()
        size = guarantee.control if is_control else guarantee.sizes["small"]
        stage = Stage(nursery, folder / f"{name}-{is_control}", without)
        async with places:
            return await guarantee.run(stage, size)

    async with Nursery() as nursery:
        runs: list[Coroutine[Any, Any, Outcome]] = [
            one(key, guarantee) for key, guarantee in chosen.items()
        ]
        ended = await asyncio.gather(*runs, return_exceptions=True)
    return dict(zip(chosen, ended, strict=True))
