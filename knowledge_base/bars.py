"""How likely an article must be before the bot says it: the shop's bar, or the article's own.   (pure)"""

from __future__ import annotations

from dataclasses import replace

from knowledge_base.calibration import Calibration
from knowledge_base.content import Content
from knowledge_base.results import AnswerPolicy


def reached(policy: AnswerPolicy, calibration: Calibration) -> AnswerPolicy:
    """The shop's policy, its wanted precision told as the probability that reaches it."""
    bar = calibration.threshold(policy.answer_precision)
    return replace(policy, answer_precision=bar)


def own_bar(content: Content, calibration: Calibration) -> float | None:
    """The same for the precision that the article wants; None where it wants the shop's."""
    wanted = content.answer_precision
    return None if wanted is None else calibration.threshold(wanted)
