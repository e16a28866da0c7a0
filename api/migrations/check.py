"""Decides whether the tables in the code and those that the migrations make are the same."""

from __future__ import annotations

import tempfile
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine

import api.sqlite  # noqa: F401  decides which sqlite3 SQLAlchemy gets
from api import migrations
from api.migrations.metadata import all_metadata


def differences() -> list[str]:
    """Make a database by the migrations alone and name what the code has otherwise."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'check.db'}"
        migrations.run(url, command.upgrade, "head")
        engine = create_engine(url)
        try:
            with engine.connect() as connection:
                context = MigrationContext.configure(connection)
                found = compare_metadata(context, all_metadata())  # type: ignore[arg-type]
                return [str(each) for each in found]
        finally:
            engine.dispose()
