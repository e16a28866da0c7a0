"""How a version's snapshot comes about: anew while that is quick, otherwise as what changed beside what stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from knowledge_base import vectors as vector_rows
from knowledge_base.calibration import Calibration
from knowledge_base.content import Content
from knowledge_base.embedding import Embedder, Vectors
from knowledge_base.languages import Cloud
from knowledge_base.passages import Passage, passages_of
from knowledge_base.publish import Published
from knowledge_base.second_model import SecondModel
from knowledge_base.snapshot import LEAST_FOR_CHANGES, Snapshot, build, with_changes


@dataclass(frozen=True, slots=True)
class ArticleTexts:
    """The passages of one revision, and under which keys their vectors are kept."""

    content: Content
    passages: tuple[Passage, ...]
    keys: tuple[str, ...]


class TextCache:
    """Each revision is read once: folding and hashing a hundred thousand texts takes seconds."""

    def __init__(self) -> None:
        self._of: dict[tuple[str, str], ArticleTexts] = {}

    def of(self, article: Published) -> ArticleTexts:
        """The texts of this article."""
        name = article.article_id, article.revision_id
        known = self._of.get(name)
        if known is None or known.content != article.content:
            passages = passages_of(
                article.article_id,
                revision_id=article.revision_id,
                content=article.content,
            )
            keys = tuple(map(vector_rows.key, passages))
            known = ArticleTexts(article.content, passages, keys)
            self._of[name] = known
        return known

    def keep_only(self, articles: Sequence[Published]) -> None:
        """Forget every other revision."""
        kept = {(one.article_id, one.revision_id) for one in articles}
        self._of = {name: one for name, one in self._of.items() if name in kept}


@dataclass(frozen=True, kw_only=True)
class Built:
    """A snapshot, and which revisions its large shelf was made of."""

    snapshot: Snapshot
    base: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Builder:
    """Makes snapshots with these models."""

    embedder: Embedder
    english: SecondModel
    prior: Mapping[Cloud, Vectors]
    cache: TextCache = field(default_factory=TextCache)

    def keys(self, articles: Sequence[Published]) -> set[str]:
        """Under which the vectors of these articles are kept."""
        return {key for one in articles for key in self.cache.of(one).keys}

    def build(
        self,
        articles: Sequence[Published],
        vectors: dict[str, Vectors],
        *,
        before: Built | None,
    ) -> tuple[Built, set[str]]:
        """The snapshot of these articles; fills `vectors`, says which of them are new."""
        if before is not None and before.snapshot.shelves[0].size >= LEAST_FOR_CHANGES:
            changed = self._changed(articles, vectors, before)
            if changed is not None:
                return changed
        passages, keys = self._texts(articles)
        rows, fresh = self._rows(passages, keys, vectors)
        snapshot = build(
            passages,
            rows,
            prior=self.prior,
            english=self.english.rows(passages, keys),
            before=before.snapshot if before else None,
        )
        base = {one.article_id: one.revision_id for one in articles}
        self.cache.keep_only(articles)
        return Built(snapshot=snapshot, base=base), fresh

    def _changed(
        self, articles: Sequence[Published], vectors: dict[str, Vectors], before: Built
    ) -> tuple[Built, set[str]] | None:
        other = [
            one
            for one in articles
            if before.base.get(one.article_id) != one.revision_id
        ]
        gone = before.base.keys() - {one.article_id for one in articles}
        passages, keys = self._texts(other)
        rows, fresh = self._rows(passages, keys, vectors)
        snapshot = with_changes(
            before.snapshot,
            passages,
            rows,
            gone=gone,
            english=self.english.rows(passages, keys),
        )
        if snapshot is None:
            return None
        return Built(snapshot=snapshot, base=before.base), fresh

    def _texts(self, articles: Sequence[Published]) -> tuple[list[Passage], list[str]]:
        read = [self.cache.of(one) for one in articles]
        return (
            [passage for one in read for passage in one.passages],
            [key for one in read for key in one.keys],
        )

    def _rows(
        self,
        passages: Sequence[Passage],
        keys: Sequence[str],
        vectors: dict[str, Vectors],
    ) -> tuple[Vectors, set[str]]:
        fresh = vector_rows.embed_missing(
            passages, vectors, embedder=self.embedder, keys=keys
        )
        vectors |= fresh
        rows = [vectors[key] for key in keys] or [np.empty(0, np.float32)]
        stacked = np.stack(rows).reshape(len(keys), self.embedder.dim)
        return stacked, set(fresh)


def builder_for(
    embedder: Embedder, english: SecondModel, calibration: Calibration
) -> Builder:
    """A builder that leans on the means of the calibration, if they are this model's."""
    fits = calibration.model_id == embedder.model_id
    return Builder(
        embedder=embedder, english=english, prior=calibration.means if fits else {}
    )
