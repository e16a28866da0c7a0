"""How one waiting row becomes an agent's: a conditional UPDATE with all that goes with it.

The questions are built once for every kind of agent and asked with values after that:
building one takes longer than answering it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    ScalarSelect,
    Text,
    Uuid,
    and_,
    bindparam,
    cast,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlalchemy.sql.dml import ReturningUpdate

from handoff.capacity import load_of
from handoff.events import AgentAssigned
from handoff.lifecycle import Status
from handoff.models import Assignment, AuditEntry, Conversation, Handoff
from handoff.moments import later
from handoff.requests import stamp
from handoff.routing import AGENT, NOW, Knowledge, suits
from handoff.rows import new_id
from handoff.transitions import TRUE_TO_ROWS, record

#: kinds of agents, by skills and languages, whose questions are kept
KINDS = 512


async def take(
    session: AsyncSession, knowledge: Knowledge | None, asked: dict[str, Any]
) -> Assignment | None:
    """Give the agent the one named, or the first who suits; None if there is none."""
    spell = Assignment(
        id=new_id(), agent_id=asked["p_agent"], started_at=asked["p_now"]
    )
    if session.get_bind().dialect.name == "postgresql":
        taken = await _at_once(session, knowledge, asked, spell)
    else:
        taken = await _one_by_one(session, knowledge, asked, spell)
    if taken is None:
        return None
    spell.conversation_id, spell.version = taken
    return spell


async def _one_by_one(
    session: AsyncSession,
    knowledge: Knowledge | None,
    asked: dict[str, Any],
    spell: Assignment,
) -> tuple[UUID, int] | None:
    result = await session.execute(
        _update(knowledge), asked, execution_options=TRUE_TO_ROWS
    )
    row = result.first()
    if row is None:
        return None
    conversation_id, version = row
    now = spell.started_at
    await stamp(session, conversation_id, what="first_assigned_at", now=now)
    await session.execute(
        insert(Assignment).values(
            id=spell.id,
            conversation_id=conversation_id,
            agent_id=spell.agent_id,
            version=version,
            started_at=now,
        )
    )
    record(
        session,
        AgentAssigned(
            conversation_id=conversation_id,
            at=now,
            agent_id=spell.agent_id,
            version=version,
        ),
    )
    await session.flush()
    return conversation_id, version


async def _at_once(
    session: AsyncSession,
    knowledge: Knowledge | None,
    asked: dict[str, Any],
    spell: Assignment,
) -> tuple[UUID, int] | None:
    """The same in one journey to the database: PostgreSQL writes four tables at once."""
    sql, known = _written(knowledge)
    connection = await session.connection()
    result = await connection.exec_driver_sql(
        sql, {**known, **asked, "p_spell": spell.id, "p_audit": new_id()}
    )
    row: Any = result.first()
    return None if row is None else (row[0], row[1])


@lru_cache(maxsize=KINDS)
def _update(knowledge: Knowledge | None) -> ReturningUpdate[UUID, int]:
    if knowledge is None:
        chosen: ColumnElement[UUID] = bindparam("p_conversation", type_=Uuid())
    else:
        known = _first(knowledge, _is_known(knowledge))
        chosen = func.coalesce(known, _first(knowledge))
    return (
        update(Conversation)
        .where(Conversation.status == Status.QUEUED, Conversation.id == chosen)
        .values(
            status=Status.ASSIGNED,
            agent_id=AGENT,
            last_agent_id=AGENT,
            avoid_agent_id=None,
            avoid_until=None,
            assignment_version=Conversation.assignment_version + 1,
            updated_at=NOW,
        )
        .returning(Conversation.id, Conversation.assignment_version)
    )


def _first(knowledge: Knowledge, *more: ColumnElement[bool]) -> ScalarSelect[UUID]:
    """The first in the line who suits the agent and for whom there is room."""
    has = load_of(AGENT)
    capacity = bindparam("p_capacity", type_=Integer())
    return (
        select(Conversation.id)
        .where(
            Conversation.status == Status.QUEUED,
            or_(has == 0, Conversation.weight <= capacity - has),
            *suits(knowledge),
            *more,
        )
        .order_by(Conversation.queue_rank_at, Conversation.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .correlate(None)
        .scalar_subquery()
    )


def _is_known(knowledge: Knowledge) -> ColumnElement[bool]:
    """Whether the agent served them last, and nobody stands much further in front."""
    other = aliased(Conversation)
    ahead = (
        select(other.queue_rank_at)
        .where(other.status == Status.QUEUED)
        .order_by(other.queue_rank_at)
        .limit(1)
        .scalar_subquery()
    )
    return and_(
        Conversation.last_agent_id == AGENT,
        Conversation.queue_rank_at <= later(ahead, knowledge.last_agent),
    )


@lru_cache(maxsize=KINDS)
def _written(knowledge: Knowledge | None) -> tuple[str, dict[str, Any]]:
    """The one statement as PostgreSQL reads it, and the values that never change."""
    taken = _update(knowledge).cte("taken")
    stamped = (
        update(Handoff)
        .where(
            Handoff.conversation_id == taken.c.id,
            Handoff.ended_at.is_(None),
            Handoff.first_assigned_at.is_(None),
        )
        .values(first_assigned_at=NOW)
        .returning(Handoff.id)
        .cte("stamped")
    )
    version = taken.c.assignment_version
    begun, kept = _begun(taken), _kept(taken)
    whole = select(taken.c.id, version).add_cte(stamped, begun, kept)
    dialect = postgresql.psycopg.dialect()  # type: ignore[no-untyped-call]
    compiled = whole.compile(dialect=dialect)
    given = {k: v for k, v in compiled.params.items() if not k.startswith("p_")}
    return str(compiled), given


def _begun(taken: CTE) -> CTE:
    """The agent's spell with the conversation begins."""
    spell = bindparam("p_spell", type_=Uuid())
    version = taken.c.assignment_version
    return (
        insert(Assignment)
        .from_select(
            ["id", "conversation_id", "agent_id", "version", "started_at"],
            select(spell, taken.c.id, AGENT, version, NOW),
            include_defaults=False,
        )
        .returning(Assignment.id)
        .cte("begun")
    )


def _kept(taken: CTE) -> CTE:
    """The fact, as AgentAssigned.data() writes it."""
    version = taken.c.assignment_version
    data = func.jsonb_build_object("agent_id", cast(AGENT, Text), "version", version)
    entry = bindparam("p_audit", type_=Uuid())
    return (
        insert(AuditEntry)
        .from_select(
            ["id", "conversation_id", "event", "at", "data"],
            select(entry, taken.c.id, literal(AgentAssigned.kind), NOW, data),
            include_defaults=False,
        )
        .returning(AuditEntry.id)
        .cte("kept")
    )
