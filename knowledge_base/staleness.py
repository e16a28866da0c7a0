"""Which languages of an article are older than the one they were translated from.   (pure)"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from knowledge_base.content import Content, from_row
from knowledge_base.languages import Language
from knowledge_base.models import Revision


def changed_in(
    last: Revision | None,
    content: Content,
    *,
    number: int,
    confirmed: Collection[Language],
) -> dict[str, Any]:
    """Which revision last changed each language, or confirmed that it still holds."""
    if last is None:
        return dict.fromkeys(content, number)
    before = from_row(last.content)
    return {
        language: number
        if language in confirmed or before.get(language) != wording
        # written before it was noted: as old as everything else then
        else last.since.get(language, last.number)
        for language, wording in content.items()
    }


def older_than_source(since: Mapping[str, int], source: Language) -> frozenset[str]:
    """The languages that nobody looked at since the words of `source` changed."""
    changed = since.get(source, 0)
    return frozenset(one for one, number in since.items() if number < changed)
