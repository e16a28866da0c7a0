"""Decides when those on call hear that somebody waits and nobody is there, and tells them."""

from __future__ import annotations

import smtplib
from datetime import datetime, timedelta
from typing import Any

import httpx
import structlog

from api.desk import Desk
from api.mail import send_mail
from handoff import requests, waiting
from handoff.presence import AgentState
from handoff.waiting import WaitingRow

log = structlog.get_logger(__name__)

WEBHOOK_SECONDS = 10.0


async def call_on_call(desk: Desk) -> None:
    """Tell them of everybody new who waits too long; once each, and again if it failed."""
    given = desk.settings.handoff.on_call
    if not given.webhook and not given.mail:
        return
    now = desk.clock()
    here = await desk.presence.present(now=now)
    # When presence cannot say, a call too many is better than one too few.
    if any(each.state == AgentState.AVAILABLE for each in here or ()):
        return
    async with desk.database.writing() as session:
        line = await waiting.waiting(session)
        late = [
            each
            for each in line
            if _is_late(each, now, after=timedelta(seconds=given.after_seconds))
        ]
        mine = await requests.call(session, [each.handoff.id for each in late], now=now)
    new = [each for each in late if each.handoff.id in mine]
    if new and not await _tell(desk, new, waiting_now=len(line), now=now):
        async with desk.database.writing() as session:
            await requests.uncall(session, mine)


def _is_late(row: WaitingRow, now: datetime, *, after: timedelta) -> bool:
    promised = row.handoff.promised_by
    if row.handoff.called_at is not None or (promised is not None and promised > now):
        return False
    since = row.conversation.queued_at
    return since is not None and now - since >= after


async def _tell(
    desk: Desk, rows: list[WaitingRow], *, waiting_now: int, now: datetime
) -> bool:
    """Whether anybody could be reached."""
    given = desk.settings.handoff
    longest = max(
        int((now - each.conversation.queued_at).total_seconds())
        for each in rows
        if each.conversation.queued_at is not None
    )
    address = f"{desk.settings.public_url}/console"
    body: dict[str, Any] = {
        "event": "nobody_available",
        "conversations": [str(each.conversation.id) for each in rows],
        "waiting": waiting_now,
        "longest_wait_seconds": longest,
        "console": address,
    }
    reached = await _post(given.on_call.webhook, body)
    try:
        if given.on_call.mail:
            minutes = longest // 60
            await send_mail(
                given.mail,
                given.on_call.mail,
                subject=f"{waiting_now} waiting, nobody available",
                text=f"Longest wait: {minutes} min. Nobody is at the desk.\n{address}\n",
            )
            reached = True
    except (OSError, smtplib.SMTPException) as error:
        log.warning("on call not reached", action="on_call", error=str(error))
    return reached


async def _post(address: str, body: dict[str, Any]) -> bool:
    if not address:
        return False
    try:
        async with httpx.AsyncClient(timeout=WEBHOOK_SECONDS) as client:
            answer = await client.post(address, json=body)
            answer.raise_for_status()
    except httpx.HTTPError as error:
        log.warning("on call not reached", action="on_call", error=str(error))
        return False
    return True
