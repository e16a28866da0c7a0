from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.components.emotion_cues import signs_in
from bot.components.emotion_data import lines_in
from bot.components.emotion_reading import Bars, find_bars, read_feeling


def felt(text: str, **certain: float):
    return read_feeling(text, signs_in(text), certain, bars=Bars(), head=None)


@pytest.mark.parametrize(
    ("text", "label", "evidence"),
    [
        ("氣死我了！！！你們是騙子", "angry", "騙子"),
        ("This is RIDICULOUS, you scammers", "angry", "RIDICULOUS"),
        ("太失望了", "dissatisfied", "失望"),
        ("很急，明天就要用", "anxious", "很急"),
        ("thank you so much 🙏", "grateful", "thank"),
    ],
)
def test_a_sure_word_is_enough_and_is_shown_as_written(
    text: str, label: str, evidence: str
):
    feeling = felt(text)
    assert feeling.label == label
    assert evidence in feeling.evidence
    assert all(each in text for each in feeling.evidence)


@pytest.mark.parametrize("text", ["你好", "where is my order", "不生气", "not angry"])
def test_calm_text_is_neutral(text: str):
    feeling = felt(text)
    assert (feeling.label, feeling.intensity, feeling.evidence) == ("neutral", 0.0, ())


def test_louder_is_stronger():
    quiet, loud = felt("我有点生气"), felt("我真的很生气！！！垃圾！！！")
    assert 0 < quiet.intensity < loud.intensity <= 1


def test_the_classifier_speaks_where_no_word_does():
    assert felt("等了三个星期了", angry=0.7, neutral=0.3).label == "angry"
    assert felt("等了三个星期了", angry=0.4, neutral=0.6).label == "neutral"


def test_a_word_that_the_classifier_does_not_believe_is_no_feeling():
    assert felt("垃圾袋有几种尺寸", neutral=0.97, angry=0.01).label == "neutral"


def test_the_bar_lets_hardly_any_calm_line_over_it():
    rng = np.random.default_rng(1)
    found = rng.dirichlet([4, 1, 1], size=1000)
    bars = find_bars(
        found,
        labels=("neutral", "angry", "sad"),
        truth=["neutral"] * 1000,
        votes=[{}] * 1000,
        flags=0.02,
    )
    assert 0.015 <= (found[:, 1:].sum(axis=1) >= bars.upset).mean() <= 0.02


def test_two_half_sure_feelings_are_one_upset_shopper():
    assert felt("三次都没人理", angry=0.35, dissatisfied=0.3).label == "angry"


@pytest.mark.parametrize(
    "text", ["f**k this", "what the f*ck", "TMD", "草泥马", "sh1t"]
)
def test_a_masked_swear_word_is_one(text: str):
    assert felt(text).label == "angry"


def test_praise_that_is_not_meant_makes_anger_louder():
    assert any(sign.label is None for sign in signs_in("oh great, another delay"))
    assert any(sign.label is None for sign in signs_in("呵呵 又延迟"))


def test_every_way_of_writing_the_lines_is_read(tmp_path: Path):
    (tmp_path / "a.yml").write_text("angry: {zh: [气死了], en: [I am furious]}\n")
    (tmp_path / "b.yml").write_text("label: sad\nzh:\n  - 难过\nen:\n  - so sad\n")
    assert lines_in(tmp_path) == [
        ("angry", "气死了"),
        ("angry", "I am furious"),
        ("sad", "难过"),
        ("sad", "so sad"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "你们这群人渣",
        "脑子进水了吧",
        "死开啦",
        "你妈的",
        "shame on you",
        "sod off",
        "for god's sake",
    ],
)
def test_an_insult_is_a_sign_of_anger(text: str):
    assert any(sign.label == "angry" for sign in signs_in(text))


@pytest.mark.parametrize(
    "text",
    [
        "空气炸锅几升的",
        "滚筒洗衣机能洗吗",
        "垃圾袋有几种尺寸",
        "收件人换成我妈的名字",
        "愤怒的小鸟书包",
        "Angry Birds lunchbox",
        "a trash can with a lid",
    ],
)
def test_goods_that_sound_like_insults_are_no_sign(text: str):
    assert not any(sign.label == "angry" for sign in signs_in(text))
