from __future__ import annotations

import pytest

from knowledge_base import articles, labelled, publish, starter
from knowledge_base.content import read_content
from knowledge_base.errors import BadImport
from tests.knowledge_base.makers import LATER, NOON, content

GOOD = "- {id: a, topic: t, en: {question: Why?, variants: [], answer: So.}}\n"


def test_the_starter_set_is_large_bilingual_and_well_worded():
    found = starter.load_starter()
    assert len(found) >= 100
    for one in found:
        words = read_content(one["content"])
        assert {"zh-Hans", "en"} <= words.keys(), one["id"]
        for language in ("zh-Hans", "en"):
            assert len(words[language].variants) >= 4, (one["id"], language)


def test_the_labelled_questions_speak_of_articles_that_exist():
    known = {one["id"] for one in starter.load_starter()}
    asked = labelled.shipped()
    assert len(asked) >= 300
    assert set().union(*(one.article_ids for one in asked)) <= known
    assert {one.language for one in asked} == {"zh-Hans", "zh-Hant", "en"}
    assert any(not one.article_ids for one in asked)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("- [", "a.yml"),
        ("id: a", "list"),
        (GOOD + GOOD, "also in a.yml"),
        (GOOD.replace("Why?", "''"), r"a: en\.question"),
        (GOOD.replace("topic: t, ", ""), "topic"),
    ],
)
def test_a_bad_file_is_named(tmp_path, text, why):
    (tmp_path / "a.yml").write_text(text, "utf-8")
    with pytest.raises(BadImport, match=why):
        starter.load_starter(tmp_path)


async def test_only_what_the_shop_lacks_is_added_and_published_once(session):
    own = content("自己的")
    await articles.create(
        session, article_id="a", topic="t", content=own, author="lin", now=NOON
    )
    fresh = [
        starter.StarterArticle(id=one, topic="t", content=content(one)) for one in "ab"
    ]
    assert await starter.seed(session, fresh, now=LATER) == 1
    assert await starter.seed(session, fresh, now=LATER) == 0
    version, found = await publish.published_articles(session)
    assert [one.article_id for one in found] == ["b"]
    assert version == await publish.newest_version(session)
    assert (await articles.get(session, "b")).starter
    assert not (await articles.get(session, "a")).starter
