"""What shows only over several turns: rising emotion, repeated failure, circles, an order at risk."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from handoff.decisions import Reason, TriggerPolicy
from handoff.folding import fold
from handoff.insisting import insists
from handoff.signals import Emotion, History, TurnSignals, similarity

#: upset below this is noise, however it grew
RISING_FLOOR = 0.3
RISING_STEP = 0.05
#: failures further back than this many turns are forgotten
FAILURE_WINDOW = 6
SHORTEST_QUESTION = 4
#: so much of a question's frame may two of them share, one slot apart, and ask two things
SAME_FRAME = 0.6
#: intents that may be one and the same question, however each was understood
ANY_QUESTION = frozenset(
    {None, "ask_question", "complain", "nlu_fallback", "out_of_scope"}
)
#: answers to what the bot asked; where they show no feeling, they say nothing of the trend
BARE_ANSWERS = frozenset({"inform", "affirm", "deny"})
#: this much below the threshold two questions are still near each other
NEAR = 0.08
#: states of an order that cost the shop the shopper if nobody acts
TROUBLED = frozenset({"late", "lost"})
#: what a picture is worth looking at for
SHOWN_MATTERS = frozenset({"complain", "return_item", "exchange_item"})
#: outcomes of a search that found no sure answer
UNSURE = frozenset({"abstain", "clarify"})
#: from here on an article says what a question is about
SURE_ENOUGH = 0.5


def rising(
    signals: TurnSignals, history: History, policy: TriggerPolicy
) -> list[Reason]:
    """Look for `rising_steps` turns in a row, each clearly more upset than the last.

    A bare number or yes that shows no feeling breaks no trend: nobody calms down by
    giving their order number.
    """
    before = [turn.signals for turn in history.turns]
    emotions = [each.emotion for each in before if not _is_bare_answer(each)]
    emotions.append(signals.emotion)
    tail = emotions[-(policy.rising_steps + 1) :]
    levels = [emotion.upset for emotion in tail]
    rises = all(later - earlier >= RISING_STEP for earlier, later in pairwise(levels))
    if len(levels) <= policy.rising_steps or not rises or levels[-1] < RISING_FLOOR:
        return []
    evidence = {
        "trace": [felt(emotion) for emotion in tail],
        "levels": [round(level, 3) for level in levels],
        "steps": policy.rising_steps,
    }
    return [Reason(code="rising_emotion", evidence=evidence)]


def failing(
    signals: TurnSignals, history: History, policy: TriggerPolicy
) -> list[Reason]:
    """Count what brought the shopper nothing since something last helped."""
    if not signals.failed:
        return []
    failures = [signals]
    for turn in reversed(history.turns[-FAILURE_WINDOW:]):
        if turn.signals.helpful is True or turn.signals.emotion.label == "grateful":
            break  # something helped: the count starts anew
        if turn.signals.failed:
            failures.append(turn.signals)
    if len(failures) < policy.failed_turns:
        return []
    code = "not_helpful" if signals.helpful is False else "not_understood"
    evidence = {
        "failed_turns": len(failures),
        "threshold": policy.failed_turns,
        "abstained": sum(turn.search_outcome == "abstain" for turn in failures),
        "not_helpful": sum(turn.helpful is False for turn in failures),
    }
    return [Reason(code=code, evidence=evidence)]


def repeating(
    signals: TurnSignals, history: History, policy: TriggerPolicy
) -> list[Reason]:
    """Notice the question that comes back, in whatever words.

    Who says so themselves ("I asked whether …") after a question is believed at once.
    """
    if not signals.is_question or len(signals.text.strip()) < SHORTEST_QUESTION:
        return []
    before = [turn.signals for turn in history.turns if turn.signals.is_question]
    alike = [then for then in before if _is_same_question(signals, then, policy)]
    says_so = bool(before) and insists(signals.text)
    if len(alike) < policy.repeated_questions and not says_so:
        return []
    evidence = {
        "times": max(len(alike), says_so) + 1,
        "similarity": [round(_cosine(signals, then) or 0.0, 3) for then in alike],
        "threshold": policy.repeated_similarity,
        "article_id": _article(signals),
    }
    if says_so:
        evidence["words"] = [signals.text]
    return [Reason(code="repeated_question", evidence=evidence)]


def order_at_risk(
    signals: TurnSignals, history: History, policy: TriggerPolicy
) -> list[Reason]:
    """Notice a valuable order that is late, lost or complained about, once an order."""
    order = signals.order
    if order is None or order.total < policy.valuable_order:
        return []
    trouble = order.state if order.state in TROUBLED else None
    if trouble is None and signals.intent == "complain":
        trouble = "complaint"
    if trouble is None or order.number in history.settled_orders:
        return []
    evidence = {
        "order_number": order.number,
        "total": order.total,
        "currency": order.currency,
        "trouble": trouble,
        "threshold": policy.valuable_order,
    }
    return [Reason(code="order_at_risk", evidence=evidence)]


def showing(signals: TurnSignals, history: History) -> list[Reason]:
    """Notice pictures that the bot, which cannot see, should not be the last to get.

    That is so when they come without words, or when the matter is a complaint or a
    return, or one that the bot is not sure of.
    """
    if not signals.pictures:
        return []
    matters = [turn.signals.intent for turn in history.turns] + [signals.intent]
    about = next((each for each in reversed(matters) if each in SHOWN_MATTERS), None)
    is_unsure = signals.intent is None or signals.search_outcome in UNSURE
    if signals.text.strip() and about is None and not is_unsure:
        return []
    evidence = {"pictures": signals.pictures, "matter": about}
    return [Reason(code="picture_sent", evidence=evidence)]


def _is_same_question(
    now: TurnSignals, then: TurnSignals, policy: TriggerPolicy
) -> bool:
    """Compare the vectors; and, more telling, which article each question leads to.

    Sentence vectors alone recognise few rewordings: at a cosine of 0.93 about one pair
    in twelve in Chinese and one in a hundred in English (our starter questions). The
    search knows all wordings of an article, so two near questions with the same best
    article are the same question. A question that was asked back is not counted: the
    shopper's choice is its answer, no repetition. Two that lead to different articles, or
    differ in one slot ("in black?", "in white?"), are two questions, however near.
    """
    cosine = _cosine(now, then)
    wishes = {now.intent, then.intent} - ANY_QUESTION
    if len(wishes) > 1:
        return False
    article, its_article = _article(now), _article(then)
    lead_elsewhere = article and its_article and article != its_article
    if lead_elsewhere or _differ_in_a_slot(now.text, then.text):
        return False
    if cosine is not None and cosine >= policy.repeated_similarity:
        return True
    leads_there_too = article is not None and article == its_article
    is_near = cosine is None or cosine >= policy.repeated_similarity - NEAR
    return leads_there_too and is_near and then.search_outcome != "clarify"


def _differ_in_a_slot(one: str, other: str) -> bool:
    """Say whether one short piece was put in another's place, all else being the same."""
    now, then = fold(one).strip("?!. "), fold(other).strip("?!. ")
    if " " in now and " " in then:
        return _swapped(now.split(), then.split())
    return _swapped(list(now), list(then))


