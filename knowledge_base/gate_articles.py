"""What an article's words do beside the words of the others: same, too near, against each other, or leading nowhere."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from knowledge_base import contradictions, wording
from knowledge_base.content import Content
from knowledge_base.contradictions import Statement
from knowledge_base.embedding import Vectors
from knowledge_base.gate_findings import Finding
from knowledge_base.gate_questions import Searches
from knowledge_base.languages import Language
from knowledge_base.passages import Passage, passages_of
from knowledge_base.publish import Published

#: a centred cosine only one in a hundred starter wordings reaches (docs/editing.md)
TOO_CLOSE = 0.74
#: editors are helped to reach as many (FINDINGS: accuracy grows until five to ten)
FEW_WORDINGS = 5
#: two contradictions of one pair of articles tell as much as ten
_MOST_OF_A_KIND = 20
_ADDRESS = re.compile(r"\]\(\s*<?([^)\s>]+)|<((?:https?://|/)[^>\s]+)>")
_ARTICLE_PAGE = re.compile(r"/help/articles/([^/?#]+)/?")


@dataclass(frozen=True, kw_only=True)
class GateRules:
    """What the shop wants to be told of."""

    banned_words: tuple[str, ...] = wording.BANNED
    careful_words: tuple[str, ...] = wording.CAREFUL
    #: an answer that takes longer to read than this is too long
    longest_seconds: int = 90
    #: links that begin with it are our own
    public_url: str = ""


@dataclass(frozen=True, kw_only=True)
class Read:
    """One published article, taken apart once and kept for the next time."""

    article: Published
    passages: tuple[Passage, ...]
    statements: tuple[Statement, ...]

    @property
    def title(self) -> str:
        return next(iter(self.article.content.values())).question

    @property
    def wordings(self) -> tuple[Passage, ...]:
        return tuple(one for one in self.passages if one.kind != "answer")


def read(article: Published) -> Read:
    """Take an article apart: its folded wordings, and its sentences with figures."""
    return Read(
        article=article,
        passages=passages_of(
            article.article_id,
            revision_id=article.revision_id,
            content=article.content,
        ),
        statements=tuple(
            contradictions.statements_of(article.article_id, article.content)
        ),
    )


def examine_words(
    mine: Read, others: Sequence[Read], rules: GateRules
) -> Iterator[Finding]:
    """Everything that can be told from the words alone."""
    known = {mine.article.article_id} | {one.article.article_id for one in others}
    # two rules for two kinds of orders are no fault: nobody gets both
    beside = [one for one in others if not _apart(mine, one)]
    yield from duplicates(mine, beside)
    yield from _contradictions(mine, beside)
    yield from dead_links(mine.article, known=known, public_url=rules.public_url)
    yield from _language(mine, rules)


def _apart(mine: Read, other: Read) -> bool:
    theirs = other.article.content.conditions
    return mine.article.content.conditions.excludes(theirs)


def duplicates(mine: Read, others: Sequence[Read]) -> Iterator[Finding]:
    """The same question in two articles: nothing could tell them apart."""
    wanted = {one.folded: one for one in mine.wordings}
    for other in others:
        for theirs in other.wordings:
            ours = wanted.get(theirs.folded)
            if ours is not None:
                yield Finding(
                    kind="duplicate",
                    severity="block",
                    article_id=ours.article_id,
                    language=ours.language,
                    text=ours.text,
                    other_article_id=theirs.article_id,
                    other_title=other.title,
                    other_language=theirs.language,
                    other_text=theirs.text,
                )


def confusable(
    mine: Read,
    searcher: Searches,
    vectors: Mapping[str, Vectors],
    *,
    titles: Mapping[str, str],
) -> Iterator[Finding]:
    """Wordings that lie so near another article that one of the two will suffer.

    `vectors` by folded text.
    """
    for one in mine.wordings:
        found = searcher.search(
            one.text,
            language=one.language,
            vector=vectors[one.folded],
            limit=3,
        )
        near = [hit for hit in found.hits if hit.article_id != one.article_id]
        best = max(near, key=lambda hit: hit.dense, default=None)
        # the same words are a duplicate, which is told apart
        if best is None or _same(best.matched_text, one):
            continue
        is_first = bool(found.hits) and found.hits[0].article_id == one.article_id
        if is_first and best.dense < TOO_CLOSE:
            continue
        yield Finding(
            kind="confusable",
            severity="warn",
            article_id=one.article_id,
            language=one.language,
            text=one.text,
            other_article_id=best.article_id,
            other_title=titles.get(best.article_id, best.title),
            other_language=best.language,
            other_text=best.matched_text,
            value=round(best.dense, 3),
        )


def _same(text: str, passage: Passage) -> bool:
    return text.casefold() == passage.text.casefold()


def _contradictions(mine: Read, others: Sequence[Read]) -> Iterator[Finding]:
    titles = {one.article.article_id: one.title for one in others}
    theirs = [statement for one in others for statement in one.statements]
    for each in contradictions.find(mine.statements, theirs)[:_MOST_OF_A_KIND]:
        yield Finding(
            kind="contradiction",
            severity="warn",
            article_id=each.mine.article_id,
            language=each.mine.language,
            text=each.mine.sentence.text,
            other_article_id=each.other.article_id,
            other_title=titles[each.other.article_id],
            other_language=each.other.language,
            other_text=each.other.sentence.text,
            value=round(each.likeness, 3),
        )
    for one, said, other, otherwise in contradictions.languages_apart(
        mine.article.content
    ):
        yield Finding(
            kind="languages_disagree",
            severity="warn",
            article_id=mine.article.article_id,
            language=one,
            text=said.text,
            other_language=other,
            other_text=otherwise.text,
        )


def dead_links(
    article: Published, *, known: Collection[str], public_url: str
) -> Iterator[Finding]:
    """Links to articles that shoppers cannot open."""
    for language, address, target in links_to_articles(
        article.content, public_url=public_url
    ):
        if target not in known:
            yield Finding(
                kind="dead_link",
                severity="block",
                article_id=article.article_id,
                language=language,
                text=address,
                other_article_id=target,
            )


def links_to_gone(
    article: Published, *, gone: Collection[str], public_url: str
) -> Iterator[Finding]:
    """Links of other articles to one that is to be taken away."""
    if not gone:
        return
    for language, address, target in links_to_articles(
        article.content, public_url=public_url
    ):
        if target in gone:
            yield Finding(
                kind="dead_link",
                severity="warn",
                article_id=article.article_id,
                language=language,
                text=address,
                other_article_id=target,
            )


def links_to_articles(
    content: Content, *, public_url: str
) -> Iterator[tuple[Language, str, str]]:
    """The language, address and article of each link to another article of ours."""
    own = urlsplit(public_url).netloc
    for language, said in content.items():
        for match in _ADDRESS.finditer(said.answer):
            address = match[1] or match[2]
            try:
                parts = urlsplit(address)
            except ValueError:
                continue
            page = _ARTICLE_PAGE.fullmatch(parts.path)
            if page and parts.netloc in {"", own}:
                yield language, address, page[1]


def _language(mine: Read, rules: GateRules) -> Iterator[Finding]:
    article_id = mine.article.article_id
    for language, said in mine.article.content.items():
        for spoken in wording.spoken_words(said, language, rules.banned_words):
            yield Finding(
                kind="banned_word",
                severity="block",
                article_id=article_id,
                language=language,
                text=spoken.word,
                other_text=spoken.sentence,
            )
        for spoken in wording.spoken_words(said, language, rules.careful_words):
            yield Finding(
                kind="careful_word",
                severity="warn",
                article_id=article_id,
                language=language,
                text=spoken.word,
                other_text=spoken.sentence,
            )
        seconds = wording.reading_seconds(said.answer)
        if seconds > rules.longest_seconds:
            yield Finding(
                kind="long_answer",
                severity="note",
                article_id=article_id,
                language=language,
                value=seconds,
            )
        # Traditional is found by the Simplified wordings: both fold to the same
        if language != "zh-Hant" and len(said.variants) + 1 < FEW_WORDINGS:
            yield Finding(
                kind="few_wordings",
                severity="note",
                article_id=article_id,
                language=language,
                value=len(said.variants) + 1,
            )
