"""Decides how a shopper may leave and keep their place: told by mail when it is their turn, once."""

from __future__ import annotations

import hmac
import secrets
import smtplib
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from api.accounts.staff import hash_token
from api.agents import notice
from api.announce import announce
from api.desk import Desk
from api.errors import ApiError
from api.limits import Rate
from api.mail import send_mail
from api.shop.masking import masked_email
from handoff import conversations, places
from handoff.errors import ConversationEnded, NoSuchConversation
from handoff.models import Conversation, Handoff
from handoff.places import Turn
from knowledge_base.languages import is_language

log = structlog.get_logger(__name__)

AN_HOUR = 3600
#: the link in the mail opens the conversation for so long
LINK = timedelta(days=7)


class PlaceNotKept(ApiError):
    """This desk sends no mail to shoppers."""

    code = "place_not_kept"
    status = 409


def can_mail(desk: Desk) -> bool:
    """A server, a sender and an address that the link can lead to."""
    given = desk.settings
    return bool(given.handoff.mail.host and given.handoff.mail.sender) and bool(
        given.public_url
    )


async def keep(
    desk: Desk, conversation: Conversation, *, mail: str, address: str
) -> str:
    """Keep the place and return the address as it is shown from now on."""
    if not can_mail(desk):
        raise PlaceNotKept
    most = Rate(times=desk.settings.limits.kept_places_per_hour, seconds=AN_HOUR)
    await desk.limiter.check("kept_place", address, most)
    # Nobody's mailbox is filled by somebody else's conversations.
    await desk.limiter.check("kept_place_mail", hash_token(mail.lower()), most)
    async with desk.database.writing() as session:
        await places.keep(session, conversation.id, mail=mail, now=desk.clock())
    announce(desk, conversation.id, "status")
    return masked_email(mail)


async def give_up(desk: Desk, conversation: Conversation) -> None:
    """No mail after all; the place stays as it is."""
    async with desk.database.writing() as session:
        await places.give_up(session, conversation.id)
    announce(desk, conversation.id, "status")


async def tell_turns(desk: Desk) -> None:
    """Everybody whose turn it is and who is not looking gets one mail."""
    if not can_mail(desk):
        return
    now = desk.clock()
    async with desk.database.reading() as session:
        found = await places.turns(session, now=now)
    for turn in found:
        async with desk.database.writing() as session:
            mine = await places.take_telling(session, turn.handoff_id, now=now)
        if mine:
            await _tell(desk, turn, now=now)


async def _tell(desk: Desk, turn: Turn, *, now: datetime) -> None:
    shown = masked_email(turn.mail)
    is_here = await desk.here.has(turn.conversation.id)
    is_sent = is_here or await _send(desk, turn)
    async with desk.database.writing() as session:
        if not is_sent:
            await places.failed(session, turn.handoff_id, shown=shown, now=now)
            return
        await places.told(session, turn.handoff_id, shown=shown)
        if not is_here:
            # Resolved meanwhile: the mail says enough.
            with suppress(ConversationEnded):
                await notice(
                    desk, session, turn.conversation.id, "place_told", mail=shown
                )
    announce(desk, turn.conversation.id, "messages", "status")


async def _send(desk: Desk, turn: Turn) -> bool:
    row = turn.conversation
    default = desk.settings.languages.default
    language = row.language if is_language(row.language) else default
    code = code_of(desk, turn.handoff_id, asked_at=turn.asked_at)
    link = f"{desk.settings.public_url}/widget?lang={language}#place={row.id}.{code}"
    args = {"shop": desk.settings.shop.name[language], "link": link}
    try:
        await send_mail(
            desk.settings.handoff.mail,
            [turn.mail],
            subject=desk.words.render("place_mail_subject", language, args).text,
            text=desk.words.render("place_mail", language, args).text,
        )
    except (OSError, smtplib.SMTPException) as error:
        # The error may quote the address; its kind says enough.
        log.warning("turn not told", action="place", error=type(error).__name__)
        return False
    return True


def code_of(desk: Desk, handoff_id: UUID, *, asked_at: datetime) -> str:
    """What the link proves: that this mail was sent for this request."""
    key = desk.settings.secrets.session_key.encode()
    said = f"place:{handoff_id}:{int(asked_at.timestamp())}"
    return hmac.new(key, said.encode(), "sha256").hexdigest()[:43]


async def come_back(
    desk: Desk, conversation_id: UUID, *, code: str, address: str
) -> tuple[Conversation, str]:
    """Open the conversation on the device with the mail; the other device's token ends."""
    most = Rate(times=desk.settings.limits.proof_tries, seconds=AN_HOUR)
    await desk.limiter.check_only("place_code", address, most)
    token = secrets.token_urlsafe(32)
    async with desk.database.writing() as session:
        request = await _proved(desk, session, conversation_id, code)
        if request is not None:
            row = await conversations.get(session, conversation_id)
            row.token_hash = hash_token(token)
            await session.flush()
            return row, token
    await desk.limiter.count("place_code", address, most)
    raise NoSuchConversation


async def _proved(
    desk: Desk, session: AsyncSession, conversation_id: UUID, code: str
) -> Handoff | None:
    since = desk.clock() - LINK
    request = await places.told_lately(session, conversation_id, since=since)
    if request is None or request.place_asked_at is None:
        return None
    right = code_of(desk, request.id, asked_at=request.place_asked_at)
    return request if hmac.compare_digest(right, code) else None
