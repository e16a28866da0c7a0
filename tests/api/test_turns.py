"""The path of a shopper's message, over HTTP and a real database."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest

from api.desk import Desk
from tests.api.people import Shopper, sign_in
from tests.fakes import ABSTAIN, ANSWER, GREETING, FakeBot, answer, bot_reply


async def test_a_question_gets_the_article_and_its_source(sam: Shopper):
    turn = await sam.say("How long can I return something?")

    [reply] = turn["replies"]
    assert reply["actor"] == "bot"
    assert "within 7 days" in reply["text"]
    assert "<strong>7 days</strong>" in reply["html"]
    assert reply["sources"] == [
        {
            "article_id": "return-time-limit",
            "revision_id": "r1",
            "title": "How long can I return something?",
            "url": "/help/articles/return-time-limit?lang=en",
        }
    ]
    assert [each["label"] for each in reply["buttons"]] == [
        "This helped",
        "This did not help",
    ]
    assert turn["message"]["seq"] == 1
    assert reply["seq"] == 2
    assert turn["status"] == "bot"
    assert turn["handoff"] is None
