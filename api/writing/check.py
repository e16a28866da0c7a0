"""Decides what an agent should look at once more before a reply leaves.   (pure)

Everything found is shown, nothing is forbidden: the agent may send it as it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from api.settings import Language
from api.writing import check_words as words
from handoff.folding import fold
from knowledge_base.languages import detect, has_han

LONGEST_SHOWN = 120
#: this few letters or characters show no language
FEW_CHARACTERS = 4
FEW_WORDS = 3
#: a typing slip changes, adds or drops this many characters, or swaps two
SLIPS = 2
LUHN = 10


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing to look at: what kind, and the words it is about."""

    code: str
    words: str
    #: what stands in its place, where that is known
    instead: str | None = None


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What the shop does not want to be said."""

    banned: tuple[str, ...] = ()
    over_promises: tuple[str, ...] = ()


def check_reply(
    text: str,
    *,
    language: Language,
    unanswered: Sequence[str],
    known_numbers: Collection[str],
    rules: Rules,
) -> tuple[Finding, ...]:
    """Everything worth a second look, in the order in which it matters."""
    numbers = tuple(_wrong_numbers(text, known_numbers))
    return (
        *(_personal_data(text, known_numbers)),
        *numbers,
        *(_listed(text, "banned_word", rules.banned)),
        *_blame(text),
        *(_listed(text, "over_promise", rules.over_promises)),
        *_language(text, language),
        *_placeholders(text),
        *_unanswered(text, unanswered),
    )


def _listed(text: str, code: str, listed: Iterable[str]) -> Iterator[Finding]:
    folded = fold(text)
    for word in listed:
        wanted = fold(word)
        place = folded.find(wanted)
        while place >= 0:
            if _stands_alone(folded, place, wanted):
                yield Finding(code=code, words=word)
                break
            place = folded.find(wanted, place + 1)


def _stands_alone(text: str, place: int, word: str) -> bool:
    """An English word is not found inside another; a Chinese one has no edges."""
    if not word.isascii():
        return True
    around = text[place - 1 : place] + text[place + len(word) : place + len(word) + 1]
    return not any(one.isascii() and one.isalnum() for one in around)


def _blame(text: str) -> Iterator[Finding]:
    found = words.BLAME.search(text)
    if found is not None:
        yield Finding(code="blame", words=found[0])


def _personal_data(text: str, known: Collection[str]) -> Iterator[Finding]:
    bare_known = {_bare(one) for one in known}
    seen: set[str] = set()
    for pattern in (words.EMAIL, words.IDENTITY_CARD, words.CARD_NUMBER, words.MOBILE):
        for found in pattern.finditer(text):
            bare = _bare(found[0])
            if bare in bare_known or any(bare in one for one in seen):
                continue
            if pattern is words.CARD_NUMBER and not _is_card(bare):
                continue
            seen.add(bare)
            yield Finding(code="personal_data", words=found[0])


def _is_card(digits: str) -> bool:
    """The check digit of payment cards: other long numbers seldom have it."""
    doubled = [
        sum(divmod(int(digit) * (1 + place % 2), LUHN))
        for place, digit in enumerate(reversed(digits))
    ]
    return sum(doubled) % LUHN == 0


def _wrong_numbers(text: str, known: Collection[str]) -> Iterator[Finding]:
    """Numbers that are almost, but not quite, one that the conversation knows."""
    by_bare = {_bare(one): one for one in known}
    for found in words.ORDER_LIKE.finditer(text):
        bare = _bare(found[0])
        if bare in by_bare:
            continue
        near = [one for one in by_bare if one and _is_slip(bare, one)]
        if near:
            yield Finding(
                code="order_number_typo", words=found[0], instead=by_bare[near[0]]
            )


def _is_slip(written: str, known: str) -> bool:
    if abs(len(written) - len(known)) > SLIPS:
        return False
    return _distance(written, known) <= SLIPS


def _distance(one: str, other: str) -> int:
    """How many characters differ, counting two swapped ones as two."""
    row = list(range(len(other) + 1))
    for place, character in enumerate(one, 1):
        before, row = row, [place]
        for column, wanted in enumerate(other, 1):
            cost = before[column - 1] + (character != wanted)
            row.append(min(cost, before[column] + 1, row[-1] + 1))
    return row[-1]


def _bare(number: str) -> str:
    return number.replace("-", "").replace(" ", "").upper()


def _language(text: str, language: Language) -> Iterator[Finding]:
    prose = words.EMAIL.sub(" ", text)
    han = sum(has_han(character) for character in prose)
    latin = len([one for one in prose.split() if one.isascii() and one.isalpha()])
    if han < FEW_CHARACTERS and latin < FEW_WORDS:
        return
    found = detect(prose, fallback=language)
    if found == language:
        return
    is_script = "en" not in {found, language}
    yield Finding(
        code="wrong_script" if is_script else "wrong_language",
        words=found,
        instead=language,
    )


def _placeholders(text: str) -> Iterator[Finding]:
    for found in words.PLACEHOLDER.finditer(text):
        yield Finding(code="unfilled", words=found[0])


def _unanswered(text: str, said: Sequence[str]) -> Iterator[Finding]:
    """Questions of which the reply takes up neither the matter nor the kind."""
    if words.LOOKING.search(text):
        return
    for question in _questions(said):
        if not _is_taken_up(question, text):
            yield Finding(code="unanswered_question", words=question[:LONGEST_SHOWN])


def _questions(said: Sequence[str]) -> list[str]:
    sentences = [
        one.strip()
        for text in said
        for one in words.SENTENCE.split(text)
        if one.strip()
    ]
    return [one for one in sentences if words.QUESTION.search(one) and _matter(one)]


def _is_taken_up(question: str, reply: str) -> bool:
    kinds = [answer for asked, answer in words.WANTED if asked.search(question)]
    if kinds:
        # "When?" wants a time: naming the matter again is no answer to it.
        return any(kind.search(reply) for kind in kinds)
    return bool(_matter(question) & _matter(reply)) or not same_cloud(question, reply)


def same_cloud(one: str, other: str) -> bool:
    """Whether both are Chinese or both are not: words of two languages share nothing."""
    return has_han(one) == has_han(other)


def _matter(text: str) -> set[str]:
    """The words of weight: pairs of characters, and longer words."""
    folded = fold(text)
    latin = "".join(one if one.isascii() and one.isalnum() else " " for one in folded)
    found = {
        one for one in latin.split() if len(one) > 1 and one not in words.EMPTY_WORDS
    }
    found |= {
        first + second
        for first, second in pairwise(folded)
        if has_han(first) and has_han(second)
    }
    return found
