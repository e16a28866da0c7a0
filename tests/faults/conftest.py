"""One nursery for all small runs, in an event loop of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from tests.faults.desk import Nursery


@pytest.fixture(scope="session")
def theatre() -> Iterator[tuple[asyncio.Runner, Nursery]]:
    """A loop and the nursery in it: importing the service takes seconds, so only once."""
    with asyncio.Runner() as runner:
        nursery = Nursery()
        runner.run(nursery.__aenter__())
        yield runner, nursery
        runner.run(nursery.__aexit__())
