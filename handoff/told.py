"""What the words of a message say by themselves: the same under every policy."""

from __future__ import annotations

from dataclasses import dataclass

from handoff.asking import Asking, asks_for_person, only_looks_like_asking
from handoff.sensitive import Sensitive, sensitive_matter


@dataclass(frozen=True, kw_only=True)
class Told:
    """A wish for a person, what only looks like one, and a sensitive matter."""

    asking: Asking | None
    only_looks_like_asking: bool
    matter: Sensitive | None


def read(text: str) -> Told:
    """Read the words once; whoever weighs them again need not."""
    return Told(
        asking=asks_for_person(text),
        only_looks_like_asking=only_looks_like_asking(text),
        matter=sensitive_matter(text),
    )
