"""Decides where the words of a mixed Chinese and English text begin and end.

Han runs go through jieba; e-mails, order numbers, words and numbers stay whole.
"""

from __future__ import annotations

import re
from typing import Any

import rjieba
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

_HAN = r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]"
_PIECES = re.compile(
    rf"(?P<han>{_HAN}+)"
    r"|[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}"
    r"|[^\W\d_]+(?:['’-][^\W\d_]+)+"
    r"|\d+(?:[.,:/-]\d+)+"
    rf"|(?:(?!{_HAN})\w)+"
    r"|[^\w\s]"
)


def words(text: str) -> list[tuple[str, int]]:
    """Return each word with the offset at which it stands."""
    found: list[tuple[str, int]] = []
    for piece in _PIECES.finditer(text):
        if piece.group("han") is None:
            found.append((piece.group(), piece.start()))
            continue
        start = piece.start()
        for word in rjieba.cut(piece.group()):
            found.append((word, start))
            start += len(word)
    return found


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False
)
class MixedTokenizer(Tokenizer):
    """Cuts Chinese with jieba and leaves everything else in whole words."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_"}

    @staticmethod
    def required_packages() -> list[str]:
        return ["rjieba"]

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        return [Token(word, start) for word, start in words(message.get(attribute))]
