"""Decides which SQLite this process uses: the bundled current one, never the system's.

SQLite 3.7.0 to 3.51.2 can corrupt a WAL database when two connections write and
checkpoint at the same moment, and most Pythons link such a version. Import this module
before anything that imports `sqlite3` (`aiosqlite`, SQLAlchemy's dialect).
"""

from __future__ import annotations

import sys

import pysqlite3
import pysqlite3.dbapi2

FIRST_SAFE = (3, 51, 3)

sys.modules["sqlite3"] = pysqlite3
sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2


def version() -> tuple[int, int, int]:
    """The version of the SQLite library that this process runs."""
    major, minor, patch = pysqlite3.sqlite_version.split(".")
    return int(major), int(minor), int(patch)


def is_safe() -> bool:
    """Whether the WAL-reset bug is fixed in this version."""
    return version() >= FIRST_SAFE
