"""What the shop says to a question: one answer, a question back, or nothing.

A snapshot is swapped whole: a reader sees one published version or the next, never both.
"""

from __future__ import annotations

import asyncio
import copy
import time
from collections.abc import Mapping

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge_base import vectors as vector_rows
from knowledge_base.bars import own_bar, reached
from knowledge_base.building import builder_for
from knowledge_base.calibration import Calibration, shipped
from knowledge_base.conditions import UNKNOWN, Circumstances
from knowledge_base.content import Content
from knowledge_base.embedding import Embedder, Vectors
from knowledge_base.errors import NoIndex
from knowledge_base.folding import fold
from knowledge_base.languages import Language, preference, to_traditional
from knowledge_base.publish import newest_version, published_articles
from knowledge_base.results import (
    AnswerPolicy,
    AnswerText,
    Hit,
    Outcome,
    SearchResult,
    decide,
)
from knowledge_base.second_model import SecondModel
from knowledge_base.serving import Version, version_of
from knowledge_base.snapshot import Candidate
from knowledge_base.sources import OpenSession, Sources
from knowledge_base.validity import Clock, now_utc, without

__all__ = [
    "AnswerPolicy",
    "AnswerText",
    "Hit",
    "OpenSession",
    "Outcome",
    "SearchResult",
    "Searcher",
    "Sources",
]

log = structlog.get_logger(__name__)


