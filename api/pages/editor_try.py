"""Decides how a search explains itself: the ranking, why each article is there, what the bot would say."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

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
from knowledge_base.errors import EmbeddingFailed, NoIndex
from knowledge_base.folding import fold
from knowledge_base.languages import detect, is_language
from knowledge_base.search import AnswerPolicy, Hit, Outcome, SearchResult

router = APIRouter(include_in_schema=False)
LONGEST = 500
LIMIT = 8


@dataclass(frozen=True, kw_only=True)
class Check:
    """One rule that the outcome hangs on, with what was seen and what was wanted."""

    name: str
    seen: float
    wanted: float
    holds: bool


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


@router.get("/editor/try")
async def show_try(request: Request) -> Response:
    """The form, and what came of the question in the address."""
    person = await enter(request, Permission.READ_ARTICLES)
    if isinstance(person, Response):
        return person
    desk = desk_of(request)
    text = request.query_params.get("q", "").strip()[:LONGEST]
    asked = request.query_params.get("language", "")
    tried, trouble = None, ""
    if text:
        language = (
            asked if is_language(asked) else detect(text, fallback=language_of(request))
        )
        try:
            tried = await try_question(desk, text, language)
        except (NoIndex, EmbeddingFailed) as error:
            trouble = error.code
    policy = policy_of(desk)
    return staff_page(
        request,
        "editor/try.html",
        person,
        here="try",
        text=text,
        asked=asked,
        tried=tried,
        trouble=trouble,
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


def held_bar(tried: Tried | None, policy: AnswerPolicy) -> float:
    """The probability that the best article had to reach: its own, or the shop's."""
    if tried is None or not tried.result.hits:
        return policy.answer_precision
    return tried.result.hits[0].bar(policy)


async def try_question(desk: Desk, text: str, language: Language) -> Tried:
    """Search as a shopper's question is searched; nothing is counted or kept."""
    result = await asyncio.to_thread(
        desk.searcher.search, text, language=language, limit=LIMIT
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
