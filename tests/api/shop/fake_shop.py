"""A small shop server that speaks the interface of docs/order-source.md, and can misbehave."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

TOKEN = "the shop's secret"


class FakeShop:
    """Orders by number; remembers what was asked and what was changed."""

    def __init__(self, *orders: dict[str, Any]) -> None:
        self.orders = {order["number"]: order for order in orders}
        self.receipts: dict[str, dict[str, Any]] = {}
        self.asked: list[str] = []
        self.tokens: set[str] = set()
        #: statuses to answer with before answering properly
        self.troubles: list[int | str] = []

    def transport(self) -> httpx.AsyncBaseTransport:
        app = Starlette(
            routes=[
                Route("/desk/orders/{number}", self._order),
                Route("/desk/customers/{customer}/orders", self._orders),
                Route("/desk/orders/{number}/changes", self._change, methods=["POST"]),
            ]
        )
        return _Wire(httpx.ASGITransport(app=app), self)

    async def _order(self, request: Request) -> Response:
        order = self.orders.get(request.path_params["number"])
        return JSONResponse(order, 200) if order else JSONResponse({}, 404)

    async def _orders(self, request: Request) -> Response:
        wanted = request.path_params["customer"]
        found = [o for o in self.orders.values() if o["customer"]["id"] == wanted]
        if not found:
            return JSONResponse({}, 404)
        return JSONResponse({"orders": found})

    async def _change(self, request: Request) -> Response:
        key = request.headers["idempotency-key"]
        body = await request.json()
        if body["change"] == "address":
            return JSONResponse({"error": "not offered"}, 501)
        if key not in self.receipts:
            order = self.orders[request.path_params["number"]]
            if body["change"] == "cancel":
                order["state"] = "cancelled"
            number = len(self.receipts) + 1
            self.receipts[key] = {"reference": f"X{number}", "next_by": "2026-11-29"}
        return JSONResponse(self.receipts[key], 201)


class _Wire(httpx.AsyncBaseTransport):
    """The way to the shop: breaks, stalls or lies as it is told to."""

    def __init__(self, inner: httpx.AsyncBaseTransport, shop: FakeShop) -> None:
        self._inner, self._shop = inner, shop

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self._shop.asked.append(f"{request.method} {request.url}")
        self._shop.tokens.add(request.headers.get("authorization", ""))
        trouble = self._shop.troubles.pop(0) if self._shop.troubles else None
        if trouble is None:
            return await self._inner.handle_async_request(request)
        return await _misbehave(trouble, request, self._inner)


#: what a shop may answer instead of the truth
_LIES = {
    "redirect": lambda: httpx.Response(
        302, headers={"location": "http://evil.example/orders/1"}
    ),
    "html": lambda: httpx.Response(200, html="<h1>hello</h1>"),
    "huge": lambda: httpx.Response(200, content=b" " * 2_000_000),
    "deep": lambda: httpx.Response(200, content=b"[" * 100_000),
}


async def _misbehave(
    trouble: int | str, request: httpx.Request, inner: httpx.AsyncBaseTransport
) -> httpx.Response:
    if trouble == "refused":
        raise httpx.ConnectError("refused", request=request)
    if trouble == "cut":
        await inner.handle_async_request(request)
        raise httpx.ReadError("cut", request=request)
    if trouble == "hang":
        await asyncio.sleep(3600)
    if isinstance(trouble, int):
        return httpx.Response(trouble, json={})
    lie = _LIES.get(trouble)
    return (
        lie() if lie else httpx.Response(200, content=json.dumps(json.loads(trouble)))
    )
