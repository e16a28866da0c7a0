"""Runs a command that ends when its parent ends, even if the parent is killed outright."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # prctl(2)


def tie_to_parent(signal_number: int = signal.SIGTERM) -> None:
    """Ask the kernel to signal this process when its parent dies (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal_number)


def main() -> None:
    """Tie, then become the command given on the command line."""
    tie_to_parent()
    os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606 - the command is our own


if __name__ == "__main__":
    main()
