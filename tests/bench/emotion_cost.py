"""`bot/.venv/bin/python -m tests.bench.emotion_cost MODEL`: reading a line with and without the feelings in it.

Runs in the bot's environment; prints the two medians in milliseconds as JSON. Each line is
read both ways, one after the other, so that a busy machine is as busy for both.
"""

from __future__ import annotations

import asyncio
import base64
import json
import statistics
import sys
import time
from unittest.mock import patch

from rasa.core.agent import load_agent
from rasa.core.channels.channel import UserMessage
from rasa.shared.nlu.training_data.loading import load_data

from bot.components import vectors
from bot.components.emotion_classifier import EmotionClassifier
from bot.components.emotion_reading import Feeling

LINES = 240
WARM_UP = 20
CALM = Feeling()


def unread(*_given: object) -> Feeling:
    """What the pipeline is without the component: a graph keeps hold of `process` itself."""
    return CALM


async def measured(model: str) -> dict[str, float]:
    agent = await load_agent(model_path=model)
    assert agent.processor is not None, f"{model} cannot be loaded"
    held = load_data("bot/data/nlu").intent_examples
    texts = [each.get("text") for each in held[:: len(held) // LINES]][:LINES]
    took: dict[str, list[float]] = {"with": [], "without": []}
    for number, (text, row) in enumerate(
        zip(texts, vectors.embed_all(texts), strict=True)
    ):
        values = base64.b64encode(row.astype("<f4").tobytes()).decode()
        sent = {"vector": {"model": vectors.BUNDLED, "values": values}}
        ways = ("with", "without") if number % 2 else ("without", "with")
        for way in ways:
            message = UserMessage(text, metadata=sent)
            feel = EmotionClassifier.feel if way == "with" else unread
            with patch.object(EmotionClassifier, "feel", feel):
                started = time.perf_counter()
                await agent.processor.parse_message(message)
                spent = (time.perf_counter() - started) * 1000
            if number >= WARM_UP:
                took[way].append(spent)
    return {way: statistics.median(each) for way, each in took.items()}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measured(sys.argv[1]))))  # noqa: T201
