"""Decides where secrets come from: the environment, else `var/secrets.json`, made once and readable by its owner alone."""

from __future__ import annotations

import json
import os
import secrets as random
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.errors import BadConfiguration

#: where each secret stands in the environment
VARIABLES = {
    "redis_password": "WARMLINE_REDIS_PASSWORD",
    "action_token": "WARMLINE_ACTION_TOKEN",
    "bot_token": "WARMLINE_BOT_TOKEN",
    "session_key": "WARMLINE_SESSION_KEY",
}


class Secrets(BaseModel):
    """Never printed: every field is left out of `repr`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    redis_password: str = Field(repr=False)
    action_token: str = Field(repr=False)
    bot_token: str = Field(repr=False)
    session_key: str = Field(repr=False)


def load_secrets(var: Path, *, environ: Mapping[str, str]) -> Secrets:
    """The secrets; those that nobody set are generated and kept in `var/secrets.json`."""
    given = {
        name: environ[variable]
        for name, variable in VARIABLES.items()
        if environ.get(variable)
    }
    path = var / "secrets.json"
    if len(given) == len(VARIABLES):
        return Secrets(**given)
    stored = _read(path) if path.exists() else _create(path)
    try:
        return Secrets(**{**stored, **given})
    except ValidationError as error:
        missing = ", ".join(str(detail["loc"][0]) for detail in error.errors())
        raise BadConfiguration(
            f"{path}: {missing} is missing. Delete the file to have a new one made."
        ) from None


def _read(path: Path) -> dict[str, str]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadConfiguration(f"{path}: the file cannot be read ({error}).") from error
    if not isinstance(content, dict):
        raise BadConfiguration(f"{path}: the file must hold one JSON object.")
    return {str(key): str(value) for key, value in content.items()}


def _create(path: Path) -> dict[str, str]:
    """Write the file beside and link it into place, so that two starters agree on one."""
    made = {name: random.token_urlsafe(32) for name in VARIABLES}
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f".secrets-{os.getpid()}-{random.token_hex(4)}.json")
    handle = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(made, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(scratch, path)
    except FileExistsError:
        return _read(path)
    finally:
        scratch.unlink()
    return made
