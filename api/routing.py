"""Decides what an agent is given: from the account, the settings, and who is there."""

from __future__ import annotations

from datetime import timedelta

from api.accounts.models import Staff
from api.accounts.roles import Permission, permissions
from api.accounts.staff import StaffMember
from api.settings import Settings
from handoff.routing import RoutingPolicy, Seeker


def routing_policy(settings: Settings) -> RoutingPolicy:
    given = settings.handoff.routing
    return RoutingPolicy(
        relax_skill=timedelta(seconds=given.relax_skill_seconds),
        relax_language=timedelta(seconds=given.relax_language_seconds),
        last_agent=timedelta(minutes=given.last_agent_minutes),
        skills=given.skills,
        weights=given.weights,
    )


def capacity_of(settings: Settings, person: Staff | StaffMember) -> int:
    """How much weight this person may hold at once."""
    return person.capacity or settings.handoff.agent_capacity


def seeker_of(settings: Settings, person: Staff | StaffMember) -> Seeker:
    """What this person could take."""
    may = permissions(person.roles)
    return Seeker(
        agent_id=person.id,
        capacity=capacity_of(settings, person),
        skills=frozenset(map(str, person.skills)),
        languages=frozenset(map(str, person.languages)),
        is_supervisor=Permission.MOVE_CONVERSATIONS in may,
    )
