"""A real searcher with a twin of a model: for what must really be found, published and examined."""

from __future__ import annotations

from api.desk import Desk
from knowledge_base.calibration import FEATURES, Calibration
from knowledge_base.embedding import HashEmbedder
from knowledge_base.results import AnswerPolicy
from knowledge_base.search import Searcher

#: a margin, a close wording and the very words make an answer likely
WEIGHTS = {"margin": 8.0, "dense": 8.0, "words": 2.0, "exact": 4.0}


def real_searcher(desk: Desk) -> Searcher:
    return Searcher(
        HashEmbedder(),
        AnswerPolicy(answer_precision=0.75, clarify_precision=0.4, clarify_margin=0.1),
        calibration=Calibration(
            model_id="hash",
            bias=-6.0,
            weights=tuple(WEIGHTS.get(one, 0.0) for one in FEATURES),
        ),
        clock=desk.clock,
    )
