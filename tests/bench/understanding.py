"""What reading a message costs the bot: with the feelings in it, and late in a long conversation."""

from __future__ import annotations

import json
import os
import subprocess
from typing import Any

import httpx

from api.processes.programs import bot_python, environment, model_path, root
from api.settings import load_settings
from tests.bench.figures import Figure, median
from tests.bench.turns import TEXTS, Straight
from tests.running import RunningDesk

EARLY, LATE = 5, 200
PAIRS = 60
EMOTION_TARGET, LATE_TARGET, TURN_MS = 1.3, 1.15, 15.0


def measure(desk: RunningDesk) -> list[Figure]:
    """Both in the running desk's own model."""
    early, late = _turns(desk)
    feelings = _feelings(desk)
    turn = median(early) * 1000
    return [
        Figure.at_most("the bot's turn, its vector given, median", turn, TURN_MS, "ms"),
        Figure.at_most(
            "the bot's turn ÷ the same without the feelings",
            turn / (turn - feelings),
            EMOTION_TARGET,
            "×",
            remark=f"they take {feelings:.1f} ms",
        ),
        Figure.at_most(
            "the bot's turn 200 ÷ turn 5",
            median(late) / median(early),
            LATE_TARGET,
            "×",
            remark=f"{median(late) * 1000:.0f} and {turn:.0f} ms",
        ),
    ]


def _feelings(desk: RunningDesk) -> float:
    """The milliseconds that reading a line takes longer for the feelings in it."""
    settings = load_settings(
        dict(os.environ) | {"WARMLINE_VAR": str(desk.var)}, root=root()
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter and module
        [
            str(bot_python()),
            "-m",
            "tests.bench.emotion_cost",
            str(model_path(settings)),
        ],
        cwd=root(),
        env=environment(settings) | {"PYTHONPATH": str(root())},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-1000:])
    took = json.loads(done.stdout.strip().splitlines()[-1])
    return float(took["with"] - took["without"])


def _turns(desk: RunningDesk) -> tuple[list[float], list[float]]:
    """Seconds of turns early and late in a long conversation."""
    early: list[float] = []
    late: list[float] = []
    with httpx.Client(timeout=30, trust_env=False) as client:
        asking = Straight(desk, client)
        dialogue: list[Any] = []
        at: dict[int, list[Any]] = {}
        for turn in range(LATE):
            at[turn] = dialogue
            _, dialogue = asking.turn(_text(turn), dialogue, with_vector=True)
        # The same text at both places, one after the other: a busy machine is as busy for both.
        for number in range(PAIRS):
            for place, taken in ((EARLY, early), (LATE - 1, late))[
                :: 1 - 2 * (number % 2)
            ]:
                took, _ = asking.turn(_text(number), at[place], with_vector=True)
                taken.append(took)
    return early, late


def _text(turn: int) -> str:
    return TEXTS[turn % len(TEXTS)][turn % 2]
