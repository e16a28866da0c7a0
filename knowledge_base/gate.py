"""What a publication would break, found before it happens: the labelled questions are asked of the would-be index.

Only the changed articles are embedded; vectors of labelled questions are kept as rows,
and what the running version answers is remembered until there is a newer one.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge_base import (
    gate_articles,
    gate_questions,
    gate_vectors,
    labelled,
    labelled_rows,
)
from knowledge_base import vectors as vector_rows
from knowledge_base.content import Content
from knowledge_base.embedding import Vectors
from knowledge_base.folding import digest, fold
from knowledge_base.gate_articles import GateRules, Read
from knowledge_base.gate_findings import Answered, Finding, Report, heaviest_first
from knowledge_base.gate_questions import TwoVectors
from knowledge_base.gate_vectors import Need, Wanted
from knowledge_base.labelled import Question
from knowledge_base.models import Article
from knowledge_base.publish import Published, published_articles
from knowledge_base.search import OpenSession, Searcher, Sources


@dataclass(frozen=True, kw_only=True)
class WouldBe:
    """One article as it is to be published; without content it is taken away."""

    article_id: str
    revision_id: str
    content: Content | None


@dataclass
class GateMemory:
    """What the gate of a process need not find out twice."""

    vectors: dict[str, Vectors] = field(default_factory=dict)
    #: of the second model: the labelled questions that it reads
    second: dict[str, Vectors] = field(default_factory=dict)
    read: dict[str, Read] = field(default_factory=dict)
    #: what is still to be embedded ahead; None before anybody looked
    ahead: list[Need] | None = None
    #: what the running version answers: its number and the questions asked, then the answers
    before: tuple[tuple[int, int], list[Answered]] | None = None
    #: one publication is examined at a time: two would only wait for each other
    one: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def is_ready(self) -> bool:
        """Every labelled question has its vector."""
        return self.ahead is not None and all(one.is_met for one in self.ahead)


@dataclass(frozen=True, kw_only=True)
class _Facts:
    version: int
    published: tuple[Published, ...]
    questions: list[Question]


async def examine(
    would_be: Sequence[WouldBe],
    *,
    reading: OpenSession,
    writing: OpenSession,
    searcher: Searcher,
    memory: GateMemory,
    rules: GateRules,
) -> Report:
    """Say what would come of publishing these, without publishing anything."""
    async with memory.one:
        started = time.perf_counter()
        async with reading() as session:
            facts = await _facts(session, would_be)
            needs = await _needs(session, facts.questions, would_be, searcher, memory)
        for need in needs:
            await gate_vectors.embed(writing, need)
        return await asyncio.to_thread(
            _examine,
            would_be,
            facts,
            searcher=searcher,
            memory=memory,
            rules=rules,
            started=started,
        )


async def prepare(
    *,
    reading: OpenSession,
    writing: OpenSession,
    searcher: Searcher,
    memory: GateMemory,
    most: int,
) -> bool:
    """Embed some labelled questions ahead of the first publication; False when none is left."""
    if memory.ahead is None:
        async with reading() as session:
            questions = (await _facts(session, ())).questions
            memory.ahead = await _needs(session, questions, (), searcher, memory)
    open_need = next((one for one in memory.ahead if not one.is_met), None)
    if open_need is None:
        return False
    await gate_vectors.embed(writing, open_need.missing(most))
    return True


async def _needs(
    session: AsyncSession,
    questions: Sequence[Question],
    would_be: Sequence[WouldBe],
    searcher: Searcher,
    memory: GateMemory,
) -> list[Need]:
    """What each model has to embed, with what rows hold of it already read."""
    needs = await asyncio.to_thread(_open, questions, would_be, searcher, memory)
    for need in needs:
        await gate_vectors.read(session, need)
    return needs


def _open(
    questions: Sequence[Question],
    would_be: Sequence[WouldBe],
    searcher: Searcher,
    memory: GateMemory,
) -> list[Need]:
    asked: Wanted = {
        digest(one.text, kind="question"): (one.text, False) for one in questions
    }
    needs = [
        Need(
            embedder=searcher.embedder,
            wanted=asked | _passages(would_be),
            known=memory.vectors,
        )
    ]
    second = searcher.english
    if second.embedder is not None:
        folded = ((key, fold(text)) for key, (text, _) in asked.items())
        read = {key: (text, False) for key, text in folded if second.reads(text)}
        needs.append(Need(embedder=second.embedder, wanted=read, known=memory.second))
    return needs


async def _facts(session: AsyncSession, would_be: Sequence[WouldBe]) -> _Facts:
    version, published = await published_articles(session)
    known = {one.article_id for one in published}
    known |= {one.article_id for one in would_be if one.content is not None}
    own = labelled_rows.as_questions(await labelled_rows.everything(session))
    shipped_for = await _starter_articles(session)
    said = {fold(one.text) for one in own}
    questions = gate_questions.askable(
        (one for one in labelled.shipped() if fold(one.text) not in said),
        known=known & shipped_for,
        near_misses=bool(known & shipped_for),
    )
    questions += gate_questions.askable(own, known=known, near_misses=True)
    return _Facts(version=version, published=published, questions=questions)


async def _starter_articles(session: AsyncSession) -> set[str]:
    """The ids that shipped questions are about, edited by the shop or not."""
    wanted = {article for one in labelled.shipped() for article in one.article_ids}
    return set(await session.scalars(select(Article.id).where(Article.id.in_(wanted))))


def _passages(would_be: Sequence[WouldBe]) -> Wanted:
    """The texts of the articles that are to be published."""
    wanted: Wanted = {}
    for one in would_be:
        if one.content is None:
            continue
        for passage in gate_articles.read(_published(one)).passages:
            is_answer = passage.embedded_as == "answer"
            wanted[vector_rows.key(passage)] = (passage.folded, is_answer)
    return wanted


def _examine(
    would_be: Sequence[WouldBe],
    facts: _Facts,
    *,
    searcher: Searcher,
    memory: GateMemory,
    rules: GateRules,
    started: float,
) -> Report:
    articles = _with(facts.published, would_be)
    sources = Sources(version=facts.version, articles=articles, vectors=memory.vectors)
    trial = searcher.trial(sources)
    keys = [digest(one.text, kind="question") for one in facts.questions]
    vectors = [(memory.vectors[key], memory.second.get(key)) for key in keys]
    before = _before(facts, searcher, memory, vectors)
    after = gate_questions.ask_all(trial, facts.questions, vectors)
    found = _findings(would_be, articles, trial, memory=memory, rules=rules)
    return Report(
        index_version=facts.version,
        articles={
            one.article_id: one.revision_id if one.content else "" for one in would_be
        },
        questions=len(facts.questions),
        changes=tuple(gate_questions.changes(facts.questions, before, after)),
        findings=tuple(heaviest_first(found)),
        took_ms=(time.perf_counter() - started) * 1000,
    )


def _before(
    facts: _Facts,
    searcher: Searcher,
    memory: GateMemory,
    vectors: Sequence[TwoVectors],
) -> list[Answered]:
    asked = hash(tuple((one.text, one.language) for one in facts.questions))
    key = (facts.version, asked)
    if memory.before is None or memory.before[0] != key:
        now = searcher
        if searcher.version != facts.version:
            # another process published a moment ago, and this one has yet to follow
            now = searcher.trial(
                Sources(
                    version=facts.version,
                    articles=facts.published,
                    vectors=memory.vectors,
                )
            )
        answers = gate_questions.ask_all(now, facts.questions, vectors)
        memory.before = (key, answers)
    return memory.before[1]


def _findings(
    would_be: Sequence[WouldBe],
    articles: Sequence[Published],
    trial: Searcher,
    *,
    memory: GateMemory,
    rules: GateRules,
) -> list[Finding]:
    kept = {
        one.revision_id: memory.read.get(one.revision_id) or gate_articles.read(one)
        for one in articles
    }
    memory.read = kept
    titles = {one.article.article_id: one.title for one in kept.values()}
    mine = {one.article_id for one in would_be}
    found: list[Finding] = []
    for one in kept.values():
        if one.article.article_id not in mine:
            continue
        others = [each for each in kept.values() if each is not one]
        found += gate_articles.examine_words(one, others, rules)
        vectors = {
            each.folded: memory.vectors[vector_rows.key(each)] for each in one.wordings
        }
        found += gate_articles.confusable(one, trial, vectors, titles=titles)
    gone = {one.article_id for one in would_be if one.content is None}
    for one in kept.values():
        found += gate_articles.links_to_gone(
            one.article, gone=gone, public_url=rules.public_url
        )
    return found


def _with(
    published: Sequence[Published], would_be: Sequence[WouldBe]
) -> tuple[Published, ...]:
    changed = {one.article_id for one in would_be}
    kept = [one for one in published if one.article_id not in changed]
    kept += [_published(one) for one in would_be if one.content is not None]
    return tuple(sorted(kept, key=lambda one: one.article_id))


def _published(one: WouldBe) -> Published:
    return Published(
        article_id=one.article_id,
        revision_id=one.revision_id,
        content=one.content or Content(),
    )
