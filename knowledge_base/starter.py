"""Which articles a new shop begins with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypedDict

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge_base import articles, publish
from knowledge_base.content import check_article
from knowledge_base.errors import BadImport, InvalidArticle, Problem
from knowledge_base.languages import LANGUAGES
from knowledge_base.models import Article

SHIPPED = Path(__file__).parent / "starter"
_AUTHOR = "starter"


class StarterArticle(TypedDict):
    """One article as a starter file has it; `content` is checked."""

    id: str
    topic: str
    content: dict[str, Any]


def load_starter(path: Path = SHIPPED) -> list[StarterArticle]:
    """The articles of every `*.yml` in a folder, checked: {id, topic, content}."""
    found: list[StarterArticle] = []
    problems: list[Problem] = []
    seen: dict[str, str] = {}
    for file in sorted(path.glob("*.yml")):
        for article in _read(file):
            content: dict[str, Any] = {
                one: article[one] for one in LANGUAGES if one in article
            }
            article_id = str(article.get("id"))
            where = f"{file.name}: {article_id}"
            if article_id in seen:
                problems.append(
                    Problem(field=where, reason=f"is also in {seen[article_id]}")
                )
            seen[article_id] = file.name
            try:
                check_article(article.get("id"), article.get("topic"), content)
            except InvalidArticle as error:
                problems += [
                    Problem(field=f"{where}: {one.field}", reason=one.reason)
                    for one in error.problems
                ]
            found.append(
                StarterArticle(
                    id=article_id, topic=str(article.get("topic")), content=content
                )
            )
    if problems:
        raise BadImport(problems)
    return found


def _read(file: Path) -> list[dict[str, Any]]:
    try:
        with file.open(encoding="utf-8") as lines:
            parsed = YAML(typ="safe", pure=True).load(lines)
    except (YAMLError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())
        raise BadImport([Problem(field=file.name, reason=reason)]) from error
    if not isinstance(parsed, list) or not all(isinstance(one, dict) for one in parsed):
        raise BadImport([Problem(field=file.name, reason="must be a list of articles")])
    return parsed


async def seed(
    session: AsyncSession, found: Sequence[StarterArticle], *, now: datetime
) -> int:
    """Write and publish the starter articles this shop does not have; says how many."""
    known = set(await session.scalars(select(Article.id)))
    fresh = [one for one in found if one["id"] not in known]
    for one in fresh:
        await articles.create(
            session,
            article_id=one["id"],
            topic=one["topic"],
            content=one["content"],
            author=_AUTHOR,
            now=now,
            starter=True,
        )
    if fresh:
        await publish.publish_many(
            session, [one["id"] for one in fresh], reason="starter", now=now
        )
    return len(fresh)
