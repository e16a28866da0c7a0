"""One published version as it answers: what is in it, and what of it somebody does not get."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from knowledge_base.building import Built
from knowledge_base.conditions import Circumstances, Conditions, as_fields, left_out
from knowledge_base.content import Content
from knowledge_base.publish import Published
from knowledge_base.validity import hidden_at, with_dates


@dataclass(frozen=True, kw_only=True)
class Version:
    """Swapped whole: a reader sees one or the next."""

    number: int
    built: Built
    revisions: Mapping[str, str] = field(default_factory=dict)
    contents: Mapping[str, Content] = field(default_factory=dict)
    #: those that shoppers get between certain instants only
    dated: tuple[Published, ...] = ()
    #: those that hold for some shoppers only: few, so asking is cheap
    conditioned: Mapping[str, Conditions] = field(default_factory=dict)
    #: what must be known of a shopper for any of them: mostly nothing
    conditions_used: frozenset[str] = frozenset()

    def by_revision(self) -> dict[str, Content]:
        """The contents by the id of their revision."""
        return {self.revisions[one]: content for one, content in self.contents.items()}

    def hidden(self, now: datetime) -> frozenset[str]:
        """The articles that nobody gets now."""
        return hidden_at(self.dated, now)

    def left_out(
        self, known: Circumstances, *, now: datetime
    ) -> dict[str, tuple[str, ...]]:
        """The articles that others get now, and which conditions keep them from who asks."""
        hidden = self.hidden(now)
        found = left_out(self.conditioned, known)
        return {one: names for one, names in found.items() if one not in hidden}


def version_of(number: int, articles: Sequence[Published], *, built: Built) -> Version:
    """The version that consists of these articles."""
    conditioned = {
        one.article_id: one.content.conditions
        for one in articles
        if one.content.conditions
    }
    return Version(
        number=number,
        built=built,
        revisions={one.article_id: one.revision_id for one in articles},
        contents={one.article_id: one.content for one in articles},
        dated=with_dates(articles),
        conditioned=conditioned,
        conditions_used=frozenset(
            name for one in conditioned.values() for name in as_fields(one)
        ),
    )
