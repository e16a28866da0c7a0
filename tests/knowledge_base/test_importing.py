from __future__ import annotations

from dataclasses import replace

from knowledge_base import articles, importing
from knowledge_base.content import Content, Wording, as_json
from knowledge_base.file_articles import FileArticle
from knowledge_base.importers import read, write
from tests.knowledge_base.makers import LATER, RETURNS, SHIPPING

NEW = FileArticle(
    id="hours",
    topic="contact",
    content=Content({"en": Wording(question="When?", answer="9.")}),
)


async def test_the_same_file_again_changes_nothing(shop):
    before = {one.id: one.version for one in await articles.list_articles(shop)}
    data = write(await importing.everything(shop), file_format="csv")
    done = await importing.take_in(
        shop, read(data, file_format="csv"), author="lin", now=LATER
    )
    assert set(done.unchanged) == {RETURNS[0], SHIPPING[0]}
    assert done.created == done.revised == ()
    after = {one.id: one.version for one in await articles.list_articles(shop)}
    assert after == before


async def test_new_and_changed_articles_become_drafts(shop):
    changed = FileArticle(id=SHIPPING[0], topic="costs", content=NEW.content)
    preview = await importing.preview(shop, [NEW, changed])
    assert len(await articles.list_articles(shop)) == 2
    done = await importing.take_in(shop, [NEW, changed], author="lin", now=LATER)
    assert preview == done
    assert (done.created, done.revised) == (("hours",), (SHIPPING[0],))
    assert (await articles.get(shop, "hours")).status == "draft"
    revised = await articles.get(shop, SHIPPING[0])
    assert revised.has_draft
    assert (revised.topic, revised.note) == ("costs", "Imported.")


async def test_what_an_import_takes_away_is_told(shop):
    told = (await articles.get(shop, RETURNS[0])).content
    [kept, *gone] = told
    one = FileArticle(
        id=RETURNS[0], topic=RETURNS[1], content=Content({kept: told[kept]})
    )
    assert (await importing.preview(shop, [one])).dropped == {RETURNS[0]: tuple(gone)}


async def test_many_new_articles_are_what_one_alone_would_be(shop):
    many = [
        FileArticle(id=f"new-{number}", topic="contact", content=NEW.content)
        for number in range(600)
    ]
    await importing.take_in(shop, many, author="lin", now=LATER)
    await articles.create(
        shop,
        article_id="alone",
        topic="contact",
        content=as_json(NEW.content),
        author="lin",
        note="Imported.",
        now=LATER,
    )
    alone, last = [await articles.get(shop, one) for one in ("alone", "new-599")]
    differs = {"id": "", "revision_id": alone.revision_id}
    assert replace(last, **differs) == replace(alone, **differs)
    assert len(await articles.list_articles(shop, status="draft")) == 601
