"""Only pixels are kept of a picture, and only of what is one."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image, ImageCms

from handoff.errors import (
    PictureKindUnknown,
    PictureTooManyPixels,
    PictureUnreadable,
)
from handoff.pictures import LONGEST_SIDE, PREVIEW_SIDE, redraw
from tests.pictures import SCRIPT, photo, with_gps

PIXELS = 50_000_000


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_each_kind_is_taken_by_its_content(kind):
    made = redraw(photo(kind), most_pixels=PIXELS)
    assert (made.width, made.height) == (320, 240)
    assert opened(made.content).format in {"JPEG", "PNG"}
    assert opened(made.preview).format == "JPEG"


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><script>alert(1)</script>",
        b"%PDF-1.7 /JS (app.alert(1))",
        b"GIF87", b"RIFF\x00\x00\x00\x00WAVE", b"BM" + b"\0" * 60, b"\0\0\0\x18ftypheic",
        b"", b"\xff\xd8",
    ],
)  # fmt: skip
def test_nothing_else_is_taken(data):
    with pytest.raises(PictureKindUnknown):
        redraw(data, most_pixels=PIXELS)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
@pytest.mark.parametrize("keep", [12, 40, 200])
def test_half_a_picture_is_refused_in_words(kind, keep):
    with pytest.raises(PictureUnreadable):
        redraw(photo(kind)[:keep], most_pixels=PIXELS)


def test_what_hides_behind_the_picture_is_gone():
    for kind in ("JPEG", "PNG", "GIF"):
        made = redraw(photo(kind) + SCRIPT, most_pixels=PIXELS)
        assert SCRIPT not in made.content
        assert b"script" not in made.content + made.preview


def test_comments_and_chunks_are_gone():
    out = BytesIO()
    opened(photo()).save(out, "JPEG", comment=SCRIPT)
    assert SCRIPT in out.getvalue()
    assert b"script" not in redraw(out.getvalue(), most_pixels=PIXELS).content


def test_place_and_time_are_gone():
    data = with_gps()
    assert opened(data).getexif().get_ifd(0x8825)
    made = redraw(data, most_pixels=PIXELS)
    for kept in (made.content, made.preview):
        assert not opened(kept).getexif()
        assert b"Exif" not in kept
        assert b"Warmphone" not in kept


def test_a_picture_taken_sideways_stands_upright():
    made = redraw(with_gps(orientation=6), most_pixels=PIXELS)
    assert (made.width, made.height) == (240, 320)
    # The photo is red on its left; turned by a quarter, that is its top.
    red, _, blue = opened(made.content).convert("RGB").getpixel((120, 20))
    assert red > blue


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes that says it is this large."""

    def chunk(name: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + data))
        return struct.pack(">I", len(data)) + name + data + check

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", body)
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("side", [7_100, 9_700, 50_000])
def test_a_bomb_is_refused_before_it_is_unpacked(side):
    """Just over our limit, over Pillow's warning, over Pillow's error."""
    with pytest.raises(PictureTooManyPixels):
        redraw(bomb(side, side), most_pixels=PIXELS)


def test_a_large_photo_is_kept_smaller():
    big = Image.new("RGB", (6000, 3000), "teal")
    out = BytesIO()
    big.save(out, "JPEG")
    made = redraw(out.getvalue(), most_pixels=PIXELS)
    assert (made.width, made.height) == (LONGEST_SIDE, LONGEST_SIDE // 2)
    assert opened(made.preview).width == PREVIEW_SIDE


def test_an_animation_becomes_its_first_frame():
    frames = [Image.new("P", (40, 40), number) for number in range(3)]
    out = BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    made = redraw(out.getvalue(), most_pixels=PIXELS)
    assert getattr(opened(made.content), "n_frames", 1) == 1


def test_transparency_is_kept_and_white_in_the_preview():
    out = BytesIO()
    Image.new("RGBA", (30, 30), (0, 0, 0, 0)).save(out, "PNG")
    made = redraw(out.getvalue(), most_pixels=PIXELS)
    assert made.mime == "image/png"
    assert opened(made.content).getpixel((5, 5))[3] == 0
    assert opened(made.preview).getpixel((5, 5)) == (255, 255, 255)


def test_the_colour_profile_does_not_travel_along():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    out = BytesIO()
    Image.new("RGB", (30, 30), (90, 160, 40)).save(
        out, "JPEG", icc_profile=profile, quality=95
    )
    made = opened(redraw(out.getvalue(), most_pixels=PIXELS).content)
    assert "icc_profile" not in made.info


def test_a_profile_of_nonsense_costs_nothing():
    out = BytesIO()
    Image.new("RGB", (30, 30), "red").save(out, "JPEG", icc_profile=b"nonsense" * 40)
    assert redraw(out.getvalue(), most_pixels=PIXELS).mime == "image/jpeg"


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1", "CMYK", "I;16"])
def test_every_way_of_keeping_pixels_is_read(mode):
    out = BytesIO()
    kind = "JPEG" if mode == "CMYK" else "PNG"
    Image.new(mode, (20, 20)).save(out, kind)
    made = redraw(out.getvalue(), most_pixels=PIXELS)
    assert made.width == 20
