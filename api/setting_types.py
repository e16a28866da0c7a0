"""Which kinds of value a setting may have: zones, origins, spans, shares, counts."""

from __future__ import annotations

import re
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

Language = Literal["zh-Hans", "zh-Hant", "en"]
LANGUAGES: tuple[Language, ...] = ("zh-Hans", "zh-Hant", "en")
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_SPAN = re.compile(r"([01]\d|2[0-4]):[0-5]\d-([01]\d|2[0-4]):[0-5]\d")


class Section(BaseModel):
    """A part of the file: frozen, and a misspelt key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def check_timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError("the name of a time zone, such as Asia/Shanghai") from None
    return name


def check_origin(address: str) -> str:
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("an address such as https://shop.example")
    if parts.path not in {"", "/"} or parts.query or parts.fragment or parts.username:
        raise ValueError("an address without a path, such as https://shop.example")
    return f"{parts.scheme}://{parts.netloc}".lower()


def check_origin_or_empty(address: str) -> str:
    return check_origin(address) if address else ""


def check_span(text: str) -> str:
    start, _, end = text.partition("-")
    if not _SPAN.fullmatch(text) or not start < end <= "24:00":
        raise ValueError('spans such as "09:00-18:00", ending by 24:00')
    return text


Timezone = Annotated[str, AfterValidator(check_timezone)]
Origin = Annotated[str, AfterValidator(check_origin)]
Span = Annotated[str, AfterValidator(check_span)]
Port = Annotated[int, Field(ge=1, le=65535)]
Share = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=1, le=1_000_000)]
