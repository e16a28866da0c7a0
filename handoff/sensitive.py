"""Whether these words touch a matter that no machine should answer alone.

A list and not a model: such matters are rare, the words for them are few, and nobody
should have to guess why a conversation was moved.
"""

from __future__ import annotations

from dataclasses import dataclass

from handoff.folding import fold, visible
from handoff.sensitive_words import LOOK_ALIKES, MATTERS

#: stands where a look-alike stood, so that nothing matches across it
BLANK = "□"


@dataclass(frozen=True, kw_only=True)
class Sensitive:
    """Which matter, and the words that gave it away."""

    #: crisis | injury | safety | legal | fraud | privacy
    kind: str
    words: str


def sensitive_matter(text: str) -> Sensitive | None:
    """Return the gravest sensitive matter the text touches, or None."""
    told = LOOK_ALIKES.sub(BLANK, fold(visible(text)))
    for kind, pattern in MATTERS:
        found = pattern.search(told)
        if found is not None:
            return Sensitive(kind=kind, words=found.group().strip())
    return None
