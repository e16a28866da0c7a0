"""Decides what the shopper wants, with a confidence that means what it says."""

from __future__ import annotations

import logging
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components import own_code, training
from bot.components.featurizer import SentenceFeaturizer, vector_of
from bot.components.folding import fold
from bot.components.kernel import Head

log = logging.getLogger(__name__)


def examples_of(training_data: TrainingData) -> training.Examples:
    """Return the rows that carry both a text and an intent."""
    chosen = [e for e in training_data.intent_examples if e.get(TEXT)]
    return training.Examples(
        vectors=np.stack([vector_of(e) for e in chosen]),
        folded=tuple(fold(e.get(TEXT)) for e in chosen),
        labels=tuple(e.get(INTENT) for e in chosen),
        cues=np.zeros((len(chosen), 0)),
    )


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True
)
class KernelIntentClassifier(GraphComponent, IntentClassifier):
    """One regression over nearness of vectors and shared character n-grams."""

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        *,
        head: Head | None = None,
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._head = head

    @classmethod
    def required_components(cls) -> list[type]:
        return [SentenceFeaturizer]

    @staticmethod
    def required_packages() -> list[str]:
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        shape = training.Shape()
        return {
            "ranking_length": 5,
            "width": shape.width,
            "words": shape.words,
            "ridge": shape.ridge,
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Train again when our code changes: Rasa looks at this class alone."""
        return own_code.fingerprint()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> KernelIntentClassifier:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **_: Any,
    ) -> KernelIntentClassifier:
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, head=Head.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        shape = training.Shape(
            width=float(self._config["width"]),
            words=float(self._config["words"]),
            ridge=float(self._config["ridge"]),
        )
        self._head, left_out = training.train(examples_of(training_data), shape=shape)
        log.info("intents left out: accuracy %.3f", left_out.accuracy)
        with self._storage.write_to(self._resource) as folder:
            self._head.save(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            ranking = self._ranking(message)
            message.set(INTENT, dict(ranking[0]), add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def _ranking(self, message: Message) -> list[dict[str, Any]]:
        text = message.get(TEXT)
        if self._head is None or not text:
            return [{"name": None, "confidence": 0.0}]
        found = self._head.probabilities(vector_of(message), fold(text))
        best = np.argsort(-found)[: int(self._config["ranking_length"])]
        return [
            {"name": self._head.labels[i], "confidence": float(found[i])} for i in best
        ]
