"""One real desk for all journeys: starting it is the slow part."""

from __future__ import annotations

import pytest

from tests.running import RunningDesk


@pytest.fixture(scope="session")
def desk(tmp_path_factory):
    with RunningDesk(
        tmp_path_factory.mktemp("desk"),
        changes={
            r"messages_per_minute: \d+": "messages_per_minute: 1000",
            r"conversations_per_hour: \d+": "conversations_per_hour: 10000",
            r"proof_tries: \d+": "proof_tries: 100",
        },
    ) as running:
        yield running
