"""Decides what both browsers are told of a look through the shopper's camera, and how they find each other."""

from __future__ import annotations

import base64
import hashlib
import hmac

from api.desk import Desk
from api.looks import SHOWN_SECONDS, Look
from api.schemas import IceServer, LookView
from api.settings import Settings
from handoff.lifecycle import Status
from handoff.models import Conversation


def ice_servers(settings: Settings, *, now: float) -> list[IceServer]:
    """How the browsers find a way to each other.

    TURN is opened with a name that runs out and its HMAC-SHA1 under the shared secret, as
    coturn's `use-auth-secret` has it (draft-uberti-behave-turn-rest-00); `now` in seconds.
    """
    servers = []
    if settings.camera.stun:
        servers.append(IceServer(urls=list(settings.camera.stun)))
    if settings.camera.turn and settings.turn_secret:
        name = str(int(now) + SHOWN_SECONDS)
        digest = hmac.digest(settings.turn_secret.encode(), name.encode(), hashlib.sha1)
        servers.append(
            IceServer(
                urls=list(settings.camera.turn),
                username=name,
                credential=base64.b64encode(digest).decode(),
            )
        )
    return servers


async def look_of(desk: Desk, row: Conversation) -> LookView | None:
    """The look that is open between this shopper and whoever has them now."""
    if row.status != Status.ASSIGNED:
        return None
    look = await desk.looks.get(row.id)
    if look is None or (look.agent_id, look.version) != (
        row.agent_id,
        row.assignment_version,
    ):
        return None
    return view_of(desk, look)


def view_of(desk: Desk, look: Look) -> LookView:
    """The look as both of them get it."""
    return LookView(
        id=look.id,
        agent_id=look.agent_id,
        offer=look.offer,
        answer=look.answer,
        ice_servers=ice_servers(desk.settings, now=desk.clock().timestamp()),
    )
