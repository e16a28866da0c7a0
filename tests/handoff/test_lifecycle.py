from __future__ import annotations

from itertools import product

import pytest

from handoff.errors import IllegalMove
from handoff.lifecycle import ENDED, MOVES, Status, check_move


@pytest.mark.parametrize(("current", "target"), list(product(Status, Status)))
def test_a_move_is_allowed_exactly_where_the_table_has_it(current, target):
    if target in MOVES[current]:
        check_move(current, target)
        return
    with pytest.raises(IllegalMove, match=f"A {current} conversation cannot become"):
        check_move(current, target)


def test_only_the_shopper_who_comes_back_moves_what_is_settled():
    assert {status for status in Status if not MOVES[status]} == {Status.ABANDONED}
    assert {t for status in ENDED for t in MOVES[status]} == {Status.QUEUED}


def test_every_status_can_be_reached_from_the_bot():
    reached, frontier = {Status.BOT}, {Status.BOT}
    while frontier:
        frontier = {t for status in frontier for t in MOVES[status]} - reached
        reached |= frontier

    assert reached == set(Status)
