"""GUARANTEES A.2, small: each promise on real processes, and each check without its guard."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.faults.desk import Nursery
from tests.faults.guarantees import GUARANTEES, Guarantee
from tests.faults.outcome import Stage

pytestmark = pytest.mark.faults

Theatre = tuple[asyncio.Runner, Nursery]
by_name = pytest.mark.parametrize("guarantee", GUARANTEES, ids=lambda g: g.name)


@by_name
def test_the_promise_is_kept(guarantee: Guarantee, theatre: Theatre, tmp_path: Path):
    runner, nursery = theatre
    stage = Stage(nursery, tmp_path / "run")
    outcome = runner.run(guarantee.run(stage, guarantee.sizes["small"]))
    assert outcome.violations == [], outcome.told()


@by_name
def test_the_check_notices_the_missing_guard(
    guarantee: Guarantee, theatre: Theatre, tmp_path: Path
):
    runner, nursery = theatre
    stage = Stage(nursery, tmp_path / "run", (guarantee.without,))
    outcome = runner.run(guarantee.run(stage, guarantee.control))
    assert outcome.violations, f"nothing noticed: {outcome.told()}"
