"""Decides what the files in `bot/data/emotion` say: lines, each with its feeling."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rasa.shared.utils.io import read_yaml_file

from bot.components.emotion_cues import LABELS


def _texts(held: Any) -> Iterator[str]:
    """Yield every line below a label, however it was grouped by language."""
    if isinstance(held, str):
        yield from (line.strip(" -") for line in held.splitlines() if line.strip(" -"))
    elif isinstance(held, dict):
        text = held.get("text")
        for each in [text] if isinstance(text, str) else held.values():
            yield from _texts(each)
    elif isinstance(held, list):
        for each in held:
            yield from _texts(each)


def _by_label(content: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield what belongs to each label; a file may be about one and say so in `label`."""
    label = content.get("label")
    if label in LABELS:
        yield label, {key: held for key, held in content.items() if key != "label"}
    yield from ((key, held) for key, held in content.items() if key in LABELS)


def lines_in(folder: Path) -> list[tuple[str, str]]:
    """Return every (label, text) once, in the order of the file names."""
    seen: dict[tuple[str, str], None] = {}
    for path in sorted(folder.glob("*.yml")):
        content = read_yaml_file(path)
        if not isinstance(content, dict):
            continue
        for label, held in _by_label(content):
            seen.update(((label, text), None) for text in _texts(held))
    return list(seen)
