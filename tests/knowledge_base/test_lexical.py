from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest

from knowledge_base import lexical
from knowledge_base.lexical import Words, shared_words, tokens


def test_chinese_is_read_in_pairs_and_english_in_words_and_threes():
    assert tokens("退货 fee") == ["退", "货", "退货", "fee", "#^fe", "#fee", "#ee$"]


def test_a_text_scores_about_one_on_itself_and_nothing_on_another():
    words = Words(["退货期限是多久", "运费多少", "return window"])
    own = words.score("退货期限是多久")
    assert own.argmax() == 0
    assert 0.7 < own[0] < 1.5
    assert own[2] == 0


def test_a_typo_still_shares_pieces():
    words = Words(["how do i get a refund", "where is my parcel"])
    assert words.score("refnd")[0] > 0


def test_unknown_words_count_against_the_share():
    words = Words(["退货期限", "运费多少"])
    assert words.score("退货期限")[0] > words.score("退货期限 zebra giraffe")[0] > 0


def test_nothing_to_compare_is_no_error():
    assert Words([]).score("退货").shape == (0,)
    assert np.all(Words(["", "😀"]).score("退货") == 0)
    assert np.all(Words(["退货"]).score("") == 0)


def test_shared_words_are_what_a_reader_sees():
    assert shared_words("请问退货期限 return", "退货期限是多久 return it") == (
        "退货期限",
        "return",
    )
    assert shared_words("天气", "运费") == ()


TEXTS = ["退货期限是多久", "退货运费谁出", "return fee fee", "fee of a return", ""]


def by_the_book(question: str) -> list[float]:
    """BM25 as it is written in books, over the best that the question could reach."""
    read = [Counter(tokens(one)) for one in TEXTS]
    usual = sum(map(Counter.total, read)) / len(read)
    found, best = [0.0] * len(read), 0.0
    for token, times in Counter(tokens(question)).items():
        held = sum(token in one for one in read)
        rare = math.log(1 + (len(read) - held + 0.5) / (held + 0.5))
        best += times * rare
        for at, one in enumerate(read):
            room = 1.5 * (0.25 + 0.75 * one.total() / usual)
            found[at] += times * rare * one[token] / (one[token] + room)
    return [2.5 * one / best for one in found]


# with very many texts what a word is worth is kept in half precision
@pytest.mark.parametrize(("most_counted", "within"), [(0, 1e-3), (200_000, 1e-5)])
@pytest.mark.parametrize("question", ["退货运费", "fee fee return", "退退货 zebra"])
def test_scores_are_those_of_the_book(monkeypatch, question, most_counted, within):
    monkeypatch.setattr(lexical, "_MOST_COUNTED", most_counted)
    found = Words(TEXTS).score(question)
    assert found == pytest.approx(by_the_book(question), within)


def test_words_of_another_shelf_are_as_rare_as_there():
    base = Words(TEXTS)
    beside = Words(["退货期限是多久"], rarity=base.rarity)
    assert beside.score("退货期限")[0] == pytest.approx(base.score("退货期限")[0])


def test_words_say_what_they_take_in_memory():
    few, many = Words(TEXTS), Words(TEXTS * 50)
    listed = sum(len(set(tokens(one))) for one in TEXTS)
    # a text and a weight an entry; the table of tokens is the same
    assert many.bytes - few.bytes == 49 * listed * 8


def test_in_a_large_shop_an_entry_takes_a_quarter_less(monkeypatch):
    small = Words(TEXTS).bytes
    monkeypatch.setattr(lexical, "_MOST_COUNTED", 0)
    listed = sum(len(set(tokens(one))) for one in TEXTS)
    assert small - Words(TEXTS).bytes == listed * 2
