"""What a shopper may do over HTTP with the one conversation that the token opens."""

from __future__ import annotations

import asyncio
import hmac
import secrets
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession
from uuid_utils.compat import uuid7

from api import after_talk
from api.accounts.roles import Permission
from api.accounts.staff import StaffMember, hash_token
from api.agent_speaking import say_as_agent
from api.announce import announce
from api.auth import (
    Shopper,
    TheDesk,
    bearer,
    conversation_id_of,
    peer_address,
    recognise_staff,
    shoppers_conversation,
)
from api.bodies import (
    AgentMessage,
    LanguageBody,
    OpenConversation,
    RatingBody,
    ShopperMessage,
)
from api.coming_back import still_reopens
from api.desk import Desk
from api.errors import InvalidFields
from api.limits import Rate
from api.problems import preferred_language
from api.schemas import MessagesView, OpenedView, StaffMessage, TurnView
from api.shop.identity import Identity, as_shopper, read_identity, sign_in
from api.speaking import Said, answered, take
from api.transcript import transcript
from api.views import handoff_view, owner_name, public_head, public_messages
from handoff import conversations
from handoff.errors import NoSuchConversation
from handoff.lifecycle import ENDED
from handoff.models import Conversation

router = APIRouter(prefix="/api/v1/conversations", tags=["shopper"])

AN_HOUR = 3600
PAGE = 500


@router.post("", status_code=201, operation_id="open_conversation")
async def open_conversation(
    request: Request, desk: TheDesk, body: OpenConversation | None = None
) -> OpenedView:
    """Start a conversation. The token is shown this once and opens this conversation alone."""
    most = Rate(times=desk.settings.limits.conversations_per_hour, seconds=AN_HOUR)
    await desk.limiter.check("conversations", peer_address(request), most)
    asked = body or OpenConversation()
    language = chosen_language(desk, asked.language, request)
    token = secrets.token_urlsafe(32)
    now = desk.clock()
    identity = identity_in(desk, asked)
    shopper = described(desk, request, asked)
    if identity is not None:
        shopper |= as_shopper(identity)
    async with desk.database.writing() as session:
        conversation = await conversations.open_conversation(
            session,
            conversation_id=uuid7(),
            token_hash=hash_token(token),
            language=language,
            channel=asked.channel,
            shopper=shopper,
            follows_id=await ended_before(session, asked.follows),
            now=now,
        )
        if identity is not None:
            await sign_in(
                session,
                conversation.id,
                identity=identity,
                valid=timedelta(minutes=desk.settings.limits.proof_valid_minutes),
                now=now,
            )
    return OpenedView(
        id=conversation.id,
        token=token,
        language=conversation.language,
        status=conversation.status,
    )


async def ended_before(session: AsyncSession, token: str | None) -> UUID | None:
    """The ended conversation this token opens; one that goes on is not gone on from."""
    if token is None:
        return None
    found = await conversations.by_token_hash(session, hash_token(token))
    return found.id if found is not None and found.status in ENDED else None


def described(desk: Desk, request: Request, asked: OpenConversation) -> dict[str, str]:
    """What is kept of a shopper from the start, before anybody vouches for them."""
    known = {"address_key": address_key(desk, request)}
    return known if asked.timezone is None else known | {"timezone": asked.timezone}


def identity_in(desk: Desk, asked: OpenConversation) -> Identity | None:
    """Whom the shop vouches for; BadIdentity if its token is not in order."""
    if asked.customer_token is None:
        return None
    secret = desk.identity_secret
    return read_identity(asked.customer_token, secret=secret, now=desk.clock())


def address_key(desk: Desk, request: Request) -> str:
    """Names the shopper's address for limits without keeping the address itself."""
    key = desk.settings.secrets.session_key.encode()
    return hmac.new(key, peer_address(request).encode(), "sha256").hexdigest()[:32]


