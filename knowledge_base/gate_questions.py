"""Which labelled questions would be answered differently, and whether that does harm.   (pure)"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol

from knowledge_base.embedding import Vectors
from knowledge_base.gate_findings import Answered, Change, ChangeKind, Severity
from knowledge_base.labelled import Question
from knowledge_base.languages import Language
from knowledge_base.results import Outcome, SearchResult

#: this many lost questions are no accident of one wording
_MOST_LOST, _MOST_LOST_SHARE = 3, 0.01
#: a wrong answer is worse than none, and asking back is better than none
_WRONG, _SILENT, _ASKED_BACK, _RIGHT = range(4)


class Searches(Protocol):
    """What a question is asked of."""

    def search(
        self,
        text: str,
        *,
        language: Language,
        vector: Vectors | None,
        english: Vectors | None = None,
        limit: int,
    ) -> SearchResult: ...


#: what the main model makes of a question, and the second where it reads it
TwoVectors = tuple[Vectors, Vectors | None]


def askable(
    questions: Iterable[Question], *, known: Collection[str], near_misses: bool
) -> list[Question]:
    """The questions whose articles a shop has; the unanswerable ones if they are its own."""
    return [
        one
        for one in questions
        if (one.article_ids & set(known) if one.article_ids else near_misses)
    ]


def ask_all(
    searcher: Searches, questions: Sequence[Question], vectors: Sequence[TwoVectors]
) -> list[Answered]:
    """What a shopper gets for each question."""
    return [
        _answered(
            searcher.search(
                one.text, language=one.language, vector=main, english=second, limit=2
            )
        )
        for one, (main, second) in zip(questions, vectors, strict=True)
    ]


def _answered(found: SearchResult) -> Answered:
    best = found.hits[0] if found.hits else None
    asked_back = found.outcome is Outcome.CLARIFY
    return Answered(
        outcome=found.outcome.value,
        article_id=best.article_id if best else None,
        title=best.title if best else "",
        probability=round(found.probability, 4),
        choices=tuple(hit.article_id for hit in found.hits) if asked_back else (),
    )


def changes(
    questions: Sequence[Question],
    before: Sequence[Answered],
    after: Sequence[Answered],
) -> list[Change]:
    """Every question that fares better or worse, the worst first."""
    found = [
        change
        for one, was, now in zip(questions, before, after, strict=True)
        if (change := _change(one, was, now)) is not None
    ]
    lost = sum(each.kind == "lost" for each in found)
    if lost >= max(_MOST_LOST, _MOST_LOST_SHARE * len(questions)):
        found = [_heavier(each) if each.kind == "lost" else each for each in found]
    rank: Mapping[ChangeKind, int] = {
        "stolen": 0,
        "wrongly_answered": 1,
        "lost": 2,
        "gained": 3,
    }
    return sorted(found, key=lambda each: (each.severity != "block", rank[each.kind]))


def _change(question: Question, before: Answered, after: Answered) -> Change | None:
    was, now = _fares(question, before), _fares(question, after)
    if was == now:
        return None
    kind, severity = _judge(question, before, after, better=now > was)
    return Change(
        kind=kind,
        severity=severity,
        question=question.text,
        language=question.language,
        right=tuple(sorted(question.article_ids)),
        before=before,
        after=after,
    )


def _judge(
    question: Question, before: Answered, after: Answered, *, better: bool
) -> tuple[ChangeKind, Severity]:
    if better:
        return "gained", "note"
    is_wrong = _fares(question, after) == _WRONG
    was_ours = before.article_id in question.article_ids
    still_ours = after.article_id in question.article_ids
    heard = after.outcome != Outcome.ABSTAIN
    if was_ours and heard and not still_ours and after.article_id is not None:
        return "stolen", "block" if is_wrong else "warn"
    return ("wrongly_answered", "block") if is_wrong else ("lost", "warn")


def _fares(question: Question, got: Answered) -> int:
    """How well a shopper with this question is served."""
    if got.outcome == Outcome.ANSWER:
        return _RIGHT if got.article_id in question.article_ids else _WRONG
    offered = question.article_ids & set(got.choices)
    if got.outcome == Outcome.CLARIFY and offered:
        return _ASKED_BACK
    return _SILENT


def _heavier(change: Change) -> Change:
    return Change(
        kind=change.kind,
        severity="block",
        question=change.question,
        language=change.language,
        right=change.right,
        before=change.before,
        after=change.after,
    )
