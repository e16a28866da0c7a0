"""What is answered when the right article is not for who asks: nothing, or the same rule for others.

.venv/bin/python -m tests.bench.stepping_in

Every labelled question is asked while the articles that answer it are left out. Alone, any
answer is wrong. Beside a twin, which has the same wordings or the other half of them, the
twin is right, as the rule for other shoppers would be.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from api.settings import load_settings
from knowledge_base import snapshot
from knowledge_base.content import Content
from knowledge_base.folding import fold
from knowledge_base.labelled import Question, read_articles, read_questions
from knowledge_base.publish import Published
from knowledge_base.search import Searcher, Sources
from tests.bench.knowledge import models, starter_set
from tests.running import ROOT

TWIN = "-twin"
#: in spreads of the score; infinite: whoever is left always steps in
TRIED = (-1.0, 0.25, 0.5, 1.0, 2.0, float("inf"))


def halves(article: Published) -> Iterator[Published]:
    """The article with half of its wordings, and its twin with the others."""
    chance = random.Random(article.article_id)  # noqa: S311 - repeatable on purpose
    first, second = {}, {}
    for language, wording in article.content.items():
        said = list(wording.variants)
        chance.shuffle(said)
        middle = len(said) // 2
        first[language] = replace(wording, variants=tuple(said[:middle]))
        title = said[middle] if len(said) > middle else wording.question
        second[language] = replace(
            wording, question=title, variants=tuple(said[middle + 1 :])
        )
    yield replace(article, content=Content(first))
    yield replace(
        article, article_id=article.article_id + TWIN, content=Content(second)
    )


def twins(article: Published) -> Iterator[Published]:
    """The article and another one with the very same words."""
    yield article
    yield replace(article, article_id=article.article_id + TWIN)


def answered(
    searcher: Searcher, questions: Sequence[Question]
) -> Iterator[tuple[Question, str]]:
    """The questions that are answered although their articles are left out, and with which."""
    for one in questions:
        folded = fold(one.text)
        hidden = frozenset(map(str, one.article_ids))
        found = searcher._current().built.snapshot.rank(
            folded,
            searcher.embedder.embed([one.text], kind="question")[0],
            most=3 + len(hidden),
            english=searcher.english.ask(folded),
        )
        left = snapshot.without(found, hidden, most=3)
        sure = [
            searcher.calibration.probability(each, question=folded) for each in left
        ]
        policy = load_settings(root=ROOT).search_policy()
        bar = searcher.calibration.thresholds[f"{policy.answer_precision:.2f}"]
        if sure and sure[0] >= bar and sure[0] - sure[1] >= policy.clarify_margin:
            yield one, left[0].article_id


def shares(articles: Iterable[Published], questions: Sequence[Question]) -> str:
    """For each distance the share answered, and answered by the twin, in hundredths."""
    embedder, english = models()
    searcher = Searcher(embedder, english=english)
    searcher.swap(Sources(version=1, articles=tuple(articles), vectors={}))
    told = []
    for distance in TRIED:
        snapshot.SAME_MATTER = distance
        found = list(answered(searcher, questions))
        right = sum(by.removesuffix(TWIN) in one.article_ids for one, by in found)
        told.append(
            f"{distance:g}: {100 * len(found) / len(questions):.1f} answered,"
            f" {100 * right / len(questions):.1f} by the twin"
        )
    return "; ".join(told)


def main() -> None:
    """Print a line for each kind of shop."""
    shop = starter_set()
    articles = read_articles(shop.articles)
    questions = [one for one in read_questions(shop.questions) if one.article_ids]
    for name, made in (
        ("alone", articles),
        ("beside the same words", [twin for one in articles for twin in twins(one)]),
        ("beside other words", [twin for one in articles for twin in halves(one)]),
    ):
        told = shares(made, questions)
        print(f"{name}, {len(questions)} questions: {told}", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
