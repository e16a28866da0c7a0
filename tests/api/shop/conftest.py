"""The edge's database on SQLite and on PostgreSQL, with conversations to prove orders in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from api.database import Database
from api.shop.demo import DemoOrders
from api.shop.proof import ProofPolicy
from api.shop.tries import TryPolicy
from tests.api.conftest import settings_for
from tests.fakes import Clock

POLICY = ProofPolicy(
    tries=TryPolicy(tries=5, window=timedelta(minutes=15)),
    valid=timedelta(minutes=30),
    secret="a key for tests",
    floor_seconds=0,
)


@pytest.fixture
async def database(tmp_path, database_url, sessions) -> AsyncIterator[Database]:
    opened = Database(settings_for(tmp_path, database_url))
    yield opened
    await opened.close()


@pytest.fixture
def orders(database: Database, clock: Clock) -> DemoOrders:
    return DemoOrders(database, zone="Asia/Shanghai", clock=clock)
