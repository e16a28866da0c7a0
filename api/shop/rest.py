"""Asks any shop's order system over REST, as docs/order-source.md describes it.

The secret goes to the configured address alone: no redirects, no proxies from the
environment, no other host. Reads are repeated after a failure, changes never.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import quote, urlsplit

import httpx
from pydantic import ValidationError

from api.errors import BadConfiguration
from api.shop.errors import (
    ChangeOutcomeUnknown,
    ChangeRefused,
    ChangeUnsupported,
    ShopAnswerUnreadable,
    ShopUnreachable,
)
from api.shop.giving import Allowance
from api.shop.numbers import order_number
from api.shop.orders import ChangeReceipt, Order, OrderChange
from api.shop.rest_schema import (
    Wire,
    WireGiven,
    WireOrder,
    WireOrders,
    WireReceipt,
)

VARIABLE = "WARMLINE_SHOP_TOKEN"
LONGEST_ANSWER = 1_048_576  # bytes
ATTEMPTS = 3
PAUSE_SECONDS = 0.1
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_OK = {HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.ACCEPTED}
#: the shop says itself that nothing was done
_NOT_DONE = {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
_REFUSED = {
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
    HTTPStatus.GONE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
}
_WORTH_REPEATING = {
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}


def shop_token(environ: Mapping[str, str]) -> str:
    """The secret that the shop gave us; it stands in the environment alone."""
    token = environ.get(VARIABLE, "")
    if not token or not token.isascii() or not token.isprintable():
        raise BadConfiguration(
            f"shop.orders: rest needs the shop's secret in {VARIABLE}."
        )
    return token


class RestOrders:
    """An OrderSource behind an address."""

    def __init__(
        self,
        base_url: str,
        *,
        token: str,
        timeout_seconds: float,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._base = _checked(base_url)
        self._timeout = timeout_seconds
        self._client = httpx.AsyncClient(
            headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
            timeout=timeout_seconds,
            follow_redirects=False,
            trust_env=False,
            transport=transport,
        )

    async def find(self, number: str) -> Order | None:
        status, body = await self._read(f"/orders/{quote(number, safe='')}")
        if status == HTTPStatus.NOT_FOUND:
            return None
        if status != HTTPStatus.OK:
            raise ShopAnswerUnreadable
        order = _parse(WireOrder, body)
        if order_number(order.number) != number:
            # An answer about another order must never be told as this one.
            raise ShopAnswerUnreadable
        return order.value(number=number)

    async def list_for(self, customer_id: str, *, limit: int = 5) -> tuple[Order, ...]:
        path = f"/customers/{quote(customer_id, safe='')}/orders?limit={int(limit)}"
        status, body = await self._read(path)
        if status == HTTPStatus.NOT_FOUND:
            return ()
        if status != HTTPStatus.OK:
            raise ShopAnswerUnreadable
        found = [
            each.value(number=number)
            for each in _parse(WireOrders, body).orders
            if each.customer.id == customer_id and (number := order_number(each.number))
        ]
        newest = sorted(found, key=lambda each: each.placed_at, reverse=True)
        return tuple(newest[:limit])

    async def request_change(
        self, change: OrderChange, *, idempotency_key: str
    ) -> ChangeReceipt:
        body = await self._ask_once(
            change.order_number,
            "changes",
            {"change": change.kind.value, "detail": dict(change.detail)},
            key=idempotency_key,
        )
        return _receipt(body, change)

    async def give_allowance(
        self, allowance: Allowance, *, idempotency_key: str
    ) -> str:
        body = await self._ask_once(
            allowance.order_number,
            "allowances",
            {
                "kind": allowance.kind,
                "amount": str(allowance.amount),
                "currency": allowance.currency,
            },
            key=idempotency_key,
        )
        try:
            return _parse(WireGiven, body).reference
        except ShopAnswerUnreadable as error:
            raise ChangeOutcomeUnknown from error

    async def _ask_once(
        self, number: str, what: str, wish: Mapping[str, object], *, key: str
    ) -> bytes:
        """The shop's yes; the error says whether anything may have happened."""
        request = self._client.build_request(
            "POST",
            f"{self._base}/orders/{quote(number, safe='')}/{what}",
            json=wish,
            headers={"Idempotency-Key": key},
        )
        try:
            status, body = await self._send(request)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise ShopUnreachable from error
        except (httpx.HTTPError, TimeoutError) as error:
            raise ChangeOutcomeUnknown from error
        if status in _OK:
            return body
        raise _refusal(status)

    async def close(self) -> None:
        await self._client.aclose()

    async def _read(self, path: str) -> tuple[int, bytes]:
        """Ask up to three times within the one deadline."""
        try:
            async with asyncio.timeout(self._timeout):
                for attempt in range(1, ATTEMPTS):
                    answer = await self._attempt(path)
                    if answer is not None:
                        return answer
                    await asyncio.sleep(PAUSE_SECONDS * attempt)
                answer = await self._attempt(path)
        except TimeoutError as error:
            raise ShopUnreachable from error
        if answer is None:
            raise ShopUnreachable
        return answer

    async def _attempt(self, path: str) -> tuple[int, bytes] | None:
        request = self._client.build_request("GET", f"{self._base}{path}")
        try:
            status, body = await self._send(request)
        except httpx.HTTPError:
            return None
        return None if status in _WORTH_REPEATING else (status, body)

    async def _send(self, request: httpx.Request) -> tuple[int, bytes]:
        """The status and a body of bounded size; redirects are answers, not orders."""
        async with asyncio.timeout(self._timeout):
            response = await self._client.send(request, stream=True)
            try:
                body = bytearray()
                async for part in response.aiter_bytes():
                    body += part
                    if len(body) > LONGEST_ANSWER:
                        raise httpx.DecodingError("too long", request=request)
            finally:
                await response.aclose()
        return response.status_code, bytes(body)


def _receipt(body: bytes, change: OrderChange) -> ChangeReceipt:
    try:
        receipt = _parse(WireReceipt, body)
    except ShopAnswerUnreadable as error:
        # It was accepted, but what exactly was promised cannot be read.
        raise ChangeOutcomeUnknown from error
    return receipt.value(kind=change.kind, number=change.order_number)


def _refusal(status: int) -> Exception:
    if status in {HTTPStatus.NOT_IMPLEMENTED, HTTPStatus.METHOD_NOT_ALLOWED}:
        return ChangeUnsupported()
    if status in _REFUSED:
        return ChangeRefused()
    if status in _NOT_DONE or status == HTTPStatus.UNAUTHORIZED:
        return ShopUnreachable()
    return ChangeOutcomeUnknown()


def _parse[Parsed: Wire](kind: type[Parsed], body: bytes) -> Parsed:
    try:
        return kind.model_validate_json(body)
    except (ValidationError, RecursionError):
        # The details hold the shopper's data, which no log may see.
        raise ShopAnswerUnreadable from None


def _checked(base_url: str) -> str:
    """An https address without a user, a query or a fragment; http on this machine alone."""
    parts = urlsplit(base_url)
    is_safe = parts.scheme == "https" or (
        parts.scheme == "http" and parts.hostname in _LOOPBACK
    )
    if (
        not is_safe
        or not parts.hostname
        or parts.username
        or parts.query
        or parts.fragment
    ):
        raise BadConfiguration(
            "shop.rest.base_url must be an https address such as https://shop.example/api"
        )
    return base_url.rstrip("/")
