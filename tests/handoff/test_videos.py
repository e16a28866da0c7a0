"""Of a film its picture and sound are kept, and nothing that tells where and when it was made."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from handoff.errors import PictureUnreadable
from handoff.videos import is_video, without_notes
from tests import films

FILMS = {
    "mp4": films.mp4(),
    "mov": films.mp4(brand=b"qt  "),
    "webm": films.webm(),
}


@pytest.mark.parametrize("name", FILMS)
def test_place_and_time_go_and_nothing_moves(name: str) -> None:
    film = FILMS[name]
    kept = without_notes(film)
    assert films.PLACE in film
    for told in (films.PLACE, b"my bedroom", (3_800_000_000).to_bytes(4)):
        assert told not in kept.content
    assert len(kept.content) == len(film)
    assert kept.content.index(b"pixels") == film.index(b"pixels")
    assert (kept.width, kept.height) == (64, 36)


def test_each_is_named_by_what_it_is() -> None:
    kinds = [without_notes(film).mime for film in FILMS.values()]
    assert kinds == ["video/mp4", "video/quicktime", "video/webm"]
    assert all(is_video(film) for film in FILMS.values())
    assert not is_video(b"\x89PNG\r\n\x1a\n" + bytes(20))


def test_a_film_turned_upright_is_higher_than_wide() -> None:
    kept = without_notes(films.mp4(turned=True))
    assert (kept.width, kept.height) == (36, 64)


def test_what_a_camera_writes_beside_picture_and_sound_is_cut_off() -> None:
    kept = without_notes(films.mp4(kinds=(b"vide", b"soun", b"meta")))
    assert kept.content.count(b"trak") == 2


def test_the_preview_has_the_shape_of_the_film() -> None:
    with Image.open(BytesIO(without_notes(films.mp4()).preview)) as tile:
        assert tile.size == (480, 270)


@pytest.mark.parametrize(
    "broken",
    [
        films.mp4(kinds=(b"soun",)),
        films.mp4()[:-40],
        films.mp4()[:60],
        films.mp4()[:12],
        b"\x00\x00\x00\x02ftypisom",
        films.webm(doctype=b"matroska"),
        films.webm(has_video=False),
        films.webm()[:80],
        b"\x1a\x45\xdf\xa3",
    ],
)
def test_what_is_no_film_is_refused(broken: bytes) -> None:
    with pytest.raises(PictureUnreadable):
        without_notes(broken)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(FILMS)), st.data())
def test_whatever_is_broken_in_it_is_told_as_such(
    name: str, data: st.DataObject
) -> None:
    film = bytearray(FILMS[name])
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(8, len(film) - 1))
        film[at] = data.draw(st.integers(0, 255))
    try:
        kept = without_notes(bytes(film))
    except PictureUnreadable:
        return
    assert len(kept.content) == len(film)