def chosen_language(desk: Desk, asked: str | None, request: Request) -> str:
    """What was asked for, else what the browser prefers, else the shop's own."""
    if asked == "zh":
        return "zh-Hans"
    accept = request.headers.get("accept-language", "")
    return asked or preferred_language(accept, fallback=desk.settings.languages.default)


@router.post("/{conversation_id}/messages", operation_id="send_message")
async def send_message(
    conversation_id: str,
    body: AgentMessage | ShopperMessage,
    request: Request,
    desk: TheDesk,
) -> TurnView | StaffMessage:
    """Say something. A shopper gets the whole turn; an agent the message as it was kept."""
    conversation, member = await speaker(conversation_id, request, desk)
    if isinstance(body, AgentMessage):
        if member is None:
            raise InvalidFields(
                [{"pointer": "/assignment_version", "detail": "Not for shoppers."}]
            )
        return await say_as_agent(desk, member, conversation.id, body)
    if member is not None:
        raise InvalidFields([{"pointer": "/assignment_version", "detail": "Missing."}])
    said = Said(
        client_id=body.client_id,
        text=body.text,
        button_id=body.button_id,
        pictures=body.pictures,
    )
    taken = await take(desk, conversation, said)
    # A reader who leaves must not end the turn that others may wait for.
    waiting = desk.background.start(answered(desk, taken), name="answer")
    return await asyncio.shield(waiting)


async def speaker(
    conversation_id: str, request: Request, desk: Desk
) -> tuple[Conversation, StaffMember | None]:
    """Who speaks: the shopper whose token this is, or an agent who is signed in."""
    token = bearer(request)
    try:
        return await shoppers_conversation(desk, conversation_id, token), None
    except NoSuchConversation:
        member = await recognise_staff(request)
        if member is None or not member.may(Permission.SERVE_SHOPPERS):
            raise
    wanted = conversation_id_of(conversation_id)
    async with desk.database.reading() as session:
        return await conversations.get(session, wanted), member


@router.get("/{conversation_id}/messages", operation_id="read_messages")
async def read_messages(
    conversation: Shopper,
    desk: TheDesk,
    after: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
) -> MessagesView:
    """Everything after that seq, in order; `head` says whether there is more."""
    await desk.here.note(conversation.id)
    async with desk.database.reading() as session:
        rows = await conversations.since(
            session, conversation.id, after=after, limit=PAGE
        )
        shown = await public_messages(session, rows)
        head = await public_head(session, conversation.id)
        current = await conversations.get(session, conversation.id)
        name = await owner_name(session, current)
    return MessagesView(
        messages=shown,
        status=current.status,
        handoff=await handoff_view(desk, current),
        agent_name=name,
        head=head,
        reopens_until=still_reopens(desk, current),
    )


@router.get("/{conversation_id}/transcript", operation_id="read_transcript")
async def read_transcript(conversation: Shopper, desk: TheDesk) -> Response:
    """The whole conversation as a text file to keep."""
    text = await transcript(desk, conversation)
    name = f"conversation-{conversation.id}.txt"
    return Response(
        text,
        media_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.post("/{conversation_id}/rating", operation_id="rate_conversation")
async def rate(
    conversation: Shopper, desk: TheDesk, body: RatingBody
) -> dict[str, Any]:
    """Five stars, three scores and a comment; may be revised once within 30 days."""
    rating = await after_talk.rate(desk, conversation.id, body)
    return {
        "stars": rating.stars,
        "accuracy": rating.accuracy,
        "communication": rating.communication,
        "delivery": rating.delivery,
        "comment": rating.comment,
        "revisions": rating.revisions,
    }


@router.put("/{conversation_id}/language", operation_id="choose_language")
async def choose_language(
    conversation: Shopper, desk: TheDesk, body: LanguageBody
) -> dict[str, str]:
    """Answer in this language from now on."""
    language = "zh-Hans" if body.language == "zh" else body.language
    async with desk.database.writing() as session:
        changed = await conversations.change_language(
            session, conversation.id, language=language, now=desk.clock()
        )
    announce(desk, conversation.id, "status")
    return {"language": changed.language}
