"""Answers the bot's two general questions: what do the articles say, and shall a person take over."""

from __future__ import annotations

from typing import Any

import anyio.to_thread
import structlog

from api.bot.actions import ActionCall, ActionResult, action
from api.circumstances import circumstances_of
from api.desk import Desk
from api.vectors import Vector, embed
from knowledge_base.conditions import Circumstances
from knowledge_base.languages import Language, is_language
from knowledge_base.parts import parts_of, worth_parting
from knowledge_base.search import Outcome, SearchResult

log = structlog.get_logger(__name__)

#: said of a part of a message that nothing answers; `part` is the shopper's own words
PART_MISSED = "part_not_understood"

#: an intent that asks for a person -> the reason that is noted
_REASONS = {"ask_human": "asked_for_human"}


@action("action_answer_question")
async def answer_question(call: ActionCall, desk: Desk) -> ActionResult:
    """Search the articles with the turn's own vector; the shopper's choice wins over it."""
    language = _language(call, desk)
    chosen = call.entity("article_id")
    if isinstance(chosen, str) and chosen:
        return _answer(chosen, language=language)
    text = call.latest_text
    vector = await _vector(call, desk, text)
    parts = parts_of(text)
    known = await circumstances_of(desk, call.conversation_id)

    def look_up() -> tuple[SearchResult, tuple[SearchResult, ...]]:
        whole = desk.searcher.search(
            text, language=language, vector=vector, known=known
        )
        return whole, _each(desk, parts, language=language, known=known)

    found, each = await anyio.to_thread.run_sync(look_up)
    desk.vectors.keep_search(str(call.metadata.get("turn_id")), found)
    desk.metrics.outcomes.labels(outcome=found.outcome.value).inc()
    if each and worth_parting(found, parts, each):
        return _in_order(parts, each, language=language)
    return _result(found, language=language)


@action("action_hand_over")
async def hand_over(call: ActionCall, desk: Desk) -> ActionResult:
    """Ask the service for a person; it decides, and says what happens next."""
    slot = call.slot("handoff_reason")
    reason = (
        slot if isinstance(slot, str) and slot else _REASONS.get(call.latest_intent)
    )
    if reason is None and call.slot("requested_task") == "hand_over":
        reason = "form_given_up"
    detail = {"intent": call.latest_intent} if call.latest_intent else {}
    request = {
        "type": "handoff_request",
        "reason": reason or "asked_for_human",
        "detail": detail,
    }
    return ActionResult(messages=[{"request": request}])


def _each(
    desk: Desk, parts: tuple[str, ...], *, language: Language, known: Circumstances
) -> tuple[SearchResult, ...]:
    """What the articles say to every part; embedded only when there are parts."""
    if not parts:
        return ()
    vectors = desk.embedder.embed(list(parts), kind="question")
    return tuple(
        desk.searcher.search(part, language=language, vector=vector, known=known)
        for part, vector in zip(parts, vectors, strict=True)
    )


def _in_order(
    parts: tuple[str, ...], each: tuple[SearchResult, ...], *, language: Language
) -> ActionResult:
    """Every part's own answer, and of a part without one that it was not understood."""
    said: list[dict[str, Any]] = []
    for part, found in zip(parts, each, strict=True):
        if found.outcome is Outcome.ANSWER:
            said += _result(found, language=language).messages
        else:
            said.append({"say": PART_MISSED, "args": {"part": part}})
    return ActionResult(messages=said)


def _result(found: SearchResult, *, language: Language) -> ActionResult:
    if found.outcome is Outcome.ANSWER:
        best = found.hits[0]
        return _answer(
            best.article_id,
            best.revision_id,
            language=language,
            probability=best.probability,
        )
    choices = [{"article_id": hit.article_id, "title": hit.title} for hit in found.hits]
    if found.outcome is Outcome.CLARIFY:
        return ActionResult(messages=[{"clarify": choices}])
    return ActionResult(messages=[{"abstain": {"nearest": choices[:3]}}])


def _answer(
    article_id: str,
    revision_id: str = "",
    *,
    language: Language,
    probability: float = 1.0,
) -> ActionResult:
    found = {
        "article_id": article_id,
        "revision_id": str(revision_id),
        "language": language,
        "probability": min(1.0, max(0.0, probability)),
    }
    return ActionResult(messages=[{"answer": found}])


def _language(call: ActionCall, desk: Desk) -> Language:
    given = call.metadata.get("language")
    return given if is_language(given) else desk.settings.languages.default


async def _vector(call: ActionCall, desk: Desk, text: str) -> Vector:
    """The vector of this turn: kept here, or sent along, or made now."""
    kept = desk.vectors.find(str(call.metadata.get("turn_id")), text)
    if kept is not None:
        return kept
    try:
        sent = call.vector
        if sent is not None and sent.model == desk.embedder.model_id:
            return sent.unpack()
    except ValueError:
        log.warning("the turn's vector cannot be read", action="bot_action")
    return await embed(desk.embedder, text)
