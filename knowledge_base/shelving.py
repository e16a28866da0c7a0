"""How a shelf is made from texts: grouped by article, centred by language, a head for each model that reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge_base import heads
from knowledge_base.centring import Centres, centres_of
from knowledge_base.channel import channel_of
from knowledge_base.embedding import Vectors, unit
from knowledge_base.heads import Head
from knowledge_base.languages import Cloud, cloud
from knowledge_base.passages import Passage
from knowledge_base.shelf import English, Shelf

#: with fewer wordings an article than this the closed form is the better head
_RICH = 3

Rows = NDArray[np.intp]


@dataclass(frozen=True, kw_only=True)
class Texts:
    """What a shelf is built from: passages and their vectors, row by row."""

    passages: Sequence[Passage]
    vectors: Vectors
    english: Vectors | None


@dataclass(frozen=True, kw_only=True)
class _Grouped:
    """Passages by article: each channel takes the best of a group in one step."""

    article_ids: tuple[str, ...]
    owner: Rows
    clouds: list[Cloud]
    asked: Rows
    answers: Rows


def _grouped(passages: Sequence[Passage]) -> _Grouped:
    article_ids = tuple(sorted({one.article_id for one in passages}))
    place = {article_id: at for at, article_id in enumerate(article_ids)}
    owner = np.asarray([place[one.article_id] for one in passages], dtype=np.intp)
    is_answer = np.asarray([one.kind == "answer" for one in passages], dtype=bool)
    grouped = np.argsort(owner, kind="stable")
    return _Grouped(
        article_ids=article_ids,
        owner=owner,
        clouds=[cloud(one.folded) for one in passages],
        asked=grouped[~is_answer[grouped]],
        answers=grouped[is_answer[grouped]],
    )


def build_shelf(
    texts: Texts, *, prior: Mapping[Cloud, Vectors], before: Shelf | None
) -> Shelf:
    """A shelf of these texts; `before` is where the search for its heads starts."""
    group = _grouped(texts.passages)
    clouds = group.clouds
    centres = centres_of(
        texts.vectors[group.asked], [clouds[at] for at in group.asked], prior=prior
    )
    # answers are a cloud of their own: the model reads them with another prefix
    apart = centres_of(
        texts.vectors[group.answers], [clouds[at] for at in group.answers], prior={}
    )
    return _shelf(texts, group, centres=centres, apart=apart, before=before, base=None)


def shelf_like(base: Shelf, texts: Texts) -> Shelf:
    """A small shelf for changed articles, measured by what the base knows."""
    group = _grouped(texts.passages)
    return _shelf(
        texts,
        group,
        centres=base.centres,
        apart=base.answers.centres,
        before=None,
        base=base,
    )


def _shelf(
    texts: Texts,
    group: _Grouped,
    *,
    centres: Centres,
    apart: Centres,
    before: Shelf | None,
    base: Shelf | None,
) -> Shelf:
    count = len(group.article_ids)
    asked = _centred(texts, group, group.asked, centres)
    told = _centred(texts, group, group.answers, apart)
    return Shelf(
        article_ids=group.article_ids,
        centres=centres,
        asked=channel_of(
            texts.passages,
            group.asked,
            group.owner,
            asked,
            centres=centres,
            rarity=base.asked.words.rarity if base else None,
        ),
        answers=channel_of(
            texts.passages,
            group.answers,
            group.owner,
            told,
            centres=apart,
            rarity=base.answers.words.rarity if base else None,
        ),
        head=_head(
            asked,
            group.owner[group.asked],
            articles=count,
            start=_carried(before, group.article_ids),
            like=base.head if base else None,
        ),
        english=_english(texts, group, before=before, base=base),
    )


def _centred(texts: Texts, group: _Grouped, rows: Rows, centres: Centres) -> Vectors:
    return centres.centred(texts.vectors[rows], [group.clouds[at] for at in rows])


def _english(
    texts: Texts, group: _Grouped, *, before: Shelf | None, base: Shelf | None
) -> English | None:
    if texts.english is None or (base is not None and base.english is None):
        return None
    rows = group.asked[[group.clouds[at] == "en" for at in group.asked]]
    if not len(rows):
        return None
    own = texts.english[rows]
    mean = base.english.mean if base and base.english else own.mean(axis=0)
    vectors = unit(own - mean)
    owner = group.owner[rows]
    count = len(group.article_ids)
    known = np.bincount(owner, minlength=count) > 0
    earlier = before.english if before is not None else None
    return English(
        mean=mean,
        channel=channel_of(
            texts.passages,
            rows,
            group.owner,
            vectors,
            centres=Centres({}),
            rarity=None,
            with_words=False,
        ),
        head=_head(
            vectors,
            owner,
            articles=count,
            start=_carried(before, group.article_ids, head=earlier.head)
            if before and earlier
            else None,
            like=base.english.head if base and base.english else None,
        ),
        known=known,
    )


def _head(
    vectors: Vectors,
    owner: Rows,
    *,
    articles: int,
    start: Head | None,
    like: Head | None,
) -> Head:
    """Fitted while that is quick; a changed article's is made like those of the base."""
    if like is not None:
        return heads.like(like, vectors, owner, articles=articles)
    cost = len(vectors) * articles * vectors.shape[1]
    is_rich = len(vectors) >= _RICH * articles
    if articles > 1 and is_rich and cost <= heads.MOST_FITTED:
        return heads.fitted(vectors, owner, articles=articles, start=start)
    return heads.closed_form(vectors, owner, articles=articles)


def _carried(
    before: Shelf | None, article_ids: Sequence[str], *, head: Head | None = None
) -> Head | None:
    """The head of an earlier shelf in the order of these articles, zeros for new ones."""
    if before is None:
        return None
    known = head or before.head
    if not known.is_fitted:
        return None
    place = {article_id: at for at, article_id in enumerate(before.article_ids)}
    rows = np.asarray([place.get(one, -1) for one in article_ids], dtype=np.intp)
    weights = known.weights[rows] * (rows >= 0)[:, None]
    return Head(
        weights=weights.astype(np.float32),
        bias=(known.bias[rows] * (rows >= 0)).astype(np.float32),
        scale=known.scale,
        is_fitted=True,
    )
