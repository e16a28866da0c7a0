"""Photos for the tests, drawn as they are needed."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw

#: what somebody would like to have run
SCRIPT = b"<html><script>alert(document.domain)</script></html>"


def photo(kind: str = "JPEG", *, hue: str = "red", **more: object) -> bytes:
    """320 by 240, one colour on the left and blue on the right."""
    image = Image.new("RGB", (320, 240), "blue")
    ImageDraw.Draw(image).rectangle((0, 0, 160, 240), fill=hue)
    out = BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def with_gps(*, orientation: int = 1) -> bytes:
    """As a phone writes it: make, time, orientation and the place."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Warmphone"
    exif[0x0132] = "2026:03:03 12:00:00"
    exif.get_ifd(0x8825).update({1: "N", 2: (31.0, 13.0, 49.0)})
    return photo(exif=exif)
