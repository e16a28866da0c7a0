"""Writes the vectors that ship with the training lines: `make vectors`, after lines were added."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.loading import load_data

from bot.components import vectors
from bot.components.emotion_data import lines_in

DATA = Path(__file__).parent / "data"


def training_lines() -> Iterator[str]:
    """Yield every line that training embeds, but the titles of a shop's own articles."""
    for example in load_data(str(DATA / "nlu")).training_examples:
        if example.get(TEXT):
            yield example.get(TEXT)
    yield from (text for _, text in lines_in(DATA / "emotion"))


def main() -> None:
    """Embed all of them anew."""
    vectors.ship(training_lines())


if __name__ == "__main__":
    main()
