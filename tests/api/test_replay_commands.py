"""`warmline replay` and `warmline triggers fit`, run as an operator runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import app
from api.commands.replay import read_policy
from api.errors import BadConfiguration
from api.trigger_settings import Triggers

LINES = [
    {
        "id": "faint",
        "language": "en",
        "turns": [
            {"text": "where is it", "outcome": "answer"},
            {"text": "a joke", "emotion": {"label": "angry", "intensity": 0.55}},
        ],
    },
    {
        "id": "strong",
        "language": "en",
        "turns": [{"text": "awful", "emotion": {"label": "angry", "intensity": 0.9}}],
    },
]


@pytest.fixture
def run(monkeypatch, tmp_path: Path):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")
    monkeypatch.setenv("WARMLINE_VAR", str(tmp_path / "var"))
    return lambda *words: CliRunner().invoke(app, list(map(str, words)))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "conversations.jsonl"
    path.write_text("\n".join(map(json.dumps, LINES)))
    return path


def policy(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "new.yml"
    path.write_text(text)
    return path


def test_a_file_is_decided_anew_and_told_as_json(run, file, tmp_path):
    new = policy(tmp_path, "anger_intensity: 0.5\n")

    done = run("replay", "--policy", new, "--file", file, "--json")

    told = json.loads(done.stdout)
    assert done.exit_code == 0
    assert told["conversations"] == 2
    [move] = told["moves"]
    assert (move["conversation_id"], move["change"]) == ("faint", "appears")
    assert move["after"] == {"turn": 2, "reasons": ["angry"]}
    assert told["after"]["agent_minutes"] - told["before"]["agent_minutes"] == 6


def test_the_table_names_what_moves_and_what_it_costs(run, file, tmp_path):
    new = policy(tmp_path, "triggers:\n  rules: {angry: off, mild_emotion: off}\n")

    done = run("replay", "--policy", new, "--file", file)

    assert "1 vanishes" in " ".join(done.stdout.split())
    assert "strong" in done.stdout
    assert "shoppers left in anger" in done.stdout


def test_stored_conversations_may_be_none(run, tmp_path):
    done = run("replay", "--policy", policy(tmp_path, "failed_turns: 3\n"), "--json")

    assert json.loads(done.stdout)["conversations"] == 0


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("anger_intensity: 2", "at most 1"),
        ("rules: {sensitive: offer}", "handoff"),
        ("anger: 0.5", "not a key we know"),
        ("[", "not valid YAML"),
    ],
)
def test_a_wrong_policy_is_explained(run, tmp_path, text, told):
    done = run("replay", "--policy", policy(tmp_path, f"{text}\n"))

    assert done.exit_code == 2
    assert told in " ".join(done.stdout.split())


def test_a_policy_may_name_only_what_it_changes(tmp_path):
    present = Triggers(failed_turns=4)

    tried = read_policy(policy(tmp_path, "rules: {angry: offer}\n"), present)

    assert (tried.failed_turns, tried.rules.angry) == (4, "offer")
    with pytest.raises(BadConfiguration):
        read_policy(policy(tmp_path, "triggers: 3\n"), present)


def test_a_file_without_conversations_is_refused(run, tmp_path):
    empty = tmp_path / "empty.jsonl"
    empty.write_text("")

    new = policy(tmp_path, "failed_turns: 3\n")
    done = run("replay", "--policy", new, "--file", empty)

    assert done.exit_code == 2
    assert "no conversation" in done.stdout


def test_a_fit_without_marks_says_how_many_are_missing(run, tmp_path):
    out = tmp_path / "proposal.yml"

    done = run("triggers", "fit", "--out", out)

    assert done.exit_code == 0
    assert "30 more are needed" in " ".join(done.stdout.split())
    assert not out.exists()
