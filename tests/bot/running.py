"""Starts the real bot with its trained model, and talks to it as the service does."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
BOT_TOKEN = "bot-token-for-the-tests"
ACTION_TOKEN = "action-token-for-the-tests"
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "RASA_MAX_CACHE_SIZE": "0",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "PYTHONWARNINGS": "ignore",
    "OMP_NUM_THREADS": "1",
}


def environment(*, actions_port: int) -> dict[str, str]:
    return {
        **os.environ,
        **QUIET,
        "WARMLINE_BOT_TOKEN": BOT_TOKEN,
        "WARMLINE_ACTION_TOKEN": ACTION_TOKEN,
        "WARMLINE_ACTIONS_PORT": str(actions_port),
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def train(folder: Path) -> Path:
    """Train from the project's own files; an already trained model may be named."""
    given = os.environ.get("WARMLINE_TEST_MODEL")
    if given:
        return Path(given)
    command = [
        *(sys.executable, "-m", "rasa", "train", "--config", str(_copy(folder))),
        *("--domain", "bot/domain", "--data", "bot/data"),
        *("--out", str(folder), "--fixed-model-name", "bot", "--skip-validation"),
    ]
    done = subprocess.run(  # noqa: S603 - our own command
        command,
        cwd=ROOT,
        env=environment(actions_port=1),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return folder / "bot.tar.gz"


def _copy(folder: Path) -> Path:
    """Rasa may rewrite a configuration; it gets one that it may spoil."""
    copy = folder / "config.yml"
    copy.write_text((ROOT / "config.yml").read_text("utf-8"), "utf-8")
    return copy


@dataclass
class Reply:
    """What came back from one POST."""

    status: int
    body: Any

    @property
    def said(self) -> list[str]:
        """The keys of what was said, and the kinds of everything else."""
        return [
            message.get("say") or next(iter(message))
            for message in self.body["messages"]
        ]

    @property
    def intent(self) -> str:
        return str(self.body["intent"]["name"])


@dataclass
class RunningBot:
    """One `rasa run` on a free port, with its log kept in a file."""

    log: Path
    actions_port: int
    model: Path
    port: int = field(default_factory=free_port)

    def start(self) -> RunningBot:
        command = [
            *(sys.executable, "-m", "rasa", "run", "-i", "127.0.0.1"),
            *("-p", str(self.port), "--credentials", "bot/credentials.yml"),
            *("--endpoints", "bot/endpoints.yml"),
            *("--model", str(self.model)),
        ]
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own command
                command,
                cwd=ROOT,
                env=environment(actions_port=self.actions_port),
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self._wait()
        return self

    def _wait(self) -> None:
        until = time.monotonic() + 120
        while time.monotonic() < until:
            assert self._process.poll() is None, self.log.read_text()[-3000:]
            if self.get("/webhooks/turn/health").status in {200, 503}:
                return
            time.sleep(0.3)
        raise AssertionError(self.log.read_text()[-3000:])

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(20)

    def get(self, path: str) -> Reply:
        return self._send(urllib.request.Request(self._url(path)))  # noqa: S310 - loopback

    def post(self, body: Any, *, token: str | None = BOT_TOKEN) -> Reply:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(self._url("/webhooks/turn/turn"), raw)  # noqa: S310 - loopback
        request.add_header("Content-Type", "application/json")
        if token is not None:
            request.add_header("Authorization", f"Bearer {token}")
        return self._send(request)

    def _url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def _send(self, request: urllib.request.Request) -> Reply:
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                return Reply(answer.status, json.load(answer))
        except urllib.error.HTTPError as refused:
            text = refused.read().decode("utf-8", "replace")
            try:
                return Reply(refused.code, json.loads(text))
            except ValueError:
                return Reply(refused.code, text)
        except OSError:
            return Reply(0, None)


@dataclass
class Talk:
    """One conversation: keeps the dialogue between turns, as the service does."""

    bot: RunningBot
    conversation_id: str
    dialogue: list[Any] = field(default_factory=list)

    def say(self, text: str, *, press: dict[str, Any] | None = None) -> Reply:
        reply = self.bot.post(
            {
                "conversation_id": self.conversation_id,
                "text": text,
                "press": press,
                "metadata": {
                    "language": "zh-Hans",
                    "turn_id": "t",
                    "signed_in": False,
                },
                "dialogue": self.dialogue,
            }
        )
        if reply.status == 200:
            self.dialogue = reply.body["dialogue"]
        return reply

    def press(self, intent: str, **entities: str) -> Reply:
        return self.say("", press={"intent": intent, "entities": entities})
