from __future__ import annotations

import numpy as np
import pytest

from knowledge_base import channel
from knowledge_base.centring import Centres
from knowledge_base.channel import Channel, channel_of
from knowledge_base.passages import Passage

TEXTS = ("refund when", "refund where", "parcel when", "a size", "refund refund")
OWNER = (0, 0, 1, 3, 3)


@pytest.fixture
def shop() -> Channel:
    """Five wordings of three articles; a fourth has none."""
    passages = [
        Passage(
            article_id=f"a-{article}",
            revision_id="r",
            language="en",
            kind="variant",
            text=text,
            folded=text,
        )
        for article, text in zip(OWNER, TEXTS, strict=True)
    ]
    return channel_of(
        passages,
        np.arange(len(TEXTS)),
        np.asarray(OWNER, np.intp),
        np.eye(len(TEXTS), 8, dtype=np.float32),
        centres=Centres({}),
        rarity=None,
    )


@pytest.mark.parametrize("asked", ["refund when", "size", "zebra"])
def test_an_article_has_the_words_of_its_best_text_in_small_shops_and_large(
    monkeypatch, shop, asked
):
    best, scores = shop.lexical(asked, articles=4)
    for article in range(4):
        own = [one for at, one in zip(OWNER, scores, strict=True) if at == article]
        assert best[article] == max(own, default=0)
    monkeypatch.setattr(channel, "_MOST_GROUPED", 0)
    large, same = shop.lexical(asked, articles=4)
    assert np.array_equal(large, best)
    assert np.array_equal(same, scores)


def test_a_channel_without_texts_says_nothing():
    nothing = channel_of(
        [],
        np.empty(0, np.intp),
        np.empty(0, np.intp),
        np.empty((0, 8), np.float32),
        centres=Centres({}),
        rarity=None,
    )
    assert nothing.lexical("refund", articles=2)[0].tolist() == [0, 0]
