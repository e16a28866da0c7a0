"""What shoppers ask that nothing answers, masked and counted until an editor closes it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Literal, get_args
from uuid import UUID

import uuid_utils
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge_base.errors import NoSuchGap
from knowledge_base.folding import digest
from knowledge_base.inserting import insert_into
from knowledge_base.languages import Language
from knowledge_base.masking import mask
from knowledge_base.models import Gap

GapKind = Literal["abstained", "not_helpful", "clarification_declined", "handed_over"]
ClosedHow = Literal["article_written", "variant_added", "not_ours"]
KINDS: tuple[GapKind, ...] = get_args(GapKind)
CLOSED_HOW: tuple[ClosedHow, ...] = get_args(ClosedHow)
#: a person's help costs the shop as much as this many askings that ended with the bot
HANDOVER_COST = 5
#: enough to recognise a question; more is a story about somebody
_MOST_TEXT = 300


async def note_gap(
    session: AsyncSession,
    *,
    text: str,
    language: Language,
    kind: GapKind,
    nearest_article_id: str | None,
    now: datetime,
    asked: bool = True,
    handed_over: bool = False,
) -> None:
    """Keep the question masked; the same one again counts up.

    With `asked` off this asking is counted already and only its end is news. A gap
    closed by an article that is asked again was not closed: it reopens. One that is
    not ours stays closed, and counts on.
    """
    masked = mask(text).strip()[:_MOST_TEXT]
    if not masked:
        return
    latest: dict[str, Any] = {"kind": kind, "last_at": now}
    if nearest_article_id is not None:
        latest["nearest_article_id"] = nearest_article_id
    counts = {"times": int(asked), "handovers": int(handed_over)}
    await _count(session, masked, language=language, latest=latest, counts=counts)
    if not asked:
        return
    again = await session.scalar(
        select(Gap)
        .where(Gap.text_hash == digest(masked))
        .execution_options(populate_existing=True)
    )
    if again is not None and again.closed_how not in {None, "not_ours"}:
        again.closed_at = again.closed_how = again.closed_by = None
        await session.flush()


async def _count(
    session: AsyncSession,
    masked: str,
    *,
    language: Language,
    latest: dict[str, Any],
    counts: dict[str, int],
) -> None:
    """Insert the question, or count it up: one statement, so that no asking is lost."""
    statement = insert_into(session, Gap).values(
        id=UUID(str(uuid_utils.uuid7())),
        text=masked,
        text_hash=digest(masked),
        language=language,
        times=1,
        handovers=counts["handovers"],
        first_at=latest["last_at"],
        **latest,
    )
    raised = {
        "times": Gap.times + counts["times"],
        "handovers": Gap.handovers + counts["handovers"],
    }
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["text_hash"], set_=raised | latest
        )
    )


def cost(gap: Gap) -> int:
    """What the gap costs the shop: every asking, and a good deal more for a person's help."""
    return gap.times + HANDOVER_COST * gap.handovers


async def list_gaps(
    session: AsyncSession, *, closed: bool = False, limit: int = 200
) -> list[Gap]:
    """The costliest gaps first, the newest first among equals."""
    which = Gap.closed_at.is_not(None) if closed else Gap.closed_at.is_(None)
    weight = Gap.times + HANDOVER_COST * Gap.handovers
    found = await session.scalars(
        select(Gap)
        .where(which)
        .order_by(weight.desc(), Gap.last_at.desc(), Gap.id)
        .limit(limit)
    )
    return list(found)


async def not_ours(session: AsyncSession, *, limit: int = 200) -> list[Gap]:
    """What editors said is no matter of the shop, the newest first."""
    found = await session.scalars(
        select(Gap)
        .where(Gap.closed_how == "not_ours")
        .order_by(Gap.closed_at.desc(), Gap.id)
        .limit(limit)
    )
    return list(found)


async def get(session: AsyncSession, gap_ids: Iterable[UUID]) -> list[Gap]:
    """These gaps in this order; raises NoSuchGap when one is unknown."""
    wanted = list(dict.fromkeys(gap_ids))
    rows = await session.scalars(select(Gap).where(Gap.id.in_(wanted)))
    found = {gap.id: gap for gap in rows}
    if len(found) != len(wanted):
        raise NoSuchGap
    return [found[gap_id] for gap_id in wanted]


async def close(
    session: AsyncSession, gap_id: UUID, *, how: ClosedHow, by: str, now: datetime
) -> Gap:
    """An editor dealt with it, this way; raises NoSuchGap."""
    [gap] = await close_all(session, [gap_id], how=how, by=by, now=now)
    return gap


async def close_all(
    session: AsyncSession,
    gap_ids: Sequence[UUID],
    *,
    how: ClosedHow,
    by: str,
    now: datetime,
) -> list[Gap]:
    """An editor dealt with all of them; none is closed when one is unknown."""
    found = await get(session, gap_ids)
    for gap in found:
        gap.closed_at, gap.closed_how, gap.closed_by = now, how, by
    await session.flush()
    return found
