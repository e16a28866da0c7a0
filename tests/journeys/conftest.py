"""The journeys share the one real desk."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def desk(shared_desk):
    return shared_desk
