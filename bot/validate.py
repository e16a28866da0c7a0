"""Decides whether the Rasa project is sound: any warning of `rasa data validate` fails.

Rasa exits 0 while it warns, so its output is read. Only deprecations inside Python
libraries, named here, are let pass. Run it from the project root:
`bot/.venv/bin/python -m bot.validate`.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys

COMMAND = (
    *("-m", "rasa", "data", "validate", "--config", "config.yml"),
    *("--domain", "bot/domain", "--data", "bot/data"),
)
_TROUBLE = re.compile(r"warning|error|conflict|incomplete|contradict", re.IGNORECASE)
#: Lines that say that all is well, and deprecations in libraries of Rasa's.
_LIBRARY_NOISE = (
    re.compile(r"No story structure conflicts found"),
    re.compile(r"Considering all preceding turns for conflict analysis"),
    re.compile(r"site-packages/.*(?:Pending|Pyparsing)?DeprecationWarning"),
    re.compile(r"^<frozen importlib.*DeprecationWarning"),
    re.compile(r"rasa/core/tracker_store\.py.*MovedIn20Warning"),
)


def troubles(output: str) -> list[str]:
    """Return the lines that speak of a problem in the project itself."""
    lines = (line.strip() for line in re.split(r"[\r\n]+", output))
    return [
        line
        for line in lines
        if _TROUBLE.search(line) and not any(n.search(line) for n in _LIBRARY_NOISE)
    ]


def main() -> int:
    quiet = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, *COMMAND],
        env={**os.environ, **quiet},
        capture_output=True,
        text=True,
        check=False,
    )
    found = troubles(done.stdout + "\n" + done.stderr)
    for line in found:
        print(line)  # noqa: T201 - this is what the command is for
    return 1 if found or done.returncode else 0


if __name__ == "__main__":
    sys.exit(main())
