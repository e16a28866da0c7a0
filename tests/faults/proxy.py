"""A TCP proxy that delays, swallows, resets, half-closes and cuts what passes through it."""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import struct
from dataclasses import dataclass, field

CHUNK = 65_536
#: SO_LINGER with zero seconds: closing sends a reset instead of a goodbye
RESET = struct.pack("ii", 1, 0)


@dataclass(eq=False)
class Link:
    """One connection through the proxy, and what is done to it."""

    inner: asyncio.StreamWriter
    outer: asyncio.StreamWriter
    delay: float = 0.0
    is_black_hole: bool = False
    #: bytes that still pass before the connection is reset; None for any number
    left: int | None = None

    def reset(self) -> None:
        for writer in (self.inner, self.outer):
            sock = writer.get_extra_info("socket")
            with contextlib.suppress(OSError):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            writer.transport.abort()

    def half_close(self) -> None:
        """The client hears the end while its own words still get through."""
        with contextlib.suppress(OSError, RuntimeError):
            self.outer.write_eof()


@dataclass
class ChaosProxy:
    """Stands before a port; `cut` does one random mischief to one random connection."""

    target: int
    dice: random.Random
    #: as whom the far side sees everybody behind this proxy
    address: str = "127.0.1.1"
    links: set[Link] = field(default_factory=set)
    _server: asyncio.Server | None = None

    async def start(self) -> int:
        self._server = await asyncio.start_server(self._pass, "127.0.0.1", 0)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        if self._server is not None:
            self._server.close()
        for link in tuple(self.links):
            link.reset()

    def cut(self, *, longest_delay: float) -> str | None:
        """Name what was done; None if nobody is connected."""
        if not self.links:
            return None
        link = self.dice.choice(sorted(self.links, key=id))
        mode = self.dice.choice(("reset", "half_close", "black_hole", "delay", "after"))
        if mode == "reset":
            link.reset()
        elif mode == "half_close":
            link.half_close()
        elif mode == "black_hole":
            link.is_black_hole = True
        elif mode == "delay":
            link.delay = self.dice.uniform(0, longest_delay)
        else:
            link.left = self.dice.randint(1, 2000)
        return mode

    async def _pass(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection(
                "127.0.0.1", self.target, local_addr=(self.address, 0)
            )
        except OSError:
            writer.transport.abort()
            return
        link = Link(inner=far_writer, outer=writer)
        self.links.add(link)
        try:
            await asyncio.gather(
                _pump(reader, far_writer, link), _pump(far_reader, writer, link)
            )
        except (OSError, RuntimeError, asyncio.CancelledError):
            # RuntimeError: written to after a half-close of ours.
            link.reset()
        finally:
            self.links.discard(link)
            link.inner.transport.abort()
            link.outer.transport.abort()


async def _pump(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, link: Link
) -> None:
    while data := await reader.read(CHUNK):
        if link.delay:
            await asyncio.sleep(link.delay)
        if link.is_black_hole:
            continue
        if link.left is not None:
            data = data[: link.left]
            link.left -= len(data)
        writer.write(data)
        await writer.drain()
        if link.left == 0:
            raise ConnectionResetError
    with contextlib.suppress(OSError, RuntimeError):
        writer.write_eof()
