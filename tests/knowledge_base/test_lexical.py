from __future__ import annotations

import numpy as np

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
