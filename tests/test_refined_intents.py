"""A newer intent counts for the older label it was taken out of, and for no other."""

from __future__ import annotations

import re
from pathlib import Path

from tests.bench.refined import REFINES, as_frozen

DOMAIN = Path(__file__).resolve().parents[1] / "bot" / "domain"


def test_a_newer_intent_counts_only_where_its_older_label_is_meant():
    assert as_frozen("lost_parcel", {"track_order"}) == "track_order"
    assert as_frozen("lost_parcel", {"complain"}) == "lost_parcel"
    assert as_frozen("track_order", {"complain"}) == "track_order"


def test_both_sides_of_the_table_are_intents_of_the_bot():
    told = "\n".join(path.read_text("utf-8") for path in DOMAIN.glob("*.yml"))
    intents = set(re.findall(r"^\s*- (\w+)", told, re.MULTILINE))

    assert {*REFINES, *REFINES.values()} <= intents
