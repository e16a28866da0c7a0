"""The JSON of the public contract: what a reader of a conversation gets to see."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict


class Shown(BaseModel):
    model_config = ConfigDict(frozen=True)


class ButtonView(Shown):
    id: str
    label: str


class SourceView(Shown):
    article_id: str
    revision_id: str
    title: str
    url: str


class PictureView(Shown):
    """A picture of a message; its bytes want the conversation's token or a session."""

    id: UUID
    url: str
    preview_url: str
    #: image/… or video/…; of a video the preview is a drawn tile
    mime: str = "image/jpeg"
    width: int
    height: int
    alt: str = ""


class UploadedView(Shown):
    """A picture that is kept and can now be sent with a message."""

    id: UUID
    client_id: str
    mime: str
    width: int
    height: int
    size: int


class PublicMessage(Shown):
    """One message as the shopper reads it."""

    seq: int
    actor: str
    kind: str
    text: str
    #: safe HTML, only of answers from articles
    html: str | None = None
    language: str | None
    buttons: list[ButtonView] = []
    sources: list[SourceView] = []
    pictures: list[PictureView] = []
    agent_name: str | None = None
    client_id: str | None = None
    created_at: datetime


class StaffMessage(PublicMessage):
    """One message as agents read it: notes too, and who may read it."""

    audience: str
    agent_id: UUID | None = None
    meta: dict[str, Any] = {}


class WaitSeconds(Shown):
    low: int
    high: int


class PlaceView(Shown):
    """A place that can be kept; `mail` is where its shopper is told, as it may be shown."""

    mail: str | None = None


class LeftLine(Shown):
    """Whoever has left the line talks to the bot again."""

    status: str


class IceServer(Shown):
    """One way for two browsers to find each other, as RTCPeerConnection takes it."""

    urls: list[str]
    username: str | None = None
    credential: str | None = None


class LookView(Shown):
    """A look through the shopper's camera: asked for, then offered, then answered."""

    id: UUID
    agent_id: UUID
    offer: str | None = None
    answer: str | None = None
    ice_servers: list[IceServer]


class HandoffView(Shown):
    """What the shopper is told while waiting or being served."""

    reasons: list[str]
    position: int | None
    wait_seconds: WaitSeconds | None
    opens_at: datetime | None
    #: only while waiting, and only where the desk sends mail
    place: PlaceView | None = None
    #: only while an agent asks to see something, or sees it
    camera: LookView | None = None


class TurnView(Shown):
    """The answer to a message: itself, and all that was said back."""

    message: PublicMessage
    replies: list[PublicMessage]
    status: str
    handoff: HandoffView | None
    #: who serves it now
    agent_name: str | None = None


class MessagesView(Shown):
    messages: list[PublicMessage]
    status: str
    handoff: HandoffView | None
    #: who serves it now
    agent_name: str | None = None
    #: the newest seq this reader may know of; a lower one held means that some are missing
    head: int
    #: of a resolved one: writing until then goes on with it
    reopens_until: datetime | None = None


class OpenedView(Shown):
    id: UUID
    token: str
    language: str
    status: str
