"""How an instant some seconds later is asked for, inside a question, on each database."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from handoff.rows import UtcDateTime


class Later(FunctionElement[Any]):
    """`moment + seconds`."""

    name = "later"
    type = UtcDateTime()
    inherit_cache = True


def later(moment: ColumnElement[Any], by: timedelta) -> Later:
    return Later(moment, literal(by.total_seconds()))


@compiles(Later, "postgresql")
def _on_postgresql(element: Later, compiler: Any, **given: Any) -> str:
    moment, seconds = (compiler.process(each, **given) for each in element.clauses)
    return f"({moment} + {seconds} * interval '1 second')"


@compiles(Later, "sqlite")
def _on_sqlite(element: Later, compiler: Any, **given: Any) -> str:
    # Written like the instants in the rows, so that they compare as text.
    moment, seconds = (compiler.process(each, **given) for each in element.clauses)
    return (
        f"(strftime('%Y-%m-%d %H:%M:%f', {moment}, {seconds} || ' seconds') || '000')"
    )