class Searcher:
    """Answers questions from the newest version it was given; safe in many threads."""

    def __init__(
        self,
        embedder: Embedder,
        policy: AnswerPolicy | None = None,
        *,
        english: Embedder | None = None,
        calibration: Calibration | None = None,
        traditional: str = "s2twp",
        terms: Mapping[str, str] | None = None,
        clock: Clock = now_utc,
    ) -> None:
        self.embedder = embedder
        #: a second opinion on questions in English
        self.english = SecondModel(english)
        #: the one that comes with the project, unless the shop fitted its own
        self.calibration = calibration or shipped()
        self.policy = policy or AnswerPolicy()
        self._sure = reached(self.policy, self.calibration)
        self._traditional = traditional
        self._terms = terms
        self._clock = clock
        self._version: Version | None = None
        self._vectors: dict[str, Vectors] = {}
        self._unsaved: set[str] = set()
        self._builder = builder_for(embedder, self.english, self.calibration)
        self._one_build = asyncio.Lock()

    @property
    def version(self) -> int | None:
        """The number of the version that answers now; None before the first."""
        return self._version.number if self._version else None

    @property
    def size(self) -> int:
        """How many articles can be found."""
        return len(self._version.built.snapshot.article_ids) if self._version else 0

    async def refresh(self, session: AsyncSession) -> int:
        """Follow the newest IndexVersion row and return its number; keeps no vector."""
        sources = await self.read(session)
        return self._kept() if sources is None else await self.build(sources)

    async def follow(self, reading: OpenSession, writing: OpenSession) -> int:
        """Like `refresh`, with no transaction open while texts are embedded."""
        async with reading() as session:
            sources = await self.read(session)
        if sources is not None:
            await self.build(sources)
        if self._unsaved or self.english.unsaved:
            async with writing() as session:
                await self.save_vectors(session)
        return self._kept()

    async def read(self, session: AsyncSession) -> Sources | None:
        """What a newer version consists of; None when this one is the newest."""
        # asked twice a second by every process: the list is read when it has changed
        if self.version is not None and self.version == await newest_version(session):
            return None
        known = self._version.by_revision() if self._version else {}
        version, articles = await published_articles(session, known=known)
        keys = await asyncio.to_thread(self._builder.keys, articles)
        missing = keys - self._vectors.keys()
        kept = await vector_rows.load(session, missing, embedder=self.embedder)
        await self.english.load(session, keys)
        return Sources(version=version, articles=articles, vectors=kept)

    async def build(self, sources: Sources) -> int:
        """Embed what has no vector yet, build beside the running version, swap."""
        async with self._one_build:
            if self._version is None or sources.version > self._version.number:
                await asyncio.to_thread(self.swap, sources)
        return self._kept()

    def trial(self, sources: Sources) -> Searcher:
        """Another searcher like this one over other articles; this one answers on as before."""
        other = copy.copy(self)
        other._one_build = asyncio.Lock()  # noqa: SLF001 - one of us
        other._unsaved = set()  # noqa: SLF001
        other._take(sources)  # noqa: SLF001
        return other

    def swap(self, sources: Sources) -> None:
        """The synchronous half of `build`: embed, index, and answer from it."""
        passages, embedded = self._take(sources)
        log.info(
            "articles indexed",
            action="index",
            version=sources.version,
            articles=len(sources.articles),
            passages=passages,
            embedded=embedded,
        )

    def _take(self, sources: Sources) -> tuple[int, int]:
        """Answer from these; says how many passages there are, and how many were embedded."""
        known = self._vectors | dict(sources.vectors)
        built, fresh = self._builder.build(
            sources.articles,
            known,
            before=self._version.built if self._version else None,
        )
        keys = self._builder.keys(sources.articles)
        self._vectors = {key: known[key] for key in keys}
        self._unsaved = (self._unsaved | fresh) & self._vectors.keys()
        self._version = version_of(sources.version, sources.articles, built=built)
        return len(keys), len(fresh)

    async def save_vectors(self, session: AsyncSession) -> int:
        """Keep the new vectors as rows, so that no process embeds them again."""
        fresh = {key: self._vectors[key] for key in tuple(self._unsaved)}
        await vector_rows.save(session, fresh, model_id=self.embedder.model_id)
        self._unsaved.difference_update(fresh)
        return len(fresh) + await self.english.save(session)

    def read_ahead(self, text: str) -> None:
        """Let the second model read a question that will most likely be searched for."""
        self.english.ask(fold(text))

    def search(
        self,
        text: str,
        *,
        language: Language,
        vector: Vectors | None = None,
        english: Vectors | None = None,
        limit: int = 5,
        known: Circumstances = UNKNOWN,
    ) -> SearchResult:
        """Rank what may hold for who asks and decide; whoever has the models' vectors gives them."""
        version = self._current()
        folded = fold(text)
        if vector is None and folded:
            vector = self.embedder.embed([text], kind="question")[0]
        english = self.english.ask(folded) if english is None else english
        started = time.perf_counter()
        found: list[Candidate] = []
        if folded and vector is not None:
            now = self._clock()
            hidden = version.hidden(now) | version.left_out(known, now=now).keys()
            most = max(limit, 3)
            found = version.built.snapshot.rank(
                folded, vector, most=most + len(hidden), english=english
            )
            found = without(found, hidden, most=most)
        hits = tuple(
            self._hit(one, folded, language=language, version=version) for one in found
        )
        outcome, shown = decide(hits, self._sure, limit=limit)
        return SearchResult(
            outcome=outcome,
            hits=shown,
            probability=hits[0].probability if hits else 0.0,
            index_version=version.number,
            took_ms=(time.perf_counter() - started) * 1000,
        )

    @property
    def conditions_used(self) -> frozenset[str]:
        """The names of the conditions that any published article has."""
        return self._version.conditions_used if self._version else frozenset()

    def left_out(self, known: Circumstances) -> dict[str, tuple[str, ...]]:
        """The articles that are not for who asks, and the conditions that say so."""
        return self._current().left_out(known, now=self._clock())

    def rank(self, text: str, *, vector: Vectors, most: int) -> tuple[str, ...]:
        """The ids of the best articles in order, whatever the outcome would be."""
        folded = fold(text)
        english = self.english.ask(folded)
        found = self._current().built.snapshot.rank(
            folded, vector, most=most, english=english
        )
        return tuple(one.article_id for one in found)

    def answer(self, article_id: str, *, language: Language) -> AnswerText | None:
        """The article's words for a reader of `language`; None when it is not published."""
        version = self._current()
        content = version.contents.get(article_id)
        if content is None or article_id in version.hidden(self._clock()):
            return None
        shown = _shown_in(content, language)
        wording = content[shown]
        derived = language == "zh-Hant" and shown == "zh-Hans"
        said = self._as_traditional if derived else str
        return AnswerText(
            article_id=article_id,
            revision_id=version.revisions[article_id],
            language="zh-Hant" if derived else shown,
            title=said(wording.question),
            answer_markdown=said(wording.answer),
            derived=derived,
            conditions=content.conditions,
        )

    def _current(self) -> Version:
        version = self._version
        if version is None:
            raise NoIndex
        return version

    def _kept(self) -> int:
        return self._current().number

    def _hit(
        self, one: Candidate, folded: str, *, language: Language, version: Version
    ) -> Hit:
        title = self._title(one.article_id, language=language, version=version)
        return Hit(
            article_id=one.article_id,
            revision_id=version.revisions[one.article_id],
            title=title,
            language=one.passage.language,
            score=one.score,
            probability=self.calibration.probability(one, question=folded),
            matched_text=one.passage.text,
            matched_kind=one.passage.kind,
            dense=one.dense,
            words=one.words,
            own_bar=own_bar(version.contents[one.article_id], self.calibration),
            compared=(folded, one.passage.folded),
        )

    def _title(self, article_id: str, *, language: Language, version: Version) -> str:
        content = version.contents[article_id]
        shown = _shown_in(content, language)
        derived = language == "zh-Hant" and shown == "zh-Hans"
        title = content[shown].question
        return self._as_traditional(title) if derived else title

    def _as_traditional(self, text: str) -> str:
        return to_traditional(text, table=self._traditional, terms=self._terms)


def _shown_in(content: Content, language: Language) -> Language:
    return next(one for one in preference(language) if one in content)
