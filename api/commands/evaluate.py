"""`warmline evaluate`: how well questions are answered, and messages understood, on any set."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from api.commands import evaluate_messages
from api.knowledge import load_calibration, load_english
from api.settings import Settings
from knowledge_base import evaluation, labelled
from knowledge_base.embedding import load_embedder
from knowledge_base.errors import KnowledgeError


class BadSet(Exception):
    """The set cannot be read."""


def measure_questions(
    settings: Settings,
    articles: Path,
    questions: Path,
    target: Path | None,
    console: Console,
) -> None:
    """Print, and with `target` write, the figures of answering; raises BadSet."""
    try:
        article_lines = labelled.read_lines(articles)
        question_lines = labelled.read_lines(questions)
        embedder = load_embedder(settings.knowledge_base.models["default"])
        with Progress(console=console, transient=True) as progress:
            task = progress.add_task("Questions", total=len(question_lines))
            report = evaluation.evaluate_questions(
                article_lines,
                question_lines,
                embedder,
                policy=settings.search_policy(),
                calibration=load_calibration(settings, model_id=embedder.model_id),
                english=load_english(settings, main=embedder),
                progress=lambda done, total: progress.update(
                    task, completed=done, total=total
                ),
            )
    except (OSError, UnicodeDecodeError, KnowledgeError) as error:
        raise BadSet(str(error)) from error
    show(report, console)
    save(report, target)


def measure_messages(
    settings: Settings, messages: Path, target: Path | None, console: Console
) -> None:
    """Print, and with `target` write, the figures of understanding; raises BadSet."""
    try:
        lines = evaluate_messages.read(messages)
    except (OSError, ValueError) as error:
        raise BadSet(str(error)) from error
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("Messages", total=len(lines))
        report = asyncio.run(
            evaluate_messages.measure(
                settings,
                lines,
                advance=lambda: progress.advance(task),
                say=progress.console.print,
            )
        )
    show(report, console)
    save(report, target)


def show(report: dict[str, Any], console: Console) -> None:
    """Print a report as a table, nested figures with dotted names."""
    table = Table("figure", "value")
    for name, value in _flat(report, ""):
        shown = f"{value:.4f}" if isinstance(value, float) else str(value)
        table.add_row(name, "–" if value is None else shown)
    console.print(table)


def save(report: dict[str, Any], target: Path | None) -> None:
    """Write the report as JSON where one was asked for."""
    if target is not None:
        text = json.dumps(report, ensure_ascii=False, indent=2)
        target.write_text(text + "\n", encoding="utf-8")


def _flat(value: dict[str, Any], prefix: str) -> list[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = []
    for key, inner in value.items():
        if isinstance(inner, dict):
            rows += _flat(inner, f"{prefix}{key}.")
        elif not isinstance(inner, list):
            rows.append((f"{prefix}{key}", inner))
    return rows
