"""Decides when the bot must be trained anew, and trains it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
from pathlib import Path

from api.processes.programs import bot_python, environment, model_path, root
from api.settings import Settings

#: what Rasa reads from config.yml; the shop's own sections retrain nothing
RASA_KEYS = ("recipe", "assistant_id", "language", "pipeline", "policies")


class TrainingFailed(Exception):
    """The bot could not be trained; the log names the line."""


def fingerprint(settings: Settings) -> str:
    """Return a hash of everything that shapes the model except the published articles.

    Articles are left out on purpose: publishing one never asks for a retrained bot.
    """
    digest = hashlib.sha256()
    bot = root() / "bot"
    # By name: walking the whole folder would walk the bot's environment too.
    found = [*bot.glob("*.py"), *bot.glob("*.yml"), bot / "uv.lock"]
    for folder in ("components", "domain", "data"):
        found += [*(bot / folder).rglob("*.py"), *(bot / folder).rglob("*.yml")]
    for path in sorted(found):
        digest.update(str(path.relative_to(bot)).encode())
        digest.update(path.read_bytes())
    digest.update(_rasa_part(settings.config_path.read_text("utf-8")).encode())
    return digest.hexdigest()


def _rasa_part(text: str) -> str:
    """Return the top-level sections of config.yml that Rasa reads, comments dropped."""
    kept: list[str] = []
    keep = False
    for line in text.splitlines():
        if re.match(r"^[A-Za-z_]+:", line):
            keep = line.split(":", 1)[0] in RASA_KEYS
        if keep and line.strip() and not line.lstrip().startswith("#"):
            kept.append(line.rstrip())
    return "\n".join(kept)


def is_trained(settings: Settings) -> bool:
    """Whether the model on disk was made from today's bot."""
    stamp = _stamp(settings)
    if not (model_path(settings).exists() and stamp.exists()):
        return False
    return bool(json.loads(stamp.read_text())["bot"] == fingerprint(settings))


def start_training(settings: Settings, questions: Path) -> subprocess.Popen[bytes]:
    """Start `rasa train` in the background; `questions` is the folder of generated NLU data."""
    models = settings.var / "models"
    models.mkdir(parents=True, exist_ok=True)
    (settings.var / "logs").mkdir(parents=True, exist_ok=True)
    log = (settings.var / "logs" / "training.log").open("wb")
    command = (
        str(bot_python()), "-m", "rasa", "train",
        "--config", str(settings.config_path),
        "--domain", str(root() / "bot" / "domain"),
        "--data", str(root() / "bot" / "data"), str(questions),
        "--out", str(models),
        "--fixed-model-name", "fresh-bot",
        # half a minute; the tests validate what comes with the project
        "--skip-validation",
    )  # fmt: skip
    # Its large systems of equations are solved when the articles are embedded already.
    threads = {"OPENBLAS_NUM_THREADS": str(os.cpu_count() or 1)}
    return subprocess.Popen(  # noqa: S603 - our own interpreter and files
        command, cwd=root(), env=environment(settings) | threads, stdout=log, stderr=log
    )


def finish_training(settings: Settings, process: subprocess.Popen[bytes]) -> None:
    """Wait, then put the new model in place whole; the old one stays if training failed."""
    code = process.wait()
    fresh = settings.var / "models" / "fresh-bot.tar.gz"
    if code != 0 or not fresh.exists():
        log = settings.var / "logs" / "training.log"
        tail = "\n".join(log.read_text("utf-8", "replace").splitlines()[-12:])
        raise TrainingFailed(f"The bot could not be trained. {log} ends with:\n{tail}")
    fresh.replace(model_path(settings))
    digest = hashlib.sha256(model_path(settings).read_bytes()).hexdigest()
    stamp = {"bot": fingerprint(settings), "sha256": digest}
    scratch = _stamp(settings).with_suffix(".tmp")
    scratch.write_text(json.dumps(stamp), encoding="utf-8")
    scratch.replace(_stamp(settings))


def model_is_intact(settings: Settings) -> bool:
    """Whether the model file is the one that training wrote (its hash is pinned)."""
    try:
        pinned = json.loads(_stamp(settings).read_text())["sha256"]
        actual = hashlib.sha256(model_path(settings).read_bytes()).hexdigest()
    except (OSError, ValueError, KeyError):
        return False
    return bool(pinned == actual)


def _stamp(settings: Settings) -> Path:
    return settings.var / "models" / "bot.json"
