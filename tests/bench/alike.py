"""Whether two answers that must not differ differ in time: 200 interleaved pairs of each."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx

from api import migrations
from api.database import Database
from api.settings import load_settings
from api.shop.demo import DemoOrders
from api.shop.proof import ProofPolicy, prove
from api.shop.tries import TryPolicy
from tests.bench.figures import Figure, median
from tests.running import ROOT, RunningDesk

PAIRS = 200
TARGET_MS = 2.0
WRONG = "a wrong password 1"
NO_CONTACT = "13999999999"


def measure(desk: RunningDesk) -> list[Figure]:
    return [
        asyncio.run(logins(desk)),
        asyncio.run(conversations(desk)),
        asyncio.run(proofs()),
    ]


async def logins(desk: RunningDesk) -> Figure:
    """B23: a login that exists and one that does not, both with a wrong password."""

    async def one(number: int, login: str) -> float:
        # Each pair from an address of its own: the limits are not what is measured.
        address = f"127.3.{number // 250}.{1 + number % 250}"
        transport = httpx.AsyncHTTPTransport(local_address=address, verify=False)
        async with httpx.AsyncClient(base_url=desk.base, transport=transport) as client:
            await client.get("/healthz")
            started = time.perf_counter()
            answer = await client.post(
                "/api/v1/login", json={"login": login, "password": WRONG}
            )
            took = time.perf_counter() - started
        assert answer.status_code == 401, answer.text
        return took

    return await _compare(
        "login: known or unknown (B23)",
        lambda number: one(number, "agent"),
        lambda number: one(number, f"nobody{number}"),
    )


async def conversations(desk: RunningDesk) -> Figure:
    """B9: somebody else's conversation and one that does not exist."""
    async with httpx.AsyncClient(
        base_url=f"{desk.base}/api/v1", trust_env=False
    ) as client:
        mine, theirs = [
            (await client.post("/conversations", json={})).json() for _ in range(2)
        ]
        headers = {"Authorization": f"Bearer {mine['token']}"}

        async def one(key: str) -> float:
            started = time.perf_counter()
            answer = await client.get(f"/conversations/{key}/messages", headers=headers)
            took = time.perf_counter() - started
            assert answer.status_code == 404, answer.text
            return took

        return await _compare(
            "conversation: another's or none (B9)",
            lambda _: one(theirs["id"]),
            lambda _: one(str(uuid4())),
        )


async def proofs() -> Figure:
    """B24: a wrong contact for an order that exists, and for one that does not."""
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings({"WARMLINE_VAR": folder}, root=ROOT)
        await migrations.upgrade(settings)
        database = Database(settings)
        orders = DemoOrders(database, zone="Asia/Shanghai", clock=_now)
        policy = ProofPolicy(
            tries=TryPolicy(tries=PAIRS * 10, window=timedelta(minutes=15)),
            valid=timedelta(minutes=30),
            secret="a key for the bench",
        )
        known = [orders._at(index).number for index in range(PAIRS)]

        async def one(number: str) -> float:
            started = time.perf_counter()
            await prove(
                database,
                orders,
                uuid4(),
                number=number,
                contact=NO_CONTACT,
                address_key=None,
                policy=policy,
                now=_now(),
            )
            return time.perf_counter() - started

        try:
            return await _compare(
                "order proof: wrong or unknown (B24)",
                lambda number: one(known[number]),
                lambda number: one(f"{known[number][:-3]}{900 + number % 100}"),
            )
        finally:
            await database.close()


async def _compare(
    name: str,
    left: Callable[[int], Awaitable[float]],
    right: Callable[[int], Awaitable[float]],
) -> Figure:
    one, other = [], []
    for number in range(PAIRS):
        pair = [(left, one), (right, other)]
        for ask, kept in pair if number % 2 else reversed(pair):
            kept.append(await ask(number) * 1000)
    return Figure.at_most(
        name,
        abs(median(one) - median(other)),
        TARGET_MS,
        "ms apart",
        remark=f"{median(one):.1f} and {median(other):.1f} ms, {PAIRS} pairs",
    )


def _now() -> datetime:
    return datetime.now(UTC)


__all__ = ["measure"]
