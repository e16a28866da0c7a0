"""What a turn brought to light, whoever understood it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from api.bot.payloads import BotMessage, BotRequest, Emotion, Intent
from api.buttons import Verdict
from api.vectors import Vector
from handoff.turns import OpenTurn, TurnState
from knowledge_base.gaps import GapKind
from knowledge_base.search import SearchResult

if TYPE_CHECKING:
    from api.signals import Past


@dataclass(frozen=True, kw_only=True)
class Gap:
    """A question that nothing answered."""

    text: str
    kind: GapKind
    nearest_article_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class TurnMessage:
    """One thing to say."""

    message: BotMessage
    stays_on_handoff: bool = False


@dataclass(frozen=True, kw_only=True)
class Understood:
    """Everything a turn brought to light, whoever understood it."""

    turn_id: UUID
    text: str
    first_seq: int
    last_seq: int
    messages: tuple[TurnMessage, ...] = ()
    requests: tuple[BotRequest, ...] = ()
    intent: Intent = field(default_factory=Intent)
    intent_ranking: tuple[Intent, ...] = ()
    entities: tuple[dict[str, Any], ...] = ()
    slots: dict[str, Any] = field(default_factory=dict)
    active_loop: str | None = None
    emotion: Emotion = field(default_factory=Emotion)
    dialogue: list[Any] = field(default_factory=list)
    failure: str | None = None
    outcome: str | None = None
    search: SearchResult | None = None
    vector: Vector | None = None
    helpful: bool | None = None
    offer_accepted: bool | None = None
    verdict: Verdict | None = None
    gap: Gap | None = None
    #: how many pictures came with the turn
    pictures: int = 0

    @property
    def state(self) -> TurnState:
        return TurnState.FAILED if self.failure else TurnState.ANSWERED

    @classmethod
    def broken(cls, turn: OpenTurn, *, reason: str) -> Understood:
        """A turn that came to nothing."""
        return cls(
            turn_id=turn.turn_id,
            text="\n".join(each.text for each in turn.messages if each.text),
            first_seq=turn.messages[0].seq,
            last_seq=turn.messages[-1].seq,
            failure=reason,
            pictures=sum(
                len(each.meta.get("pictures") or ()) for each in turn.messages
            ),
        )

    @classmethod
    def lost(cls, turn_id: UUID, past: Past) -> Understood:
        """A turn whose process died; what was asked stands in the rows."""
        asked = [row for row in past.messages if row.actor == "shopper"]
        return cls(
            turn_id=turn_id,
            text=asked[-1].text if asked else "",
            first_seq=asked[-1].seq if asked else 0,
            last_seq=asked[-1].seq if asked else 0,
            failure="lease_expired",
        )


def told_anyway(message: dict[str, Any]) -> TurnMessage:
    """What came of a change is said even when a person takes over."""
    return TurnMessage(
        message=BotMessage.model_validate(message), stays_on_handoff=True
    )


def with_messages(understood: Understood, said: list[TurnMessage]) -> Understood:
    """The same, with more to say and with the handoffs that saying brought along."""
    requests = tuple(each.message.request for each in said if each.message.request)
    spoken = tuple(each for each in said if each.message.request is None)
    return replace(
        understood,
        messages=understood.messages + spoken,
        requests=understood.requests + requests,
    )
