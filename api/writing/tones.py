"""Decides how a reply may begin and end, by how the shopper feels."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ruamel.yaml import YAML

from api.settings import Language
from api.words import LOCALES
from api.writing.case import Case
from api.writing.variables import fill

TONES = LOCALES / "tones.yml"
CALM = "neutral"


@cache
def tone_words(path: Path = TONES) -> dict[str, dict[Language, list[str]]]:
    """The catalogue of beginnings and ends, read once."""
    found: dict[str, dict[Language, list[str]]] = YAML(typ="safe").load(
        path.read_text(encoding="utf-8")
    )
    return found


def tones(case: Case) -> dict[str, list[str]]:
    """Openings and closings in the shopper's language that fit the last emotion."""
    values = {"shopper_name": case.shopper_name, "agent_name": case.agent_name}
    words = tone_words()
    found = {}
    for name in ("opening", "closing"):
        fitting = words.get(f"{name}_{case.emotion}", words[f"{name}_{CALM}"])
        found[name] = [fill(each, values).text for each in fitting[case.language]]
    return found
