"""Lets fault tests kill the process at a named moment; does nothing unless the environment names one.

`WARMLINE_FAILPOINTS=after_commit:0.002,before_reply:0.01` ends the process there with
that probability, without cleaning up, as a power switch would.
"""

from __future__ import annotations

import os
import random
from collections.abc import Mapping

EXIT_CODE = 86


class Failpoints:
    """The moments at which this process may die, with their probabilities."""

    def __init__(self, chances: Mapping[str, float] | None = None) -> None:
        self._chances = dict(chances or {})

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Failpoints:
        named = environ.get("WARMLINE_FAILPOINTS", "")
        pairs = (part.partition(":") for part in named.split(",") if part.strip())
        return cls({name.strip(): float(chance or 1) for name, _, chance in pairs})

    def reach(self, name: str) -> None:
        """End the process here, if the dice say so."""
        chance = self._chances.get(name)
        if chance is not None and random.random() < chance:  # noqa: S311 - no secret
            os._exit(EXIT_CODE)
