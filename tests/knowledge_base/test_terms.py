"""Traditional words that a shop wants otherwise than the table has them."""

from __future__ import annotations

from knowledge_base import articles, publish
from knowledge_base.embedding import HashEmbedder
from knowledge_base.languages import to_traditional
from knowledge_base.search import Searcher
from tests.knowledge_base.makers import NOON, content

TERMS = {"包邮": "免運費", "包邮券": "免運券"}


def test_a_term_goes_before_the_table_and_the_longest_first():
    said = to_traditional("满 99 元包邮，送包邮券", table="s2twp", terms=TERMS)
    assert said == "滿 99 元免運費，送免運券"


def test_without_terms_the_table_alone_speaks():
    assert to_traditional("包邮软件", table="s2twp") == "包郵軟體"


def test_addresses_stay_as_they_are():
    said = to_traditional("https://a.example/包邮 包邮", table="s2twp", terms=TERMS)
    assert said == "https://a.example/包邮 免運費"


async def test_shoppers_get_the_shops_terms(session, calibration):
    await articles.create(
        session,
        article_id="free",
        topic="t",
        content=content("包邮吗？", "满 99 元包邮。"),
        author="mei",
        now=NOON,
    )
    await publish.publish(session, "free", now=NOON)
    searcher = Searcher(HashEmbedder(), calibration=calibration, terms=TERMS)
    await searcher.refresh(session)
    said = searcher.answer("free", language="zh-Hant")
    assert said is not None
    assert (said.title, said.answer_markdown) == ("免運費嗎？", "滿 99 元免運費。")
