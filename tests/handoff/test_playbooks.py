from __future__ import annotations

import pytest

from handoff.playbooks import PLAYBOOKS, cause_of


@pytest.mark.parametrize(
    ("comment", "cause"),
    [
        ("说好包邮结果还要付税", "duty_on_free_shipping"),
        (
            "I had to pay customs duty although shipping was free",
            "duty_on_free_shipping",
        ),
        ("刷信用卡还多收了费用", "card_fee"),
        ("My bank charged a foreign transaction fee", "card_fee"),
        ("色差太大，和圖片不符", "picture_differs"),
        ("It looks different from the picture", "picture_differs"),
        ("物流太慢了", "late"),
        ("arrived broken", "faulty"),
        ("客服态度很差", "attitude"),
        ("问题没有解决", "not_solved"),
        ("。。。", "other"),
        ("", "other"),
    ],
)
def test_the_cause_is_read_from_the_comment(comment, cause):
    assert cause_of(comment) == cause
    assert PLAYBOOKS[cause][0] == "read_thread"


def test_the_comment_says_more_than_the_talk_and_the_talk_more_than_a_score():
    assert cause_of("态度差", said="物流太慢", delivery=1) == "attitude"
    assert cause_of("", said="颜色与图片不符", delivery=1) == "picture_differs"
    assert cause_of("", said="", delivery=1) == "late"
    assert cause_of("", said="", delivery=5) == "other"
