"""Small films for tests, made box by box and element by element."""

from __future__ import annotations

import struct

PLACE = b"+48.8577+002.295/"


def box(name: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return struct.pack(">I4s", 8 + len(body), name) + body


def element(name: int, *content: bytes) -> bytes:
    body = b"".join(content)
    length = (name.bit_length() + 7) // 8
    return name.to_bytes(length) + b"\x01" + len(body).to_bytes(7) + body


def mp4(
    *,
    brand: bytes = b"isom",
    kinds: tuple[bytes, ...] = (b"vide",),
    turned: bool = False,
) -> bytes:
    """A film of 64 x 36 that says where and when it was made."""
    made = struct.pack(">II", 3_800_000_000, 3_800_000_001)
    place = box(b"udta", box(b"\xa9xyz", PLACE))
    tracks = [
        box(
            b"trak",
            _track_head(made, turned=turned),
            box(
                b"mdia",
                box(b"mdhd", bytes(4), made, bytes(12)),
                box(b"hdlr", bytes(8), kind, bytes(13)),
            ),
            box(b"meta", PLACE),
        )
        for kind in kinds
    ]
    header = box(b"mvhd", bytes(4), made, struct.pack(">II", 1000, 2000), bytes(80))
    return (
        box(b"ftyp", brand, bytes(4), brand)
        + box(b"moov", header, *tracks, place)
        + box(b"mdat", b"pixels" * 20)
    )


def _track_head(made: bytes, *, turned: bool) -> bytes:
    one = 0x10000
    matrix = (
        (0, one, 0, -one, 0, 0, 0, 0, 0x40000000)
        if turned
        else (one, 0, 0, 0, one, 0, 0, 0, 0x40000000)
    )
    return box(
        b"tkhd",
        bytes(4),
        made,
        bytes(28),
        struct.pack(">9i", *matrix),
        struct.pack(">II", 64 << 16, 36 << 16),
    )


def webm(*, doctype: bytes = b"webm", has_video: bool = True) -> bytes:
    """The same as a WebM, its last cluster as long as it likes."""
    video = (
        element(0xE0, element(0xB0, b"\x40"), element(0xBA, b"\x24"))
        if has_video
        else element(0xE1)
    )
    return (
        element(0x1A45DFA3, element(0x4282, doctype))
        + b"\x18\x53\x80\x67\x01"
        + b"\xff" * 7
        + element(
            0x1549A966,
            element(0x7BA9, b"my bedroom"),
            element(0x2AD7B1, b"\x0f\x42\x40"),
        )
        + element(0x1654AE6B, element(0xAE, video))
        + element(0x1254C367, b"x" * 300, PLACE)
        + b"\x1f\x43\xb6\x75\x01"
        + b"\xff" * 7
        + b"pixels" * 20
    )
