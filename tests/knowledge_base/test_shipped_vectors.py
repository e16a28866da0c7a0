from __future__ import annotations

import numpy as np
import pytest
from safetensors.numpy import save_file
from sqlalchemy import select

from knowledge_base import labelled, shipped_vectors, vectors
from knowledge_base.embedded import unit
from knowledge_base.embedding import load_embedder
from knowledge_base.folding import digest
from knowledge_base.models import TextVector
from tools.starter_vectors import english_questions, starter_texts

ROWS = unit(np.random.default_rng(3).standard_normal((3, 8)).astype(np.float32))
KEYS = [digit * 64 for digit in "abc"]
E5, MINILM = "bundled:e5", "bundled:minilm"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "vectors.safetensors"
    both = dict(zip(KEYS, ROWS, strict=True))
    shipped_vectors.write({"one": both, "two": {KEYS[0]: ROWS[2]}}, path)
    return path


def test_what_is_written_is_read_again(file):
    found = shipped_vectors.read(file)
    assert found.keys() == {"one", "two"}
    assert list(found["one"]) == KEYS
    assert np.stack(list(found["one"].values())) == pytest.approx(ROWS, abs=1e-3)
    assert np.linalg.norm(found["two"][KEYS[0]]) == pytest.approx(1, abs=1e-6)


def test_the_same_vectors_give_the_same_file(file, tmp_path):
    again = tmp_path / "again.safetensors"
    shipped_vectors.write(shipped_vectors.read(file), again)
    assert again.read_bytes() == file.read_bytes()


@pytest.mark.parametrize("spoil", ["missing", "cut", "text", "keyless"])
def test_a_file_that_cannot_be_read_brings_nothing(file, spoil):
    if spoil == "missing":
        file.unlink()
    elif spoil == "keyless":
        save_file({"one rows": ROWS}, file)
    else:
        whole = file.read_bytes()
        file.write_bytes(whole[:-9] if spoil == "cut" else b"no vectors here")
    assert shipped_vectors.read(file) == {}


async def test_vectors_become_rows_of_the_models_in_use_and_replace_none(session, file):
    own = ROWS[1]
    await vectors.save(session, {KEYS[0]: own}, model_id="one")
    assert await shipped_vectors.bring(session, models={"one"}, path=file) == 2
    assert await shipped_vectors.bring(session, models={"one"}, path=file) == 0
    rows = {
        (one.model_id, one.text_hash): np.frombuffer(one.vector, "<f4")
        for one in await session.scalars(select(TextVector))
    }
    assert rows.keys() == {("one", key) for key in KEYS}
    assert rows["one", KEYS[0]] == pytest.approx(own)
    assert rows["one", KEYS[1]] == pytest.approx(ROWS[1], abs=1e-3)


def test_every_starter_text_has_its_vectors_and_nothing_else_has():
    texts = starter_texts()
    found = shipped_vectors.read()
    stale = "an article or a labelled question has changed: run `make vectors`"
    assert found[E5].keys() == texts.keys(), stale
    assert found[MINILM].keys() == english_questions(texts).keys(), stale


def test_the_gate_finds_the_vectors_of_the_labelled_questions():
    found = shipped_vectors.read()
    questions = labelled.shipped()
    assert len(questions) > 1_000
    for one in questions:
        assert digest(one.text, kind="question") in found[E5], one.text


@pytest.mark.model
@pytest.mark.parametrize(("model_id", "every"), [(E5, 250), (MINILM, 150)])
def test_the_shipped_vectors_are_those_of_the_models(model_id, every):
    shipped, texts = shipped_vectors.read()[model_id], starter_texts()
    embedder = load_embedder(model_id)
    for key in sorted(shipped)[::every]:
        text, kind = texts[key]
        row = embedder.embed([text], kind=kind)[0]
        assert row @ shipped[key] > 0.999, text
