"""Sam the shopper and Alice the agent, as programs that use the public interface."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any, Self

import httpx

from tests.running import RunningDesk

#: closed after each test, so that no socket is left to the garbage collector
OPEN: list[httpx.Client] = []


def client_of(base: str) -> httpx.Client:
    client = httpx.Client(base_url=f"{base}/api/v1", timeout=60)
    OPEN.append(client)
    return client


@dataclass
class Sam:
    """A shopper with one conversation."""

    base: str
    language: str | None = None
    client: httpx.Client = field(init=False)
    id: str = ""
    token: str = ""
    last: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.client = client_of(self.base)

    def arrive(self) -> Self:
        body = {"language": self.language} if self.language else {}
        answer = self.client.post("/conversations", json=body)
        assert answer.status_code == 201, answer.text
        self.id, self.token = answer.json()["id"], answer.json()["token"]
        self.client.headers["Authorization"] = f"Bearer {self.token}"
        return self

    def post(self, **body: Any) -> httpx.Response:
        body.setdefault("client_id", str(uuid.uuid4()))
        return self.client.post(f"/conversations/{self.id}/messages", json=body)

    def say(self, text: str) -> str:
        """Say a line and return all that came back, as one text."""
        answer = self.post(text=text)
        assert answer.status_code in {200, 201}, answer.text
        self.last = answer.json()
        return "\n".join(reply["text"] for reply in self.last["replies"])

    def press(self, label_part: str) -> str:
        """Press the newest button whose label contains the words."""
        buttons = [b for m in self.everything() for b in m.get("buttons", [])]
        chosen = [b for b in buttons if label_part in b["label"]][-1]
        answer = self.post(button_id=chosen["id"])
        assert answer.status_code in {200, 201}, answer.text
        self.last = answer.json()
        return "\n".join(reply["text"] for reply in self.last["replies"])

    @property
    def sources(self) -> list[dict[str, Any]]:
        return [s for reply in self.last["replies"] for s in reply["sources"]]

    def everything(self, after: int = 0) -> list[dict[str, Any]]:
        answer = self.client.get(
            f"/conversations/{self.id}/messages", params={"after": after}
        )
        assert answer.status_code == 200, answer.text
        messages: list[dict[str, Any]] = answer.json()["messages"]
        return messages

    def status(self) -> str:
        answer = self.client.get(
            f"/conversations/{self.id}/messages", params={"after": 0}
        )
        return str(answer.json()["status"])


@dataclass
class Alice:
    """An agent who is signed in."""

    base: str
    login: str
    password: str
    client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = client_of(self.base)
        answer = self.client.post(
            "/login", json={"login": self.login, "password": self.password}
        )
        assert answer.status_code == 200, answer.text
        self.client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        self.client.cookies.clear()

    def get(self, path: str) -> Any:
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, **body: Any) -> Any:
        answer = self.client.post(path, json=body)
        assert answer.status_code < 300, f"{path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def claim_next(self) -> str:
        return str(self.post("/queue/claim")["conversation_id"])

    def desk(self, conversation_id: str) -> Any:
        return self.get(f"/conversations/{conversation_id}/desk")

    def reply(self, conversation_id: str, text: str) -> Any:
        desk = self.desk(conversation_id)
        return self.post(
            f"/conversations/{conversation_id}/agent-messages",
            text=text,
            client_id=str(uuid.uuid4()),
            assignment_version=desk["assignment_version"],
            seen_seq=desk["messages"][-1]["seq"],
        )

    def resolve(self, conversation_id: str, disposition: str = "solved") -> Any:
        desk = self.desk(conversation_id)
        return self.post(
            f"/conversations/{conversation_id}/resolve",
            disposition=disposition,
            assignment_version=desk["assignment_version"],
        )


def empty_the_line(desk: RunningDesk) -> None:
    """Resolve whatever a test left waiting or open, so that it fails alone."""
    desk.wait_until_ready(60)
    # Who signs in is there for a while: only she, whom the tests know to be.
    agent = Alice(desk.base, "agent", desk.passwords()["agent"])
    view = agent.get("/queue")
    for row in view["mine"]:
        agent.resolve(row["id"])
    for row in view["waiting"]:
        agent.post(f"/conversations/{row['id']}/claim")
        agent.resolve(row["id"])
    while OPEN:
        OPEN.pop().close()
