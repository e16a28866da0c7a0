from __future__ import annotations

from knowledge_base import articles, importing
from knowledge_base.content import Wording
from knowledge_base.file_articles import FileArticle
from knowledge_base.importers import read, write
from tests.knowledge_base.makers import LATER, RETURNS, SHIPPING

NEW = FileArticle(
    id="hours", topic="contact", content={"en": Wording(question="When?", answer="9.")}
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
