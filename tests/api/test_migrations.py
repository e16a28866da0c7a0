"""The one history of tables, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, inspect, text

from api import migrations
from api.migrations.metadata import all_metadata
from tests.api.conftest import settings_for


def differences(url: str) -> list[object]:
    """What the rows of the code would still change in the database."""
    found: list[object] = []

    def look(connection: Connection) -> None:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found.extend(compare_metadata(context, all_metadata()))

    engine = create_engine(url.replace("+inloop", ""))
    with engine.begin() as connection:
        look(connection)
    engine.dispose()
    return found


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    server = request.getfixturevalue("postgres_server")
    return server.create_database(f"migrate_{tmp_path.name}".replace("-", "_")[:60])


async def test_the_history_makes_the_tables_of_the_code(empty_url: str, tmp_path: Path):
    settings = settings_for(tmp_path, empty_url)

    await migrations.upgrade(settings)

    assert differences(settings.database_url) == []


async def test_a_changed_table_would_be_noticed(tmp_path: Path):
    settings = settings_for(tmp_path, f"sqlite:///{tmp_path / 'empty.db'}")
    await migrations.upgrade(settings)
    engine = create_engine(settings.database_url.replace("+inloop", ""))
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE rating DROP COLUMN comment"))
    engine.dispose()

    assert len(differences(settings.database_url)) == 1


async def test_migrating_twice_changes_nothing(empty_url: str, tmp_path: Path):
    settings = settings_for(tmp_path, empty_url)

    await migrations.upgrade(settings)
    await migrations.upgrade(settings)

    assert differences(settings.database_url) == []


async def test_the_way_back_leaves_nothing(empty_url: str, tmp_path: Path):
    settings = settings_for(tmp_path, empty_url)
    await migrations.upgrade(settings)

    await migrations.downgrade(settings, "base")

    engine = create_engine(settings.database_url.replace("+inloop", ""))
    left = set(inspect(engine).get_table_names()) - {"alembic_version"}
    engine.dispose()
    assert left == set()


def test_the_head_has_a_name():
    assert migrations.head() is not None
