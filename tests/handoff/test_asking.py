"""Who asks for a person, and who only uses the words: both languages, all three scripts."""

from __future__ import annotations

import json
import time

import pytest

from handoff.asking import asks_for_person, only_looks_like_asking
from handoff.asking_slips import straighten
from tests.public_data import PUBLIC, needs_public_data

CLEAR = [
    # Chinese, plain
    "转人工",
    "人工",
    "人工！！！",
    "人工客服",
    "我要人工服务",
    "找真人",
    "请帮我转接真人客服",
    "有没有真人",
    "客服在吗",
    "叫你们经理来",
    "我要找负责人",
    "换个人工吧",
    "给我转到专员",
    "我想和一个人谈谈",
    "能不能让客服联系我",
    "和人类交谈",
    # buried in a longer sentence
    "我等了半天了还是不行，麻烦帮我接一下人工，谢谢",
    "衣服收到是坏的，你又听不懂，给我找个真人客服处理退款",
    "别再发链接了，我不想跟机器人说话",
    "说了三遍了，不要机器人，要人工",
    # typed by sound, with slips and tricks
    "转人功",
    "转人共",
    "找人工客福",
    "zhuan rengong",
    "转 人 工",
    "人.工.客.服",
    "转人\u200b工",
    "我要真人kefu",
    # Traditional
    "轉人工",
    "請幫我轉接真人客服",
    "我要找專員",
    "有沒有真人客服",
    "可以轉給客服人員嗎",
    # English, plain
    "agent",
    "Agent please!",
    "human",
    "HUMAN NOW",
    "real person please",
    "customer service",
    "live chat",
    "I want to talk to a human",
    "can I speak to a real person",
    "connect me with an agent",
    "please transfer me to a representative",
    "is there a human I can talk to",
    "let me speak to your manager",
    "get me a supervisor",
    "need to chat with a live agent",
    "give me someone who can help, I want to talk to somebody",
    "I'd like a real person",
    "no bots please",
    "I don't want to talk to a bot",
    "stop this chatbot",
    "why don't you just transfer me to an agent",
    "I don't know what to do to talk to a fucking live agent",
    "can you transfer to me an agent?",
    # buried, with typos
    "my parcel is 3 weeks late and nobody answers, can i please speek to a humna",
    "let me talk to an agnet",
    "conect me to a represntative",
    "tlak to a person",
    "custmer service please",
    # mixed
    "我要 talk to agent",
    # then rather a person; somebody who can do it; the one from before
    "算了 还是人工吧",
    "人工通道在哪",
    "可以叫你們店員來嗎",
    "有冇真人",
    "get someone on the line",
    "how do I get hold of someone",
    "换个能做主的人",
    "来个管事的人行不行",
    "刚才那位客服还在吗",
    "客服妹妹在吗",
    "唔該駁客服",
    "轉真仁",
    # passed on, without saying to whom
    "please escalate",
    "this is too much for you, pass me on",
    "just put me through",
    # somebody is to step in
    "could somebody from your support team take over please",
    "can a person look at my case",
    "could I be put in touch with your returns department",
    "any humans working today?",
    "want 2 talk 2 some1",
    "a bot? a person please",
    "can you 转人工",
]
UNCLEAR = [
    "有人吗",
    "你们客服态度太差了",
    "人工客服几点上班",
    "客服电话是多少",
    "没人理我",
    "is anyone there?",
    "your customer service is terrible",
    "what are the customer service hours?",
    "what is the phone number of customer support",
    "晚上十点还有人工吗",
    "周末有客服吗",
    "the agent told me five days",
]
NEITHER = [
    # made by man or by hand
    "这双鞋是人工皮革吗",
    "人工智能音箱多少钱",
    "是人工草坪还是真草",
    "有人工泪液卖吗",
    "需要人工费吗",
    "这个是纯人工编织的吗",
    "人工钻石会变色吗",
    "退款人工审核要多久",
    "这顶是真人发吗",
    "有没有真人试穿图",
    "真人秀同款外套",
    "人工合成蓝宝石项链",
    "要人工授粉的还是自花的",
    "这是人工养护的盆景吗",
    "這是人工皮革嗎",
    # about the bot itself
    "你是真人吗",
    "你是机器人还是真人",
    "你是不是人工智能",
    "我在和一个真人还是机器人说话",
    "are you a human or a bot?",
    "am I talking to a real person?",
    "is there a human typing this",
    "現在是真人在線還是機器人在回",
    "麻煩派人來取退貨",
    "让人来拿一下快递",
    "is this a bot",
    # refused
    "不用转人工了",
    "不需要人工，谢谢",
    "先不要转人工",
    "別轉人工",
    "no need for an agent",
    "I don't want to talk to an agent",
    "please do not transfer me to a human",
    # agents that clean
    "do you sell cleaning agents?",
    "which bleaching agent is safe for wool",
    "is the anti-aging agent in stock",
    "I am a travel agent, do you offer discounts",
    "Agent Provocateur perfume price",
    "agent 007 poster",
    "Does it contain a foaming agent",
    "human hair wig",
    "is this human grade dog food",
    "how much is it per person",
    "neck support pillow",
    "a tent for 4 persons",
    # told about somebody, with no wish in it
    "上次客服说可以退",
    "今天心情不错",
    "我的包裹到哪里了",
    "where is my parcel",
    "",
    "🙂",
    "gud mrg",
]


