"""What `up` says and mends: a second start, a busy port, killed children, Ctrl-C."""

from __future__ import annotations

import socket
import subprocess
import sys
import time

import httpx
import psutil
import pytest

from tests.journeys.people import Alice, Sam
from tests.running import ROOT, RunningDesk

pytestmark = pytest.mark.rasa


def up(desk: RunningDesk) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        (sys.executable, "-m", "api.cli", "up"),
        cwd=ROOT,
        env=desk.environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_second_start_says_that_one_runs(desk):
    second = up(desk)
    assert second.returncode == 1
    assert "already running" in second.stdout
    assert desk.base in second.stdout


def test_a_busy_port_is_named_with_what_to_do(tmp_path):
    other = RunningDesk(tmp_path)
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", other.ports["bot"]))
        holder.listen()
        ended = up(other)
    assert ended.returncode == 1
    assert f"Port {other.ports['bot']} (bot) is taken by" in ended.stdout
    assert "ports.bot in config.yml" in " ".join(ended.stdout.split())


def test_nothing_listens_beyond_this_machine(desk):
    """GUARANTEES B4, on the running desk: bot, actions and Redis are nobody else's."""
    listening = {
        connection.laddr.port: connection.laddr.ip
        for name in ("api", "bot", "redis")
        for process in (desk.child(name), *desk.child(name).children(recursive=True))
        for connection in process.net_connections(kind="inet")
        if connection.status == psutil.CONN_LISTEN
    }
    assert set(desk.ports.values()) <= set(listening)
    assert set(listening.values()) == {"127.0.0.1"}


def test_the_running_bot_takes_no_model_and_no_message_from_a_stranger(desk):
    bot = f"http://127.0.0.1:{desk.ports['bot']}"
    with httpx.Client(base_url=bot, trust_env=False, timeout=10) as stranger:
        answers = [
            stranger.post(
                "/webhooks/rest/webhook", json={"sender": "x", "message": "y"}
            ),
            stranger.put(
                "/model", json={"model_server": {"url": "http://evil.example"}}
            ),
            stranger.post("/conversations/x/execute", json={"name": "action_restart"}),
            stranger.get("/conversations/x/tracker"),
            stranger.post("/webhooks/turn/turn", json={"text": "y"}),
        ]
    assert {answer.status_code for answer in answers} <= {401, 404}


@pytest.mark.parametrize("name", ["bot", "redis", "api"])
def test_a_killed_child_is_noticed_and_started_again(desk, name):
    before = desk.child(name).pid
    desk.child(name).kill()
    deadline = time.monotonic() + 20
    while f"{name} stopped" not in desk.said() and time.monotonic() < deadline:
        time.sleep(0.2)
    assert f"{name} stopped" in desk.said()
    desk.wait_until_ready(180)
    assert desk.child(name).pid != before


def test_a_shopper_whose_bot_is_dead_reaches_the_line_with_words(desk):
    alice = Alice(desk.base, "agent", desk.passwords()["agent"])
    sam = Sam(desk.base, "en").arrive()
    desk.child("bot").kill()
    sam.say("how do I get an invoice?")
    assert sam.status() == "queued"
    assert any(m["actor"] == "system" and m["text"] for m in sam.everything())
    assert alice.claim_next() == sam.id
    codes = {r["code"] for r in alice.desk(sam.id)["card"]["reasons"]}
    assert "bot_failure" in codes
    alice.resolve(sam.id)
    desk.wait_until_ready(180)
