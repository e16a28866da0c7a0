"""Which waiting conversations suit which agent, as conditions on the rows.

A match of skill and language is preferred by waiting for it, for a time: whoever has
waited longer than that is anybody's. Only what was sent to a supervisor stays theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, or_

from handoff.models import Conversation

#: the skill that only supervisors have, and that time does not replace
SUPERVISOR = "supervisor"


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


def suits(
    seeker: Seeker, policy: RoutingPolicy, *, now: datetime
) -> list[ColumnElement[bool]]:
    """Say which waiting rows this agent should be given now."""
    column = Conversation
    conditions: list[ColumnElement[bool]] = [
        or_(
            column.avoid_agent_id.is_(None),
            column.avoid_agent_id != seeker.agent_id,
            column.avoid_until <= now,
        )
    ]
    if not seeker.is_supervisor:
        conditions.append(or_(column.skill.is_(None), column.skill != SUPERVISOR))
    if seeker.skills:
        known = sorted(seeker.skills | {SUPERVISOR})
        conditions.append(
            or_(
                column.skill.is_(None),
                column.skill.in_(known),
                column.queued_at <= now - policy.relax_skill,
            )
        )
    if seeker.languages:
        conditions.append(
            or_(
                column.language.in_(sorted(seeker.languages)),
                column.queued_at <= now - policy.relax_language,
            )
        )
    return conditions


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
