"""Whether these words ask for a person: clearly, perhaps, or not at all.

The classifier of the bot finds the short, plain requests; the rule here finds the ones
buried in a longer sentence, and keeps both from taking 人工皮革 or "cleaning agent" for one.
"""

from __future__ import annotations

from dataclasses import dataclass

from handoff.asking_en import ENGLISH
from handoff.asking_slips import straighten
from handoff.asking_words import AskingWords
from handoff.asking_zh import CHINESE
from handoff.folding import fold, visible

#: stands where a look-alike stood, so that nothing matches across it
BLANK = "□"


@dataclass(frozen=True, kw_only=True)
class Asking:
    """What was found: the words, and whether they leave a doubt."""

    is_clear: bool
    words: tuple[str, ...]


def asks_for_person(text: str) -> Asking | None:
    """Return how the text asks for a person, or None if it does not."""
    folded = fold(visible(text))
    if not folded:
        return None
    english = straighten(folded)
    found = [_read(folded, CHINESE), _read(english, ENGLISH)]
    for asking in found:
        if asking is not None and asking.is_clear:
            return asking
    return found[0] or found[1]


def only_looks_like_asking(text: str) -> bool:
    """Say whether words that are no request stand there, and no request beside them.

    Such words are a look-alike, a refusal, or a question about the bot or the service.
    """
    folded = fold(visible(text))
    english = straighten(folded)
    read = [(folded, CHINESE), (english, ENGLISH)]
    misleading = any(
        pattern.search(told)
        for told, words in read
        for pattern in (words.identity, words.look_alikes, words.refused)
    )
    if any(words.about_the_service.search(told) for told, words in read):
        asking = asks_for_person(text)
        return asking is None or not asking.is_clear
    return misleading and asks_for_person(text) is None


def _read(told: str, words: AskingWords) -> Asking | None:
    for misleading in (words.identity, words.look_alikes, words.refused):
        told = misleading.sub(BLANK, told)
    clear = words.clear.search(words.about_the_service.sub(BLANK, told))
    if clear is not None:
        return Asking(is_clear=True, words=(clear.group().strip(),))
    unclear = words.clear.search(told) or words.unclear.search(told)
    if unclear is not None:
        return Asking(is_clear=False, words=(unclear.group().strip(),))
    return None
