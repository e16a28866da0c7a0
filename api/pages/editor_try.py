"""Decides how a search explains itself: the ranking, why each article is there, what the bot would say."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.accounts.roles import Permission
from api.auth import desk_of
from api.desk import Desk
from api.markdown import to_html
from api.pages.gate import enter, staff_page
from api.pages.rendering import json_in_page, language_of
from api.quality import policy_of
from api.settings import Language
from knowledge_base import labelled_rows
from knowledge_base.conditions import UNKNOWN, Circumstances, code_of
from knowledge_base.errors import EmbeddingFailed, NoIndex
from knowledge_base.folding import fold
from knowledge_base.languages import detect, is_language
from knowledge_base.search import AnswerPolicy, Hit, Outcome, SearchResult

router = APIRouter(include_in_schema=False)
LONGEST = 500
LIMIT = 8
#: of the form: what a shopper's turn knows of who asks
FIELDS = ("region", "channel", "ordered_on")


@dataclass(frozen=True, kw_only=True)
class Check:
    """One rule that the outcome hangs on, with what was seen and what was wanted."""

    name: str
    seen: float
    wanted: float
    holds: bool


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """An article that is not for who asks, and the conditions that say so."""

    hit: Hit
    because: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Tried:
    """One question, searched the way the bot would."""

    result: SearchResult
    language: Language
    #: what the bot would say, as safe HTML; empty unless it would answer
    answer_html: str
    is_derived: bool
    choices: tuple[Hit, ...]
    #: of the best article; of all choices together where the bot would ask back
    likely: float
    checks: tuple[Check, ...]
    #: what an editor said answers these very words; None when nobody did
    label: tuple[str, ...] | None
    #: the articles that would stand in the ranking, were they for such a shopper
    left_out: tuple[LeftOut, ...]


@router.get("/editor/try")
async def show_try(request: Request) -> Response:
    """The form, and what came of the question in the address."""
    person = await enter(request, Permission.READ_ARTICLES)
    if isinstance(person, Response):
        return person
    desk = desk_of(request)
    text = request.query_params.get("q", "").strip()[:LONGEST]
    known, unread = circumstances_in(request.query_params)
    tried, trouble = await _tried(desk, request, text, known=known)
    policy = policy_of(desk)
    return staff_page(
        request,
        "editor/try.html",
        person,
        here="try",
        text=text,
        asked=request.query_params.get("language", ""),
        tried=tried,
        trouble=trouble,
        used=desk.searcher.conditions_used,
        known=known,
        unread=unread,
        outcomes=Outcome,
        channel_of=channel_of,
        can_label=person.may(Permission.EDIT_ARTICLES),
        page_facts=json_in_page(
            {"text": text, "language": tried.language if tried else None}
        ),
        thresholds={
            "answer": held_bar(tried, policy),
            "shop": policy.answer_precision,
            "clarify": policy.clarify_precision,
            "margin": policy.clarify_margin,
        },
    )


async def _tried(
    desk: Desk, request: Request, text: str, *, known: Circumstances
) -> tuple[Tried | None, str]:
    """What came of the text, and the code of what stood in the way."""
    if not text:
        return None, ""
    asked = request.query_params.get("language", "")
    language = (
        asked if is_language(asked) else detect(text, fallback=language_of(request))
    )
    try:
        return await try_question(desk, text, language, known=known), ""
    except (NoIndex, EmbeddingFailed) as error:
        return None, error.code


def held_bar(tried: Tried | None, policy: AnswerPolicy) -> float:
    """The probability that the best article had to reach: its own, or the shop's."""
    if tried is None or not tried.result.hits:
        return policy.answer_precision
    return tried.result.hits[0].bar(policy)


def circumstances_in(said: Mapping[str, str]) -> tuple[Circumstances, tuple[str, ...]]:
    """As whom the question is asked, and which of the fields cannot be read."""
    values = {name: said.get(name, "").strip() for name in FIELDS}
    region, channel = code_of(values["region"]), code_of(values["channel"])
    try:
        day = date.fromisoformat(values["ordered_on"])
    except ValueError:
        day = None
    known = Circumstances(region=region, channel=channel, ordered_on=day)
    unread = [name for name in FIELDS if values[name] and getattr(known, name) is None]
    return known, tuple(unread)


async def try_question(
    desk: Desk, text: str, language: Language, *, known: Circumstances = UNKNOWN
) -> Tried:
    """Search as such a shopper's question is searched; nothing is counted or kept."""
    search = partial(desk.searcher.search, text, language=language, limit=LIMIT)
    result = await asyncio.to_thread(search, known=known)
    left_out: tuple[LeftOut, ...] = ()
    if known != UNKNOWN:
        others = desk.searcher.left_out(known)
        everything = await asyncio.to_thread(search)
        left_out = tuple(
            LeftOut(hit=hit, because=others[hit.article_id])
            for hit in everything.hits
            if hit.article_id in others
        )
    html, is_derived = "", False
    if result.outcome == Outcome.ANSWER:
        answer = desk.searcher.answer(result.hits[0].article_id, language=language)
        if answer is not None:
            html, is_derived = to_html(answer.answer_markdown), answer.derived
    async with desk.database.reading() as session:
        kept = await labelled_rows.find(session, text)
    choices = result.hits[: desk.settings.knowledge_base.max_choices]
    together = min(1.0, sum(hit.probability for hit in choices))
    return Tried(
        result=result,
        language=language,
        answer_html=html,
        is_derived=is_derived,
        choices=choices,
        likely=together if result.outcome == Outcome.CLARIFY else result.probability,
        checks=checks_of(result, policy_of(desk), together=together),
        label=tuple(map(str, kept.article_ids)) if kept else None,
        left_out=left_out,
    )


def checks_of(
    result: SearchResult, policy: AnswerPolicy, *, together: float
) -> tuple[Check, ...]:
    """The rules in the order in which they are asked."""
    if not result.hits:
        return ()
    best = result.hits[0].probability
    second = result.hits[1].probability if len(result.hits) > 1 else 0.0
    rules = (
        ("sure", best, result.hits[0].bar(policy)),
        ("ahead", best - second, policy.clarify_margin),
        ("together", max(best, together), policy.clarify_precision),
    )
    made = [
        Check(name=name, seen=seen, wanted=wanted, holds=seen >= wanted)
        for name, seen, wanted in rules
    ]
    # who answers need not ask back
    return tuple(made[:2] if result.outcome == Outcome.ANSWER else made)


def channel_of(hit: Hit, text: str) -> str:
    """What found it: the same words, shared words, or the meaning alone."""
    if hit.matched_kind != "answer" and fold(hit.matched_text) == fold(text):
        return "exact"
    if hit.words >= hit.dense:
        return "words"
    return "both" if hit.matched_words else "meaning"
