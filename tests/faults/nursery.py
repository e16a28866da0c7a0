"""Starts service processes quickly: everything is imported once, each service is a fork of that.

A service started so runs the very code of `warmline serve` and dies the same death; only
the seconds of importing are saved, so that hundreds of kills fit into minutes.
One JSON object a line: `{"log", "env", "without", "workers"}` in, `{"pid"}` and `{"exited", "code"}` out.
"""

from __future__ import annotations

# isort: off
import api.sqlite  # must come first: it decides which sqlite3 everything else gets
# isort: on

import ctypes
import json
import os
import signal
import sys
import traceback
from pathlib import Path
from typing import Any

DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


def tell(message: dict[str, Any]) -> None:
    os.write(1, json.dumps(message).encode() + b"\n")


def bury(_signal: int, _frame: Any) -> None:
    """Report every child that has ended."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        tell({"exited": pid, "code": os.waitstatus_to_exitcode(status)})


def live(order: dict[str, Any]) -> None:
    """Be a service until killed."""
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    silence = os.open(os.devnull, os.O_RDONLY)
    for target, source in ((0, silence), (1, log), (2, log)):
        os.dup2(source, target)
    os.environ.update(order["env"])
    from api import listeners, settings  # noqa: PLC0415 - as `warmline serve` does
    from tests.faults import without  # noqa: PLC0415 - after the log is open

    for guard in order["without"]:
        without.remove(guard)
    listeners.serve(settings.load_settings(), workers=order["workers"])


def warm() -> None:
    """Import what a service needs, and use the model-free twin of the embedder."""
    from knowledge_base import embedding  # noqa: PLC0415 - before anybody imports it

    embedding.load_embedder = lambda _name: embedding.HashEmbedder(dim=64)
    from api import app, listeners  # noqa: F401, PLC0415 - the slow part
    from tests.faults import without  # noqa: F401, PLC0415


def main() -> None:
    warm()
    signal.signal(signal.SIGCHLD, bury)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    tell({"ready": Path(api.sqlite.__file__).name})
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            try:
                live(order)
            except BaseException:  # noqa: BLE001 - the child must never go on as nursery
                traceback.print_exc()
                os._exit(70)
            os._exit(0)
        tell({"pid": pid, "log": order["log"]})


if __name__ == "__main__":
    main()
