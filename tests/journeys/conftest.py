"""The journeys share the one real desk."""

from __future__ import annotations

import pytest

from tests.journeys import people


@pytest.fixture(scope="session")
def desk(shared_desk):
    return shared_desk


@pytest.fixture(autouse=True)
def nobody_waits_afterwards(desk):
    yield
    people.empty_the_line(desk)
