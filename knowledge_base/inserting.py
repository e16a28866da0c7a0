"""Decides which database's insert is meant, so that what happens on conflict can be said."""

from __future__ import annotations

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge_base.models import KnowledgeBase


def insert_into(
    session: AsyncSession, table: type[KnowledgeBase]
) -> postgresql.Insert | sqlite.Insert:
    """The insert of the session's database, which both can tell what to do on conflict."""
    on_postgres = session.get_bind().dialect.name == "postgresql"
    return postgresql.insert(table) if on_postgres else sqlite.insert(table)
