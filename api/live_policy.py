"""Decides which handoff policy holds at this moment: config.yml, or what a supervisor applied since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog
from pydantic import ValidationError

from api.trigger_settings import Triggers
from handoff import policies
from handoff.decisions import TriggerPolicy

if TYPE_CHECKING:
    from api.desk import Desk

log = structlog.get_logger(__name__)


class LivePolicy:
    """The policy of this process; a chore keeps it in step with the rows."""

    def __init__(self, start: Triggers) -> None:
        self._start = start
        #: the newest revision seen; 0 is config.yml
        self.number = 0
        self.triggers = start
        self.current: TriggerPolicy = start.policy()

    def take(self, number: int, kept: dict[str, Any] | None) -> None:
        """Go by this revision from now on; without content it means config.yml."""
        self.triggers = self.read(kept)
        self.current = self.triggers.policy()
        self.number = number

    def read(self, kept: dict[str, Any] | None) -> Triggers:
        """The revision's values, those of config.yml for what it does not know."""
        if kept is None:
            return self._start
        base = self._start.model_dump()
        rules = base["rules"] | kept.get("rules", {})
        try:
            return Triggers.model_validate(base | kept | {"rules": rules})
        except ValidationError:
            # Written by another version of the program: the file is the safe ground.
            log.exception("policy revision not understood", action="policy")
            return self._start


async def follow_policy(desk: Desk) -> None:
    """Pick up what was applied in any process since the last look."""
    async with desk.database.reading() as session:
        newest = await policies.newest(session)
    if newest is not None and newest.number != desk.policy.number:
        desk.policy.take(newest.number, newest.triggers)
