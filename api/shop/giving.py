"""Decides how a shop's order system is told to give a coupon, a compensation or a refund."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """What a person of the desk has granted."""

    order_number: str
    #: coupon | compensation | refund
    kind: str
    amount: Decimal
    currency: str


@runtime_checkable
class GivesAllowances(Protocol):
    """An order source that can give; one that cannot simply lacks the method."""

    async def give_allowance(
        self, allowance: Allowance, *, idempotency_key: str
    ) -> str:
        """Give it once and return the shop's own number for it.

        Raises as `OrderSource.request_change` does; the same key gets the first answer.
        """
        ...
