"""Decides what a button may mean. The meaning stays on the server; the shopper holds an id."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from api.bot.payloads import Press
from api.errors import NoSuchButton
from handoff.lifecycle import Actor
from handoff.models import Message

#: how far back a button may still be pressed, in messages that carry any
STILL_PRESSABLE = 60


class Meaning(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Pressed(Meaning):
    """Goes to the bot as a ready parsed message."""

    kind: Literal["press"] = "press"
    press: Press


class ChosenArticle(Meaning):
    """The shopper picked one of the articles that were asked back."""

    kind: Literal["article"] = "article"
    article_id: str
    question: str


class NoneOfThese(Meaning):
    """None of the articles that were asked back was meant."""

    kind: Literal["none_of_these"] = "none_of_these"
    question: str


class Verdict(Meaning):
    """Whether an answer helped."""

    kind: Literal["verdict"] = "verdict"
    helpful: bool
    article_id: str
    question: str


class OfferReply(Meaning):
    """Whether the shopper wants the person that was offered."""

    kind: Literal["offer"] = "offer"
    accepted: bool


AnyMeaning = Annotated[
    Pressed | ChosenArticle | NoneOfThese | Verdict | OfferReply,
    Field(discriminator="kind"),
]
_meanings: TypeAdapter[Pressed | ChosenArticle | NoneOfThese | Verdict | OfferReply] = (
    TypeAdapter(AnyMeaning)
)


def button(label: str, meaning: Meaning) -> dict[str, Any]:
    """A new button as it is stored; `press` never leaves the server."""
    return {
        "id": secrets.token_urlsafe(9),
        "label": label,
        "press": meaning.model_dump(mode="json"),
    }


def meaning_of(
    stored: Any,
) -> Pressed | ChosenArticle | NoneOfThese | Verdict | OfferReply:
    return _meanings.validate_python(stored)


class FoundButton(Meaning):
    """A button of this conversation: its words, its meaning and where it stood."""

    label: str
    meaning: AnyMeaning
    seq: int


async def find(
    session: AsyncSession, conversation_id: UUID, *, button_id: str
) -> FoundButton:
    """The button of this conversation with that id, or NoSuchButton."""
    rows: Sequence[Message] = (
        await session.scalars(
            select(Message)
            .where(
                Message.conversation_id == conversation_id,
                Message.actor.in_((Actor.BOT, Actor.SYSTEM)),
            )
            .order_by(Message.seq.desc())
            .limit(STILL_PRESSABLE)
        )
    ).all()
    for row in rows:
        for each in row.buttons:
            if each["id"] == button_id:
                return FoundButton(
                    label=each["label"], meaning=meaning_of(each["press"]), seq=row.seq
                )
    raise NoSuchButton
