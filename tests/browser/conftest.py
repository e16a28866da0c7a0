"""Chromium from the system, one real desk, and a page that fails on any error it shows."""

from __future__ import annotations

import os
import shutil

import pytest

from tests.journeys import people

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # a turning picture instead of a camera, and a visitor who lets pages have it
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]


def chromium() -> str | None:
    named = os.environ.get("WARMLINE_CHROMIUM")
    if named:
        return named
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for path in map(shutil.which, names) if path), None)


@pytest.fixture(scope="session")
def browser_type_launch_args():
    path = chromium()
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("CI needs Chromium.")
        pytest.skip("Chromium was not found (apt install chromium fonts-noto-cjk).")
    return {"executable_path": path, "args": FLAGS, "headless": True}


@pytest.fixture(scope="session")
def desk(shared_desk):
    return shared_desk


@pytest.fixture(autouse=True)
def nobody_waits_afterwards(desk):
    yield
    people.empty_the_line(desk)
