"""Which waiting conversations suit which agent, as conditions on the rows.

A match of skill and language is preferred by waiting for it, for a time: whoever has
waited longer than that is anybody's. Only what was sent to a supervisor stays theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, bindparam, literal, or_

from handoff.models import Conversation
from handoff.rows import UtcDateTime

#: the skill that only supervisors have, and that time does not replace
SUPERVISOR = "supervisor"
AGENT = bindparam("p_agent", type_=Uuid())
NOW = bindparam("p_now", type_=UtcDateTime())


@dataclass(frozen=True, kw_only=True)
class RoutingPolicy:
    """How long a match is waited for, and what weighs how much."""

    relax_skill: timedelta = timedelta(seconds=120)
    relax_language: timedelta = timedelta(seconds=300)
    last_agent: timedelta = timedelta(minutes=3)
    #: intent -> skill
    skills: Mapping[str, str] = field(default_factory=dict)
    #: skill -> places of an agent's capacity
    weights: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Seeker:
    """An agent who could take one more: what they know, and how much they can hold."""

    agent_id: UUID
    capacity: int
    #: none means everything but what needs a supervisor
    skills: frozenset[str] = frozenset()
    #: none means all
    languages: frozenset[str] = frozenset()
    is_supervisor: bool = False


@dataclass(frozen=True, kw_only=True)
class Needs:
    """What a conversation needs of its agent."""

    skill: str | None = None
    tier: str = "standard"
    weight: int = 1


def needs_of(
    intents: Iterable[str | None], *, tier: str, policy: RoutingPolicy
) -> Needs:
    """Read the needed skill from what was wanted, the newest intent first."""
    skills = (policy.skills.get(intent) for intent in intents if intent)
    skill = next((each for each in skills if each), None)
    weight = policy.weights.get(skill, 1) if skill else 1
    return Needs(skill=skill, tier=tier, weight=weight)


@dataclass(frozen=True, kw_only=True)
class Knowledge:
    """What of a seeker and the policy shapes the question; the rest are its values."""

    skills: frozenset[str]
    languages: frozenset[str]
    is_supervisor: bool
    last_agent: timedelta

    @classmethod
    def of(cls, seeker: Seeker, policy: RoutingPolicy) -> Knowledge:
        return cls(
            skills=seeker.skills,
            languages=seeker.languages,
            is_supervisor=seeker.is_supervisor,
            last_agent=policy.last_agent,
        )


def suits(knowledge: Knowledge) -> list[ColumnElement[bool]]:
    """Say which waiting rows such an agent should be given now; see `values`."""
    column = Conversation
    conditions: list[ColumnElement[bool]] = [
        or_(
            column.avoid_agent_id.is_(None),
            column.avoid_agent_id != AGENT,
            column.avoid_until <= NOW,
        )
    ]
    if not knowledge.is_supervisor:
        conditions.append(or_(column.skill.is_(None), column.skill != SUPERVISOR))
    if knowledge.skills:
        conditions.append(
            or_(
                column.skill.is_(None),
                column.skill.in_(_each(knowledge.skills | {SUPERVISOR})),
                column.queued_at <= bindparam("p_skill_before", type_=UtcDateTime()),
            )
        )
    if knowledge.languages:
        conditions.append(
            or_(
                column.language.in_(_each(knowledge.languages)),
                column.queued_at <= bindparam("p_language_before", type_=UtcDateTime()),
            )
        )
    return conditions


def _each(names: Iterable[str]) -> list[ColumnElement[str]]:
    """One parameter a name, so that the question can be written down before it is asked."""
    return [literal(name) for name in sorted(names)]


def values(seeker: Seeker, policy: RoutingPolicy, *, now: datetime) -> dict[str, Any]:
    """The values of the parameters that `suits` asks with."""
    asked: dict[str, Any] = {"p_agent": seeker.agent_id, "p_now": now}
    if seeker.skills:
        asked["p_skill_before"] = now - policy.relax_skill
    if seeker.languages:
        asked["p_language_before"] = now - policy.relax_language
    return asked


def is_suited(
    conversation: Conversation, seeker: Seeker, policy: RoutingPolicy, *, now: datetime
) -> bool:
    """Say the same of one row at hand, for choosing among several agents."""
    row = conversation
    waited = now - row.queued_at if row.queued_at else timedelta()
    until = row.avoid_until
    if row.avoid_agent_id == seeker.agent_id and until is not None and until > now:
        return False
    if row.skill == SUPERVISOR and not seeker.is_supervisor:
        return False
    knows = not seeker.skills or row.skill is None or row.skill == SUPERVISOR
    if not knows and row.skill not in seeker.skills and waited < policy.relax_skill:
        return False
    speaks = not seeker.languages or row.language in seeker.languages
    return speaks or waited >= policy.relax_language
