from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.components import own_code
from bot.components.emotion_classifier import EmotionClassifier
from bot.components.intent_classifier import KernelIntentClassifier


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "components"
    shutil.copytree(own_code.FOLDER, folder)
    seen = own_code.fingerprint.__wrapped__
    monkeypatch.setattr(own_code, "fingerprint", lambda: seen(folder))
    return folder


@pytest.mark.parametrize("head", [EmotionClassifier, KernelIntentClassifier])
@pytest.mark.parametrize("module", ["emotion_words.py", "kernel.py"])
def test_a_head_is_trained_again_when_a_module_beside_it_changes(
    copied: Path, head, module: str
):
    config = head.get_default_config()
    before = head.fingerprint_addon(config)
    changed(copied / module)
    assert head.fingerprint_addon(config) != before


def test_the_same_code_keeps_its_head():
    config = EmotionClassifier.get_default_config()
    first = EmotionClassifier.fingerprint_addon(config)
    own_code.fingerprint.cache_clear()
    assert EmotionClassifier.fingerprint_addon(config) == first


def changed(path: Path) -> None:
    path.write_text(path.read_text("utf-8") + "# changed\n", "utf-8")
