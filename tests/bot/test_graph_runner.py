"""The graph of a turn runs in order, without a scheduler, and finds the same as with Rasa's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphSchema, SchemaNode
from rasa.engine.loader import load_predict_graph_runner
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.shared.nlu.constants import TEXT

from bot.graph_runner import InOrderRunner, run_in_order

pytestmark = pytest.mark.rasa

TEXTS = ("where is order WL20261101001", "我要退货", "你們這什麼爛店！", "hm")
INPUT = "__message__"


def runner_of(kind: type[DaskGraphRunner], model: Path, folder: Path) -> Any:
    folder.mkdir()
    return load_predict_graph_runner(folder, model, LocalModelStorage, kind)


def test_it_finds_what_rasas_own_runner_finds(model: Path, tmp_path: Path):
    metadata, ours = runner_of(InOrderRunner, model, tmp_path / "ours")
    _, theirs = runner_of(DaskGraphRunner, model, tmp_path / "theirs")
    target = metadata.nlu_target
    for text in TEXTS:
        found = [
            each.run(inputs={INPUT: [UserMessage(text)]}, targets=[target])[target][0]
            for each in (ours, theirs)
        ]
        assert found[0].get(TEXT) == text
        assert found[0].get("intent_ranking") == found[1].get("intent_ranking")
        assert found[0].get("emotion") == found[1].get("emotion")
        assert found[0].get("entities") == found[1].get("entities")


def test_the_processor_of_a_running_bot_has_it(model: Path):
    run_in_order()
    loaded = MessageProcessor._load_model(str(model))
    assert isinstance(loaded[2], InOrderRunner)


class _Node:
    """Says what it was given."""

    def __init__(self, name: str, ran: list[str], error: Exception | None = None):
        self.name, self.ran, self.error = name, ran, error

    def __call__(self, *given: Any) -> tuple[str, Any]:
        self.ran.append(self.name)
        if self.error:
            raise self.error
        return self.name, given


def graph(ran: list[str], **errors: Exception) -> InOrderRunner:
    """Last needs middle and first, middle needs the input and one nobody gives."""
    needs = {
        "last": {"a": "middle", "b": "first"},
        "first": {"a": "__input__"},
        "middle": {"a": "__input__", "b": "__nobody__"},
        "unwanted": {"a": "first"},
    }
    runner = InOrderRunner.__new__(InOrderRunner)
    nodes = {
        name: SchemaNode(
            needs=each,
            uses=object,  # type: ignore[arg-type] - never made
            constructor_name="create",
            fn="run",
            config={},
            is_target=name == "last",
        )
        for name, each in needs.items()
    }
    runner._instantiate_nodes = lambda *_: {  # type: ignore[method-assign]
        name: _Node(name, ran, errors.get(name)) for name in needs
    }
    InOrderRunner.__init__(runner, GraphSchema(nodes), None, None)  # type: ignore[arg-type]
    return runner


def test_a_node_runs_once_after_what_it_needs_and_nothing_else_does():
    ran: list[str] = []
    found = graph(ran).run(inputs={"__input__": 7})
    assert sorted(ran[:2]) == ["first", "middle"]
    assert ran[2:] == ["last"]
    assert found == {
        "last": (
            ("middle", (("__input__", 7), "__nobody__")),
            ("first", (("__input__", 7),)),
        )
    }


def test_what_breaks_in_a_node_is_told_as_rasa_tells_it():
    with pytest.raises(GraphRunError):
        graph([], first=RuntimeError("no")).run(inputs={"__input__": 7})
    with pytest.raises(KeyError):
        graph([], first=KeyError("no")).run(inputs={"__input__": 7})
