"""Decides what of an uploaded video is kept: picture and sound, without the notes that phones add.

The pixels are not drawn anew, as those of a picture are: that would need a codec, which reads
strangers' bytes. Only the container is walked, and what is no part of the film (place, time,
device, names) is overwritten where it stands, so that nothing moves. MP4 and MOV are boxes
(ISO/IEC 14496-12), WebM is elements (RFC 8794, RFC 9559).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageDraw

from handoff.errors import PictureUnreadable
from handoff.pictures import PREVIEW_QUALITY, PREVIEW_SIDE, Picture

#: boxes of notes, wherever they stand
_NOTES = (b"udta", b"meta", b"uuid", b"Xtra")
_INSIDE = (b"moov", b"trak", b"mdia", b"edts", b"moof", b"traf")
#: their first fields are the days of making and of changing
_DATED = (b"mvhd", b"tkhd", b"mdhd")
_FILM = (b"vide", b"soun")

_EBML, _SEGMENT, _CLUSTER = 0x1A45DFA3, 0x18538067, 0x1F43B675
_INFO, _TRACKS, _TRACK, _VIDEO = 0x1549A966, 0x1654AE6B, 0xAE, 0xE0
_TAGS, _ATTACHMENTS, _TITLE, _DATE = 0x1254C367, 0x1941A469, 0x7BA9, 0x4461
_WIDTH, _HEIGHT, _VOID = 0xB0, 0xBA, 0xEC
_ONE_BYTE_SIZE = 126
_LONGEST_NUMBER = 8

_UNSAID = (640, 360)
_LARGEST_SIDE = 16_384


@dataclass(frozen=True)
class _Part:
    """A box or an element: its name, where it starts, where its content does, where it ends."""

    name: bytes | int
    start: int
    body: int
    end: int


def is_video(data: bytes) -> bool:
    """Whether the first bytes are those of an MP4, a MOV or a WebM."""
    return data[4:8] == b"ftyp" or data[:4] == b"\x1a\x45\xdf\xa3"


def without_notes(data: bytes) -> Picture:
    """The film as it is kept, with a drawn tile as its preview; PictureUnreadable if broken."""
    kept = bytearray(data)
    try:
        if data[4:8] == b"ftyp":
            mime, size = _mp4(kept)
        else:
            mime, size = "video/webm", _webm(kept)
    except (struct.error, IndexError) as error:
        raise PictureUnreadable from error
    width, height = size
    return Picture(
        content=bytes(kept),
        mime=mime,
        width=width,
        height=height,
        preview=_tile(width, height),
    )


def _mp4(data: bytearray) -> tuple[str, tuple[int, int]]:
    sizes = list(_clean_boxes(data, 0, len(data)))
    if not sizes:
        raise PictureUnreadable  # nothing in it moves
    is_mov = data[8:12] == b"qt  "
    return "video/quicktime" if is_mov else "video/mp4", sizes[0]


def _clean_boxes(data: bytearray, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Overwrite the notes; yield the size of every track that shows something."""
    for box in list(_boxes(data, start, end)):
        if box.name in _NOTES:
            _free(data, box)
        elif box.name in _DATED:
            _undate(data, box)
        elif box.name == b"trak":
            parts = list(_boxes(data, box.body, box.end))
            kind = _kind(data, parts)
            if kind not in _FILM:
                _free(data, box)  # what a camera writes beside the film
                continue
            yield from _clean_boxes(data, box.body, box.end)
            if kind == b"vide":
                yield _shown_size(data, parts)
        elif box.name in _INSIDE:
            yield from _clean_boxes(data, box.body, box.end)


def _boxes(data: bytearray, start: int, end: int) -> Iterator[_Part]:
    while start < end:
        (size,), name = (
            struct.unpack_from(">I", data, start),
            bytes(data[start + 4 : start + 8]),
        )
        body = start + 8
        if size == 1:
            (size,), body = struct.unpack_from(">Q", data, body), body + 8
        elif size == 0:
            size = end - start
        if start + size < body or start + size > end:
            raise PictureUnreadable
        yield _Part(name, start, body, start + size)
        start += size


def _free(data: bytearray, box: _Part) -> None:
    data[box.start + 4 : box.start + 8] = b"free"
    data[box.body : box.end] = bytes(box.end - box.body)


def _undate(data: bytearray, box: _Part) -> None:
    is_long = data[box.body] == 1
    length = 16 if is_long else 8
    data[box.body + 4 : box.body + 4 + length] = bytes(length)


