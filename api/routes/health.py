"""Whether the service lives, whether it can serve, and what it counts."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Request, Response
from redis.exceptions import RedisError
from starlette.responses import JSONResponse

from api.accounts.roles import Permission
from api.auth import TheDesk, recognise_staff
from api.desk import Desk
from api.errors import NotAllowed, Unavailable
from api.metrics import CONTENT_TYPE

router = APIRouter(tags=["operator"])

CHECK_SECONDS = 3.0


@router.get("/healthz", operation_id="healthz")
async def healthz() -> dict[str, str]:
    """This process answers."""
    return {"status": "ok"}


@router.get("/readyz", operation_id="readyz")
async def readyz(desk: TheDesk) -> JSONResponse:
    """200 only when database, Redis, index and bot all answer; the body says which does not."""
    checks = dict(
        zip(
            CHECKS,
            await asyncio.gather(*(_checked(desk, each) for each in CHECKS.values())),
            strict=True,
        )
    )
    if desk.is_draining:
        checks["service"] = "stopping"
    is_ready = all(state == "ok" for state in checks.values())
    body = {"status": "ok" if is_ready else "not_ready", "checks": checks}
    return JSONResponse(body, 200 if is_ready else 503)


@router.get("/metrics", operation_id="metrics", include_in_schema=False)
async def metrics(request: Request, desk: TheDesk) -> Response:
    """For the machine itself, and for operators who are signed in."""
    if not _is_from_here(request):
        member = await recognise_staff(request)
        if member is None or not member.may(Permission.OPERATE):
            raise NotAllowed
    return Response(desk.metrics.exposition(), media_type=CONTENT_TYPE)


def _is_from_here(request: Request) -> bool:
    """A direct connection of this machine; one that a balancer passed on is not."""
    if "x-forwarded-for" in request.headers or "forwarded" in request.headers:
        return False
    host = request.client.host if request.client else ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


async def _database(desk: Desk) -> str:
    await desk.database.ping()
    return "ok"


async def _redis(desk: Desk) -> str:
    if desk.redis is not None:
        await desk.redis.ping()
    return "ok"


async def _index(desk: Desk) -> str:
    if not desk.is_loaded or desk.searcher.version is None:
        return "loading"
    return "ok"


async def _bot(desk: Desk) -> str:
    return "ok" if await desk.bot.is_ready() else "does not answer"


CHECKS: dict[str, Callable[[Desk], Awaitable[str]]] = {
    "database": _database,
    "redis": _redis,
    "index": _index,
    "bot": _bot,
}


async def _checked(desk: Desk, check: Callable[[Desk], Awaitable[str]]) -> str:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            return await check(desk)
    except (TimeoutError, OSError, RedisError, Unavailable):
        return "does not answer"
