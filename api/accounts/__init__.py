"""Who works at the desk: what the command line and the demo need of it."""

from __future__ import annotations

from api.accounts.staff import create_account, exists, set_password

__all__ = ["create_account", "exists", "set_password"]
