from __future__ import annotations

import subprocess
import sys

import pytest

from bot.validate import troubles
from tests.bot.running import ROOT, environment


@pytest.mark.rasa
def test_the_project_validates_without_a_single_warning():
    done = subprocess.run(
        [sys.executable, "-m", "bot.validate"],
        cwd=ROOT,
        env=environment(actions_port=1),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_a_warning_about_our_files_is_trouble():
    line = "rasa/shared/utils/io.py:100: UserWarning: The utterance 'x' is not used"
    assert troubles(f"fine\n{line}\r\n") == [line]


def test_a_deprecation_inside_a_library_is_not():
    line = "/x/site-packages/pkg_resources/__init__.py:1: DeprecationWarning: old"
    assert troubles(line) == []
