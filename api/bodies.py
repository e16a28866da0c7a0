"""The bodies that the API takes: strict, with nothing that a caller may not set."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from api.setting_types import Timezone

ClientId = Annotated[
    str,
    Field(
        min_length=8,
        max_length=64,
        pattern=r"^[A-Za-z0-9_-]+$",
        examples=["0198c0de-5b7e-7a31-8f00-3f2f5a1f0c11"],
    ),
]
Text = Annotated[str, Field(min_length=1, max_length=20_000)]
Stars = Annotated[int, Field(ge=1, le=5, strict=True)]
Seq = Annotated[int, Field(ge=0, le=2**31 - 1, strict=True)]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class OpenConversation(Body):
    language: Literal["zh", "zh-Hans", "zh-Hant", "en"] | None = None
    #: the shop's signed proof of who this is, when it has one
    customer_token: Annotated[str, Field(max_length=4000)] | None = None
    #: the shopper's own, in which times are told, such as Europe/Berlin
    timezone: Annotated[Timezone, Field(max_length=64)] | None = None
    #: where the shopper writes from; the chat window is `web`
    channel: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,15}$")] = "web"
    #: the token of an ended conversation that this one goes on from
    follows: Annotated[str, Field(max_length=200)] | None = None


class SentPicture(Body):
    """A picture that was uploaded to this conversation before."""

    id: UUID
    #: what it shows, in the sender's words, for those who cannot see it
    alt: Annotated[str, Field(max_length=300)] = ""


Pictures = Annotated[tuple[SentPicture, ...], Field(max_length=20)]


def check_content(
    text: str | None, button_id: str | None, pictures: Sequence[SentPicture]
) -> None:
    """Raise ValueError unless it is words, pictures or both, or one button."""
    has_content = text is not None or bool(pictures)
    if has_content == (button_id is not None):
        raise ValueError("Send text, pictures or both, or else button_id.")


class ShopperMessage(Body):
    """Text, pictures or both, or `button_id`; and an id made by the sender's device."""

    client_id: ClientId
    text: Annotated[str, Field(max_length=20_000)] | None = None
    button_id: Annotated[str, Field(max_length=64)] | None = None
    pictures: Pictures = ()

    @model_validator(mode="after")
    def _has_one_content(self) -> Self:
        check_content(self.text, self.button_id, self.pictures)
        return self


class AgentMessage(Body):
    client_id: ClientId
    #: may be empty where there are pictures
    text: Annotated[str, Field(max_length=20_000)]
    pictures: Pictures = ()
    assignment_version: Seq
    #: the newest message the agent had on screen; a later one of the shopper refuses this
    seen_seq: Seq | None = None

    @model_validator(mode="after")
    def _has_content(self) -> Self:
        if not self.text and not self.pictures:
            raise ValueError("Send text, pictures or both.")
        return self


class Note(Body):
    client_id: ClientId
    text: Text


class RatingBody(Body):
    stars: Stars
    accuracy: Stars | None = None
    communication: Stars | None = None
    delivery: Stars | None = None
    comment: Annotated[str, Field(max_length=2000)] = ""


class LanguageBody(Body):
    language: Literal["zh", "zh-Hans", "zh-Hant", "en"]


class Login(Body):
    login: Annotated[str, Field(min_length=1, max_length=80)]
    password: Annotated[str, Field(min_length=1, max_length=256, repr=False)]


class PresenceBody(Body):
    state: Literal["available", "away"]
    capacity: Annotated[int, Field(ge=1, le=100)] | None = None
    #: on a break until then
    back_at: AwareDatetime | None = None

    @model_validator(mode="after")
    def _only_who_is_away_comes_back(self) -> Self:
        if self.back_at is not None and self.state != "away":
            raise ValueError("back_at is said with the state away.")
        return self


class ShiftBody(Body):
    #: none is an open end; now or earlier ends it at once
    ends_at: AwareDatetime | None


class Owned(Body):
    assignment_version: Seq


NoteText = Annotated[str, Field(max_length=4000)]


class Transfer(Owned):
    to_agent_id: UUID
    note: NoteText = ""


class MoveInLine(Body):
    """Forward is above nought, back is below; the shop bounds how far."""

    minutes: Annotated[int, Field(ge=-240, le=240, strict=True)]
    reason: Annotated[str, Field(min_length=1, max_length=300)]

    @model_validator(mode="after")
    def _moves(self) -> Self:
        if self.minutes == 0:
            raise ValueError("minutes is not nought.")
        return self


class PassOn(Owned):
    """To whoever has the skill; `supervisor` is one that only supervisors have."""

    skill: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
    note: NoteText = ""


class ReturnToBot(Owned):
    #: what was settled, for whoever serves the shopper next
    settled: NoteText = ""


class Resolve(Owned):
    disposition: Annotated[str, Field(max_length=32)]
    #: the branch below the disposition
    detail: Annotated[str, Field(max_length=32)] = ""
    summary: Annotated[str, Field(max_length=4000)] = ""
    #: the agent changed what was drafted
    is_corrected: bool = False


class Empty(Body):
    """Nothing; `{}` or no body at all."""


class WordingBody(Body):
    question: Annotated[str, Field(min_length=1, max_length=500)]
    variants: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=500)]], Field(max_length=60)
    ] = []
    answer: Annotated[str, Field(min_length=1, max_length=20_000)]


Code = Annotated[str, Field(min_length=1, max_length=16)]


class Content(Body):
    """The languages an article is written in, one at least, and what it asks of the bot."""

    model_config = ConfigDict(serialize_by_alias=True)

    simplified: Annotated[WordingBody | None, Field(alias="zh-Hans")] = None
    traditional: Annotated[WordingBody | None, Field(alias="zh-Hant")] = None
    en: WordingBody | None = None
    #: how sure the bot must be to say this one; null: as the shop's configuration says
    answer_precision: Annotated[float | None, Field(ge=0.5, le=0.99)] = None
    #: for whom it holds; null: for everybody
    regions: Annotated[list[Code] | None, Field(max_length=50)] = None
    channels: Annotated[list[Code] | None, Field(max_length=50)] = None
    #: the order was placed on one of these days
    ordered_from: date | None = None
    ordered_until: date | None = None


Topic = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[a-z][a-z0-9-]*$")]


class NewArticle(Body):
    id: Annotated[
        str, Field(min_length=2, max_length=80, pattern=r"^[a-z0-9][a-z0-9-]*$")
    ]
    topic: Topic
    content: Content
    note: Annotated[str, Field(max_length=500)] = ""


class ArticleEdit(Body):
    topic: Topic | None = None
    content: Content
    #: languages whose words still hold, though those they were translated from changed
    confirmed: tuple[Literal["zh-Hans", "zh-Hant", "en"], ...] = ()
    note: Annotated[str, Field(max_length=500)] = ""


class Preview(Body):
    markdown: Annotated[str, Field(max_length=20_000)]


class Customer(Body):
    #: the shop's signed proof of who this is
    customer_token: Annotated[str, Field(max_length=4096)]


class CloseGap(Body):
    how: Literal["article_written", "variant_added", "not_ours"]
