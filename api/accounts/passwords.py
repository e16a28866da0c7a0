"""Decides which passwords are accepted and how they are kept: Argon2id, never the text."""

from __future__ import annotations

from functools import lru_cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from api.errors import WeakPassword

MIN_LENGTH = 10
MAX_LENGTH = 256
MIN_DIFFERENT = 4
_TOO_COMMON = frozenset(
    {
        "1234567890",
        "0123456789",
        "9876543210",
        "qwertyuiop",
        "1q2w3e4r5t",
        "password12",
        "password123",
        "password1234",
        "passw0rd123",
        "admin123456",
        "administrator",
        "changeme123",
        "letmein1234",
        "welcome123",
        "iloveyou123",
        "woaini1314",
        "a123456789",
        "aa123456789",
        "warmline123",
    }
)


@lru_cache(maxsize=1)
def _hasher() -> PasswordHash:
    # OWASP's floor for Argon2id: 19 MiB, two passes, one lane.
    return PasswordHash((Argon2Hasher(memory_cost=19_456, time_cost=2, parallelism=1),))


@lru_cache(maxsize=1)
def _decoy() -> str:
    """What an unknown login is checked against, so that it takes as long as a known one."""
    return _hasher().hash("nobody has this password")


def check_strength(password: str, *, login: str) -> None:
    """Raise WeakPassword unless the password is long and not one of the common ones."""
    lowered = password.lower()
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise WeakPassword(f"A password has {MIN_LENGTH} to {MAX_LENGTH} characters.")
    if (
        lowered in _TOO_COMMON
        or login.lower() in lowered
        or len(set(password)) < MIN_DIFFERENT
    ):
        raise WeakPassword


def hash_password(password: str) -> str:
    """Slow on purpose (about 20 ms): run it in a thread."""
    return _hasher().hash(password)


def is_right(password: str, stored: str | None) -> bool:
    """Compare in the same time whether the account exists or not; run it in a thread."""
    if len(password) > MAX_LENGTH:
        password, stored = "", None
    matches = _hasher().verify(password, stored or _decoy())
    return matches and stored is not None
