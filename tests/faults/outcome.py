"""What one run of one scenario showed."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.desk import Nursery


@dataclass
class Outcome:
    """Figures to state, and every violation as a sentence."""

    figures: dict[str, object] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)

    @property
    def is_kept(self) -> bool:
        return not self.violations

    def told(self) -> str:
        return ", ".join(f"{name} {value}" for name, value in self.figures.items())


@dataclass(frozen=True)
class Stage:
    """Where a scenario runs: its folder, and the nursery of its workers."""

    nursery: Nursery
    folder: Path
    #: guards taken out, for the control
    without: tuple[str, ...] = ()
    database_url: str = ""
