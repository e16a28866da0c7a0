"""Decides which ready replies an agent has: the shop's starters, the shop's own, and their own."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict
from ruamel.yaml import YAML

from api.accounts.roles import Permission
from api.accounts.staff import StaffMember
from api.desk import Desk
from api.errors import InvalidFields, NotAllowed
from api.settings import LANGUAGES, Language
from api.words import LOCALES
from api.writing.case import Case
from api.writing.variables import fill, unknown_variables
from handoff import canned
from handoff.care_models import CannedReply
from knowledge_base.languages import preference, to_simplified, to_traditional

STARTERS = LOCALES / "canned.yml"
Texts = dict[Language, str]


class CannedView(BaseModel):
    """One ready reply; `text` is filled in for the open conversation."""

    model_config = ConfigDict(frozen=True)

    shortcut: str
    title: str
    texts: Texts
    #: shop | mine
    scope: str
    is_starter: bool
    text: str = ""
    missing: tuple[str, ...] = ()


@cache
def starters(path: Path = STARTERS) -> dict[str, dict[str, Any]]:
    """What comes with the project, read once."""
    content = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    return {str(name): each for name, each in content.items()}


async def replies_for(
    desk: Desk, member: StaffMember, *, language: Language, case: Case | None = None
) -> list[CannedView]:
    """Everything this agent may use; their own one hides the shop's of that shortcut."""
    async with desk.database.reading() as session:
        rows = await canned.changed(session, canned.SHOP, str(member.id))
    found = {
        name: CannedView(
            shortcut=name,
            title=in_language(each["title"], language, desk),
            texts=each["text"],
            scope="shop",
            is_starter=True,
        )
        for name, each in starters().items()
    }
    for row in sorted(rows, key=lambda row: row.owner):  # the shop's come first
        if not row.is_removed:
            found[row.shortcut] = _view(row)
        elif row.owner == canned.SHOP:
            found.pop(row.shortcut, None)
    target = case.language if case is not None else language
    return [
        _filled(each, target, desk, case)
        for each in sorted(found.values(), key=lambda one: one.shortcut)
    ]


async def write_reply(
    desk: Desk,
    member: StaffMember,
    *,
    scope: str,
    shortcut: str,
    title: str,
    texts: Texts,
) -> None:
    """Keep it for oneself, or, as a supervisor, for everybody."""
    wrong = [
        {"pointer": f"/texts/{language}", "detail": f"Unknown: {{{name}}}."}
        for language, text in texts.items()
        for name in unknown_variables(text)
    ]
    if wrong:
        raise InvalidFields(wrong)
    async with desk.database.writing() as session:
        await canned.put(
            session,
            owner=_owner(member, scope),
            shortcut=shortcut,
            title=title,
            texts={str(language): text for language, text in texts.items()},
            by=member.id,
            now=desk.clock(),
        )


async def remove_reply(
    desk: Desk, member: StaffMember, *, scope: str, shortcut: str
) -> None:
    """Take it away; one's own gives way to the shop's of that name."""
    owner = _owner(member, scope)
    async with desk.database.writing() as session:
        await canned.put(
            session,
            owner=owner,
            shortcut=shortcut,
            title="",
            texts={},
            by=member.id,
            is_removed=True,
            now=desk.clock(),
        )


def in_language(texts: dict[Any, str], language: Language, desk: Desk) -> str:
    """The words for a reader of that language, turned into the other script if need be."""
    for one in preference(language):
        if texts.get(one):
            return (
                in_script(texts[one], language, desk) if one != language else texts[one]
            )
    return ""


def in_script(text: str, language: Language, desk: Desk) -> str:
    """Chinese in the script of that language; anything else as it is."""
    if language == "zh-Hant":
        return to_traditional(text, table=desk.settings.languages.traditional)
    return to_simplified(text) if language == "zh-Hans" else text


def _owner(member: StaffMember, scope: str) -> str:
    if scope == "mine":
        return str(member.id)
    if not member.may(Permission.MOVE_CONVERSATIONS):
        raise NotAllowed
    return canned.SHOP


def _view(row: CannedReply) -> CannedView:
    return CannedView(
        shortcut=row.shortcut,
        title=row.title,
        texts={one: row.texts[one] for one in LANGUAGES if row.texts.get(one)},
        scope="mine" if row.owner else "shop",
        is_starter=False,
    )


def _filled(
    one: CannedView, language: Language, desk: Desk, case: Case | None
) -> CannedView:
    text = in_language(dict(one.texts), language, desk)
    if case is None:
        return one.model_copy(update={"text": text})
    filled = fill(
        text,
        {
            "shopper_name": case.shopper_name,
            "order_number": case.order_number,
            "agent_name": case.agent_name,
        },
    )
    return one.model_copy(update={"text": filled.text, "missing": filled.missing})
