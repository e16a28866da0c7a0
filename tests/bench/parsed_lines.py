"""`bot/.venv/bin/python -m tests.bench.parsed_lines MODEL IN OUT`: what the shipped bot makes of lines.

Runs in the bot's environment, through the whole pipeline of a trained model, each message
with its vector sent along as the service does. IN is a JSON list of texts; OUT a list of
what was understood. Vectors are kept, so that a second report is quick.
"""

from __future__ import annotations

import asyncio
import base64
import json
import sys
import time
from pathlib import Path
from typing import Any

from rasa.core.agent import load_agent
from rasa.core.channels.channel import UserMessage

from bot.components import vectors


async def parsed(model: str, texts: list[str]) -> list[dict[str, Any]]:
    agent = await load_agent(model_path=model)
    rows = vectors.embed_all(texts)
    found = []
    for text, row in zip(texts, rows, strict=False):
        values = base64.b64encode(row.astype("<f4").tobytes()).decode()
        sent = {"vector": {"model": vectors.BUNDLED, "values": values}}
        started = time.perf_counter()
        told = await agent.processor.parse_message(UserMessage(text, metadata=sent))
        took = (time.perf_counter() - started) * 1000
        ranking = [each for each in told.get("intent_ranking", []) if each["name"]]
        found.append(
            {
                "intent": told["intent"]["name"],
                "confidence": round(float(told["intent"]["confidence"]), 4),
                "ranking": [
                    [each["name"], round(float(each["confidence"]), 4)]
                    for each in ranking
                ],
                "emotion": told.get("emotion", {}),
                "ms": round(took, 2),
            }
        )
    return found


def main() -> None:
    model, source, target = sys.argv[1:4]
    texts = json.loads(Path(source).read_text("utf-8"))
    found = asyncio.run(parsed(model, texts))
    Path(target).write_text(json.dumps(found, ensure_ascii=False), "utf-8")


if __name__ == "__main__":
    main()
