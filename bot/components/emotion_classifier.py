"""Decides how the shopper feels, how strongly, and which words gave it away.

The trained head weighs the sentence, its n-grams and the signs of feeling in it; all that
speaks for being upset must pass one bar, found so that calm lines it has not seen are
hardly ever flagged. Without a head the word lists decide alone.
"""

from __future__ import annotations

import hashlib
import json
import logging
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components import own_code, training, vectors
from bot.components.emotion_cues import as_features, signs_in
from bot.components.emotion_data import lines_in
from bot.components.emotion_reading import (
    Bars,
    Feeling,
    find_bars,
    read_feeling,
    votes_of,
)
from bot.components.featurizer import SentenceFeaturizer, vector_of
from bot.components.folding import fold
from bot.components.kernel import Head

log = logging.getLogger(__name__)

_OFTEN_FELT = frozenset({"complain", "thank", "ask_human", "chitchat", "out_of_scope"})


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True
)
class EmotionClassifier(GraphComponent):
    """Trained from `bot/data/emotion`; its result travels as `emotion`."""

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        *,
        head: Head | None = None,
        bars: Bars | None = None,
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._head = head
        self._bars = bars or Bars()

    @classmethod
    def required_components(cls) -> list[type]:
        return [SentenceFeaturizer]

    @staticmethod
    def required_packages() -> list[str]:
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"data": "bot/data/emotion", "calm_flags_per_1000": 15}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Train again when the emotion lines or our code change: Rasa looks at neither.

        Rasa also asks for a node it has in its cache, and then without this setting.
        """
        digest = hashlib.sha256(own_code.fingerprint().encode())
        folder = config.get("data") or EmotionClassifier.get_default_config()["data"]
        for path in sorted(Path(folder).glob("*.yml")):
            digest.update(path.read_bytes())
        return digest.hexdigest()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EmotionClassifier:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,
    ) -> EmotionClassifier:
        with model_storage.read_from(resource) as folder:
            bars = Bars(**json.loads((folder / "bars.json").read_text("utf-8")))
            head = Head.load(folder) if (folder / "head.npz").exists() else None
        return cls(config, model_storage, resource, head=head, bars=bars)

    def train(self, training_data: TrainingData) -> Resource:
        lines = lines_in(Path(self._config["data"]))
        if lines:
            lines += calm_lines(training_data)
        if len({label for label, _ in lines}) > 1:
            self._fit(lines)
        else:
            log.warning("no emotion lines in %s: word lists only", self._config["data"])
        with self._storage.write_to(self._resource) as folder:
            (folder / "bars.json").write_text(json.dumps(self._bars.as_dict()))
            if self._head is not None:
                self._head.save(folder)
        return self._resource

    def _fit(self, lines: list[tuple[str, str]]) -> None:
        examples = emotion_examples(lines)
        self._head, left_out = training.train(
            examples, shape=training.Shape(balance=0.0)
        )
        self._bars = find_bars(
            left_out.probabilities(temperature=self._head.temperature),
            labels=left_out.labels,
            truth=[examples.labels[row] for row in left_out.kept],
            votes=[votes_of(signs_in(lines[row][1])) for row in left_out.kept],
            flags=float(self._config["calm_flags_per_1000"]) / 1000,
        )
        log.info("emotions left out: accuracy %.3f", left_out.accuracy)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT)
            feeling = self.feel(text, vector_of(message)) if text else Feeling()
            message.set("emotion", feeling.as_dict(), add_to_output=True)
        return messages

    def feel(self, text: str, vector: np.ndarray) -> Feeling:
        """Return the feeling in one text."""
        signs = signs_in(text)
        if self._head is None:
            return read_feeling(text, signs, {}, bars=self._bars, head=None)
        found = self._head.probabilities(vector, fold(text), cues=as_features(signs))
        certain = dict(zip(self._head.labels, (float(p) for p in found), strict=False))
        return read_feeling(text, signs, certain, bars=self._bars, head=self._head)


def calm_lines(training_data: TrainingData) -> list[tuple[str, str]]:
    """Return the everyday requests among the intents' examples, as neutral lines.

    They make the bars honest: what shoppers mostly write is calm. Lines with a sure
    word are left out, and so are intents that often come with a feeling.
    """
    return [
        ("neutral", text)
        for example in training_data.intent_examples
        if (text := example.get(TEXT))
        and example.get(INTENT) not in _OFTEN_FELT
        and not any(sign.label for sign in signs_in(text))
    ]


def emotion_examples(lines: list[tuple[str, str]]) -> training.Examples:
    """Return (label, text) lines as rows for training."""
    texts = [text for _, text in lines]
    return training.Examples(
        vectors=vectors.embed_all(texts),
        folded=tuple(fold(text) for text in texts),
        labels=tuple(label for label, _ in lines),
        cues=np.array([as_features(signs_in(text)) for text in texts]),
    )
