"""`warmline train`: a newly trained bot, put in place whole; the running one loads it on restart."""

from __future__ import annotations

from rich.console import Console

from api import migrations
from api.database import Database
from api.processes import training
from api.processes.prepare import step, write_questions
from api.settings import Settings


async def train_now(settings: Settings, console: Console) -> None:
    """Train from the published articles; raise TrainingFailed and keep the old model."""
    await migrations.upgrade(settings)
    database = Database(settings)
    try:
        questions = await write_questions(settings, database)
    finally:
        await database.close()
    with step(console, "Training the bot"):
        training.finish_training(settings, training.start_training(settings, questions))
    console.print("A running desk takes the new model when its bot restarts.")
