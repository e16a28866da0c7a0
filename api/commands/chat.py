"""`warmline chat`: the shopper's conversation in a terminal, through the public interface."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

import httpx
import uuid_utils
from rich.console import Console
from rich.markup import escape

NAMES = {"bot": "bot", "agent": "agent", "system": "·"}
COLOURS = {"bot": "cyan", "agent": "green", "system": "dim"}
POLL_SECONDS = 1.0


@dataclass
class Terminal:
    """One conversation: what was shown, and which buttons may be pressed by number."""

    client: httpx.Client
    path: str
    console: Console
    shown: int = 0
    buttons: list[dict[str, Any]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def refresh(self) -> None:
        """Show what was said since the last look."""
        with self.lock:
            answer = self.client.get(self.path, params={"after": self.shown})
            answer.raise_for_status()
            for message in answer.json()["messages"]:
                self._show(message)

    def _show(self, message: dict[str, Any]) -> None:
        if message["seq"] <= self.shown:
            return
        self.shown = message["seq"]
        actor = message["actor"]
        if actor == "shopper":
            return
        name = message.get("agent_name") or NAMES[actor]
        colour = COLOURS[actor]
        self.console.print(f"[{colour}]{escape(name)}[/] {escape(message['text'])}")
        for source in message.get("sources", []):
            self.console.print(f"    [dim]→ {escape(source['title'])}[/dim]")
        if message.get("buttons"):
            self.buttons = message["buttons"]
            for number, button in enumerate(self.buttons, 1):
                self.console.print(f"    [bold]{number}[/] {escape(button['label'])}")

    def say(self, text: str) -> None:
        """Send a line; a bare number presses that button."""
        body: dict[str, Any] = {"client_id": str(uuid_utils.uuid7())}
        if text.isdecimal() and 1 <= int(text) <= len(self.buttons):
            body["button_id"] = self.buttons[int(text) - 1]["id"]
        else:
            body["text"] = text
        answer = self.client.post(self.path, json=body)
        if answer.is_error:
            problem = answer.json()
            words = problem.get("detail") or problem.get("title", "")
            self.console.print(f"[red]{escape(words)}[/red]")
        self.refresh()


def talk(base: str, language: str | None, console: Console) -> int:
    """Run the conversation until end of input; 1 when no desk answers at `base`."""
    client = httpx.Client(base_url=f"{base}/api/v1", timeout=30)
    try:
        answer = client.post(
            "/conversations", json={"language": language} if language else {}
        )
        answer.raise_for_status()
    except httpx.HTTPError:
        console.print(
            f"No desk answers at {base}. Start one with `make up`.", style="red"
        )
        return 1
    opened = answer.json()
    client.headers["Authorization"] = f"Bearer {opened['token']}"
    terminal = Terminal(client, f"/conversations/{opened['id']}/messages", console)
    terminal.refresh()
    console.print(
        "Type a question; a number presses a button; Ctrl-D ends.", style="dim"
    )
    done = threading.Event()
    threading.Thread(target=_poll, args=(terminal, done), daemon=True).start()
    try:
        while True:
            line = console.input("[bold]you[/bold] ").strip()
            if line:
                terminal.say(line)
    except (EOFError, KeyboardInterrupt):
        return 0
    except httpx.HTTPError:
        console.print("The desk went away; your last line may not have arrived.")
        return 1
    finally:
        done.set()


def _poll(terminal: Terminal, done: threading.Event) -> None:
    while not done.wait(POLL_SECONDS):
        try:
            terminal.refresh()
        except httpx.HTTPError:
            continue
