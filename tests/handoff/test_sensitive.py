"""Matters that no machine should answer alone, and the many words that only sound so."""

from __future__ import annotations

import json
import time

import pytest

from handoff.sensitive import sensitive_matter
from tests.public_data import PUBLIC, needs_public_data

FOUND = [
    ("我不想活了", "crisis"),
    ("活着没意思，想自杀", "crisis"),
    ("我想死", "crisis"),
    ("我真的不想活在這個世界了", "crisis"),
    ("I want to kill myself", "crisis"),
    ("I'm going to end it all", "crisis"),
    ("there is no point in living", "crisis"),
    ("充电宝把我手烫伤了", "injury"),
    ("宝宝用了之后全身过敏", "injury"),
    ("吃了你们的零食上吐下泻，进了急诊", "injury"),
    ("玻璃碎了割破了手，流血了", "injury"),
    ("寶寶用了以後全身過敏", "injury"),
    ("the heater burned my hand", "injury"),
    ("my son had an allergic reaction and went to the hospital", "injury"),
    ("充电器冒烟了", "safety"),
    ("電池鼓包了，還漏液", "safety"),
    ("插上电就爆炸了", "safety"),
    ("衣柜漏电", "safety"),
    ("the charger caught fire", "safety"),
    ("it gave me an electric shock", "safety"),
    ("the battery is swollen", "safety"),
    ("再不退款我就打12315", "legal"),
    ("我会找律师起诉你们", "legal"),
    ("要去消协投诉", "legal"),
    ("我要去消保官那邊申訴", "legal"),
    ("my lawyer will contact you", "legal"),
    ("I will sue you", "legal"),
    ("I'm reporting you to trading standards", "legal"),
    ("see you in small claims", "legal"),
    ("我的卡被盗刷了", "fraud"),
    ("接到自称你们客服的电话让我转账", "fraud"),
    ("你们这是诈骗", "fraud"),
    ("我的帳號被盜了", "fraud"),
    ("there is an unauthorized charge on my card", "fraud"),
    ("I never placed this order", "fraud"),
    ("someone stole my credit card", "fraud"),
    ("你们泄露了我的个人信息", "privacy"),
    ("我的手机号被你们卖了", "privacy"),
    ("請刪除我的所有個人資料", "privacy"),
    ("delete all my personal data", "privacy"),
    ("you leaked my address", "privacy"),
    ("I can see another customer's order in my account", "privacy"),
]
CALM = [
    # feelings at their usual strength
    "笑死我了",
    "热死了，空调什么时候到",
    "急死我了快递怎么还没来",
    "想死你们家的蛋糕了",
    "气死我了",
    "手机死机了",
    "I'm dying to get this dress",
    "these shoes are to die for",
    # goods
    "防火毯有货吗",
    "火锅底料辣不辣",
    "烟花几点能送",
    "烟雾报警器怎么安装",
    "爆炸头假发",
    "防盗刷钱包多少钱",
    "隐私膜贴了会不会暗",
    "律师袍有大码吗",
    "低敏面霜敏感肌过敏可以用吗",
    "皮肤容易过敏能用吗",
    "do you have a fire pit in stock",
    "is the smoke detector battery included",
    "tennis court shoes size 42",
    "does the fire tv stick work in china",
    "shock absorber for bike",
    "legal size paper",
    "can I burn CDs with this",
    "RFID wallet with anti-fraud protection",
    "hypoallergenic pillow",
    "suede boots",
    # ordinary business
    "隐私政策在哪里看",
    "where is your privacy policy",
    "订单号 20260112345 到哪了",
    "Order 123-4512345-6789 please",
    "我的包裹到哪里了",
    "where is my parcel",
    "my name is Sue",
    "does a late payment hurt my credit score",
    "",
    "🙂",
]


@pytest.mark.parametrize(("text", "kind"), FOUND)
def test_a_grave_matter_is_noticed_and_named(text, kind):
    matter = sensitive_matter(text)

    assert matter is not None
    assert matter.kind == kind
    assert matter.words


@pytest.mark.parametrize("text", CALM)
def test_ordinary_talk_is_left_alone(text):
    assert sensitive_matter(text) is None


def test_of_two_matters_the_graver_one_is_named():
    matter = sensitive_matter("你们诈骗，我不想活了，还要找律师")

    assert matter.kind == "crisis"


@pytest.mark.parametrize(
    "near_miss", ["过敏" * 1000, "泄" * 2000, "unauthorized " * 150, "收到" * 1000]
)
def test_no_near_miss_of_full_length_takes_long(near_miss):
    start = time.perf_counter()
    sensitive_matter(near_miss)

    assert time.perf_counter() - start < 0.25


@needs_public_data
def test_every_public_cry_for_help_reaches_a_person():
    for language in ("en", "zh"):
        path = PUBLIC / "emotion" / f"ms_hostile_{language}.jsonl"
        rows = map(json.loads, path.read_text("utf-8").splitlines())
        cries = [row["text"] for row in rows if row["label"] == "crisis"]
        missed = [text for text in cries if sensitive_matter(text) is None]

        assert len(cries) == 60
        assert missed == []
