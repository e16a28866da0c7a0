"""One measured thing beside its target, said honestly."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Figure:
    """`is_met` is None where something was only looked at."""

    name: str
    target: str
    measured: str
    is_met: bool | None

    @classmethod
    def at_most(
        cls, name: str, value: float, limit: float, unit: str, *, remark: str = ""
    ) -> Figure:
        return cls(
            name=name,
            target=f"≤ {limit:g} {unit}".rstrip(),
            measured=f"{value:.2f} {unit}".rstrip()
            + (f" ({remark})" if remark else ""),
            is_met=value <= limit,
        )

    @classmethod
    def not_measured(cls, name: str, target: str, why: str) -> Figure:
        return cls(
            name=name, target=target, measured=f"not measured: {why}", is_met=None
        )

    @property
    def verdict(self) -> str:
        return {True: "met", False: "MISSED", None: "-"}[self.is_met]


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def p95(values: Sequence[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]
