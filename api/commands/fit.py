"""`warmline articles fit`: how sure the bot is, learned anew from the shop's own articles and labelled questions."""

from __future__ import annotations

from rich.console import Console
from rich.progress import Progress

from api import migrations
from api.database import Database
from api.knowledge import fits_folder, load_english
from api.settings import Settings
from knowledge_base import fits, fitting, labelled, labelled_rows, starter
from knowledge_base.embedding import load_embedder
from knowledge_base.labelled import Question
from knowledge_base.publish import Published, published_articles

#: fewer labelled questions than this say too little about a threshold
LEAST_QUESTIONS = 100
TAKES_EFFECT = "A running desk takes it when it restarts."


class TooFewQuestions(Exception):
    """There are too few labelled questions to learn from."""


async def fit_now(settings: Settings, console: Console) -> None:
    """Fit, keep the result beside the earlier ones, and say how good it is."""
    articles, questions = await _from_the_shop(settings)
    if len(questions) < LEAST_QUESTIONS:
        raise TooFewQuestions(
            f"{len(questions)} labelled questions are too few: {LEAST_QUESTIONS} are"
            " needed, some of which no article answers."
        )
    embedder = load_embedder(settings.knowledge_base.models["default"])
    english = load_english(settings, main=embedder)
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("Fitting", total=None)
        found = fitting.fit_on(
            articles,
            questions,
            embedder,
            english=english,
            progress=lambda done, total: progress.update(
                task, completed=done, total=total
            ),
        )
    number = fits.keep(found, fits_folder(settings))
    wanted = settings.knowledge_base.answer_precision
    console.print(
        f"Fit {number} from {len(articles)} articles and {len(questions)} questions:"
        f" calibration error {found.report['expected_calibration_error']:.3f}, answers"
        f" from probability {found.threshold(wanted):.2f} for a precision of {wanted}."
    )
    console.print(TAKES_EFFECT)


def go_back(settings: Settings, console: Console) -> None:
    """Take the newest fit away."""
    number = fits.back(fits_folder(settings))
    if number is None:
        console.print("There is no fit of the shop's own to go back from.")
        return
    console.print(
        f"Fit {number} is the newest again."
        if number
        else "The calibration that comes with the project answers again."
    )
    console.print(TAKES_EFFECT)


async def _from_the_shop(
    settings: Settings,
) -> tuple[tuple[Published, ...], list[Question]]:
    await migrations.upgrade(settings)
    database = Database(settings)
    try:
        async with database.reading() as session:
            _, articles = await published_articles(session)
            kept = labelled_rows.as_questions(await labelled_rows.everything(session))
    finally:
        await database.close()
    return articles, [*kept, *_shipped(articles)]


def _shipped(articles: tuple[Published, ...]) -> list[Question]:
    """The questions that come with the starter articles, as far as the shop has them all."""
    here = {one.article_id for one in articles}
    if not {one["id"] for one in starter.load_starter()} <= here:
        return []
    return list(labelled.shipped())
