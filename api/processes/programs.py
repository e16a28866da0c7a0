"""Says which programs make up a running desk, and writes supervisor's file for them."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from api.processes import valkey
from api.settings import Settings

#: a UNIX socket's path must fit 108 bytes (unix(7))
LONGEST_SOCKET_PATH = 100


@dataclass(frozen=True, kw_only=True)
class Program:
    """One child: its name in logs and messages, its command, and how long it may take to stop."""

    name: str
    command: tuple[str, ...]
    stop_seconds: int = 10


def root() -> Path:
    """Return the folder of the checkout: the bot's project lies beside this package."""
    return Path(__file__).resolve().parents[2]


def bot_python() -> Path:
    """Return the interpreter of the bot's own environment."""
    return root() / "bot" / ".venv" / "bin" / "python"


def model_path(settings: Settings) -> Path:
    """Return where the trained bot lies."""
    return settings.var / "models" / "bot.tar.gz"


def programs(settings: Settings) -> list[Program]:
    """Return the children in starting order; an own Redis needs no embedded one."""
    wanted = []
    if not settings.has_own_redis:
        wanted.append(
            Program(
                name="redis",
                command=(
                    str(valkey.server_binary()),
                    str(valkey.write_configuration(settings)),
                ),
            )
        )
    wanted.append(Program(name="bot", command=bot_command(settings)))
    wanted.append(
        Program(
            name="api",
            command=(sys.executable, "-m", "api.cli", "serve"),
            stop_seconds=30,
        )
    )
    return wanted


def bot_command(settings: Settings) -> tuple[str, ...]:
    """Return how Rasa is started: loopback only, no HTTP API, our channel alone."""
    return (
        str(bot_python()),
        "-m",
        "rasa",
        "run",
        "-i",
        "127.0.0.1",
        "-p",
        str(settings.ports.bot),
        "--model",
        str(model_path(settings)),
        "--credentials",
        str(root() / "bot" / "credentials.yml"),
        "--endpoints",
        str(root() / "bot" / "endpoints.yml"),
    )


def wanted_ports(settings: Settings) -> dict[str, int]:
    """Return the ports this desk will listen on, by their name in config.yml."""
    wanted = {
        "public": settings.ports.public,
        "actions": settings.ports.actions,
        "bot": settings.ports.bot,
    }
    if not settings.has_own_redis:
        wanted["redis"] = settings.ports.redis
    return wanted


def environment(settings: Settings) -> dict[str, str]:
    """Return what the children inherit; secrets travel here and never in a file of theirs."""
    secrets = settings.secrets
    # Where compiled files are not kept, every start compiles Rasa and TensorFlow anew.
    inherited = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return {
        **inherited,
        "PYTHONPATH": str(root()),
        "PYTHONUNBUFFERED": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "RASA_TELEMETRY_ENABLED": "false",
        # Threads that wait spinning slow a busy small machine down tenfold.
        "OMP_WAIT_POLICY": os.environ.get("OMP_WAIT_POLICY", "PASSIVE"),
        # One question is one thread's work: two wait for each other on a busy machine.
        "OPENBLAS_NUM_THREADS": os.environ.get("OPENBLAS_NUM_THREADS", "1"),
        "WARMLINE_VAR": str(settings.var.resolve()),
        "WARMLINE_ACTIONS_PORT": str(settings.ports.actions),
        "WARMLINE_ACTION_TOKEN": secrets.action_token,
        "WARMLINE_BOT_TOKEN": secrets.bot_token,
        "WARMLINE_REDIS_PASSWORD": secrets.redis_password,
        "WARMLINE_SESSION_KEY": secrets.session_key,
    }


def write_supervisor_file(settings: Settings, children: list[Program]) -> Path:
    """Write var/run/supervisor.ini: every child restarts for ever, logs rotate."""
    run = settings.var.resolve() / "run"
    logs = settings.var.resolve() / "logs"
    run.mkdir(parents=True, exist_ok=True)
    logs.mkdir(parents=True, exist_ok=True)
    path = run / "supervisor.ini"
    sections = [_daemon(run, logs), *(_program(child, logs) for child in children)]
    path.write_text("\n\n".join(sections) + "\n", encoding="utf-8")
    return path


def _daemon(run: Path, logs: Path) -> str:
    lines = [
        "[supervisord]",
        "nodaemon=true",
        f"pidfile={_escaped(run / 'supervisord.pid')}",
        f"logfile={_escaped(logs / 'supervisord.log')}",
        "logfile_maxbytes=5MB",
        "logfile_backups=2",
    ]
    socket = run / "supervisor.sock"
    if len(str(socket)) < LONGEST_SOCKET_PATH:
        lines += [
            "",
            "[unix_http_server]",
            f"file={_escaped(socket)}",
            "chmod=0700",
            "",
            "[rpcinterface:supervisor]",
            "supervisor.rpcinterface_factory="
            "supervisor.rpcinterface:make_main_rpcinterface",
            "",
            "[supervisorctl]",
            f"serverurl=unix://{_escaped(socket)}",
        ]
    return "\n".join(lines)


def _program(child: Program, logs: Path) -> str:
    tether = (sys.executable, "-m", "api.processes.tether")
    command = " ".join(_quoted(part) for part in (*tether, *child.command))
    return "\n".join(
        (
            f"[program:{child.name}]",
            f"command={command}",
            f"directory={_escaped(root())}",
            "autorestart=true",
            "startsecs=1",
            # Practically for ever: a desk that gave up after three tries helps nobody.
            "startretries=1000000",
            f"stopwaitsecs={child.stop_seconds}",
            "stopasgroup=false",
            "killasgroup=true",
            "redirect_stderr=true",
            f"stdout_logfile={_escaped(logs / (child.name + '.log'))}",
            "stdout_logfile_maxbytes=10MB",
            "stdout_logfile_backups=3",
        )
    )


def _escaped(value: object) -> str:
    return str(value).replace("%", "%%")


def _quoted(value: str) -> str:
    return '"' + _escaped(value).replace('"', '\\"') + '"'
