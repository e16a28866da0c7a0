"""What the operator may set, and what a mistake is told."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from api.settings import BadConfiguration, load_settings

ROOT = Path(__file__).parents[2]
SHIPPED = (ROOT / "config.yml").read_text(encoding="utf-8")


def load(tmp_path: Path, text: str = SHIPPED, **environ: str):
    (tmp_path / "config.yml").write_text(text, encoding="utf-8")
    return load_settings(environ, root=tmp_path)


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


class TestMistakes:
    @pytest.mark.parametrize(
        ("right", "wrong", "key", "allowed"),
        [
            (
                "message_characters: 2000",
                "message_characters: many",
                "limits.message_characters",
                "a whole number",
            ),
            ("orders: demo ", "orders: shopify ", "shop.orders", "demo, rest"),
            ("public: 8000", "public: 99999", "ports.public", "at most 65535"),
            (
                'mon: ["09:00-21:00"]',
                'mon: ["9-18"]',
                "hours.weekly.mon.0",
                '"09:00-18:00"',
            ),
            (
                "anger_intensity: 0.60",
                "anger_intensity: 7",
                "triggers.anger_intensity",
                "at most 1",
            ),
            (
                "reception: [] ",
                "reception: [{reception: sometimes}] ",
                "handoff.reception.0.reception",
                "bot_first, human_first, or a share of people such as {human: 0.3}",
            ),
            (
                "reception: [] ",
                "reception: [{reception: {human: 1.3}}] ",
                "handoff.reception.0.reception",
                "bot_first, human_first, or a share of people such as {human: 0.3}",
            ),
            (
                "reception: [] ",
                "reception: [{channels: web, reception: bot_first}] ",
                "handoff.reception.0.channels",
                "days, hours, channel, reception",
            ),
            (
                "agent_capacity: 5",
                "agent_capacitty: 5",
                "handoff.agent_capacitty",
                "agent_capacity",
            ),
        ],
    )
    def test_it_names_file_line_key_and_what_is_allowed(
        self, tmp_path: Path, right: str, wrong: str, key: str, allowed: str
    ):
        text = SHIPPED.replace(right, wrong, 1)
        with pytest.raises(BadConfiguration) as told:
            load(tmp_path, text)

        words = str(told.value)
        assert "config.yml" in words
        assert f"line {line_of(text, wrong)}:" in words
        assert key in words
        assert allowed in words

    def test_every_wrong_key_gets_its_line(self, tmp_path: Path):
        text = SHIPPED.replace("public: 8000", "public: x").replace(
            "actions: 8001", "actions: y"
        )
        with pytest.raises(BadConfiguration) as told:
            load(tmp_path, text)
        assert len(str(told.value).splitlines()) == 2

    def test_broken_yaml_is_told_with_its_line(self, tmp_path: Path):
        with pytest.raises(BadConfiguration, match=r"line \d+: this is not valid YAML"):
            load(tmp_path, "shop: [\n  name: x\n")

    def test_a_missing_file_is_named(self, tmp_path: Path):
        with pytest.raises(BadConfiguration, match="there is no such file"):
            load_settings({}, root=tmp_path)

    def test_a_folder_instead_of_a_file_is_told(self, tmp_path: Path):
        (tmp_path / "config.yml").mkdir()
        with pytest.raises(BadConfiguration, match="cannot be read"):
            load_settings({}, root=tmp_path)

    def test_a_file_that_is_no_text_is_told(self, tmp_path: Path):
        (tmp_path / "config.yml").write_bytes(b"\xff\xfe\x00shop")
        with pytest.raises(BadConfiguration, match="cannot be read"):
            load_settings({}, root=tmp_path)

    @pytest.mark.parametrize("url", ["desk.example", "https://x/y", "ftp://x"])
    def test_a_public_url_must_be_an_origin(self, tmp_path: Path, url: str):
        with pytest.raises(BadConfiguration, match="PUBLIC_URL"):
            load(tmp_path, PUBLIC_URL=url)

    def test_another_database_is_refused(self, tmp_path: Path):
        with pytest.raises(BadConfiguration, match="DATABASE_URL"):
            load(tmp_path, DATABASE_URL="mysql://x/y")


class TestEnvironment:
    def test_the_shipped_file_is_right(self, tmp_path: Path):
        settings = load(tmp_path)
        assert settings.ports.public == 8000
        assert settings.is_sqlite
        assert not settings.has_own_redis

    def test_addresses_get_the_drivers_we_ship(self, tmp_path: Path):
        settings = load(
            tmp_path, DATABASE_URL="postgres://u@h/d", REDIS_URL="redis://r:1/0"
        )
        assert settings.database_url == "postgresql+psycopg://u@h/d"
        assert settings.has_own_redis

    def test_public_url_wins_over_the_file(self, tmp_path: Path):
        settings = load(tmp_path, PUBLIC_URL="https://Desk.example/")
        assert settings.public_url == "https://desk.example"
        assert "https://desk.example" in settings.public_origins


class TestSecrets:
    def test_they_are_made_once_and_only_the_owner_reads_them(self, tmp_path: Path):
        first = load(tmp_path).secrets
        path = tmp_path / "var" / "secrets.json"

        assert load(tmp_path).secrets == first
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert len(first.bot_token) >= 43

    def test_the_environment_wins(self, tmp_path: Path):
        settings = load(tmp_path, WARMLINE_BOT_TOKEN="t")
        assert settings.secrets.bot_token == "t"

    def test_they_are_never_shown(self, tmp_path: Path):
        settings = load(tmp_path)
        assert settings.secrets.session_key not in repr(settings)

    def test_a_broken_file_is_told(self, tmp_path: Path):
        load(tmp_path)
        path = tmp_path / "var" / "secrets.json"
        path.write_text(json.dumps({"bot_token": "x"}))
        with pytest.raises(BadConfiguration, match=r"secrets.json: .* is missing"):
            load(tmp_path)
