"""Decides how what the bot and the system mean is worded, by key, language and tone.

One catalogue file: `key: {zh-Hans: [wordings], zh-Hant: [...], en: [...]}`. A key with
`@upset` behind it holds the wordings for a shopper who is upset. Traditional wordings
that nobody wrote are derived from the Simplified ones.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from api.errors import BadConfiguration
from api.settings import LANGUAGES, Language
from knowledge_base.languages import to_traditional

Tone = Literal["plain", "upset"]
UPSET = "@upset"
LOCALES = Path(__file__).parent / "locales"
CATALOGUES = (LOCALES / "bot.yml",)
PROBLEMS = (LOCALES / "problems.yml",)


@dataclass(frozen=True, kw_only=True)
class Worded:
    """A rendered wording and which one it was, so that it is not said twice."""

    text: str
    #: for example `greet#1`; kept with the message
    wording: str


class Words:
    """All wordings, loaded and checked once."""

    def __init__(
        self, wordings: Mapping[str, Mapping[Language, tuple[str, ...]]]
    ) -> None:
        self._wordings = wordings

    def keys(self) -> list[str]:
        return sorted(self._wordings)

    def has(self, key: str) -> bool:
        return key in self._wordings

    def wordings(self, key: str, language: Language) -> tuple[str, ...]:
        return self._wordings[key][language]

    def render(
        self,
        key: str,
        language: Language,
        args: Mapping[str, Any] | None = None,
        *,
        tone: Tone = "plain",
        said: Iterable[str] = (),
    ) -> Worded:
        """The wording that was not said yet, or was said longest ago.

        KeyError if there is no such key, or an argument that the wording names is missing.
        """
        if tone == "upset" and key + UPSET in self._wordings:
            key += UPSET
        wordings = self._wordings[key][language]
        last = {wording: place for place, wording in enumerate(said)}
        number = min(
            range(len(wordings)), key=lambda each: (last.get(f"{key}#{each}", -1), each)
        )
        values = {name: _shown(value) for name, value in (args or {}).items()}
        # format_map on our own wording only: a shopper's text is a value, never a pattern.
        text = wordings[number].format_map(values)
        return Worded(text=text, wording=f"{key}#{number}")

    def say(self, key: str, language: Language, **args: Any) -> str:
        """The first wording's text alone, for labels and titles."""
        return self.render(key, language, args).text


def load_words(paths: Sequence[Path] = CATALOGUES, *, table: str = "s2twp") -> Words:
    """Read catalogues; BadConfiguration names a key that is incomplete or written twice."""
    wordings: dict[str, dict[Language, tuple[str, ...]]] = {}
    for path in paths:
        try:
            content = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, YAMLError) as error:
            raise BadConfiguration(f"{path}: it cannot be read ({error}).") from error
        for key, by_language in content.items():
            if key in wordings:
                raise BadConfiguration(f"{path}: {key} was worded already.")
            wordings[str(key)] = _complete(path, str(key), by_language, table=table)
    return Words(wordings)


def arguments(wording: str) -> frozenset[str]:
    """The names that a wording wants filled in."""
    return frozenset(
        name for _, name, _, _ in string.Formatter().parse(wording) if name
    )


def _complete(
    path: Path, key: str, by_language: Any, *, table: str
) -> dict[Language, tuple[str, ...]]:
    if not isinstance(by_language, dict):
        raise BadConfiguration(f"{path}: {key} must have wordings by language.")
    found: dict[Language, tuple[str, ...]] = {}
    for language in LANGUAGES:
        given = by_language.get(language)
        if given:
            found[language] = tuple(
                [given] if isinstance(given, str) else map(str, given)
            )
        elif language == "zh-Hant" and "zh-Hans" in found:
            found[language] = tuple(
                to_traditional(text, table=table) for text in found["zh-Hans"]
            )
        else:
            raise BadConfiguration(f"{path}: {key} has no wording in {language}.")
    wanted = {arguments(text) for texts in found.values() for text in texts}
    if len(wanted) != 1:
        raise BadConfiguration(
            f"{path}: the wordings of {key} name different arguments."
        )
    return found


def _shown(value: Any) -> str:
    return "" if value is None else str(value)
