"""How the comparison asks programs that live in environments of their own: a folder in, a folder out."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from knowledge_base.embedding import Vectors
from tests.bench.baselines import Wordings
from tests.bench.sure_of import Answers
from tests.running import ROOT

RASA = ROOT / "bot/.venv/bin/python"
HAYSTACK = ROOT / ".compare-venv/bin/python"
_MODELS = ROOT / "var/compared/models"


def rasa(held: Wordings, questions: Sequence[str]) -> Answers:
    """Trains for minutes, unless the same wordings were trained before."""
    _MODELS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        _ask(folder, held, questions)
        script = ["-W", "ignore", "-m", "tests.bench.rasa_selector"]
        return _answered(folder, [str(RASA), *script, made, str(_MODELS)])


def haystack(
    held: Wordings, questions: Sequence[str], rows: Vectors, vectors: Vectors
) -> Answers:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        _ask(folder, held, questions)
        np.save(folder / "rows.npy", rows)
        np.save(folder / "vectors.npy", vectors)
        script = str(ROOT / "tests/bench/haystack_joined.py")
        return _answered(folder, [str(HAYSTACK), script, made])


def _ask(folder: Path, held: Wordings, questions: Sequence[str]) -> None:
    asked = {
        "texts": held.texts,
        "owners": held.owners,
        "questions": list(questions),
    }
    (folder / "asked.json").write_text(json.dumps(asked), "utf-8")


def _answered(folder: Path, command: Sequence[str]) -> Answers:
    with (folder / "log").open("wb") as log:
        done = subprocess.run(  # noqa: S603  (our own scripts)
            command,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=log,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        said = (folder / "log").read_text("utf-8", errors="replace")[-2000:]
        raise RuntimeError(f"{command[0]} failed:\n{said}")
    return Answers(**json.loads((folder / "answered.json").read_text("utf-8")))
