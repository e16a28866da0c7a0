"""Builds the searcher of a process from the settings: which model, which calibration, how sure."""

from __future__ import annotations

from pathlib import Path

from api.settings import Settings
from knowledge_base import fits
from knowledge_base.calibration import Calibration
from knowledge_base.embedding import Embedder, load_embedder
from knowledge_base.search import Searcher


def make_searcher(settings: Settings, *, embedder: Embedder | None = None) -> Searcher:
    """Return a searcher without a version yet; `refresh` gives it one."""
    model = embedder or load_embedder(settings.knowledge_base.models["default"])
    return Searcher(
        model,
        settings.search_policy(),
        english=load_english(settings, main=model),
        calibration=load_calibration(settings, model_id=model.model_id),
        traditional=settings.languages.traditional,
        terms=settings.languages.terms,
    )


def load_english(settings: Settings, *, main: Embedder) -> Embedder | None:
    """The model that gives a second opinion on English, unless it is the first one's own."""
    name = settings.knowledge_base.models.get("en", "")
    return load_embedder(name) if name and name != main.model_id else None


def load_calibration(settings: Settings, *, model_id: str) -> Calibration:
    """The shop's own fit when there is one for this model, else the shipped one."""
    return fits.newest(fits_folder(settings), model_id=model_id)


def fits_folder(settings: Settings) -> Path:
    """Where the shop's own fits are kept."""
    return settings.var / "models" / "answering"
