"""Decides which entities a message carries: numbers and addresses, found by their shape."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.identifiers import find_fragment, find_identifiers


def entities_in(text: str) -> list[dict[str, Any]]:
    """Return Rasa's entity rows; a fragment only when nothing whole was found."""
    found = find_identifiers(text)
    if not found and (fragment := find_fragment(text)) is not None:
        found = [fragment]
    return [
        {
            "entity": each.kind,
            "value": each.value,
            "start": each.start,
            "end": each.end,
            "extractor": "IdentifierExtractor",
        }
        for each in found
    ]


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False
)
class IdentifierExtractor(GraphComponent, EntityExtractorMixin):
    """Finds order and tracking numbers, telephones and mailboxes."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IdentifierExtractor:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT)
            if text:
                known = message.get(ENTITIES, [])
                message.set(ENTITIES, known + entities_in(text), add_to_output=True)
        return messages
