"""The closed list of what may be said over a socket, in both directions."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from api.bodies import Pictures, check_content
from api.schemas import HandoffView, PublicMessage, StaffMessage

SUBPROTOCOL = "warmline.v1"

CLOSE_NORMAL = 1000
CLOSE_UNSUPPORTED = 1003  #: a binary frame
CLOSE_POLICY = 1008  #: too many frames that make no sense
CLOSE_TROUBLE = 1011  #: a fault of ours
CLOSE_NOT_SIGNED_IN = 4401
CLOSE_FORBIDDEN = 4403
CLOSE_IDLE = 4408
CLOSE_TOO_SLOW = 4429
CLOSE_RESTART = 4503

Seq = Annotated[int, Field(ge=0, le=2**31 - 1)]
ClientId = Annotated[
    str, Field(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")
]


class Frame(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


# --- from a shopper ----------------------------------------------------------------------


class Hello(Frame):
    t: Literal["hello"]
    token: Annotated[str, Field(max_length=200)] | None = None
    after: Seq = 0
    epoch: Annotated[str, Field(max_length=64)] | None = None


class SendMessage(Frame):
    t: Literal["message"]
    client_id: ClientId
    text: Annotated[str, Field(max_length=20_000)] | None = None
    button_id: Annotated[str, Field(max_length=64)] | None = None
    pictures: Pictures = ()

    @model_validator(mode="after")
    def _has_one_content(self) -> SendMessage:
        check_content(self.text, self.button_id, self.pictures)
        return self


class Typing(Frame):
    t: Literal["typing"]


class Read(Frame):
    t: Literal["read"]
    seq: Seq


class Ping(Frame):
    t: Literal["ping"]


ShopperFrame = Annotated[
    Hello | SendMessage | Typing | Read | Ping, Field(discriminator="t")
]
shopper_frames: TypeAdapter[Hello | SendMessage | Typing | Read | Ping] = TypeAdapter(
    ShopperFrame
)


# --- from an agent -----------------------------------------------------------------------


class AgentHello(Frame):
    t: Literal["hello"]
    token: Annotated[str, Field(max_length=200)] | None = None
    watch: Annotated[list[UUID], Field(max_length=50)] = []
    #: a board on a wall is nobody at a desk: it keeps no lease
    looks_on: bool = False


class Watch(Frame):
    t: Literal["watch"]
    conversation_id: UUID
    after: Seq = 0


class Unwatch(Frame):
    t: Literal["unwatch"]
    conversation_id: UUID


class AgentTyping(Frame):
    t: Literal["typing"]
    conversation_id: UUID


AgentFrame = Annotated[
    AgentHello | Watch | Unwatch | AgentTyping | Ping, Field(discriminator="t")
]
agent_frames: TypeAdapter[AgentHello | Watch | Unwatch | AgentTyping | Ping] = (
    TypeAdapter(AgentFrame)
)


# --- from the service --------------------------------------------------------------------


class ServerFrame(Frame):
    #: only on an agent's socket, which follows several conversations
    conversation_id: UUID | None = None

    def wire(self) -> str:
        """The JSON that goes out; `conversation_id` only where there is one."""
        left_out = {"conversation_id"} if self.conversation_id is None else set()
        return self.model_dump_json(exclude=left_out)


class Ready(ServerFrame):
    t: Literal["ready"] = "ready"
    head: int
    epoch: str
    status: str
    handoff: HandoffView | None
    agent_name: str | None = None
    language: str


class AgentReady(ServerFrame):
    t: Literal["ready"] = "ready"
    waiting: int
    mine: int


class MessageFrame(ServerFrame):
    t: Literal["message"] = "message"
    message: PublicMessage | StaffMessage


class Ack(ServerFrame):
    t: Literal["ack"] = "ack"
    client_id: str
    seq: int


class TurnFrame(ServerFrame):
    t: Literal["turn"] = "turn"
    state: Literal["running", "done"]


class StatusFrame(ServerFrame):
    t: Literal["status"] = "status"
    status: str
    handoff: HandoffView | None
    agent_name: str | None = None


class TypingFrame(ServerFrame):
    t: Literal["typing"] = "typing"
    actor: str


class ErrorFrame(ServerFrame):
    t: Literal["error"] = "error"
    code: str
    client_id: str | None = None
    detail: str
    retry_after: int | None = None


class Resync(ServerFrame):
    t: Literal["resync"] = "resync"


class Pong(ServerFrame):
    t: Literal["pong"] = "pong"
    head: int


class QueueFrame(ServerFrame):
    t: Literal["queue"] = "queue"
    waiting: int
    mine: int
    version: int


SERVER_FRAMES: tuple[type[ServerFrame], ...] = (
    Ready,
    AgentReady,
    MessageFrame,
    Ack,
    TurnFrame,
    StatusFrame,
    TypingFrame,
    ErrorFrame,
    Resync,
    Pong,
    QueueFrame,
)


def schemas() -> dict[str, Any]:
    """The JSON schemas of all frames, for the documentation."""
    return {
        "shopper": shopper_frames.json_schema(),
        "agent": agent_frames.json_schema(),
        "server": [frame.model_json_schema() for frame in SERVER_FRAMES],
    }
