"""House rules that no linter knows: sizes, names, and words that do not belong here."""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("api", "bot", "handoff", "knowledge_base")
LONGEST_MODULE = 300
LONGEST_FUNCTION = 40


def tracked(*suffixes: str) -> list[Path]:
    listed = subprocess.run(
        ("git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"),  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    paths = [ROOT / name for name in listed if name.endswith(suffixes)]
    return [path for path in paths if path.is_file()]


def modules() -> list[Path]:
    return [
        path
        for path in tracked(".py")
        if path.relative_to(ROOT).parts[0] in PACKAGES
        and "migrations/versions" not in path.as_posix()
    ]


def test_modules_are_short_enough_to_read_in_one_sitting():
    lengths = {p: len(p.read_text("utf-8").splitlines()) for p in modules()}
    long = {
        str(p.relative_to(ROOT)): n for p, n in lengths.items() if n > LONGEST_MODULE
    }
    assert modules()
    assert long == {}


def test_functions_are_short_enough_to_see_at_once():
    long = []
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LONGEST_FUNCTION:
                    long.append(f"{path.relative_to(ROOT)}:{node.name} {length}")
    assert long == []


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_every_module_says_in_its_first_sentence_what_it_decides(path):
    text = path.read_text("utf-8")
    if path.name == "__init__.py" and not text.strip():
        return
    assert ast.get_docstring(ast.parse(text))


def test_nobody_makes_a_drawer_for_odds_and_ends():
    drawers = {"utils", "util", "common", "helpers", "helper", "misc", "shared"}
    assert [p for p in modules() if p.stem in drawers] == []


def test_nothing_is_loaded_that_can_run_code():
    """GUARANTEES B5: no pickle, joblib, torch.load or dangerous deserialisation."""
    dangerous = ("pickle", "joblib", "marshal", "shelve", "dill", "cloudpickle")
    found = []
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            elif isinstance(node, ast.Attribute):
                names = [ast.unparse(node)]
            found += [
                f"{path.relative_to(ROOT)}: {name}"
                for name in names
                if name.split(".")[0] in dangerous or name == "torch.load"
            ]
    assert found == []


def test_the_project_speaks_of_the_project_alone():
    """No paths of one machine and no private registry in anything that is published."""
    banned = ("/work" + "/main", "/work" + "/shared", "/root" + "/", "/opt" + "/pypi")
    suffixes = (
        ".py",
        ".md",
        ".yml",
        ".toml",
        ".sh",
        ".js",
        ".html",
        ".css",
        "Makefile",
    )
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in tracked(*suffixes)
        for word in banned
        if word in path.read_text("utf-8", "replace")
    ]
    assert found == []
