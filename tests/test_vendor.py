"""Foreign files are exactly the ones that were locked, and no page asks another host for anything."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

API = Path(__file__).resolve().parents[1] / "api"
VENDOR = API / "static" / "vendor"
LOCK = json.loads((VENDOR / "vendor.lock.json").read_text("utf-8"))
#: an address with a host; names of XML vocabularies are no addresses
HOST = re.compile(
    r"""(?:https?:)?//(?!www\.w3\.org/)[a-z0-9-]+\.[a-z]{2,}""", re.IGNORECASE
)


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def own_files() -> list[Path]:
    found = [*API.glob("templates/**/*.html")]
    for folder in ("js", "css"):
        found += (API / "static" / folder).glob("**/*.*")
    return sorted(
        [*found, API / "static" / "icons.svg", API / "static" / "favicon.svg"]
    )


@pytest.mark.parametrize("package", LOCK["packages"], ids=lambda one: one["name"])
def test_every_vendored_file_is_the_one_that_was_locked(package):
    assert {name: sha256(VENDOR / name) for name in package["files"]} == package[
        "files"
    ]


@pytest.mark.parametrize("package", LOCK["packages"], ids=lambda one: one["name"])
def test_every_vendored_package_keeps_its_licence_and_its_origin(package):
    kept = {Path(name).name for name in package["files"]}
    assert "LICENSE" in kept
    assert package["licence"]
    assert package["integrity"].startswith("sha512-")
    if package["licence"] == "Apache-2.0":
        assert "NOTICE" in kept


def test_nothing_lies_beside_the_locked_files():
    locked = {name for package in LOCK["packages"] for name in package["files"]}
    present = {
        path.relative_to(VENDOR).as_posix()
        for path in VENDOR.glob("**/*")
        if path.is_file() and path.name != "vendor.lock.json"
    }
    assert present == locked


def test_the_icons_are_the_ones_that_were_cut():
    assert sha256(API / "static" / "icons.svg") == LOCK["icons.svg"]["sha256"]


def test_a_changed_file_would_be_noticed(tmp_path):
    package = LOCK["packages"][0]
    name, wanted = next(iter(package["files"].items()))
    copy = tmp_path / "copy"
    copy.write_bytes((VENDOR / name).read_bytes() + b" ")
    assert sha256(copy) != wanted


@pytest.mark.parametrize("path", own_files(), ids=lambda path: path.name)
def test_no_template_script_or_style_names_another_host(path):
    assert HOST.findall(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "line",
    [
        '<script src="https://cdn.example/x.js">',
        "url(//fonts.example.com/a)",
        'fetch("http://evil.example/")',
    ],
)
def test_another_host_would_be_noticed(line):
    assert HOST.search(line)
