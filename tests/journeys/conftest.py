"""The journeys share the one real desk."""

from __future__ import annotations

import pytest

from tests.journeys import people


@pytest.fixture(scope="session")
def desk(shared_desk):
    return shared_desk


@pytest.fixture(autouse=True)
def hung_up():
    yield
    while people.OPEN:
        people.OPEN.pop().close()
