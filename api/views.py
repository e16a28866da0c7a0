"""Decides what each reader of a conversation gets to see of its rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from api.accounts.models import Staff
from api.desk import Desk
from api.look_view import look_of
from api.markdown import to_html
from api.opening import is_staffed
from api.schemas import (
    ButtonView,
    HandoffView,
    PictureView,
    PlaceView,
    PublicMessage,
    SourceView,
    StaffMessage,
    WaitSeconds,
)
from api.shop.masking import masked_email
from handoff import hours, requests, waiting
from handoff.lifecycle import Audience, Status
from handoff.models import Conversation, Handoff, Message

#: what agents may know of a message's background
_STAFF_META = ("say", "probability", "outcome", "article_id", "button", "key")


def public_message(row: Message, names: Mapping[UUID, str]) -> PublicMessage:
    """The message without anything internal: no press, no meta, no agent's id."""
    markdown = row.meta.get("markdown")
    return PublicMessage(
        seq=row.seq,
        actor=row.actor,
        kind=row.kind,
        text=row.text,
        html=to_html(markdown) if isinstance(markdown, str) else None,
        language=row.language,
        buttons=[
            ButtonView(id=each["id"], label=each["label"]) for each in row.buttons
        ],
        sources=[SourceView.model_validate(each) for each in row.sources],
        pictures=pictures_of(row),
        agent_name=names.get(row.agent_id) if row.agent_id else None,
        client_id=row.client_id,
        created_at=row.created_at,
    )


def pictures_of(row: Message) -> list[PictureView]:
    """Where the pictures of the message are fetched."""
    root = f"/api/v1/conversations/{row.conversation_id}/pictures"
    return [
        PictureView(
            id=each["id"],
            url=f"{root}/{each['id']}",
            preview_url=f"{root}/{each['id']}/preview",
            mime=each["mime"],
            width=each["width"],
            height=each["height"],
            alt=each["alt"],
        )
        for each in row.meta.get("pictures") or ()
    ]


def staff_message(row: Message, names: Mapping[UUID, str]) -> StaffMessage:
    """The message as agents see it."""
    shown = public_message(row, names)
    meta = {key: row.meta[key] for key in _STAFF_META if key in row.meta}
    return StaffMessage(
        **shown.model_dump(exclude={"buttons", "sources", "pictures"}),
        buttons=shown.buttons,
        sources=shown.sources,
        pictures=shown.pictures,
        audience=row.audience,
        agent_id=row.agent_id,
        meta=meta,
    )


async def agent_names(
    session: AsyncSession, agents: Iterable[UUID | None]
) -> dict[UUID, str]:
    """The names shown for these agents."""
    wanted = {each for each in agents if each is not None}
    if not wanted:
        return {}
    rows = await session.execute(
        select(Staff.id, Staff.name).where(Staff.id.in_(wanted))
    )
    return {row[0]: row[1] for row in rows}


async def owner_name(session: AsyncSession, conversation: Conversation) -> str | None:
    """Whom the shopper is talking to, if it is a person."""
    owner = conversation.agent_id
    return (await agent_names(session, [owner])).get(owner) if owner else None


async def public_messages(
    session: AsyncSession, rows: Sequence[Message]
) -> list[PublicMessage]:
    names = await agent_names(session, (row.agent_id for row in rows))
    return [
        public_message(row, names) for row in rows if row.audience == Audience.EVERYONE
    ]


async def staff_messages(
    session: AsyncSession, rows: Sequence[Message]
) -> list[StaffMessage]:
    names = await agent_names(session, (row.agent_id for row in rows))
    return [staff_message(row, names) for row in rows]


async def public_head(session: AsyncSession, conversation_id: UUID) -> int:
    """The newest seq that the shopper may read; notes above it are not theirs to miss."""
    newest = await session.scalar(
        select(func.max(Message.seq)).where(
            Message.conversation_id == conversation_id,
            Message.audience == Audience.EVERYONE,
        )
    )
    return newest or 0


def epoch(conversation: Conversation) -> str:
    """Names this very stream of numbers: another one would start them again."""
    born = f"{conversation.id} {conversation.created_at.isoformat()}"
    return hashlib.sha256(born.encode()).hexdigest()[:16]


async def handoff_view(desk: Desk, conversation: Conversation) -> HandoffView | None:
    """What the shopper is told while waiting or being served; None otherwise.

    Asks Redis first, with no session open.
    """
    if conversation.status == Status.QUEUED:
        return await _waiting(desk, conversation)
    if conversation.status == Status.ASSIGNED:
        return await _served(desk, conversation)
    return None


async def _served(desk: Desk, conversation: Conversation) -> HandoffView:
    camera = await look_of(desk, conversation)
    async with desk.database.reading() as session:
        request = await requests.open_handoff(session, conversation.id)
    return HandoffView(
        reasons=_codes(request),
        position=None,
        wait_seconds=None,
        opens_at=None,
        camera=camera,
    )


async def _waiting(desk: Desk, conversation: Conversation) -> HandoffView:
    place = await desk.line.position(conversation.id)
    now = desk.clock()
    opens_at = None
    skill = conversation.skill
    if not await is_staffed(desk, skill=skill, now=now):
        opens_at = hours.next_opening(now, desk.opening_hours.of(skill))
    async with desk.database.reading() as session:
        request = await requests.open_handoff(session, conversation.id)
        if place is None:
            place = await waiting.count_before(session, conversation) + 1
        soon = await waiting.forecast(
            session,
            position=place,
            now=now,
            default=desk.settings.handoff.forecast_default_seconds,
            skill=skill,
        )
    closed = opens_at is not None and opens_at > now
    return HandoffView(
        reasons=_codes(request),
        position=place,
        wait_seconds=None if closed else WaitSeconds(low=soon.low, high=soon.high),
        opens_at=opens_at if closed else None,
        place=_place(desk, request),
    )


def _codes(request: Handoff | None) -> list[str]:
    return [str(each["code"]) for each in request.reasons] if request else []


def _place(desk: Desk, request: Handoff | None) -> PlaceView | None:
    """Whether this place can be kept, and where its shopper is told."""
    given = desk.settings
    server = given.handoff.mail
    if request is None or not (server.host and server.sender and given.public_url):
        return None
    mail = (request.keep_place or {}).get("mail")
    return PlaceView(mail=masked_email(mail) if mail else None)
