"""Decides whether a token really is the shop's word on who is here.

One algorithm and one key; the header decides nothing. The token must be fresh: it lives
ten minutes at most, and what it opens is bound to one conversation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import jwt
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from api.errors import BadConfiguration
from api.shop.errors import BadIdentity
from api.shop.models import SignIn
from knowledge_base.conditions import code_of

VARIABLE = "WARMLINE_IDENTITY_SECRET"
ALGORITHM = "HS256"
AUDIENCE = "warmline"
LONGEST_TOKEN = 4096
LONGEST_SUBJECT = 128
LONGEST_TIER = 16
SHORTEST_SECRET = 32  # bytes, the length of the hash
LIFETIME = timedelta(minutes=10)
#: clocks of two machines differ by this much at most
LEEWAY = timedelta(seconds=30)


@dataclass(frozen=True, kw_only=True)
class Identity:
    """Whom the shop vouches for."""

    customer_id: str
    name: str | None
    expires_at: datetime
    #: what the shop calls its better customers, for example `vip`
    tier: str | None = None
    #: where the customer buys, as articles name their regions
    region: str | None = None


def identity_secret(environ: Mapping[str, str]) -> bytes | None:
    """The key shared with the shop; None when the shop signs nobody in."""
    secret = environ.get(VARIABLE, "").encode()
    if not secret:
        return None
    if len(secret) < SHORTEST_SECRET or secret.startswith(b"-----BEGIN"):
        raise BadConfiguration(
            f"{VARIABLE} must be a random secret of {SHORTEST_SECRET} bytes or more."
        )
    return secret


def read_identity(token: object, *, secret: bytes | None, now: datetime) -> Identity:
    """The identity in the token, or BadIdentity, whatever was wrong with it."""
    if secret is None or not isinstance(token, str) or len(token) > LONGEST_TOKEN:
        raise BadIdentity
    claims = _claims(token, secret)
    subject, name = claims.get("sub"), claims.get("name")
    expires_at = _instant(claims.get("exp"))
    not_before = _instant(claims.get("nbf", claims.get("iat", 0)))
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise BadIdentity
    if not subject.isprintable() or subject != subject.strip():
        raise BadIdentity
    is_fresh = now - LEEWAY < expires_at <= now + LIFETIME + LEEWAY
    if not is_fresh or not_before > now + LEEWAY:
        raise BadIdentity
    shown = name if isinstance(name, str) and 0 < len(name) <= LONGEST_SUBJECT else None
    tier = claims.get("tier")
    return Identity(
        customer_id=subject,
        name=shown,
        expires_at=expires_at,
        tier=tier if isinstance(tier, str) and 0 < len(tier) <= LONGEST_TIER else None,
        region=code_of(claims.get("region")),
    )


def _claims(token: str, secret: bytes) -> dict[str, Any]:
    try:
        if "crit" in jwt.get_unverified_header(token):
            raise BadIdentity
        claims: dict[str, Any] = jwt.decode(
            token,
            secret,
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            # The times are compared with our own `now`.
            options={
                "require": ["sub", "exp", "aud"],
                "verify_exp": False,
                "verify_nbf": False,
                "verify_iat": False,
                "strict_aud": True,
            },
        )
    except (jwt.PyJWTError, ValueError, RecursionError) as error:
        raise BadIdentity from error
    return claims


def _instant(value: object) -> datetime:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadIdentity
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, OSError, ValueError) as error:
        raise BadIdentity from error


def as_shopper(identity: Identity) -> dict[str, str]:
    """What the conversation keeps of it."""
    known = {"customer_id": identity.customer_id, "name": identity.name or ""}
    more = {"tier": identity.tier, "region": identity.region}
    return known | {key: value for key, value in more.items() if value}


async def sign_in(
    session: AsyncSession,
    conversation_id: UUID,
    *,
    identity: Identity,
    valid: timedelta,
    now: datetime,
) -> None:
    """Bind the identity to the conversation for `valid`; another customer replaces it."""
    kept = await session.get(SignIn, conversation_id)
    if kept is None:
        kept = SignIn(conversation_id=conversation_id)
        session.add(kept)
    kept.customer_id = identity.customer_id
    kept.signed_in_at = now
    kept.valid_until = now + valid


async def signed_in_customer(
    session: AsyncSession, conversation_id: UUID, *, now: datetime
) -> str | None:
    """The customer the shop vouched for in this conversation, while that is valid."""
    found: str | None = await session.scalar(
        select(SignIn.customer_id).where(
            SignIn.conversation_id == conversation_id, SignIn.valid_until > now
        )
    )
    return found


async def sign_out(session: AsyncSession, conversation_id: UUID) -> None:
    """Forget who was here."""
    await session.execute(
        delete(SignIn).where(SignIn.conversation_id == conversation_id)
    )
