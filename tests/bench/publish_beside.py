"""Another worker process, which looks for new versions as often as a desk's do: when it answers with a publish.

`Beside` starts it; run as a module it is that process, and reads what to wait for from
its standard input. Both read one clock: CLOCK_MONOTONIC is the machine's.
"""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import structlog

from api.chores import INDEX_SECONDS
from api.database import Database
from api.settings import load_settings
from knowledge_base.calibration import shipped
from knowledge_base.embedding import load_embedder
from knowledge_base.search import Searcher
from tests.running import ROOT


class Beside:
    """The other process, seen from the one that publishes."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "tests.bench.publish_beside", str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        self._line()

    def expect(self, *, article: str, question: str, language: str) -> None:
        """Let it wait for this wording; returns once it does."""
        wanted = {"article": article, "question": question, "language": language}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(wanted) + "\n")
        self._process.stdin.flush()
        self._line()

    def answered(self) -> float:
        """When it answered with the wording, on time.perf_counter's clock."""
        return float(self._line())

    def close(self) -> None:
        self._process.kill()
        self._process.wait()

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the other worker has ended")
        return line


async def _wait(worker: Searcher, database: Database, wanted: dict[str, Any]) -> None:
    while True:
        await worker.follow(database.reading, database.writing)
        found = worker.search(wanted["question"], language=wanted["language"]).hits[:1]
        if found and found[0].matched_text == wanted["question"]:
            assert found[0].article_id == wanted["article"]
            return
        await asyncio.sleep(INDEX_SECONDS)


async def _follow(folder: Path) -> None:
    database = Database(load_settings({"WARMLINE_VAR": str(folder)}, root=ROOT))
    models = load_embedder("bundled:e5"), load_embedder("bundled:minilm")
    worker = Searcher(models[0], english=models[1], calibration=shipped())
    await worker.follow(database.reading, database.writing)
    _tell("ready")
    for line in sys.stdin:
        wanted = json.loads(line)
        for model in models:
            # the embedding of a question is never counted
            model.embed([wanted["question"]], kind="question")
        _tell("waiting")
        await _wait(worker, database, wanted)
        _tell(str(time.perf_counter()))


def _tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    # whoever started it reads its output line by line
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING)
    )
    asyncio.run(_follow(Path(sys.argv[1])))
