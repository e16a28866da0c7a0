"""Decides how topics, states and dates of articles are worded, and which JSON the editor's script reads."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from api.pages.translate import translate
from api.settings import Language
from knowledge_base.articles import ArticleView
from knowledge_base.content import as_json

TOPICS = {
    "account": "Account",
    "buying": "Before buying",
    "complaints": "Complaints",
    "contact": "Contact and hours",
    "exchange": "Exchanges",
    "invoice": "Invoices",
    "membership": "Membership",
    "orders": "Orders",
    "payment": "Payment",
    "privacy": "Privacy",
    "refunds": "Refunds",
    "returns": "Returns",
    "shipping": "Shipping",
}
STATUSES = {"published": "Published", "draft": "Draft", "retired": "Retired"}


def topic_word(topic: str, language: Language) -> str:
    """A topic the shop invented is shown as it is written."""
    known = TOPICS.get(topic)
    return translate(language, known) if known else topic.replace("-", " ")


def topic_words(topics: Iterable[str], language: Language) -> list[tuple[str, str]]:
    named = [(topic, topic_word(topic, language)) for topic in topics]
    return sorted(named, key=lambda one: one[1])


def status_words(language: Language) -> dict[str, str]:
    return {status: translate(language, word) for status, word in STATUSES.items()}


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def article_json(view: ArticleView) -> dict[str, Any]:
    """The article as the editor's script reads it."""
    return {
        "id": view.id,
        "topic": view.topic,
        "status": view.status,
        "version": view.version,
        "author": view.author,
        "note": view.note,
        "updated_at": view.updated_at.isoformat(),
        "scheduled_at": _iso(view.scheduled_at),
        "valid_from": _iso(view.valid_from),
        "valid_until": _iso(view.valid_until),
        "content": as_json(view.content),
    }
