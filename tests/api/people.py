"""Shoppers and staff who use the API as programs do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Self
from uuid import uuid4

import httpx

from api.accounts import create_account
from api.desk import Desk

PASSWORD = "correct horse battery"


@dataclass
class Shopper:
    """One conversation and its token."""

    http: httpx.AsyncClient
    id: str
    token: str
    sent: list[str] = field(default_factory=list)

    @classmethod
    async def open(cls, http: httpx.AsyncClient, **body: Any) -> Self:
        answer = await http.post("/api/v1/conversations", json=body)
        assert answer.status_code == 201, answer.text
        opened = answer.json()
        return cls(http=http, id=opened["id"], token=opened["token"])

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    @property
    def path(self) -> str:
        return f"/api/v1/conversations/{self.id}"

    async def post(self, body: dict[str, Any]) -> httpx.Response:
        return await self.http.post(
            f"{self.path}/messages", json=body, headers=self.headers
        )

    async def say(self, text: str, *, client_id: str | None = None) -> dict[str, Any]:
        answer = await self.post({"client_id": client_id or uuid4().hex, "text": text})
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def press(self, turn: dict[str, Any], label: str) -> dict[str, Any]:
        """Press the button with this label among the turn's replies."""
        [button_id] = [
            button["id"]
            for reply in turn["replies"]
            for button in reply["buttons"]
            if button["label"] == label
        ]
        answer = await self.post({"client_id": uuid4().hex, "button_id": button_id})
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def read(self, *, after: int = 0) -> dict[str, Any]:
        answer = await self.http.get(
            f"{self.path}/messages", params={"after": after}, headers=self.headers
        )
        assert answer.status_code == 200, answer.text
        return answer.json()


@dataclass
class Member:
    """Somebody of the staff, signed in with a token."""

    http: httpx.AsyncClient
    token: str
    name: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def get(self, path: str) -> httpx.Response:
        return await self.http.get(f"/api/v1{path}", headers=self.headers)

    async def post(self, path: str, body: Any = None) -> httpx.Response:
        return await self.http.post(
            f"/api/v1{path}", json={} if body is None else body, headers=self.headers
        )


async def hire(desk: Desk, login: str, *roles: str, name: str | None = None) -> None:
    """Make an account."""
    async with desk.database.writing() as session:
        await create_account(
            session,
            login=login,
            name=name or login.capitalize(),
            password=PASSWORD,
            roles=roles,
            now=desk.clock(),
        )


async def sign_in(
    desk: Desk, http: httpx.AsyncClient, login: str, *roles: str
) -> Member:
    """Make an account and sign in."""
    await hire(desk, login, *roles)
    answer = await http.post(
        "/api/v1/login", json={"login": login, "password": PASSWORD}
    )
    assert answer.status_code == 200, answer.text
    http.cookies.clear()
    found = answer.json()
    return Member(http=http, token=found["token"], name=found["name"])
