"""The JSON of the seam to the bot, checked strictly: what we send, and what we believe."""

from __future__ import annotations

import base64
from typing import Annotated, Any, Literal, Self, get_args

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

Vector = NDArray[np.float32]

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Share = Annotated[float, Field(ge=0, le=1)]
Short = Annotated[str, Field(max_length=200)]


class Payload(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, allow_inf_nan=False, hide_input_in_errors=True
    )


class Lenient(BaseModel):
    """For what Rasa decorates with keys of its own."""

    model_config = ConfigDict(
        extra="ignore", frozen=True, allow_inf_nan=False, hide_input_in_errors=True
    )


class Press(Payload):
    """What a button means, made on the server; nothing typed can become one."""

    intent: Key
    entities: dict[Key, str | float | bool | None] = {}


class VectorPayload(Payload):
    """The text's vector, so that it is embedded once."""

    model: str
    values: str

    @classmethod
    def pack(cls, model: str, vector: Vector) -> Self:
        little = np.asarray(vector, dtype="<f4").tobytes()
        return cls(model=model, values=base64.b64encode(little).decode("ascii"))

    def unpack(self) -> Vector:
        """The vector; ValueError if it is not one."""
        raw = base64.b64decode(self.values, validate=True)
        vector = np.frombuffer(raw, dtype="<f4").astype(np.float32)
        if not vector.size or not np.isfinite(vector).all():
            raise ValueError("This is no vector.")
        return vector


class TurnMetadata(Payload):
    language: str
    turn_id: str
    signed_in: bool = False
    vector: VectorPayload | None = None


class TurnRequest(Payload):
    conversation_id: str
    text: str
    press: Press | None = None
    metadata: TurnMetadata
    dialogue: list[Any]


class Say(Payload):
    """Words from the catalogue, by key."""

    say: Key
    args: dict[Key, Any] = {}
    buttons: Annotated[list[SayButton], Field(max_length=8)] = []


class SayButton(Payload):
    label: Key
    press: Press


class AnswerFound(Payload):
    article_id: Short
    revision_id: Short
    language: str
    probability: Share


class Choice(Payload):
    article_id: Short
    title: Annotated[str, Field(max_length=500)]


class Nearest(Payload):
    nearest: Annotated[list[Choice], Field(max_length=10)] = []


class BotRequest(Payload):
    """What the bot asks the service to do; the service decides."""

    type: Literal["handoff_request", "order_change"]
    reason: str | None = None
    change: (
        Literal[
            "cancel",
            "address",
            "return",
            "exchange",
            "invoice",
            "price",
            "problem",
            "lost",
        ]
        | None
    ) = None
    order_number: Short | None = None
    detail: dict[str, Any] = {}

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.type == "handoff_request" and not self.reason:
            raise ValueError("A handoff request has a reason.")
        if self.type == "order_change" and not (self.change and self.order_number):
            raise ValueError("An order change names the change and the order.")
        return self


class BotMessage(Payload):
    """One thing the bot said: exactly one of the five kinds."""

    say: Say | None = None
    answer: AnswerFound | None = None
    clarify: Annotated[list[Choice], Field(min_length=1, max_length=5)] | None = None
    abstain: Nearest | None = None
    request: BotRequest | None = None

    @model_validator(mode="before")
    @classmethod
    def _gather_say(cls, value: Any) -> Any:
        """On the wire the words' fields stand side by side: {say, args, buttons}."""
        if isinstance(value, dict) and isinstance(value.get("say"), str):
            return {"say": value}
        return value

    @model_validator(mode="after")
    def _is_one_kind(self) -> Self:
        kinds = (self.say, self.answer, self.clarify, self.abstain, self.request)
        if sum(kind is not None for kind in kinds) != 1:
            raise ValueError("A bot message is exactly one of its kinds.")
        return self


class Intent(Lenient):
    name: str | None = None
    confidence: Share = 0.0


class Entity(Lenient):
    entity: str
    value: Any = None
    start: int | None = None
    end: int | None = None


Feeling = Literal["neutral", "anxious", "dissatisfied", "angry", "sad", "grateful"]
FEELINGS: frozenset[str] = frozenset(get_args(Feeling))


class Emotion(Lenient):
    label: Feeling = "neutral"
    intensity: Share = 0.0
    evidence: list[str] = []


class BotReply(Lenient):
    """The whole turn: what to say, what was understood, and the dialogue to keep."""

    messages: Annotated[list[BotMessage], Field(min_length=1, max_length=20)]
    intent: Intent = Intent()
    intent_ranking: list[Intent] = []
    entities: list[Entity] = []
    emotion: Emotion = Emotion()
    slots: dict[str, Any] = {}
    active_loop: str | None = None
    dialogue: list[Any]


Say.model_rebuild()
