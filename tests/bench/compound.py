"""How messages of two questions fare with the starter articles: how many are parted, and how many wrongly.

.venv/bin/python -m tests.bench.compound
"""

from __future__ import annotations

from collections import Counter

from api.settings import load_settings
from knowledge_base.labelled import read_articles, read_questions
from knowledge_base.languages import detect
from knowledge_base.parts import parts_of, worth_parting
from knowledge_base.results import Outcome
from knowledge_base.search import Searcher, Sources
from tests.bench.knowledge import models, starter_set
from tests.knowledge_base.compound_lines import ALIKE, COMPOUND
from tests.running import ROOT


def fate(searcher: Searcher, text: str) -> str:
    """What the bot does with a message, in a word or two."""
    language = detect(text, fallback="en")
    whole = searcher.search(text, language=language)
    parts = parts_of(text)
    found = [searcher.search(one, language=language) for one in parts]
    if not parts:
        return "looks like one"
    if not worth_parting(whole, parts, found):
        return f"kept whole ({whole.outcome.value})"
    missed = sum(one.outcome is not Outcome.ANSWER for one in found)
    return "every part answered" if not missed else "a part told as not understood"


def main() -> None:
    """Print what becomes of each kind of message, and the labelled ones that are parted."""
    shop = starter_set()
    embedder, english = models()
    policy = load_settings(root=ROOT).search_policy()
    searcher = Searcher(embedder, policy, english=english)
    articles = read_articles(shop.articles)
    searcher.swap(Sources(version=1, articles=tuple(articles), vectors={}))
    labelled = [one.text for one in read_questions(shop.questions)]
    for name, texts in (
        ("two questions", [text for text, _ in COMPOUND]),
        ("look-alikes", list(ALIKE)),
        ("labelled questions", labelled),
    ):
        plausible = [text for text in texts if parts_of(text)]
        fates = {text: fate(searcher, text) for text in plausible}
        whole = len(texts) - len(plausible)
        print(name, len(texts), {"looks like one": whole} | Counter(fates.values()))  # noqa: T201
        for text, told in fates.items():
            print(f"  {told}: {text}")  # noqa: T201


if __name__ == "__main__":
    main()
