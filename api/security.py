"""Decides which requests may come in at all, and which headers go out with every answer."""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import ApiError, BadRequest, CrossSite
from api.problems import Problems
from api.settings import Settings

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
ONE_YEAR = 31_536_000
LONGEST_REQUEST_ID = 64


class Guard:
    """Host, origin and request id on the way in; security headers on the way out."""

    def __init__(self, app: ASGIApp, *, settings: Settings, problems: Problems) -> None:
        self._app = app
        self._settings = settings
        self._problems = problems
        self._hosts = allowed_hosts(settings)
        self._origins = settings.public_origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        state = scope.setdefault("state", {})
        state["nonce"] = secrets.token_urlsafe(16)
        state["request_id"] = request_id(headers)
        if scope["type"] == "http":
            send = self._with_headers(scope, send)
        error = self._refusal(scope, headers)
        if error is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            # Closing before accepting answers the handshake with 403.
            await send({"type": "websocket.close", "code": 4403, "reason": ""})
        else:
            response = self._problems.response(error, headers=headers)
            await response(scope, receive, send)

    def _refusal(self, scope: Scope, headers: Headers) -> ApiError | None:
        if (
            len(headers.getlist("host")) != 1
            or headers["host"].lower() not in self._hosts
        ):
            return BadRequest("This address is not served here.")
        if scope["type"] == "websocket":
            ours = headers.get("origin", "").lower() in self._origins
            return None if ours else CrossSite()
        if scope["method"] in SAFE_METHODS:
            return None
        origin = headers.get("origin")
        if origin is not None and origin.lower() not in self._origins:
            return CrossSite()
        if headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}:
            return CrossSite()
        return None

    def _with_headers(self, scope: Scope, send: Send) -> Send:
        async def decorated(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._outgoing(scope, headers).items():
                    headers.setdefault(name, value)
            await send(message)

        return decorated

    def _outgoing(self, scope: Scope, headers: Mapping[str, str]) -> dict[str, str]:
        path, state = scope["path"], scope["state"]
        out = {
            "X-Request-Id": state["request_id"],
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": _resource_policy(path),
            "Permissions-Policy": _permissions(path),
            "Content-Security-Policy": content_policy(
                path, nonce=state["nonce"], settings=self._settings
            ),
        }
        if not path.startswith("/static/") and not path.startswith("/widget/v1/"):
            out["Cache-Control"] = "no-store"
        if not _may_be_framed(path):
            out["X-Frame-Options"] = "DENY"
        if self._settings.public_url.startswith("https://"):
            out["Strict-Transport-Security"] = f"max-age={ONE_YEAR}; includeSubDomains"
        return out


def allowed_hosts(settings: Settings) -> frozenset[str]:
    """The Host headers that are ours; nothing is ever built from another one."""
    return frozenset(urlsplit(origin).netloc for origin in settings.public_origins)


def content_policy(path: str, *, nonce: str, settings: Settings) -> str:
    """The page may run our own scripts and talk to us alone."""
    # A policy cannot name an IPv6 address; 'self' covers a page that came from one.
    netlocs = (urlsplit(origin).netloc for origin in settings.public_origins)
    hosts = sorted(netloc for netloc in netlocs if not netloc.startswith("["))
    sockets = " ".join(f"ws://{host} wss://{host}" for host in hosts)
    ancestors = "'none'"
    if _may_be_framed(path):
        ancestors = " ".join(["'self'", *settings.shop.widget_origins])
    # Swagger UI writes styles into the page; nothing else of ours does.
    styles = "'self' 'unsafe-inline'" if path == "/docs" else f"'self' 'nonce-{nonce}'"
    images = "'self' blob: data:" if path == "/docs" else "'self' blob:"
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src 'nonce-{nonce}' 'strict-dynamic'",
            f"style-src {styles}",
            f"img-src {images}",
            "media-src 'self' blob:",
            "font-src 'self'",
            f"connect-src 'self' {sockets}",
            "frame-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "object-src 'none'",
            f"frame-ancestors {ancestors}",
        ]
    )


def client_address(
    peer: str, forwarded: Iterable[str], *, trusted: Iterable[str]
) -> str:
    """Whom a limit counts for: the nearest address that is not one of our balancers.

    Forwarding headers count only when the connection itself comes from a trusted one.
    """
    networks = [ipaddress.ip_network(each, strict=False) for each in trusted]

    def is_trusted(address: str) -> bool:
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in networks)

    current = peer
    hops = [hop.strip() for header in forwarded for hop in header.split(",")]
    while hops and is_trusted(current):
        current = hops.pop()
    return current


def request_id(headers: Headers) -> str:
    """The caller's id if it is harmless, else a new one."""
    given = headers.get("x-request-id", "")
    if 0 < len(given) <= LONGEST_REQUEST_ID and given.replace("-", "").isalnum():
        return given if given.isascii() else secrets.token_hex(8)
    return secrets.token_hex(8)


def _may_be_framed(path: str) -> bool:
    return path == "/widget"


def _permissions(path: str) -> str:
    """Shoppers may show something; nothing of ours listens or asks where they are.

    A page that frames the chat window has to pass the camera on (W3C Permissions Policy, 9).
    """
    camera = "self" if path in {"/widget", "/shop"} else ""
    return f"camera=({camera}), geolocation=(), microphone=()"


def _resource_policy(path: str) -> str:
    """The loader is the one thing another site fetches."""
    return "cross-origin" if path.startswith("/widget/v1/") else "same-origin"
