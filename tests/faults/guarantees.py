"""The guarantees with their sizes, and for each the guard whose absence the check must notice."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from tests.faults import (
    acknowledged,
    bot_failing,
    claiming,
    dying,
    resuming,
    taking_over,
)
from tests.faults.desk import Nursery
from tests.faults.outcome import Outcome, Stage
from tests.faults.stub_bot import MODES

#: without the second way of taking too long
QUICK_MODES = tuple(mode for mode in MODES if mode != "30s")
SizeName = Literal["small", "selection", "full"]
Run = Callable[[Stage, Any], Awaitable[Outcome]]


@dataclass(frozen=True, kw_only=True)
class Guarantee:
    """What is promised, how it is attacked, and what must break without its guard."""

    name: str
    promise: str
    run: Run
    sizes: dict[SizeName, Any]
    #: the guard taken out for the control, and how large the control is
    without: str
    control: Any
    #: a word that only the violation meant by the control has in its sentence
    sign: str
    #: databases beside SQLite at full size
    also_on: tuple[str, ...] = ()


GUARANTEES = (
    Guarantee(
        name="G1",
        promise="an acknowledged message is kept once",
        run=acknowledged.kills,
        sizes={
            "small": acknowledged.Size(
                conversations=6, messages=15, kill_after=(20, 40), die_before_ack=0.01
            ),
            "selection": acknowledged.Size(conversations=20, messages=100),
            "full": acknowledged.Size(conversations=20, messages=500, seconds=900),
        },
        without="idempotent_messages",
        sign="duplicated",
        control=acknowledged.Size(
            conversations=6, messages=8, kill_after=(15, 30), die_before_ack=0.15
        ),
        also_on=("postgresql",),
    ),
    Guarantee(
        name="G2",
        promise="one order for everyone",
        run=acknowledged.one_order,
        sizes={
            "small": acknowledged.OrderSize(senders=4, sockets=3, messages=8),
            "selection": acknowledged.OrderSize(senders=8, sockets=4, messages=40),
            "full": acknowledged.OrderSize(
                senders=8, sockets=4, messages=250, seconds=300
            ),
        },
        without="numbers_given_with_the_commit",
        sign="misses",
        control=acknowledged.OrderSize(senders=4, sockets=3, messages=6, seconds=8),
    ),
    Guarantee(
        name="G3",
        promise="who comes back misses nothing",
        run=resuming.cuts,
        sizes={
            "small": resuming.Size(
                clients=8, messages=60, cuts=25, kills=1, seconds=12, is_timed=False
            ),
            "selection": resuming.Size(clients=20, messages=600, cuts=120, kills=3),
            "full": resuming.Size(
                clients=50,
                messages=5000,
                cuts=500,
                kills=10,
                longest_delay=10,
                seconds=900,
            ),
        },
        without="resume_from_where_one_was",
        sign="misses",
        control=resuming.Size(
            clients=6, messages=40, cuts=18, kills=1, seconds=9, is_timed=False
        ),
    ),
    Guarantee(
        name="G5",
        promise="one owner, nobody over capacity",
        run=claiming.everybody_claims,
        sizes={
            "small": claiming.Size(workers=2, agents=5, capacity=3, waiting=24),
            "selection": claiming.Size(workers=2, agents=16, capacity=5, waiting=400),
            "full": claiming.Size(
                workers=4, agents=32, capacity=5, waiting=2000, seconds=900
            ),
        },
        without="one_owner_by_one_statement",
        sign="was given to",
        control=claiming.Size(workers=2, agents=5, capacity=3, waiting=24),
        also_on=("postgresql",),
    ),
    Guarantee(
        name="G8",
        promise="a failing bot leaves nobody without words",
        run=bot_failing.every_way,
        sizes={
            "small": bot_failing.Size(each=2, modes=QUICK_MODES),
            "selection": bot_failing.Size(each=10, modes=MODES),
            "full": bot_failing.Size(each=50, modes=MODES),
        },
        without="words_after_a_failure",
        sign="0 handoffs",
        control=bot_failing.Size(each=2, modes=("500", "empty_list")),
    ),
    Guarantee(
        name="G9",
        promise="a dying service answers once or hands over",
        run=dying.at_every_moment,
        sizes={
            "small": dying.Size(moments=("bot_asked",), conversations=6),
            "selection": dying.Size(moments=dying.MOMENTS, conversations=14),
            "full": dying.Size(moments=dying.MOMENTS * 6, conversations=18),
        },
        without="a_turn_is_asked_once",
        sign="times",
        control=dying.Size(moments=("bot_asked",), conversations=6),
    ),
    Guarantee(
        name="G11",
        promise="after a takeover the bot is silent",
        run=taking_over.at_a_random_moment,
        sizes={
            "small": taking_over.Size(takeovers=20),
            "selection": taking_over.Size(takeovers=120),
            "full": taking_over.Size(takeovers=500),
        },
        without="silence_after_a_takeover",
        sign="the bot spoke",
        control=taking_over.Size(takeovers=20),
    ),
)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """How a guarantee came out of one run."""

    guarantee: Guarantee
    database: str
    outcome: Outcome
    control: Outcome | None
    seconds: float

    @property
    def is_proven(self) -> bool:
        """Kept, and the check does notice when it is not."""
        return self.outcome.is_kept and self.notices

    @property
    def notices(self) -> bool:
        """Whether the control showed the very violation that the guard prevents."""
        return self.control is None or shows(self.guarantee, self.control)


def shows(guarantee: Guarantee, control: Outcome) -> bool:
    """Any other failure of a control proves nothing."""
    return any(guarantee.sign in each for each in control.violations)


async def prove(
    guarantee: Guarantee,
    size: SizeName,
    *,
    nursery: Nursery,
    folder: Path,
    database: str = "sqlite",
    database_url: str = "",
) -> Verdict:
    """Run it, and then its control without the guard."""
    started = time.monotonic()
    outcome = await guarantee.run(
        Stage(nursery, folder / guarantee.name, database_url=database_url),
        guarantee.sizes[size],
    )
    control = None
    if database == "sqlite":
        without = Stage(
            nursery, folder / f"{guarantee.name}-control", (guarantee.without,)
        )
        control = await guarantee.run(without, guarantee.control)
    return Verdict(
        guarantee=guarantee,
        database=database,
        outcome=outcome,
        control=control,
        seconds=time.monotonic() - started,
    )
