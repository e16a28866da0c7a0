"""What was tried and what came of it: ok, fail or unknown, one JSON object a line."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, Self

Result = Literal["ok", "fail", "unknown"]


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One try of one thing."""

    what: str
    conversation: str
    key: str
    result: Result
    seq: int | None = None
    detail: str = ""
    at: float = 0.0


class History:
    """Written while the run goes on, read by the checker after it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = path.open("a", encoding="utf-8")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def note(
        self,
        what: str,
        result: Result,
        *,
        conversation: str,
        key: str,
        seq: int | None = None,
        detail: str = "",
    ) -> None:
        operation = Operation(
            what=what,
            conversation=conversation,
            key=key,
            result=result,
            seq=seq,
            detail=detail,
            at=time.time(),
        )
        self._file.write(json.dumps(asdict(operation), ensure_ascii=False) + "\n")

    def read(self) -> Iterator[Operation]:
        self._file.flush()
        with self.path.open(encoding="utf-8") as lines:
            for line in lines:
                yield Operation(**json.loads(line))
