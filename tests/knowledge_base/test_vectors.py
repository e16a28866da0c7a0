from __future__ import annotations

import numpy as np
import pytest
from sqlalchemy import select, update

from knowledge_base import vectors
from knowledge_base.content import read_content
from knowledge_base.embedding import HashEmbedder
from knowledge_base.models import TextVector
from knowledge_base.passages import passages_of
from tests.knowledge_base.makers import RETURNS

EMBEDDER = HashEmbedder()
PASSAGES = passages_of("a", revision_id="r", content=read_content(RETURNS[2]))


class Counting(HashEmbedder):
    def __init__(self):
        super().__init__()
        self.texts: list[str] = []

    def embed(self, texts, *, kind):
        self.texts += texts
        return super().embed(texts, kind=kind)


async def kept(session):
    made = vectors.embed_missing(PASSAGES, {}, embedder=EMBEDDER)
    await vectors.save(session, made, model_id=EMBEDDER.model_id)
    return made


def test_only_texts_without_a_vector_are_embedded():
    counting = Counting()
    made = vectors.embed_missing(PASSAGES[:3], {}, embedder=counting)
    assert counting.texts == [one.folded for one in PASSAGES[:3]]
    counting.texts.clear()
    vectors.embed_missing(PASSAGES, made, embedder=counting)
    assert set(counting.texts) == {one.folded for one in PASSAGES[3:]}


def test_questions_and_answers_of_the_same_words_are_kept_apart():
    question = next(one for one in PASSAGES if one.kind == "question")
    answer = next(one for one in PASSAGES if one.kind == "answer")
    assert vectors.key(question) != vectors.key(answer)


async def test_vectors_come_back_as_they_were_kept(session):
    made = await kept(session)
    found = await vectors.load(session, made.keys(), embedder=EMBEDDER)
    assert found.keys() == made.keys()
    assert all(np.allclose(found[key], made[key]) for key in made)


async def test_vectors_of_another_model_are_not_ours(session):
    made = await kept(session)
    other = HashEmbedder()
    other.model_id = "other"
    assert await vectors.load(session, made.keys(), embedder=other) == {}


@pytest.mark.parametrize(
    "spoiled",
    [
        b"",
        b"short",
        np.zeros(EMBEDDER.dim, "<f4").tobytes(),
        np.full(EMBEDDER.dim, np.nan, "<f4").tobytes(),
        np.full(EMBEDDER.dim, 3, "<f4").tobytes(),
    ],
)
async def test_a_spoiled_row_counts_as_missing_and_is_replaced(session, spoiled):
    made = await kept(session)
    victim = min(made)
    await session.execute(
        update(TextVector).where(TextVector.text_hash == victim).values(vector=spoiled)
    )
    found = await vectors.load(session, made.keys(), embedder=EMBEDDER)
    assert made.keys() - found.keys() == {victim}
    await vectors.save(session, {victim: made[victim]}, model_id=EMBEDDER.model_id)
    again = await vectors.load(session, made.keys(), embedder=EMBEDDER)
    assert again.keys() == made.keys()
    assert len((await session.scalars(select(TextVector))).all()) == len(made)
