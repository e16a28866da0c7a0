"""Decides in which language a page speaks, and finds its words in the catalogues."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

from babel.core import get_global
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from api.settings import LANGUAGES, Language

LOCALES = Path(__file__).resolve().parents[1] / "locales"

#: how each language calls itself
OWN_NAMES: dict[Language, str] = {
    "zh-Hans": "简体中文",
    "zh-Hant": "繁體中文",
    "en": "English",
}

#: the same for a narrow switch
SHORT_NAMES: dict[Language, str] = {"zh-Hans": "简", "zh-Hant": "繁", "en": "EN"}

WEEKDAYS = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)

_CHINESE = frozenset({"zh", "cmn", "yue", "wuu", "hak", "nan"})


def choose_language(
    *,
    asked: str | None,
    remembered: str | None,
    accepted: str | None,
    default: Language,
) -> Language:
    """The asked one wins over the remembered one, that one over the browser's list."""
    for tag in (asked, remembered, *_by_preference(accepted or "")):
        found = match_language(tag or "")
        if found is not None:
            return found
    return default


def match_language(tag: str) -> Language | None:
    """The language of ours that serves the tag; None if none does."""
    parts = tag.strip().replace("_", "-").split("-")
    name = parts[0].lower()
    if name == "en":
        return "en"
    if name not in _CHINESE:
        return None
    scripts = {part.title() for part in parts[1:]}
    if scripts & {"Hans", "Hant"}:
        return "zh-Hant" if "Hant" in scripts else "zh-Hans"
    # By likely subtags, because `zh-TW` means Hant without saying so.
    likely: dict[str, str] = get_global("likely_subtags")  # type: ignore[assignment]
    keys = [f"{name}_{part.upper()}" for part in parts[1:]] + [name]
    full = next((likely[key] for key in keys if key in likely), "zh_Hans_CN")
    return "zh-Hant" if "_Hant" in full else "zh-Hans"


def _by_preference(header: str) -> list[str]:
    """The tags of an Accept-Language header, best first; junk counts as refused."""
    weighed = []
    for position, item in enumerate(header[:500].split(",")):
        tag, _, weight = item.partition(";q=")
        try:
            quality = float(weight) if weight else 1.0
        except ValueError:
            quality = 0.0
        if quality > 0:
            weighed.append((-quality, position, tag))
    return [tag for _, _, tag in sorted(weighed)]


@cache
def catalogue(language: Language) -> Translations:
    """The compiled words of one language; read once, kept in memory, never on disk."""
    path = LOCALES / language.replace("-", "_") / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        words = read_po(file, locale=language.replace("-", "_"))
    compiled = io.BytesIO()
    write_mo(compiled, words)
    compiled.seek(0)
    return Translations(compiled)


def translate(language: Language, text: str, **values: object) -> str:
    """The sentence in that language, with its values put in."""
    sentence = str(catalogue(language).ugettext(text))
    return sentence % values if values else sentence


def weekdays(language: Language) -> list[str]:
    """The days by name, Monday first."""
    return [translate(language, day) for day in WEEKDAYS]


__all__ = [
    "LANGUAGES",
    "OWN_NAMES",
    "SHORT_NAMES",
    "catalogue",
    "choose_language",
    "match_language",
    "translate",
    "weekdays",
]
