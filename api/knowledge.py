"""Builds the searcher of a process from the settings: which model, which calibration, how sure."""

from __future__ import annotations

from api.settings import Settings
from knowledge_base import calibration
from knowledge_base.embedding import Embedder, load_embedder
from knowledge_base.search import AnswerPolicy, Searcher


def make_searcher(settings: Settings, *, embedder: Embedder | None = None) -> Searcher:
    """Return a searcher without a version yet; `refresh` gives it one."""
    wanted = settings.knowledge_base
    return Searcher(
        embedder or load_embedder(wanted.models["default"]),
        calibration=_calibration(settings),
        policy=AnswerPolicy(
            answer_precision=wanted.answer_precision,
            clarify_precision=wanted.clarify_precision,
            clarify_margin=wanted.clarify_margin,
            max_choices=wanted.max_choices,
        ),
        traditional=settings.languages.traditional,
    )


def _calibration(settings: Settings) -> calibration.Calibration:
    """The shop's own fit when there is one, else the shipped one."""
    own = settings.var / "models" / "calibration.json"
    return calibration.load(own if own.exists() else calibration.SHIPPED)
