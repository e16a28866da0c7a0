"""What a second sentence model adds: vectors of the English wordings, kept like all others, and of English questions."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection, Sequence
from concurrent.futures import Future

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from knowledge_base import vectors as vector_rows
from knowledge_base.embedding import Embedder, Vectors
from knowledge_base.languages import cloud
from knowledge_base.passages import Passage

#: questions whose vectors are remembered
_KEPT = 64


class SecondModel:
    """A model that is asked where a text is English; without one nothing is said."""

    def __init__(self, embedder: Embedder | None) -> None:
        self.embedder = embedder
        self._vectors: dict[str, Vectors] = {}
        self._unsaved: set[str] = set()
        self._asked: OrderedDict[str, Future[Vectors]] = OrderedDict()
        self._asking = threading.Lock()

    @property
    def unsaved(self) -> bool:
        """Whether some vectors are not kept as rows yet."""
        return bool(self._unsaved)

    def ask(self, folded: str) -> Vectors | None:
        """The vector of a question, if it is English.

        Of two threads that ask the same, one computes and both have it: so a question
        can be read ahead, while the bot still thinks about it.
        """
        if not self.reads(folded):
            return None
        with self._asking:
            found = self._asked.get(folded)
            is_ours = found is None
            if found is None:
                found = self._asked[folded] = Future()
                while len(self._asked) > _KEPT:
                    self._asked.popitem(last=False)
        if is_ours:
            self._read(folded, found)
        return found.result()

    def reads(self, folded: str) -> bool:
        """Whether this model has anything to say to the question."""
        return self.embedder is not None and bool(folded) and cloud(folded) == "en"

    def _read(self, folded: str, found: Future[Vectors]) -> None:
        assert self.embedder is not None  # noqa: S101 - `reads` said so
        try:
            found.set_result(self.embedder.embed([folded], kind="question")[0])
        except Exception as error:  # noqa: BLE001 - whoever waits is told the same
            with self._asking:
                self._asked.pop(folded, None)
            found.set_exception(error)

    def rows(self, passages: Sequence[Passage], keys: Sequence[str]) -> Vectors | None:
        """A row a passage: of its English questions, zeros for everything else."""
        if self.embedder is None:
            return None
        own = [
            at
            for at, one in enumerate(passages)
            if one.kind != "answer" and cloud(one.folded) == "en"
        ]
        missing = {keys[at]: at for at in own if keys[at] not in self._vectors}
        texts = [passages[at].folded for at in missing.values()]
        fresh = dict(
            zip(missing, self.embedder.embed(texts, kind="question"), strict=True)
        )
        self._vectors |= fresh
        self._unsaved |= fresh.keys()
        found = np.zeros((len(passages), self.embedder.dim), dtype=np.float32)
        for at in own:
            found[at] = self._vectors[keys[at]]
        return found

    async def load(self, session: AsyncSession, keys: Collection[str]) -> None:
        """Read the kept vectors among these."""
        if self.embedder is None:
            return
        missing = set(keys) - self._vectors.keys()
        self._vectors |= await vector_rows.load(
            session, missing, embedder=self.embedder
        )

    async def save(self, session: AsyncSession) -> int:
        """Keep the new vectors as rows; says how many."""
        if self.embedder is None:
            return 0
        fresh = {key: self._vectors[key] for key in tuple(self._unsaved)}
        await vector_rows.save(session, fresh, model_id=self.embedder.model_id)
        self._unsaved.difference_update(fresh)
        return len(fresh)