def _swapped(now: list[str], then: list[str]) -> bool:
    shortest = min(len(now), len(then))
    start = next((n for n in range(shortest) if now[n] != then[n]), shortest)
    rest = shortest - start
    end = next((n for n in range(rest) if now[-1 - n] != then[-1 - n]), rest)
    is_both = len(now) > start + end and len(then) > start + end
    return is_both and (start + end) / max(len(now), len(then)) >= SAME_FRAME


def _is_bare_answer(signals: TurnSignals) -> bool:
    is_answer = signals.intent in BARE_ANSWERS or signals.active_loop is not None
    return is_answer and not signals.emotion.upset


def _cosine(now: TurnSignals, then: TurnSignals) -> float | None:
    if now.vector is None or then.vector is None:
        return None
    return similarity(now.vector, then.vector)


def _article(signals: TurnSignals) -> str | None:
    """Return the article the question leads to, if the search was sure enough."""
    best = signals.hits[0] if signals.hits else None
    if best is None or best.probability < SURE_ENOUGH:
        return None
    return best.article_id


def felt(emotion: Emotion) -> dict[str, Any]:
    """Return the emotion as evidence."""
    return {
        "label": emotion.label,
        "intensity": round(emotion.intensity, 3),
        "words": list(emotion.evidence),
    }
