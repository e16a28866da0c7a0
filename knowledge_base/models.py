"""The rows of articles, their immutable revisions, the vectors of their texts, and what nothing answered."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

Json = JSON().with_variant(JSONB(), "postgresql")


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC instant on every database (the twin of the one in `handoff.models`: the two rooms share nothing)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A time without a zone cannot be stored.")
        return value.astimezone(UTC)

    def process_result_value(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value


class KnowledgeBase(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        dict[str, Any]: Json,
        list[Any]: Json,
    }


class Article(KnowledgeBase):
    """The identity of what the shop says about one question."""

    __tablename__ = "article"

    #: a readable slug, for example `return-time-limit`
    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    topic: Mapped[str] = mapped_column(String(40))
    #: draft | published | retired
    status: Mapped[str] = mapped_column(String(16))
    #: the revision shoppers get; null until first published
    published_revision_id: Mapped[UUID | None]
    #: the newest revision, published or not
    latest_revision_id: Mapped[UUID | None]
    #: the ETag: grows with every change, an edit made on an older one is refused
    version: Mapped[int] = mapped_column(default=1)
    #: came with the starter set and was never edited by the shop
    starter: Mapped[bool] = mapped_column(default=False)
    #: who wants the newest words looked at, and since when; both or none
    review_asked_by: Mapped[str | None] = mapped_column(String(80))
    review_asked_at: Mapped[datetime | None]
    #: when `schedule` is to be carried out; null once it was, or was refused
    scheduled_at: Mapped[datetime | None] = mapped_column(index=True)
    #: {revision_id, by, reason, refused}: what is planned, or why it did not happen
    schedule: Mapped[dict[str, Any] | None] = mapped_column(Json)
    #: outside of these instants shoppers do not get the article, though published
    valid_from: Mapped[datetime | None]
    valid_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Revision(KnowledgeBase):
    """What an article said at one time; never changed after it was written."""

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("article_id", "number"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    article_id: Mapped[str] = mapped_column(ForeignKey("article.id"))
    number: Mapped[int]
    #: {language: {question, variants: [..], answer (Markdown)}}
    content: Mapped[dict[str, Any]]
    author: Mapped[str] = mapped_column(String(80))
    note: Mapped[str] = mapped_column(Text, default="")
    #: {language: number of the revision that last changed or confirmed its words}
    since: Mapped[dict[str, Any]] = mapped_column(
        Json, default=dict, server_default="{}"
    )
    created_at: Mapped[datetime]


class Publication(KnowledgeBase):
    """That somebody let shoppers have a revision, over which findings and why; only ever added to."""

    __tablename__ = "publication"
    __table_args__ = (Index("ix_publication_article_id_at", "article_id", "at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    article_id: Mapped[str] = mapped_column(ForeignKey("article.id"))
    revision_id: Mapped[UUID | None]
    index_version: Mapped[int]
    #: publish | schedule | rollback | retire | validity
    how: Mapped[str] = mapped_column(String(16))
    author: Mapped[str] = mapped_column(String(80))
    #: why it was published although the gate said no; null when it did not
    override_reason: Mapped[str | None] = mapped_column(Text)
    #: the gate's report as it stood then
    report: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class IndexVersion(KnowledgeBase):
    """A published state of all articles; the newest row is the truth, its file a checksummed cache."""

    __tablename__ = "index_version"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    #: {article_id: revision_id} of everything published
    manifest: Mapped[dict[str, Any]]
    #: why it was made: publish, retire, rollback, model change
    reason: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime]


class TextVector(KnowledgeBase):
    """The vector of one text under one model, kept once."""

    __tablename__ = "text_vector"

    model_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    #: sha256 of the folded text with its kind
    text_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    #: float32 little-endian
    vector: Mapped[bytes] = mapped_column(LargeBinary)


class LabelledQuestion(KnowledgeBase):
    """A real question and the articles that answer it; an empty list means nothing does."""

    __tablename__ = "labelled_question"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(8))
    article_ids: Mapped[list[Any]]
    created_at: Mapped[datetime]


class Gap(KnowledgeBase):
    """A question that nothing answered well, kept until an editor closes it."""

    __tablename__ = "gap"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    #: masked: no numbers, mails or names of a shopper
    text: Mapped[str] = mapped_column(Text)
    #: sha256 of the folded text: the same question counts up instead of repeating
    text_hash: Mapped[str] = mapped_column(String(64), unique=True)
    language: Mapped[str] = mapped_column(String(8))
    #: abstained | not_helpful | clarification_declined | handed_over
    kind: Mapped[str] = mapped_column(String(24))
    nearest_article_id: Mapped[str | None] = mapped_column(String(80))
    times: Mapped[int] = mapped_column(default=1)
    #: how often a person was needed after it
    handovers: Mapped[int] = mapped_column(default=0, server_default="0")
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    #: article_written | variant_added | not_ours
    closed_how: Mapped[str | None] = mapped_column(String(24))
    #: the name of the editor
    closed_by: Mapped[str | None] = mapped_column(String(80))


class ArticleDay(KnowledgeBase):
    """How often an article was asked for on one day, by the shop's calendar."""

    __tablename__ = "article_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    article_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    #: it was the nearest article to a question, whatever the bot did then
    asked: Mapped[int] = mapped_column(default=0)
    #: of those, how often the bot answered with it
    answered: Mapped[int] = mapped_column(default=0)
    #: how often a person was needed after that answer
    handed_over: Mapped[int] = mapped_column(default=0)
