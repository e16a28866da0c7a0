"""The documents name what is there: every key and variable, and no file, target or command that is not."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import get_args
from urllib.parse import unquote

import pytest
import typer.main
from pydantic import BaseModel
from typer.core import TyperGroup

import api
import handoff
import knowledge_base
from api.cli import app
from api.errors import STATUS_CODES, ApiError
from api.settings import Config
from handoff.errors import HandoffError
from knowledge_base.errors import KnowledgeError

ROOT = Path(__file__).resolve().parents[1]
DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("**/*.md"))]
CONFIGURATION = ROOT / "docs" / "configuration.md"
RASAS_OWN = {"recipe", "assistant_id", "language", "pipeline", "policies"}
ROOMS = ("api", "bot", "handoff", "knowledge_base")
VARIABLE = re.compile(r"\b(?:WARMLINE_[A-Z_]+|(?:DATABASE|REDIS|PUBLIC)_URL)\b")
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
#: what is typed stands in code; prose also "makes a hole in the shop's wall"
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
MAKE = re.compile(r"\bmake ([a-z][a-z-]*)")
WARMLINE = re.compile(r"\bwarmline ((?:[a-z][a-z-]*(?: |$))+)", re.MULTILINE)
TARGET = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)
#: `tests/file.py::test_name`
NAMED_TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
PARTS = ["Context", "Decision", "Consequences", "Alternatives"]


def keys(model: type[BaseModel], before: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        path = f"{before}{name}"
        kinds = [field.annotation, *get_args(field.annotation)]
        sections = [
            kind
            for kind in kinds
            if isinstance(kind, type) and issubclass(kind, BaseModel)
        ]
        if sections:
            yield from keys(sections[0], f"{path}.")
        elif path not in RASAS_OWN:
            yield path


def variables() -> set[str]:
    """Every variable that a program of ours knows by name."""
    files = [
        path
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.suffix in {".py", ".yml"} and ".venv" not in path.parts
    ]
    files += [*(ROOT / "tools").glob("*.sh"), ROOT / "Makefile"]
    return {name for path in files for name in VARIABLE.findall(path.read_text())}


def typed(path: Path) -> str:
    return "\n".join(CODE.findall(path.read_text("utf-8"))).replace("`", "\n")


def missing_command(words: list[str]) -> str | None:
    """The first word that is no command where it stands; None if all are."""
    group: object = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    for word in words:
        if not isinstance(group, TyperGroup):
            return None  # the rest are arguments
        if word not in group.commands:
            return word
        group = group.commands[word]
    return None


def modules(package: ModuleType) -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if found.name.rpartition(".")[2] in {"errors", "problems"}:
            yield importlib.import_module(found.name)


def errors_under(root: type[Exception]) -> list[type[Exception]]:
    return [
        kind
        for below in root.__subclasses__()
        for kind in (below, *errors_under(below))
        # A twin that a test made is not ours to map.
        if kind.__module__.split(".")[0] in ROOMS
    ]


@pytest.mark.parametrize("key", list(keys(Config)))
def test_every_setting_is_explained(key: str):
    assert f"`{key}`" in CONFIGURATION.read_text("utf-8")


def test_no_setting_is_explained_that_is_not_there():
    told = re.findall(r"`([a-z_]+\.[a-z_.]+)`", CONFIGURATION.read_text("utf-8"))
    known = set(keys(Config))
    sections = {key.rpartition(".")[0] for key in known}
    files = {"config.yml", "order-source.md", "var/warmline.db"}
    assert set(told) - known - sections - files == set()
    assert len(told) > 20


def test_every_variable_of_the_environment_is_explained():
    found = variables()
    assert {"DATABASE_URL", "WARMLINE_VAR"} <= found
    told = set(VARIABLE.findall(CONFIGURATION.read_text("utf-8")))
    assert found - told == set()
    assert told - found == set()


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(path: Path):
    lost = []
    for address in LINK.findall(path.read_text("utf-8")):
        if re.match(r"[a-z]+:", address):
            continue
        file = unquote(address.partition("#")[0])
        if file and not (path.parent / file).exists():
            lost.append(address)
    assert lost == []


def test_every_test_that_is_named_exists():
    named = [
        one for path in DOCS for one in NAMED_TEST.findall(path.read_text("utf-8"))
    ]
    assert named
    lost = [
        f"{file}::{name}"
        for file, name in named
        if f"def {name}(" not in (ROOT / file).read_text("utf-8")
    ]
    assert lost == []


def test_every_make_target_that_is_named_exists():
    targets = set(TARGET.findall((ROOT / "Makefile").read_text("utf-8")))
    named = {name for path in DOCS for name in MAKE.findall(typed(path))}
    assert {"up", "test"} <= named
    assert named - targets == set()


def test_every_command_that_is_named_exists():
    named = [words.split() for path in DOCS for words in WARMLINE.findall(typed(path))]
    assert ["doctor"] in named
    assert {missing_command(words) for words in named} == {None}
    assert missing_command(["accounts", "forget"]) == "forget"


@pytest.mark.parametrize(
    "path", sorted((ROOT / "docs" / "adr").glob("*.md")), ids=lambda path: path.stem[:4]
)
def test_every_decision_has_its_four_parts(path: Path):
    text = path.read_text("utf-8")
    assert re.match(r"# \d+\. \S", text)
    assert re.findall(r"^\*\*(\w+)\.\*\* \S", text, re.MULTILINE) == PARTS


def test_every_error_has_a_status_on_purpose():
    for package in (api, handoff, knowledge_base):
        assert list(modules(package))
    domain = [*errors_under(HandoffError), *errors_under(KnowledgeError)]
    own = errors_under(ApiError)
    assert len(domain) > 20
    assert len(own) > 20
    raised = [kind for kind in domain if not kind.__name__.startswith("_")]
    assert [kind.__name__ for kind in raised if kind not in STATUS_CODES] == []
    assert [kind.__name__ for kind in own if not has_status(kind)] == []
    assert not has_status(type("Forgotten", (ApiError,), {"__module__": "tests"}))


#: met at the start and told in the terminal, never over HTTP
AT_THE_START = {"BadConfiguration"}


def has_status(kind: type[Exception]) -> bool:
    """Whether it, or a kind that it is one of, names a status of its own."""
    named = [each for each in kind.__mro__ if "status" in vars(each)]
    return named[:1] != [ApiError] or kind.__name__ in AT_THE_START
