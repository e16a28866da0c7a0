"""Decides whether the addresses we need are free, and names who holds one that is not."""

from __future__ import annotations

import socket
from dataclasses import dataclass

import psutil


@dataclass(frozen=True, kw_only=True)
class BusyPort:
    """A port that something else listens on already."""

    name: str
    port: int
    holder: str

    def __str__(self) -> str:
        return (
            f"Port {self.port} ({self.name}) is taken by {self.holder}. Stop it, or set "
            f"ports.{self.name} in config.yml to another number."
        )


def busy_ports(wanted: dict[str, int], *, host: str = "127.0.0.1") -> list[BusyPort]:
    """Return those of `wanted` (name -> port) that cannot be bound."""
    return [
        BusyPort(name=name, port=port, holder=_holder(port))
        for name, port in wanted.items()
        if not _can_bind(host, port)
    ]


def _can_bind(host: str, port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _holder(port: int) -> str:
    try:
        for connection in psutil.net_connections("tcp"):
            if connection.status == "LISTEN" and connection.laddr[1:] == (port,):
                if connection.pid is None:
                    break
                process = psutil.Process(connection.pid)
                return f"{process.name()} (process {connection.pid})"
    except psutil.Error:
        pass
    return "another program"
