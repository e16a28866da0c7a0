"""Decides how the files of the pages are named, hashed, packed and kept by browsers."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request, Response

from api.errors import NotFound
from api.pages.packing import encoding_for, packed_for_good

STATIC = Path(__file__).resolve().parents[1] / "static"

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".json": "application/json",
}
#: kept for good, because another content has another address
_FOREVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
#: what readers of the source need and browsers do not: comments on lines of their own
_COMMENTS = re.compile(r"^\s*(?:/\*.*?\*/\s*$|//[^\n]*$)", re.MULTILINE | re.DOTALL)
#: space beside these means nothing in a style
_IDLE = re.compile(r"\s*([{};,])\s*")
_INDENT = re.compile(r"^\s+", re.MULTILINE)
_IMPORT = re.compile(
    r"""(?:^(?:import|export)\b[^"']*|\bimport\()["'](\./[\w./-]+\.js)["']""",
    re.MULTILINE,
)
#: what the browser fetches before the script runs
_IMPORT_AT_ONCE = re.compile(
    r"""^(?:import|export)\b[^"'(]*["'](\./[\w./-]+\.js)["']""", re.MULTILINE
)
#: the tree's version, which stands before the path of a file that may be kept
_VERSIONED = re.compile(r"([0-9a-f]{8})/(.+)")
_WORD = re.compile(r"""\bt\(\s*("(?:[^"\\\n]|\\.)*")""")

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, kw_only=True)
class Asset:
    """One file as it goes out."""

    content: bytes
    media_type: str
    version: str


@cache
def asset(path: str) -> Asset:
    """The file under static/; NotFound for anything else, however it is spelt."""
    file = (STATIC / path).resolve()
    if not file.is_relative_to(STATIC) or file.suffix not in _TYPES:
        raise NotFound
    if not file.is_file():
        raise NotFound
    content = file.read_bytes()
    if file.parent.name in {"js", "css"}:
        content = squeezed(content, is_style=file.suffix == ".css")
    return as_asset(content, _TYPES[file.suffix])


def squeezed(source: bytes, *, is_style: bool = False) -> bytes:
    """The script without comments and indentation; a style without idle space at all."""
    text = _INDENT.sub("", _COMMENTS.sub("", source.decode()))
    return (_IDLE.sub(r"\1", text) if is_style else text).encode()


def as_asset(content: bytes, media_type: str) -> Asset:
    return Asset(
        content=content,
        media_type=media_type,
        version=hashlib.sha256(content).hexdigest()[:8],
    )


def static(path: str) -> str:
    """The address of a file that may be kept for good.

    The version is the whole tree's, so that what a script imports by a relative name
    has the same one; another content anywhere makes other addresses everywhere.
    """
    asset(path)
    return f"/static/{tree_version()}/{path}"


@cache
def tree_version() -> str:
    digest = hashlib.sha256()
    for file in sorted(STATIC.rglob("*")):
        if file.suffix in _TYPES:
            path = file.relative_to(STATIC).as_posix()
            digest.update(f"{path} {asset(path).version}\n".encode())
    return digest.hexdigest()[:8]


@cache
def modules(entry: str, *, at_once: bool = False) -> tuple[str, ...]:
    """The script and every script it imports (or only those it needs at once), each once."""
    imports = _IMPORT_AT_ONCE if at_once else _IMPORT
    found: dict[str, None] = {}
    waiting = [entry]
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found[path] = None
        text = asset(path).content.decode()
        base = path.rpartition("/")[0]
        waiting += [f"{base}/{name[2:]}" for name in imports.findall(text)]
    return tuple(found)


@cache
def words_of(entry: str, *, at_once: bool = False) -> tuple[str, ...]:
    """Every sentence that the script or one it imports says through `t("…")`."""
    found: dict[str, None] = {}
    for path in modules(entry, at_once=at_once):
        for literal in _WORD.findall(asset(path).content.decode()):
            found[_unquoted(literal)] = None
    return tuple(found)


def _unquoted(literal: str) -> str:
    return literal[1:-1].replace('\\"', '"').replace("\\\\", "\\")


@router.get("/static/{path:path}")
async def send_file(path: str, request: Request) -> Response:
    """The file; for good under the present version, else to be asked for again."""
    versioned = _VERSIONED.fullmatch(path)
    if versioned is None:
        return asset_response(request, asset(path))
    version, name = versioned.groups()
    return asset_response(request, asset(name), is_kept=version == tree_version())


@router.get("/favicon.ico")
async def send_favicon(request: Request) -> Response:
    return asset_response(request, asset("favicon.svg"))


def asset_response(
    request: Request, found: Asset, *, is_kept: bool = False
) -> Response:
    headers = {
        "Cache-Control": _FOREVER if is_kept else _ASK_AGAIN,
        "ETag": f'"{found.version}"',
        "Vary": "Accept-Encoding",
    }
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    encoding = encoding_for(request)
    if encoding is None:
        return Response(found.content, headers=headers, media_type=found.media_type)
    return Response(
        packed_for_good(found.content, encoding),
        headers=headers | {"Content-Encoding": encoding},
        media_type=found.media_type,
    )
