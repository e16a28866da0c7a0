from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.components import embedding_process, vectors

TEXTS = sorted((f"订单 {at} 什么时候到 please{'!' * at}" for at in range(7)), key=len)


def test_two_processes_give_the_rows_of_one_in_the_same_order():
    beside = embedding_process.embed_beside(TEXTS, processes=2)
    here = embedding_process.embed_here(vectors._model(), TEXTS)
    np.testing.assert_allclose(beside, here, atol=2e-3)
    assert not np.allclose(here[0], here[1], atol=2e-3)


def test_few_texts_are_not_worth_a_process(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(4)))
    least = embedding_process.LEAST_EACH
    assert embedding_process.processes_for(["a"] * (2 * least - 1)) == 1
    assert embedding_process.processes_for(["a"] * 2 * least) == 2
    assert embedding_process.processes_for(["a"] * 99 * least) == 4


@pytest.mark.parametrize(("code", "said"), [(1, b""), (0, b"short")])
def test_a_process_that_fails_costs_time_and_no_row(
    code: int, said: bytes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    def fails(*_: Any, **__: Any) -> subprocess.CompletedProcess[bytes]:
        return subprocess.CompletedProcess([], code, said, b"killed")

    monkeypatch.setattr(subprocess, "run", fails)
    with pytest.raises(embedding_process.EmbeddingFailed, match="killed"):
        embedding_process.embed_beside(TEXTS, processes=2)
    monkeypatch.setattr(embedding_process, "processes_for", lambda _: 2)
    rows = vectors.embed_all(TEXTS, path=tmp_path / "kept.npz")
    np.testing.assert_allclose(rows[3], vectors.embed(TEXTS[3]), atol=1e-3)
