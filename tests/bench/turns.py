"""A turn through the HTTP API beside the same text posted straight to the bot's connector.

Straight, the text goes as it is and the bot embeds it by itself, as the service does for
a shopper. A second figure hands the connector the finished vector as well: then it lacks
the most expensive part of a turn, and only shows what the rest is made of.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

from api.bot.payloads import VectorPayload
from knowledge_base.embedding import load_embedder
from tests.bench.figures import Figure, median, p95
from tests.running import RunningDesk

PAIRS = 60
WARM_UP = 6
TARGET = 1.6
TEXTS = (
    ("How long can I return something?", "And who pays for sending it back?"),
    ("多久之内可以退货？", "退货运费谁出？"),
    ("Do you ship abroad?", "Which carriers do you use?"),
    ("可以开发票吗？", "发票多久能收到？"),
    ("How do I use a coupon?", "Can I use two coupons at once?"),
    ("收到的商品破损了怎么办？", "换货需要多久？"),
)


@dataclass
class Straight:
    """Asks the connector itself, without or with the vector the service would have sent."""

    desk: RunningDesk
    client: httpx.Client
    embedder: Any = field(default_factory=lambda: load_embedder("bundled:e5"))
    #: what the bot said, to see that its actions did answer
    kinds: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        secrets = json.loads((self.desk.var / "secrets.json").read_text("utf-8"))
        self.headers = {"Authorization": f"Bearer {secrets['bot_token']}"}
        self.url = f"http://127.0.0.1:{self.desk.ports['bot']}/webhooks/turn/turn"

    def turn(
        self, text: str, dialogue: list[Any], *, with_vector: bool
    ) -> tuple[float, list[Any]]:
        """The seconds it took, and the dialogue after it."""
        body: dict[str, Any] = {
            "conversation_id": str(uuid4()),
            "text": text,
            "press": None,
            "metadata": {
                "language": "en" if text.isascii() else "zh-Hans",
                "turn_id": str(uuid4()),
                "signed_in": False,
            },
            "dialogue": dialogue,
        }
        if with_vector:
            vector = self.embedder.embed([text], kind="question")[0]
            packed = VectorPayload.pack("bundled:e5", vector)
            body["metadata"]["vector"] = packed.model_dump()
        content = json.dumps(body).encode()
        started = time.perf_counter()
        answer = self.client.post(
            self.url,
            content=content,
            headers=self.headers | {"Content-Type": "application/json"},
        )
        took = time.perf_counter() - started
        answer.raise_for_status()
        found = answer.json()
        assert found["messages"], found
        self.kinds.update(next(iter(each)) for each in found["messages"])
        return took, found["dialogue"]


@dataclass
class Through:
    """The shopper's own way in."""

    desk: RunningDesk
    client: httpx.Client

    def open(self, text: str) -> None:
        language = "en" if text.isascii() else "zh-Hans"
        answer = self.client.post(
            f"{self.desk.base}/api/v1/conversations", json={"language": language}
        )
        answer.raise_for_status()
        opened = answer.json()
        self.url = f"{self.desk.base}/api/v1/conversations/{opened['id']}/messages"
        self.headers = {"Authorization": f"Bearer {opened['token']}"}

    def turn(self, text: str) -> float:
        body = {"client_id": uuid4().hex, "text": text}
        started = time.perf_counter()
        answer = self.client.post(self.url, json=body, headers=self.headers)
        took = time.perf_counter() - started
        answer.raise_for_status()
        assert answer.json()["replies"], answer.text
        return took


@dataclass(frozen=True, kw_only=True)
class Turns:
    """One text three ways, in seconds."""

    through: float
    straight: float
    with_vector: float


def measure(desk: RunningDesk) -> list[Figure]:
    """Interleaved, each way first in turn, so that nobody has the warmer machine."""
    with httpx.Client(timeout=30, trust_env=False) as client:
        asking = Straight(desk, client)
        turns = list(_turns(asking, Through(desk, client)))
    through = median([each.through for each in turns])
    straight = median([each.straight for each in turns])
    bare = median([each.with_vector for each in turns])
    remark = (
        f"{through * 1000:.0f} ms through the API, {straight * 1000:.0f} ms straight,"
        f" {len(turns)} turns, the bot said {dict(asking.kinds)}"
    )
    return [
        Figure.at_most(
            "turn, API ÷ connector", through / straight, TARGET, "×", remark=remark
        ),
        Figure(
            name="turn, API ÷ connector given the vector",
            target="-",
            measured=f"{through / bare:.2f} × ({bare * 1000:.0f} ms straight)",
            is_met=None,
        ),
        Figure(
            name="turn through the API, p95",
            target="-",
            measured=f"{p95([each.through for each in turns]) * 1000:.0f} ms",
            is_met=None,
        ),
    ]


def _turns(straight: Straight, through: Through) -> Iterator[Turns]:
    for number in range(PAIRS // 2 + WARM_UP):
        texts = TEXTS[number % len(TEXTS)]
        dialogue: list[Any] = []
        through.open(texts[0])
        for text in texts:
            before, slow = dialogue, 0.0
            if number % 2:
                slow = through.turn(text)
            bare, _ = straight.turn(text, before, with_vector=True)
            fast, dialogue = straight.turn(text, before, with_vector=False)
            if not number % 2:
                slow = through.turn(text)
            if number >= WARM_UP:
                yield Turns(through=slow, straight=fast, with_vector=bare)
