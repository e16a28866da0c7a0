"""Alembic's entry: all metadata in one history, batch mode where SQLite needs it."""

from __future__ import annotations

import os
from typing import Literal

import sqlalchemy as sa
from alembic import context
from sqlalchemy import Connection
from sqlalchemy.pool import NullPool

from api.migrations.metadata import all_metadata


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=all_metadata(),
        render_as_batch=True,
        compare_type=True,
        render_item=plain_types,
    )
    context.run_migrations()


def plain_types(kind: str, value: object, _context: object) -> str | Literal[False]:
    """Migrations name SQLAlchemy's own types: ours may change, history may not."""
    if kind == "type" and type(value).__name__ == "UtcDateTime":
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(value, sa.JSON):
        return 'sa.JSON().with_variant(JSONB(), "postgresql")'
    return False


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    # The command line: a scratch database, migrated first when it is to be checked.
    engine = sa.create_engine(
        os.environ.get("ALEMBIC_URL", "sqlite://"), poolclass=NullPool
    )
    with engine.begin() as connection:
        run(connection)
