"""One trained model, one running bot and one stub of the service for all tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.bot.running import ACTION_TOKEN, RunningBot, Talk, train
from tests.bot.stub_actions import StubActions


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return train(tmp_path_factory.mktemp("model"))


@pytest.fixture(scope="session")
def running_stub() -> Iterator[StubActions]:
    stub = StubActions(token=ACTION_TOKEN)
    yield stub
    stub.close()


@pytest.fixture
def stub(running_stub: StubActions) -> Iterator[StubActions]:
    running_stub.calls.clear()
    yield running_stub
    running_stub.broken.clear()


@pytest.fixture(scope="session")
def running_bot(
    model: Path, running_stub: StubActions, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningBot]:
    log = tmp_path_factory.mktemp("bot") / "bot.log"
    bot = RunningBot(log, running_stub.port, model).start()
    yield bot
    bot.close()


@pytest.fixture
def bot(running_bot: RunningBot, stub: StubActions) -> RunningBot:
    return running_bot


@pytest.fixture
def talk(bot: RunningBot) -> Callable[[], Talk]:
    return lambda: Talk(bot, f"conversation-{uuid4()}")
