"""Reads `config.yml` and, when a value is wrong, says which file, line and key, and what is allowed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from api.errors import BadConfiguration

#: how a wrong type is explained to a person
_EXPECTED = {
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_parsing": "a number",
    "float_type": "a number",
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "string_type": "text",
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": "a section with keys",
    "model_type": "a section with keys",
}


def read(path: Path) -> CommentedMap:
    """The file as a mapping that remembers its lines."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BadConfiguration(
            f"{path}: there is no such file. Copy the one that came with the project,"
            " or name another with WARMLINE_CONFIG."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadConfiguration(f"{path}: the file cannot be read ({error}).") from error
    try:
        content = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadConfiguration(
            f"{path}, line {line}: this is not valid YAML ({error.problem})."
        ) from error
    except YAMLError as error:
        raise BadConfiguration(f"{path}: this is not valid YAML ({error}).") from error
    if not isinstance(content, CommentedMap):
        raise BadConfiguration(
            f"{path}, line 1: the file must consist of `key: value` lines."
        )
    return content


def parse[M: BaseModel](model: type[M], content: CommentedMap, *, path: Path) -> M:
    """The checked values, or BadConfiguration with one line for every wrong key."""
    try:
        return model.model_validate(plain(content))
    except ValidationError as error:
        told = [_explain(detail, model, content, path) for detail in error.errors()]
        raise BadConfiguration("\n".join(told)) from None


def plain(value: Any) -> Any:
    """The same values without ruamel's bookkeeping."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def line_of(content: CommentedMap, location: Sequence[str | int]) -> int:
    """The line of a key, or of the nearest section around it that exists."""
    line, node = 1, content
    for step in location:
        try:
            if isinstance(node, CommentedMap):
                line = node.lc.key(step)[0] + 1
            elif isinstance(node, CommentedSeq):
                line = node.lc.item(step)[0] + 1
            node = node[step]
        except (KeyError, IndexError, TypeError):
            break
    return line


def _explain(
    detail: ErrorDetails, model: type[BaseModel], content: CommentedMap, path: Path
) -> str:
    location = tuple(step for step in detail["loc"] if step != "[key]")
    key = ".".join(str(step) for step in location)
    where = f"{path}, line {line_of(content, location)}"
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "missing":
        return f"{where}: {key} is missing."
    if kind == "extra_forbidden":
        allowed = ", ".join(_keys_beside(model, location))
        return f"{where}: {key} is not a key we know; allowed here: {allowed}."
    shown = repr(detail["input"])[:80]
    return (
        f"{where}: {key} is {shown}; allowed: {_allowed(kind, context, detail['msg'])}."
    )


def _allowed(kind: str, context: dict[str, Any], message: str) -> str:
    bounds = {
        "greater_than_equal": ("at least", "ge"),
        "greater_than": ("more than", "gt"),
        "less_than_equal": ("at most", "le"),
        "less_than": ("less than", "lt"),
    }
    if kind in bounds:
        words, name = bounds[kind]
        return f"{words} {context[name]}"
    if kind in {"literal_error", "enum"}:
        return str(context["expected"]).replace("'", "").replace(" or ", ", ")
    if kind == "value_error":
        return str(context["error"])
    return _EXPECTED.get(kind, message)


def _keys_beside(model: type[BaseModel], location: Sequence[str | int]) -> list[str]:
    for step in location[:-1]:
        if isinstance(step, int):
            continue  # every entry of a list has the keys of the list's section
        field = model.model_fields.get(str(step))
        if field is None:
            return []
        candidates = [field.annotation, *get_args(field.annotation)]
        models = [
            kind
            for kind in candidates
            if isinstance(kind, type) and issubclass(kind, BaseModel)
        ]
        if not models:
            return []
        model = models[0]
    return [field.alias or name for name, field in model.model_fields.items()]
