from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.components import vectors
from bot.components.folding import fold
from bot.ship_vectors import training_lines


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


def test_the_shipped_vectors_are_those_of_the_training_lines():
    shipped = vectors.load_shipped()
    lines = sorted(set(training_lines()))
    held = [one for one in lines if vectors._key(fold(one) or " ") in shipped]
    assert len(held) >= 0.95 * len(lines), "many new lines: run `make vectors`"
    for line in held[::400]:
        row = shipped[vectors._key(fold(line) or " ")]
        assert row @ vectors.embed(line) > 0.999, line


def test_what_ships_is_not_embedded_and_not_kept_twice(tmp_path: Path, monkeypatch):
    vectors.ship(["where is it", "我要退货"], tmp_path / "shipped.npy")
    shipped = vectors.load_shipped(tmp_path / "shipped.npy")
    monkeypatch.setattr(vectors, "load_shipped", lambda: shipped)
    monkeypatch.setattr(vectors, "_embed_many", None)
    rows = vectors.embed_all(["Where is  it"], path=tmp_path / "kept.npz")
    np.testing.assert_allclose(rows[0], vectors.embed("where is it"), atol=1e-3)
    assert not (tmp_path / "kept.npz").exists()


@pytest.mark.parametrize("content", [None, b"no numbers", b"\x93NUMPY\x01\x00cut"])
def test_a_spoilt_file_ships_nothing(content: bytes | None, tmp_path: Path):
    path = tmp_path / "shipped.npy"
    if content is not None:
        path.write_bytes(content)
    assert vectors.load_shipped(path) == {}


def test_a_file_of_another_shape_ships_nothing(tmp_path: Path):
    np.save(tmp_path / "shipped.npy", np.ones((3, vectors.DIMENSIONS)))
    assert vectors.load_shipped(tmp_path / "shipped.npy") == {}
