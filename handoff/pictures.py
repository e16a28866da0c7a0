"""Decides what of an uploaded picture is kept: its pixels, drawn anew, and nothing else of the file.

Whatever the file carried beside them (place and time, comments, a script behind the last
byte) does not survive, because only the pixels are read and a new file is written.
"""

from __future__ import annotations

import contextlib
import struct
import warnings
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageCms, ImageOps

from handoff.errors import (
    PictureKindUnknown,
    PictureTooManyPixels,
    PictureUnreadable,
)

#: the longer side of what is kept, enough to zoom into a scratch
LONGEST_SIDE = 2560
#: and of the preview in the thread
PREVIEW_SIDE = 480
#: drawings stay sharp as PNG up to this size; beyond it they are photos
MOST_PNG_BYTES = 4_000_000
MOST_PROFILE_BYTES = 65_536
JPEG_QUALITY = 88
PREVIEW_QUALITY = 80

#: what a decoder may stumble over in a file that somebody made to make it stumble
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    AttributeError,
    ArithmeticError,
    MemoryError,
    NotImplementedError,
    struct.error,
)


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture as it is kept."""

    content: bytes
    mime: str
    width: int
    height: int
    #: a small JPEG for the thread
    preview: bytes


def kind_of(data: bytes) -> str:
    """Say by its first bytes what the file is; PictureKindUnknown for all we do not take."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    raise PictureKindUnknown


def redraw(data: bytes, *, most_pixels: int) -> Picture:
    """Draw the picture anew: upright, in sRGB, not larger than needed. Takes a while."""
    kind = kind_of(data)
    try:
        image = _decoded(data, kind, most_pixels=most_pixels)
        return _kept(image, is_drawing=kind in {"PNG", "GIF"})
    except _BROKEN as error:
        raise PictureUnreadable from error


def _decoded(data: bytes, kind: str, *, most_pixels: int) -> Image.Image:
    """Read the first frame, if the file does not claim to be too large."""
    try:
        # Our own limit is looked at before any pixel is unpacked.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            opened = Image.open(BytesIO(data), formats=[kind])
    except Image.DecompressionBombError as error:
        raise PictureTooManyPixels from error
    with opened:
        if opened.width * opened.height > most_pixels:
            raise PictureTooManyPixels
        # A large JPEG is unpacked at a fraction of its size: less memory, less time.
        opened.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
        opened.load()
        profile = opened.info.get("icc_profile")
        has_alpha = "A" in opened.getbands() or "transparency" in opened.info
        upright: Image.Image = opened
        with contextlib.suppress(*_BROKEN):
            upright = ImageOps.exif_transpose(opened)
        mode = "RGBA" if has_alpha else "RGB"
        if upright.mode != "CMYK":  # its colours are its profile's to translate
            upright = upright.convert(mode)
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE), reducing_gap=2.0)
        return _bare(_in_srgb(upright, profile).convert(mode))


def _in_srgb(image: Image.Image, profile: object) -> Image.Image:
    """Translate the colours: without its profile a phone's red would be another red."""
    if not isinstance(profile, bytes) or len(profile) > MOST_PROFILE_BYTES:
        return image
    if image.mode not in {"RGB", "CMYK"}:
        return image
    with contextlib.suppress(ImageCms.PyCMSError, *_BROKEN):
        own = ImageCms.ImageCmsProfile(BytesIO(profile))
        srgb = ImageCms.createProfile("sRGB")
        drawn = ImageCms.profileToProfile(image, own, srgb, outputMode="RGB")
        return drawn or image
    return image


def _bare(image: Image.Image) -> Image.Image:
    """The pixels alone: what a saver would copy from the old file is left behind."""
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    return bare


def _kept(image: Image.Image, *, is_drawing: bool) -> Picture:
    content, mime = b"", ""
    if is_drawing or image.mode == "RGBA":
        content, mime = _written(image, "PNG"), "image/png"
    if not content or len(content) > MOST_PNG_BYTES:
        content, mime = _written(_on_white(image), "JPEG", JPEG_QUALITY), "image/jpeg"
    small = _on_white(image)
    small.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
    return Picture(
        content=content,
        mime=mime,
        width=image.width,
        height=image.height,
        preview=_written(small, "JPEG", PREVIEW_QUALITY),
    )


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image.copy()
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    return white


def _written(image: Image.Image, kind: str, quality: int = 100) -> bytes:
    out = BytesIO()
    if kind == "JPEG":
        image.save(out, kind, quality=quality, progressive=True)
    else:
        image.save(out, kind)
    return out.getvalue()
