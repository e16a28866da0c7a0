"""Which stored conversations a policy is tried on, and how they are read from their rows or a file."""

from __future__ import annotations

import json
from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from statistics import median
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff.decisions import Kind
from handoff.models import Assignment, Conversation, Handoff, Message, Turn
from handoff.replay import Spell, spells_of
from handoff.signals import PastTurn, from_json
from handoff.turns import TurnState

#: fewer handled conversations than this say nothing of how long one takes
ENOUGH_HANDLED = 10
#: so many of the newest are looked at for it
_MOST_HANDLED = 500
_SEARCHED = frozenset({"answer", "clarify", "abstain"})


class BadStories(ValueError):
    """The file holds no conversations that can be read; the message says where."""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """The rows of one conversation, not yet read."""

    conversation_id: UUID
    at: datetime
    #: (first seq, last seq, signals, failure, started at)
    turns: tuple[tuple[int, int, dict[str, Any], str | None, datetime], ...]
    #: seq and text of what the shopper said
    said: tuple[tuple[int, str], ...]
    handoffs: tuple[tuple[UUID, datetime], ...]


async def newest_ids(session: AsyncSession, *, limit: int) -> list[UUID]:
    """The conversations to try a policy on, the newest first."""
    return list(
        await session.scalars(
            select(Conversation.id)
            .order_by(Conversation.created_at.desc(), Conversation.id)
            .limit(limit)
        )
    )


async def fetch(session: AsyncSession, ids: Sequence[UUID]) -> list[Kept]:
    """The rows of these conversations; one call should take a hundred or so."""
    turns: dict[UUID, list[Any]] = defaultdict(list)
    said: dict[UUID, list[tuple[int, str]]] = defaultdict(list)
    handoffs: dict[UUID, list[tuple[UUID, datetime]]] = defaultdict(list)
    columns = (Turn.first_seq, Turn.last_seq, Turn.signals, Turn.failure)
    for turn in await session.execute(
        select(Turn.conversation_id, *columns, Turn.started_at)
        .where(Turn.conversation_id.in_(ids), Turn.state != TurnState.RUNNING)
        .order_by(Turn.conversation_id, Turn.first_seq)
    ):
        turns[turn[0]].append(tuple(turn[1:]))
    for message in await session.execute(
        select(Message.conversation_id, Message.seq, Message.text)
        .where(Message.conversation_id.in_(ids), Message.actor == "shopper")
        .order_by(Message.conversation_id, Message.seq)
    ):
        said[message[0]].append((message[1], message[2]))
    for handoff in await session.execute(
        select(Handoff.conversation_id, Handoff.id, Handoff.requested_at)
        .where(Handoff.conversation_id.in_(ids))
        .order_by(Handoff.requested_at)
    ):
        handoffs[handoff[0]].append((handoff[1], handoff[2]))
    return [
        Kept(
            conversation_id=each,
            at=turns[each][0][-1],
            turns=tuple(turns[each]),
            said=tuple(said[each]),
            handoffs=tuple(handoffs[each]),
        )
        for each in ids
        if turns[each]
    ]


def build(kept: Iterable[Kept]) -> list[Spell]:
    """Read the rows. It takes a while for many: call it in a thread."""
    return list(chain.from_iterable(map(_spells, kept)))


def _spells(kept: Kept) -> list[Spell]:
    turns = [_turn(kept, *each[:4]) for each in kept.turns]
    found = spells_of(
        str(kept.conversation_id), _without_idle_vectors(turns), at=kept.at
    )
    left, place = list(kept.handoffs), -1
    named = []
    for spell in found:
        place += len(spell.steps)
        started = kept.turns[place][-1]
        handoff_id = None
        if spell.steps[-1].turn.decided == Kind.HANDOFF:
            handoff_id = next((one for one, at in left if at >= started), None)
            left = [each for each in left if each[0] != handoff_id]
        named.append(replace(spell, handoff_id=handoff_id))
    return named


def _turn(
    kept: Kept, first: int, last: int, signals: Mapping[str, Any], failure: str | None
) -> PastTurn:
    text = "\n".join(words for seq, words in kept.said if first <= seq <= last)
    turn = from_json(signals, text=text)
    if failure is not None and turn.signals.bot_failure is None:
        # Its process died: the row was closed by another, which handed over.
        lost = replace(turn.signals, bot_failure=failure)
        return replace(turn, signals=lost, decided="handoff", reasons=("bot_failure",))
    return turn


def _without_idle_vectors(turns: Sequence[PastTurn]) -> list[PastTurn]:
    """Keep vectors, packed, only where there are two questions to compare."""
    questions = [turn for turn in turns if turn.signals.is_question]
    is_compared = sum(turn.signals.vector is not None for turn in questions) > 1
    lean = []
    for turn in turns:
        vector = turn.signals.vector
        is_kept = vector is not None and is_compared and turn.signals.is_question
        packed = array("f", vector) if is_kept and vector is not None else None
        lean.append(replace(turn, signals=replace(turn.signals, vector=packed)))
    return lean


async def handling_minutes(session: AsyncSession, *, default_seconds: int) -> float:
    """What a handoff takes an agent: the median of the newest ones, or the default."""
    rows = await session.execute(
        select(Assignment.started_at, Assignment.ended_at)
        .where(Assignment.ended_how == "resolved")
        .order_by(Assignment.ended_at.desc())
        .limit(_MOST_HANDLED)
    )
    spans = [(end - start).total_seconds() for start, end in rows if end is not None]
    seconds = median(spans) if len(spans) >= ENOUGH_HANDLED else default_seconds
    return round(seconds / 60, 2)


def read_lines(lines: Iterable[str]) -> list[Spell]:
    """Conversations of a JSONL file: `{id, turns: [{text, signals…}]}`; raises BadStories."""
    spells: list[Spell] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            told = json.loads(line)
            turns = [_told(turn, told.get("language")) for turn in told["turns"]]
            spells += spells_of(str(told.get("id") or number), turns)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadStories(f"line {number}: no conversation ({error})") from error
    if not spells:
        raise BadStories("the file holds no conversation")
    return spells


def _told(turn: Mapping[str, Any], language: str | None) -> PastTurn:
    """A turn as it is kept, or with the short names that people write."""
    outcome = turn.get("search_outcome") or turn.get("outcome")
    kept = {
        "language": language,
        # A label stands for what was surely understood.
        "intent_confidence": 1.0,
        **turn,
        "search_outcome": outcome if outcome in _SEARCHED else None,
    }
    return from_json(kept, text=str(turn["text"]))
