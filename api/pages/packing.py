"""Decides how a body travels: as Brotli or gzip where the browser can unpack it, else plain."""

from __future__ import annotations

import gzip
from functools import lru_cache
from typing import Literal

import brotli
from fastapi import Request, Response

Encoding = Literal["br", "gzip"]

#: the smaller one first
_PREFERRED: tuple[Encoding, ...] = ("br", "gzip")
#: packing what is larger as small as can be would hold up everybody for a second
_LARGE = 100_000
_BEST, _GOOD = 11, 5
#: files of the pages, each in both encodings
_KEPT = 1024


def encoding_for(request: Request) -> Encoding | None:
    """The best that the browser takes (RFC 9110, 12.5.3); browsers ask for br on https only."""
    taken = set()
    for part in request.headers.get("accept-encoding", "").split(","):
        name, _, weight = part.partition(";")
        if weight.replace(" ", "").lower() not in ("q=0", "q=0.0", "q=0.00", "q=0.000"):
            taken.add(name.strip().lower())
    return next((each for each in _PREFERRED if each in taken), None)


@lru_cache(maxsize=_KEPT)
def packed_for_good(content: bytes, encoding: Encoding) -> bytes:
    """A file that is sent to many: packed once, as small as can be."""
    if encoding == "br":
        quality = _BEST if len(content) <= _LARGE else _GOOD
        return bytes(brotli.compress(content, quality=quality))
    return gzip.compress(content, 9, mtime=0)


def pack(request: Request, response: Response) -> Response:
    """Pack a page that nobody's secret stands in (packing shows how alike two texts are).

    See https://breachattack.com for what would leak otherwise.
    """
    encoding = encoding_for(request)
    response.headers["Vary"] = "Accept-Encoding"
    if encoding is None:
        return response
    body = bytes(response.body)
    response.body = (
        brotli.compress(body, quality=_GOOD)
        if encoding == "br"
        else gzip.compress(body, _GOOD, mtime=0)
    )
    response.headers["Content-Encoding"] = encoding
    response.headers["Content-Length"] = str(len(response.body))
    return response
