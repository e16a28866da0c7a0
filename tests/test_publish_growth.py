"""What the bench of publishing counts is what the worker did."""

from __future__ import annotations

from knowledge_base import building, snapshot
from knowledge_base.embedding import HashEmbedder
from tests.bench import made_up, publish_growth
from tests.bench.publish_growth import Seen


async def test_of_a_published_article_alone_the_texts_are_embedded(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(building, "LEAST_FOR_CHANGES", 100)
    monkeypatch.setattr(snapshot, "LEAST_FOR_CHANGES", 100)
    english = HashEmbedder(made_up.DIM)
    english.model_id = "another"
    found = await publish_growth.measured(
        tmp_path, count=60, times=2, models=(HashEmbedder(made_up.DIM), english)
    )
    texts = publish_growth.WORDINGS + 1
    # the English model reads no answers and no Chinese; a wording may come twice
    (first, _), (second, nothing) = sorted(one.embedded for one in found)[::-1]
    assert texts - 2 <= min(first, second) <= max(first, second) <= texts
    assert nothing == 0
    assert all(0 < one.written <= one.visible for one in found)
    assert all(one.written <= one.beside for one in found)


def test_the_slowest_publish_is_told_too():
    seen = [
        Seen(written=0.1, visible=visible, beside=beside, embedded=(10, embedded))
        for visible, beside, embedded in ((0.3, 0.7, 0), (0.5, 0.6, 9), (2.0, 3.1, 0))
    ]
    told = publish_growth.told(seen)
    assert "0.50 s in the middle, 2.00 s at most" in told
    assert "another process's after 0.70 s, 3.10 s at most" in told
    assert "10 at most by the main model, 9 by the English" in told
