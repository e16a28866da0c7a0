"""Which vectors come with the starter articles, so that a first start computes none of them.

Nine thousand texts take minutes on two cores. A vector is a function of its text and its
model alone, so it is computed when an article is written, and ships beside it at half
precision. What is not in the file, or is of another model, is embedded as ever:
`docs/adr/0012-vectors-of-what-ships.md`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge_base import vectors as vector_rows
from knowledge_base.embedded import Vectors, unit
from knowledge_base.models import TextVector

SHIPPED = Path(__file__).parent / "starter" / "vectors.safetensors"
_KEYS, _ROWS = " keys", " rows"
_KEY_BYTES = 32

#: the vectors of one model, by the key of their text
ByText = Mapping[str, Vectors]


def write(by_model: Mapping[str, ByText], path: Path = SHIPPED) -> None:
    """Keep these vectors; the same ones always give the same file."""
    parts: dict[str, NDArray[np.generic]] = {}
    for model_id, by_text in by_model.items():
        names = sorted(by_text)
        keys = b"".join(map(bytes.fromhex, names))
        rows = np.stack([by_text[one] for one in names])
        parts[model_id + _KEYS] = np.frombuffer(keys, np.uint8)
        parts[model_id + _ROWS] = rows.astype(np.float16)
    path.write_bytes(save(parts))


def read(path: Path = SHIPPED) -> dict[str, dict[str, Vectors]]:
    """By model and key; nothing where the file is missing or broken: it only saves time."""
    try:
        parts = load_file(path)
        models = [name.removesuffix(_ROWS) for name in parts if name.endswith(_ROWS)]
        return {one: _of_model(one, parts) for one in models}
    except (OSError, SafetensorError, KeyError, ValueError):
        return {}


def _of_model(
    model_id: str, parts: Mapping[str, NDArray[np.generic]]
) -> dict[str, Vectors]:
    keys = parts[model_id + _KEYS].reshape(-1, _KEY_BYTES)
    rows = unit(parts[model_id + _ROWS].astype(np.float32))
    return dict(zip([one.tobytes().hex() for one in keys], rows, strict=True))


async def bring(
    session: AsyncSession, *, models: Collection[str], path: Path = SHIPPED
) -> int:
    """Keep the shipped vectors of these models as rows, where there are none yet; says how many."""
    brought = 0
    for model_id, by_text in read(path).items():
        if model_id not in models:
            continue
        here = set(
            await session.scalars(
                select(TextVector.text_hash).where(TextVector.model_id == model_id)
            )
        )
        fresh = {key: row for key, row in by_text.items() if key not in here}
        await vector_rows.save(session, fresh, model_id=model_id)
        brought += len(fresh)
    return brought