def _kind(data: bytearray, parts: list[_Part]) -> bytes:
    """What a track is, as its handler says."""
    for part in parts:
        if part.name == b"mdia":
            for inner in _boxes(data, part.body, part.end):
                if inner.name == b"hdlr":
                    return bytes(data[inner.body + 8 : inner.body + 12])
    return b""


def _shown_size(data: bytearray, parts: list[_Part]) -> tuple[int, int]:
    """Width and height as they are looked at: phones film upright by turning the matrix."""
    for part in parts:
        if part.name == b"tkhd":
            width, height = struct.unpack_from(">II", data, part.end - 8)
            (turned,) = struct.unpack_from(">i", data, part.end - 44 + 4)
            sides = width >> 16, height >> 16
            return _sensible(sides[::-1] if turned else sides)
    return _UNSAID


def _webm(data: bytearray) -> tuple[int, int]:
    size = None
    for part in _elements(data, 0, len(data)):
        if part.name == _EBML and b"webm" not in data[part.body : part.end]:
            raise PictureUnreadable
        if part.name == _SEGMENT:
            size = _clean_segment(data, part) or size
    if size is None:
        raise PictureUnreadable  # nothing in it moves
    return size


def _clean_segment(data: bytearray, segment: _Part) -> tuple[int, int] | None:
    """Overwrite the notes; the size of the film, if there is one."""
    size = None
    for part in _elements(data, segment.body, segment.end):
        if part.name in (_TAGS, _ATTACHMENTS):
            _void(data, part)
        elif part.name == _INFO:
            for note in list(_elements(data, part.body, part.end)):
                if note.name in (_TITLE, _DATE):
                    _void(data, note)
        elif part.name == _TRACKS:
            size = _film_size(data, part) or size
    return size


def _film_size(data: bytearray, tracks: _Part) -> tuple[int, int] | None:
    for track in _elements(data, tracks.body, tracks.end):
        if track.name != _TRACK:
            continue
        for part in _elements(data, track.body, track.end):
            if part.name == _VIDEO:
                sides = {
                    one.name: int.from_bytes(data[one.body : one.end])
                    for one in _elements(data, part.body, part.end)
                }
                return _sensible((sides.get(_WIDTH, 0), sides.get(_HEIGHT, 0)))
    return None


def _elements(data: bytearray, start: int, end: int) -> Iterator[_Part]:
    """The elements one after the other; the walk ends with a cluster of unknown length.

    Recorders that write as they film leave the lengths open, and write no notes behind.
    """
    while start < end:
        name, at = _number(data, start, keep_marker=True)
        size, body = _number(data, at, keep_marker=False)
        is_open = size == (1 << 7 * (body - at)) - 1
        if is_open and name == _CLUSTER:
            return
        stop = end if is_open else body + size
        if stop > end:
            raise PictureUnreadable
        yield _Part(name, start, body, stop)
        start = stop


def _number(data: bytearray, at: int, *, keep_marker: bool) -> tuple[int, int]:
    """A number of variable length (RFC 8794, section 4) and where it ends."""
    length = 9 - data[at].bit_length()
    if length > _LONGEST_NUMBER:
        raise PictureUnreadable
    value = int.from_bytes(data[at : at + length])
    return value if keep_marker else value & ((1 << 7 * length) - 1), at + length


def _void(data: bytearray, part: _Part) -> None:
    length = part.end - part.start
    if length - 2 <= _ONE_BYTE_SIZE:
        head = bytes((_VOID, 0x80 | (length - 2)))
    else:
        head = bytes((_VOID, 0x01)) + (length - 9).to_bytes(7)
    data[part.start : part.end] = head + bytes(length - len(head))


def _sensible(sides: tuple[int, int]) -> tuple[int, int]:
    return sides if all(0 < each <= _LARGEST_SIDE for each in sides) else _UNSAID


def _tile(width: int, height: int) -> bytes:
    """A dark tile of the film's shape with the sign for playing: no frame is decoded here."""
    scale = PREVIEW_SIDE / max(width, height)
    size = max(2, round(width * scale)), max(2, round(height * scale))
    tile = Image.new("RGB", size, "#20262e")
    x, y = size[0] / 2, size[1] / 2
    reach = min(size) / 5
    sign = [(x - reach * 0.8, y - reach), (x - reach * 0.8, y + reach), (x + reach, y)]
    ImageDraw.Draw(tile).polygon(sign, fill="#ffffff")
    out = BytesIO()
    tile.save(out, "JPEG", quality=PREVIEW_QUALITY)
    return out.getvalue()
