"""Builds the searcher of a process from the settings: which model, which calibration, how sure."""

from __future__ import annotations

from api.settings import Settings
from knowledge_base import calibration
from knowledge_base.embedding import Embedder, load_embedder
from knowledge_base.search import AnswerPolicy, Searcher


def make_searcher(settings: Settings, *, embedder: Embedder | None = None) -> Searcher:
    """Return a searcher without a version yet; `refresh` gives it one."""
    return Searcher(
        embedder or load_embedder(settings.knowledge_base.models["default"]),
        answer_policy(settings),
        calibration=load_calibration(settings),
        traditional=settings.languages.traditional,
    )


def answer_policy(settings: Settings) -> AnswerPolicy:
    """How sure the bot must be, as the operator wants it."""
    wanted = settings.knowledge_base
    return AnswerPolicy(
        answer_precision=wanted.answer_precision,
        clarify_precision=wanted.clarify_precision,
        clarify_margin=wanted.clarify_margin,
        max_choices=wanted.max_choices,
    )


def load_calibration(settings: Settings) -> calibration.Calibration:
    """The shop's own fit when there is one, else the shipped one."""
    own = settings.var / "models" / "calibration.json"
    return calibration.load(own) if own.exists() else calibration.shipped()
