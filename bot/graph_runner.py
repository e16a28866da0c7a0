"""Decides in which order the components of a turn run: one after the other, as the graph needs them.

Rasa hands its graph to dask, which plans every run anew, three times a turn; that took an
eighth of it. What a node is given and what it returns is the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from graphlib import TopologicalSorter
from typing import Any

import rasa.core.processor
from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner


class InOrderRunner(DaskGraphRunner):
    """Runs a loaded graph without a scheduler; training keeps Rasa's own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._plan = lru_cache(maxsize=8)(self._planned)

    def _planned(self, targets: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
        """Return each node to run with the names of what it is given, in order."""
        nodes = self._graph_schema.minimal_graph_schema(list(targets)).nodes
        needs = {name: tuple(node.needs.values()) for name, node in nodes.items()}
        order = TopologicalSorter(needs).static_order()
        return tuple((name, *needs[name]) for name in order if name in needs)

    def run(
        self,
        inputs: Mapping[str, Any] | None = None,
        targets: Sequence[str] | None = None,
    ) -> dict[str, Any]:
        """Return what the targets gave; raise GraphRunError as Rasa's own runner does."""
        wanted = tuple(targets or self._graph_schema.target_names)
        plan = self._plan(wanted)
        # a node is given (name, value); of what nobody provides, the name alone
        done: dict[str, Any] = {
            name: (name, value) for name, value in (inputs or {}).items()
        }
        try:
            for name, *needs in plan:
                given = (done.get(need, need) for need in needs)
                done[name] = self._instantiated_nodes[name](*given)
        except RuntimeError as error:
            raise GraphRunError("Error running runner.") from error
        return dict(done[name] for name in wanted)


def run_in_order() -> None:
    """Let the processor load graphs with this runner; doing it again changes nothing."""
    rasa.core.processor.DaskGraphRunner = InOrderRunner
