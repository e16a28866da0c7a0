"""GUARANTEES B4: only the public port is for others; bot, actions and Redis stay on loopback."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from api.bot.actions import create_actions_app
from api.desk import Desk
from api.processes.programs import bot_command
from api.processes.valkey import write_configuration
from api.settings import Settings, load_settings

ROOT = Path(__file__).parents[2]
CALL = {"next_action": "action_answer_question", "sender_id": "victim", "tracker": {}}


def test_the_service_itself_listens_on_loopback_unless_told(tmp_path: Path):
    quiet = load_settings({"WARMLINE_VAR": str(tmp_path)}, root=ROOT)
    told = {"WARMLINE_VAR": str(tmp_path), "WARMLINE_BIND": "0.0.0.0"}  # noqa: S104
    assert quiet.bind_host == "127.0.0.1"
    assert load_settings(told, root=ROOT).bind_host != "127.0.0.1"


def test_the_bot_is_started_on_loopback_without_its_api(settings: Settings):
    command = bot_command(settings)
    assert command[command.index("-i") + 1] == "127.0.0.1"
    assert not {"--enable-api", "--cors", "--remote-storage"} & set(command)


def test_the_bot_opens_no_channel_but_ours():
    """The REST channel answers anybody and swallows every exception."""
    lines = (ROOT / "bot" / "credentials.yml").read_text("utf-8").splitlines()
    channels = [
        line.rstrip(":") for line in lines if line.strip() and line[0] not in " #"
    ]
    assert channels == ["bot.channel.TurnChannel"]


def test_redis_asks_for_a_password_on_loopback(settings: Settings):
    text = write_configuration(settings).read_text("utf-8")
    assert "bind 127.0.0.1\n" in text
    assert "protected-mode yes" in text
    assert f"requirepass {settings.secrets.redis_password}" in text
    assert len(settings.secrets.redis_password) >= 32


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Warmline-Token": ""},
        {"X-Warmline-Token": "wrong"},
        {"Authorization": "Bearer wrong"},
    ],
    ids=range(4),
)
async def test_actions_answer_only_who_knows_the_token(
    desk: Desk, headers: dict[str, str]
):
    transport = httpx.ASGITransport(app=create_actions_app(desk))
    async with httpx.AsyncClient(
        transport=transport, base_url=f"http://127.0.0.1:{desk.settings.ports.actions}"
    ) as client:
        refused = await client.post("/actions", json=CALL, headers=headers)
        token = {"X-Warmline-Token": desk.settings.secrets.action_token}
        known = await client.post("/actions", json=CALL, headers=token)
    assert refused.status_code in {401, 403}
    assert known.status_code not in {401, 403}


@pytest.mark.parametrize(
    "path",
    ["/webhooks/turn/turn", "/actions", "/model", "/webhooks/rest/webhook", "/webhook"],
)
async def test_nothing_of_them_is_found_on_the_public_port(
    http: httpx.AsyncClient, path: str
):
    assert (await http.post(path, json={})).status_code in {404, 405}
    assert (await http.put(path, json={})).status_code in {404, 405}
