"""Decides what follows a rating: who may object, when a follow-up opens, and who works on it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select

from api.accounts.roles import Permission
from api.accounts.staff import StaffMember
from api.announce import announce_queue
from api.bodies import RatingBody
from api.desk import Desk
from api.errors import NotAllowed
from api.views import agent_names
from handoff import appeals, follow_ups, ratings
from handoff.care_models import FollowUp, RatingAppeal, WrapUp
from handoff.lifecycle import Actor
from handoff.models import Message, Rating
from handoff.playbooks import cause_of
from handoff.ratings import Scores

#: the shopper's last words in which the cause may be named
LAST_WORDS = 20


class RatedView(BaseModel):
    """A rating as its agent and the supervisors see it."""

    model_config = ConfigDict(frozen=True)

    conversation_id: UUID
    stars: int
    accuracy: int | None
    communication: int | None
    delivery: int | None
    comment: str
    revisions: int
    rated_at: datetime
    agent_id: UUID | None
    agent_name: str | None
    may_appeal: bool
    #: none | open | upheld | rejected
    appeal: str
    appeal_reason: str


class FollowUpView(BaseModel):
    model_config = ConfigDict(frozen=True)

    conversation_id: UUID
    cause: str
    steps: list[dict[str, Any]]
    state: str
    opened_at: datetime
    due_at: datetime
    is_late: bool


async def rate(desk: Desk, conversation_id: UUID, body: RatingBody) -> Rating:
    """Keep the rating; a bad one opens a follow-up with the playbook of its cause."""
    comment = body.comment.replace("\0", "")
    async with desk.database.writing() as session:
        rating = await ratings.rate(
            session,
            conversation_id,
            stars=body.stars,
            scores=Scores(
                accuracy=body.accuracy,
                communication=body.communication,
                delivery=body.delivery,
            ),
            comment=comment,
            now=desk.clock(),
        )
        if follow_ups.is_needed(rating):
            said = await session.scalars(
                select(Message.text)
                .where(
                    Message.conversation_id == conversation_id,
                    Message.actor == Actor.SHOPPER,
                )
                .order_by(Message.seq.desc())
                .limit(LAST_WORDS)
            )
            await follow_ups.open_for(
                session,
                conversation_id,
                cause=cause_of(comment, said="\n".join(said), delivery=rating.delivery),
                within=timedelta(hours=desk.settings.care.follow_up_hours),
                now=desk.clock(),
            )
    if follow_ups.is_needed(rating):
        announce_queue(desk)
    return rating


async def rated(desk: Desk, member: StaffMember) -> list[RatedView]:
    """The newest ratings: one's own, and everybody's for a supervisor."""
    sees_all = member.may(Permission.SEE_ALL_CONVERSATIONS)
    async with desk.database.reading() as session:
        rows = await appeals.rated(session, agent_id=None if sees_all else member.id)
        names = await agent_names(session, (row[1] for row in rows))
    now = desk.clock()
    return [_rated(*row, names=names, member=member, now=now) for row in rows]


async def appeal(
    desk: Desk, member: StaffMember, conversation_id: UUID, *, reason: str
) -> None:
    """Object to a rating as the agent who served the shopper."""
    async with desk.database.writing() as session:
        await appeals.appeal(
            session,
            conversation_id,
            agent_id=member.id,
            reason=reason,
            now=desk.clock(),
        )


async def decide_appeal(
    desk: Desk, member: StaffMember, conversation_id: UUID, *, is_upheld: bool
) -> None:
    """Say as a supervisor whether the rating counts."""
    if not member.may(Permission.MOVE_CONVERSATIONS):
        raise NotAllowed
    async with desk.database.writing() as session:
        await appeals.decide(
            session,
            conversation_id,
            by=member.id,
            is_upheld=is_upheld,
            now=desk.clock(),
        )


async def open_follow_ups(desk: Desk, member: StaffMember) -> list[FollowUpView]:
    """What is still to be done: everything for a supervisor, else one's own shoppers."""
    async with desk.database.reading() as session:
        rows = await follow_ups.open_ones(session)
        if not member.may(Permission.SEE_ALL_CONVERSATIONS):
            own = set(
                await session.scalars(
                    select(WrapUp.conversation_id).where(
                        WrapUp.agent_id == member.id,
                        WrapUp.conversation_id.in_(
                            [row.conversation_id for row in rows]
                        ),
                    )
                )
            )
            rows = [row for row in rows if row.conversation_id in own]
    return [_follow_up(row, now=desk.clock()) for row in rows]


async def tick(
    desk: Desk, member: StaffMember, conversation_id: UUID, *, step: str, is_done: bool
) -> FollowUpView:
    await _check_may_follow(desk, member, conversation_id)
    async with desk.database.writing() as session:
        row = await follow_ups.tick(
            session,
            conversation_id,
            step=step,
            is_done=is_done,
            by=member.id,
            now=desk.clock(),
        )
    return _follow_up(row, now=desk.clock())


async def end_follow_up(
    desk: Desk, member: StaffMember, conversation_id: UUID, *, outcome: str, note: str
) -> None:
    await _check_may_follow(desk, member, conversation_id)
    async with desk.database.writing() as session:
        await follow_ups.end(
            session,
            conversation_id,
            outcome=outcome,
            note=note,
            by=member.id,
            now=desk.clock(),
        )
    announce_queue(desk)


async def _check_may_follow(
    desk: Desk, member: StaffMember, conversation_id: UUID
) -> None:
    if member.may(Permission.SEE_ALL_CONVERSATIONS):
        return
    async with desk.database.reading() as session:
        served = await appeals.served_by(session, conversation_id)
    if served != member.id:
        raise NotAllowed


def _rated(
    rating: Rating,
    agent_id: UUID | None,
    objection: RatingAppeal | None,
    *,
    names: dict[UUID, str],
    member: StaffMember,
    now: datetime,
) -> RatedView:
    is_young = rating.updated_at > now - appeals.APPEALABLE_FOR
    return RatedView(
        conversation_id=rating.conversation_id,
        stars=rating.stars,
        accuracy=rating.accuracy,
        communication=rating.communication,
        delivery=rating.delivery,
        comment=rating.comment,
        revisions=rating.revisions,
        rated_at=rating.updated_at,
        agent_id=agent_id,
        agent_name=names.get(agent_id) if agent_id else None,
        may_appeal=objection is None and is_young and agent_id == member.id,
        appeal="none" if objection is None else objection.outcome or "open",
        appeal_reason="" if objection is None else objection.reason,
    )


def _follow_up(row: FollowUp, *, now: datetime) -> FollowUpView:
    return FollowUpView(
        conversation_id=row.conversation_id,
        cause=row.cause,
        steps=[{"step": one["step"], "done_at": one["done_at"]} for one in row.steps],
        state=row.state,
        opened_at=row.opened_at,
        due_at=row.due_at,
        is_late=row.state == "open" and row.due_at < now,
    )
