from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.components import vectors


def sent(vector: np.ndarray, **changes: Any) -> dict[str, Any]:
    values = base64.b64encode(vector.astype("<f4").tobytes()).decode()
    return {"vector": {"model": vectors.BUNDLED, "values": values, **changes}}


UNIT = np.eye(1, vectors.DIMENSIONS, dtype=np.float32)[0]


def test_the_vector_that_came_along_is_used():
    found = vectors.sent_along(sent(UNIT), model=vectors.BUNDLED)
    assert found is not None
    np.testing.assert_array_equal(found, UNIT)


@pytest.mark.parametrize(
    "metadata",
    [
        None,
        {},
        {"vector": None},
        sent(UNIT, model="other"),
        sent(UNIT, values="not base64!"),
        sent(UNIT[:10]),
        sent(UNIT * np.nan),
        sent(UNIT * 9),
    ],
)
def test_any_other_is_not(metadata: dict[str, Any] | None):
    assert vectors.sent_along(metadata, model=vectors.BUNDLED) is None


def test_texts_are_embedded_once_and_alike(tmp_path: Path, monkeypatch: Any):
    path = tmp_path / "kept.npz"
    first = vectors.embed_all(["我要退貨", "where is it"], path=path)
    np.testing.assert_allclose(first[0], vectors.embed("我要退货"), atol=1e-3)
    monkeypatch.setattr(vectors, "_model", None)
    np.testing.assert_array_equal(
        vectors.embed_all(["where is it", "我要退货"], path=path), first[::-1]
    )
