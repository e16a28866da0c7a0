"""Runs the whole desk on one machine: prepares, starts, watches, repairs, and stops cleanly."""

from __future__ import annotations

import asyncio
import re
import signal
import subprocess
import sys
import threading
import time
from types import FrameType

import httpx
from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from api.processes import guard, ports, programs
from api.processes.prepare import Prepared, prepare
from api.processes.tether import tie_to_parent
from api.settings import Settings

#: Rasa alone takes about 20 s; a slow laptop three times that
READY_SECONDS = 180
#: a supervisor that dies this often within this time is not started again
MOST_DEATHS, WITHIN_SECONDS = 5, 60
#: how long the supervisor and all its children may take to stop
STOP_SECONDS = 45


class DidNotStart(Exception):
    """The desk did not become ready."""


class Desk:
    """The supervisor process and what it reports about its children."""

    def __init__(self, settings: Settings, console: Console) -> None:
        self._settings = settings
        self._console = console
        self._process: subprocess.Popen[str] | None = None
        self._stopping = threading.Event()
        self._starts: list[float] = []

    def start(self) -> None:
        """Start supervisord in a session of its own, so that Ctrl-C reaches only us."""
        children = programs.programs(self._settings)
        path = programs.write_supervisor_file(self._settings, children)
        self._starts.append(time.monotonic())
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and file
            (sys.executable, "-m", "supervisor.supervisord", "-c", str(path)),
            cwd=programs.root(),
            env=programs.environment(self._settings),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            preexec_fn=tie_to_parent,  # noqa: PLW1509 - one prctl call, no locks
        )
        threading.Thread(target=self._follow, daemon=True).start()

    def _follow(self) -> None:
        """Tell the person what broke and was mended."""
        output = self._process.stdout if self._process else None
        for line in output or ():
            if self._stopping.is_set():
                continue
            lost = re.search(r"exited: (\w+) \((.*?); not expected\)", line)
            if lost:
                self._console.print(
                    f"  [yellow]! {lost[1]} stopped ({lost[2]}); it is being started "
                    "again. Waiting conversations are kept.[/yellow]"
                )

    def wait_until_ready(self) -> None:
        """Wait for /readyz; raise DidNotStart naming what is missing."""
        url = f"http://127.0.0.1:{self._settings.ports.public}/readyz"
        deadline = time.monotonic() + READY_SECONDS
        missing = "the service itself"
        # One client: building one for each look would cost more than the look.
        client = httpx.Client(timeout=2, trust_env=False)
        with client, self._console.status("Starting …") as status:
            while time.monotonic() < deadline and not self._stopping.is_set():
                missing = _missing(client, url)
                if not missing:
                    return
                status.update(f"Starting … waiting for {missing}")
                time.sleep(0.4)
        if not self._stopping.is_set():
            logs = self._settings.var / "logs"
            raise DidNotStart(
                f"Not ready after {READY_SECONDS} s: {missing}. See the files in {logs} "
                "or run `.venv/bin/warmline doctor`."
            )

    def watch(self) -> None:
        """Stay until asked to stop; start the supervisor again if it was killed."""
        while not self._stopping.wait(0.5):
            if self._process and self._process.poll() is not None:
                now = time.monotonic()
                recent = [at for at in self._starts if now - at < WITHIN_SECONDS]
                if len(recent) >= MOST_DEATHS:
                    raise DidNotStart("The supervisor keeps dying.")
                self._console.print(
                    "  [yellow]! the supervisor stopped; starting it again[/yellow]"
                )
                self._wait_for_ports()
                self.start()

    def _wait_for_ports(self) -> None:
        deadline = time.monotonic() + STOP_SECONDS
        while ports.busy_ports(programs.wanted_ports(self._settings)):
            if time.monotonic() > deadline:
                raise DidNotStart("The children of the killed supervisor did not end.")
            time.sleep(0.3)

    def stop(self) -> None:
        """Stop every child in order and wait for it."""
        self._stopping.set()
        if self._process and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()

    def ask_to_stop(self, _signal: int, _frame: FrameType | None) -> None:
        """Answer Ctrl-C and SIGTERM."""
        self._stopping.set()


def _missing(client: httpx.Client, url: str) -> str:
    try:
        answer = client.get(url)
    except httpx.HTTPError:
        return "the service itself"
    if answer.status_code == httpx.codes.OK:
        return ""
    checks = answer.json().get("checks", {})
    return ", ".join(k for k, v in checks.items() if v != "ok") or "the service"


def run(settings: Settings, console: Console) -> None:
    """Prepare and run until Ctrl-C; raises AlreadyRunning, DidNotStart, TrainingFailed."""
    with guard.only_one(settings.var):
        if busy := ports.busy_ports(programs.wanted_ports(settings)):
            raise DidNotStart("\n".join(str(each) for each in busy))
        console.print("[bold]Warmline[/bold] · getting ready")
        prepared = asyncio.run(prepare(settings, console))
        desk = Desk(settings, console)
        signal.signal(signal.SIGINT, desk.ask_to_stop)
        signal.signal(signal.SIGTERM, desk.ask_to_stop)
        try:
            desk.start()
            desk.wait_until_ready()
            welcome(settings, prepared, console)
            desk.watch()
        finally:
            console.print("\nStopping …")
            desk.stop()
            console.print("Stopped. Conversations and articles are kept in var/.")


def welcome(settings: Settings, prepared: Prepared, console: Console) -> None:
    """Print the addresses and, once, the passwords made just now."""
    base = settings.public_url or f"http://127.0.0.1:{settings.ports.public}"
    table = Table.grid(padding=(0, 2))
    if settings.demo:
        table.add_row("Demo shop with the widget", f"[link]{base}/shop[/link]")
    table.add_row("Agent console", f"{base}/console")
    table.add_row("Editor console", f"{base}/editor")
    table.add_row("Interface description", f"{base}/docs")
    console.print(Panel(table, title="Warmline is ready", expand=False))
    if prepared.passwords:
        accounts = Table("login", "password", title="Demo accounts (shown once)")
        for login, password in prepared.passwords.items():
            accounts.add_row(login, password)
        console.print(accounts)
        console.print(
            "Lost one? [bold].venv/bin/warmline accounts password LOGIN[/bold]"
        )
    console.print("Ctrl-C stops everything.", style="dim")
