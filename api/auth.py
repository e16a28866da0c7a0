"""Decides who is asking: a shopper by the conversation's token, or staff by a session."""

from __future__ import annotations

import hmac
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request
from starlette.requests import HTTPConnection

from api.accounts import staff
from api.accounts.roles import Permission
from api.accounts.staff import StaffMember
from api.desk import Desk
from api.errors import NotAllowed, NotFound, NotSignedIn
from api.security import client_address
from api.settings import Settings
from handoff import conversations
from handoff.errors import NoSuchConversation
from handoff.models import Conversation

_CANONICAL_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
LONGEST_TOKEN = 200


def desk_of(connection: HTTPConnection) -> Desk:
    """The desk of this process."""
    desk: Desk = connection.app.state.desk
    return desk


TheDesk = Annotated[Desk, Depends(desk_of)]


def cookie_name(settings: Settings) -> str:
    """`__Host-` binds the cookie to https and this very host."""
    secure = settings.public_url.startswith("https://")
    return "__Host-sid" if secure else "warmline_staff"


def bearer(connection: HTTPConnection) -> str | None:
    """The token of the Authorization header."""
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not 0 < len(token) <= LONGEST_TOKEN:
        return None
    return token.strip()


def peer_address(connection: HTTPConnection) -> str:
    """Whom a limit counts for."""
    desk = desk_of(connection)
    return client_address(
        connection.client.host if connection.client else "unknown",
        connection.headers.getlist("x-forwarded-for"),
        trusted=desk.settings.trusted_proxies,
    )


def conversation_id_of(given: str) -> UUID:
    """The id in its one canonical spelling; anything else exists as little as a wrong one."""
    if not _CANONICAL_UUID.fullmatch(given):
        raise NoSuchConversation
    return UUID(given)


async def shoppers_conversation(
    desk: Desk, conversation_id: str, token: str | None
) -> Conversation:
    """The conversation that this token opens, or NoSuchConversation for every other case."""
    wanted = conversation_id_of(conversation_id)
    if not token:
        raise NoSuchConversation
    hashed = staff.hash_token(token)
    async with desk.database.reading() as session:
        conversation = await conversations.by_token_hash(session, hashed)
    if conversation is None or not hmac.compare_digest(
        conversation.id.bytes, wanted.bytes
    ):
        raise NoSuchConversation
    return conversation


async def shopper(
    conversation_id: str, request: Request, desk: TheDesk
) -> Conversation:
    return await shoppers_conversation(desk, conversation_id, bearer(request))


Shopper = Annotated[Conversation, Depends(shopper)]


async def recognise_staff(connection: HTTPConnection) -> StaffMember | None:
    """Whoever is signed in; a bearer token wins over the cookie."""
    desk = desk_of(connection)
    token = bearer(connection) or connection.cookies.get(cookie_name(desk.settings))
    if not token or len(token) > LONGEST_TOKEN:
        return None
    return await recognise_token(desk, staff.hash_token(token))


async def recognise_token(desk: Desk, token_hash: str) -> StaffMember | None:
    """Whose session this is now; also notes that it is in use."""
    now = desk.clock()
    async with desk.database.reading() as session:
        found = await staff.recognise(
            session, token_hash, now=now, demo=desk.settings.demo
        )
    if found is None:
        return None
    member, seen_at = found
    if now - seen_at >= staff.TOUCH_EVERY:
        async with desk.database.writing() as session:
            await staff.touch(session, token_hash, now=now)
    return member


async def signed_in(request: Request) -> StaffMember:
    member = await recognise_staff(request)
    if member is None:
        raise NotSignedIn
    return member


SignedIn = Annotated[StaffMember, Depends(signed_in)]


def require(permission: Permission) -> Callable[..., Awaitable[StaffMember]]:
    """A dependency: whoever is signed in and may do this."""

    async def allowed(member: SignedIn) -> StaffMember:
        if not member.may(permission):
            raise NotAllowed
        return member

    return allowed


Agent = Annotated[StaffMember, Depends(require(Permission.SERVE_SHOPPERS))]
Reader = Annotated[StaffMember, Depends(require(Permission.READ_ARTICLES))]
Editor = Annotated[StaffMember, Depends(require(Permission.EDIT_ARTICLES))]
Publisher = Annotated[StaffMember, Depends(require(Permission.PUBLISH_ARTICLES))]

SESSION_COOKIE_AGE = int(timedelta(days=7).total_seconds())

__all__ = [
    "Agent",
    "Editor",
    "NotFound",
    "Publisher",
    "Reader",
    "Shopper",
    "SignedIn",
    "TheDesk",
    "bearer",
    "conversation_id_of",
    "cookie_name",
    "desk_of",
    "peer_address",
    "recognise_staff",
    "recognise_token",
    "require",
    "shoppers_conversation",
]