@pytest.mark.parametrize("text", CLEAR)
def test_a_wish_for_a_person_is_heard(text):
    asking = asks_for_person(text)

    assert asking is not None
    assert asking.is_clear
    assert all(asking.words)


@pytest.mark.parametrize("text", UNCLEAR)
def test_a_mere_mention_is_heard_as_one(text):
    asking = asks_for_person(text)

    assert asking is not None
    assert not asking.is_clear


@pytest.mark.parametrize("text", NEITHER)
def test_a_look_alike_is_not_taken_for_a_wish(text):
    assert asks_for_person(text) is None


@pytest.mark.parametrize(
    ("text", "misleads"),
    [
        ("人工皮革吗", True),
        ("cleaning agent", True),
        ("不用转人工", True),
        ("人工皮革的包坏了，转人工", False),
        ("the cleaning agent leaked, let me talk to a human", False),
        ("你好", False),
    ],
)
def test_a_look_alike_misleads_only_where_no_wish_stands_beside_it(text, misleads):
    assert only_looks_like_asking(text) is misleads


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("humna", "human"),
        ("represntative", "representative"),
        ("supervsor", "supervisor"),
        ("steak", "steak"),
        ("hunan", "hunan"),
        ("superior", "superior"),
        ("services", "services"),
    ],
)
def test_slips_are_put_right_and_other_words_left_alone(typed, meant):
    assert straighten(typed) == meant


@pytest.mark.parametrize(
    "near_miss",
    [
        "人" * 2000,
        "转" * 2000,
        "i want to talk to " * 110,
        "please " * 280,
        "a the your some " * 125,
        "是你" * 1000,
        "(( " * 660,
        "\u0301" * 2000,
    ],
)
def test_no_near_miss_of_full_length_takes_long(near_miss):
    """GUARANTEES B32: the longest message allowed, for the worst patterns we know."""
    start = time.perf_counter()
    asks_for_person(near_miss)

    assert time.perf_counter() - start < 0.25


@needs_public_data
def test_on_public_requests_and_on_other_talk_the_rule_holds_up():
    """Recall on real requests for a person, alarms per 1,000 other lines."""

    def texts(name, *, wanted):
        lines = (PUBLIC / "intent" / f"{name}.jsonl").read_text("utf-8").splitlines()
        rows = map(json.loads, lines)
        asks = {"contact_human_agent", "Escalate"}
        return [row["text"] for row in rows if (row["intent"] in asks) is wanted]

    sets = ("bitext_en", "ms_general_en", "ms_general_zh")
    asked = [text for name in sets for text in texts(name, wanted=True)]
    others = [
        text
        for name in ("ms_general_en", "ms_general_zh", "clinc150_en", "banking77_en")
        for text in texts(name, wanted=False)
    ]
    heard = [found for found in map(asks_for_person, asked) if found and found.is_clear]
    alarms = [t for t in others if (found := asks_for_person(t)) and found.is_clear]

    assert len(heard) / len(asked) >= 0.95
    assert len(alarms) / len(others) <= 0.002, alarms
