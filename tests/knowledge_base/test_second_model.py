"""The English model reads each question once, however many ask."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from knowledge_base.errors import EmbeddingFailed
from knowledge_base.second_model import SecondModel


class SlowEmbedder:
    """Counts what it reads, and waits until it may answer."""

    model_id, dim = "slow", 2

    def __init__(self) -> None:
        self.read: list[str] = []
        self.may_answer = threading.Event()
        self.is_broken = False

    def embed(self, texts, *, kind):
        self.read += texts
        self.may_answer.wait(10)
        if self.is_broken:
            raise EmbeddingFailed("gone")
        return np.ones((len(texts), 2), dtype=np.float32)


@pytest.fixture
def slow():
    return SlowEmbedder()


def test_who_asks_while_it_is_read_gets_the_same_vector(slow):
    model = SecondModel(slow)
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(model.ask, "how long") for _ in range(2)]
        slow.may_answer.set()
        first, second = (one.result(10) for one in both)
    assert first is second
    assert slow.read == ["how long"]


def test_a_failure_is_told_and_not_remembered(slow):
    model = SecondModel(slow)
    slow.may_answer.set()
    slow.is_broken = True
    with pytest.raises(EmbeddingFailed):
        model.ask("how long")
    slow.is_broken = False
    assert model.ask("how long") is not None


def test_old_questions_are_forgotten(slow):
    model = SecondModel(slow)
    slow.may_answer.set()
    for number in range(100):
        model.ask(f"question {number}")
    model.ask("question 99")
    assert len(slow.read) == 100
    model.ask("question 0")
    assert len(slow.read) == 101


def test_what_is_not_english_is_not_read(slow):
    assert SecondModel(slow).ask("怎么退货") is None
    assert slow.read == []
