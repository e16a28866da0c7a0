"""The seam to the bot: what is believed, what an action is given, and who may ask."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from pydantic import ValidationError
from sqlalchemy import select

import api.bot.answers
import api.shop.actions  # noqa: F401  registers its actions
from api.bot.actions import ActionCall, ActionResult, Registry, create_actions_app
from api.bot.client import Breaker
from api.bot.payloads import BotReply, TurnRequest, VectorPayload
from api.desk import Desk
from knowledge_base.models import Gap
from knowledge_base.search import Outcome
from tests.api.people import Shopper

CONTRACTS = Path(__file__).parents[1] / "contracts"


def example(name: str) -> dict[str, Any]:
    return json.loads((CONTRACTS / f"{name}.json").read_text(encoding="utf-8"))


def names(prefix: str) -> list[str]:
    return sorted(path.stem for path in CONTRACTS.glob(f"{prefix}*.json"))


class TestContracts:
    def test_there_are_examples_of_every_kind(self):
        for prefix in ("turn_request", "turn_response", "action_re"):
            assert names(prefix)

    @pytest.mark.parametrize("name", names("turn_request"))
    def test_what_we_send_is_what_the_bot_reads(self, name: str):
        given = example(name)
        sent = json.loads(TurnRequest.model_validate(given).model_dump_json())
        assert sent["text"] == given["text"]
        assert sent["press"] == given["press"]
        assert sent["dialogue"] == given["dialogue"]

    @pytest.mark.parametrize("name", names("turn_response"))
    def test_what_the_bot_says_is_believed(self, name: str):
        given = example(name)
        reply = BotReply.model_validate_json(json.dumps(given))
        assert len(reply.messages) == len(given["messages"])
        assert reply.dialogue == given["dialogue"]

    @pytest.mark.parametrize("name", names("turn_response"))
    def test_everything_said_in_the_examples_is_worded(self, name: str, words: Any):
        for message in example(name)["messages"]:
            if "say" in message:
                assert words.has(message["say"])
                for button in message.get("buttons", []):
                    assert words.has(button["label"])

    @pytest.mark.parametrize(
        "message",
        [
            {},
            {"say": "greet", "answer": {"article_id": "a"}},
            {"say": "Not A Key"},
            {"text": "free text"},
            {"request": {"type": "handoff_request"}},
            {"request": {"type": "order_change", "change": "cancel"}},
            {"request": {"type": "delete_everything", "reason": "x"}},
            {"clarify": []},
            {
                "answer": {
                    "article_id": "a",
                    "revision_id": "r",
                    "language": "en",
                    "probability": 7,
                }
            },
        ],
    )
    def test_anything_else_is_not(self, message: dict[str, Any]):
        with pytest.raises(ValidationError):
            BotReply.model_validate({"messages": [message], "dialogue": []})

    def test_a_vector_survives_the_way(self):
        vector = np.linspace(-1, 1, 384, dtype=np.float32)
        packed = VectorPayload.pack("bundled:e5", vector)
        assert np.array_equal(packed.unpack(), vector)

    @pytest.mark.parametrize("values", ["", "%%%", "AAA=", "AADAfwAAwH8="])
    def test_nonsense_is_no_vector(self, values: str):
        with pytest.raises(ValueError):  # noqa: PT011 - several kinds of it
            VectorPayload(model="m", values=values).unpack()


class TestBreaker:
    def test_it_opens_after_failures_in_a_row_and_lets_one_try(self):
        now = 100.0
        breaker = Breaker(failures=3, seconds=10, clock=lambda: now)
        for _ in range(3):
            assert not breaker.is_open()
            breaker.failed()
        assert breaker.is_open()
        now = 111.0
        assert not breaker.is_open()
        assert breaker.is_open()
        breaker.succeeded()
        assert not breaker.is_open()

    def test_a_success_between_keeps_it_closed(self):
        breaker = Breaker(failures=2, seconds=10)
        for _ in range(5):
            breaker.failed()
            breaker.succeeded()
        assert not breaker.is_open()


@pytest.fixture
async def rasa(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    """The bot, as it calls the actions."""
    transport = httpx.ASGITransport(app=create_actions_app(desk))
    token = desk.settings.secrets.action_token
    async with httpx.AsyncClient(
        transport=transport,
        base_url="http://127.0.0.1:8001",
        headers={"X-Warmline-Token": token},
    ) as client:
        yield client


def call(action: str, **latest: Any) -> dict[str, Any]:
    return {
        "next_action": action,
        "sender_id": "0190f5a2-0000-7000-8000-000000000001",
        "tracker": {"slots": {}, "latest_message": latest, "events": []},
    }


class TestActions:
    @pytest.mark.parametrize("token", [None, "", "wrong", "é"])
    async def test_strangers_are_refused(
        self, rasa: httpx.AsyncClient, token: str | None
    ):
        headers = {"X-Warmline-Token": (token or "").encode()}
        answer = await rasa.post(
            "/actions", json=call("action_answer_question"), headers=headers
        )
        assert answer.status_code == 401

    @pytest.mark.parametrize("name", names("action_request"))
    async def test_the_examples_are_answered(self, rasa: httpx.AsyncClient, name: str):
        answer = await rasa.post("/actions", json=example(name))
        assert answer.status_code == 200, answer.text
        assert set(answer.json()) == {"events", "responses"}

    @pytest.mark.parametrize(
        "body", [b"{", b"[]", b"null", b"{}", b"[" * 100_000, b"\xff"]
    )
    async def test_what_is_no_call_is_a_4xx(self, rasa: httpx.AsyncClient, body: bytes):
        assert (await rasa.post("/actions", content=body)).status_code == 400

    async def test_a_call_over_the_limit_is_refused(self, rasa: httpx.AsyncClient):
        answer = await rasa.post("/actions", content=b" " * 2_200_000)
        assert answer.status_code == 413

    async def test_an_unknown_action_is_told(self, rasa: httpx.AsyncClient):
        answer = await rasa.post("/actions", json=call("action_nothing"))
        assert answer.status_code == 404

    async def test_a_failing_action_is_a_500_that_rasa_notices(self, desk: Desk):
        registry = Registry()

        @registry.action("action_fails")
        async def fails(_call: ActionCall, _desk: Desk) -> ActionResult:
            raise RuntimeError("the shopper's words stay here")

        app = create_actions_app(desk, actions=registry)
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app=app), base_url="http://x"
        ) as client:
            token = desk.settings.secrets.action_token
            answer = await client.post(
                "/actions",
                json=call("action_fails"),
                headers={"X-Warmline-Token": token},
            )
        assert answer.status_code == 500
        assert "words" not in answer.text

    async def test_they_are_no_part_of_the_public_app(self, http: httpx.AsyncClient):
        assert (await http.post("/actions", json={})).status_code == 404
        paths = (await http.get("/api/v1/openapi.json")).json()["paths"]
        assert not [path for path in paths if "actions" in path]

    @pytest.mark.parametrize(
        ("outcome", "kind"),
        [
            (Outcome.ANSWER, "answer"),
            (Outcome.CLARIFY, "clarify"),
            (Outcome.ABSTAIN, "abstain"),
        ],
    )
    async def test_a_search_becomes_a_message(
        self, rasa: httpx.AsyncClient, desk: Desk, outcome: Outcome, kind: str
    ):
        desk.searcher.outcome = outcome
        answer = await rasa.post(
            "/actions", json=call("action_answer_question", text="how long?")
        )
        [response] = answer.json()["responses"]
        assert list(response["custom"]) == [kind]
        BotReply.model_validate({"messages": [response["custom"]], "dialogue": []})

    async def test_a_chosen_article_is_answered_without_searching(
        self, rasa: httpx.AsyncClient, desk: Desk
    ):
        entities = [{"entity": "article_id", "value": "shipping-cost"}]
        answer = await rasa.post(
            "/actions",
            json=call("action_answer_question", text="", entities=entities),
        )
        found = answer.json()["responses"][0]["custom"]["answer"]
        assert found["article_id"] == "shipping-cost"
        assert desk.searcher.searched == []

    async def test_the_turns_vector_is_used_and_nothing_embedded_again(
        self, rasa: httpx.AsyncClient, desk: Desk
    ):
        vector = np.ones(64, dtype=np.float32)
        packed = VectorPayload.pack("twin", vector).model_dump()
        metadata = {"language": "en", "turn_id": "t", "vector": packed}
        await rasa.post(
            "/actions",
            json=call("action_answer_question", text="how long?", metadata=metadata),
        )
        assert desk.embedder.texts == []

    async def test_a_vector_of_another_model_is_not_used(
        self, rasa: httpx.AsyncClient, desk: Desk
    ):
        packed = VectorPayload.pack("other", np.ones(64)).model_dump()
        metadata = {"language": "en", "turn_id": "t", "vector": packed}
        await rasa.post(
            "/actions",
            json=call("action_answer_question", text="how long?", metadata=metadata),
        )
        assert desk.embedder.texts == ["how long?"]


async def test_an_action_during_a_turn_finds_the_turns_own_vector(
    sam: Shopper, desk: Desk, bot: Any, rasa: httpx.AsyncClient
):
    """The whole circle: api → bot → action → api → bot → api."""
    from tests.fakes import bot_reply  # noqa: PLC0415

    answers: list[Any] = []

    async def ask(body: dict[str, Any]) -> None:
        called = call(
            "action_answer_question", text=body["text"], metadata=body["metadata"]
        )
        answers.append((await rasa.post("/actions", json=called)).json())

    original = bot._respond

    async def respond(body: dict[str, Any]) -> Any:
        await ask(body)
        said = answers[-1]["responses"][0]["custom"]
        bot.reply = bot_reply(said)
        return await original(body)

    bot._respond = respond
    async with asyncio.timeout(5):
        turn = await sam.say("How long can I return something?")

    assert turn["replies"][0]["sources"][0]["article_id"] == "return-time-limit"
    assert desk.embedder.texts == ["How long can I return something?"]


class TestSeveralQuestions:
    """A message of two questions is answered part by part."""

    @pytest.fixture
    def apart(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        """Every question finds the article whose word it holds, and else nothing."""
        original = desk.searcher.search

        def search(text: str, **given: Any) -> Any:
            found = original(text, **given)
            word = "shipping" if "shipping" in text else "return"
            hits = tuple(hit for hit in found.hits if word in hit.article_id)
            known = word in text
            outcome = Outcome.ANSWER if known else Outcome.ABSTAIN
            return replace(found, hits=hits if known else (), outcome=outcome)

        monkeypatch.setattr(desk.searcher, "search", search)

    async def asked(self, rasa: httpx.AsyncClient, text: str) -> list[dict[str, Any]]:
        answer = await rasa.post(
            "/actions", json=call("action_answer_question", text=text)
        )
        found = [one["custom"] for one in answer.json()["responses"]]
        BotReply.model_validate({"messages": found, "dialogue": []})
        return found

    @pytest.mark.usefixtures("apart")
    async def test_each_part_has_its_own_answer_in_order(self, rasa: httpx.AsyncClient):
        found = await self.asked(
            rasa, "How much is shipping and how do I return something?"
        )
        articles = [one["answer"]["article_id"] for one in found]
        assert articles == ["shipping-cost", "return-time-limit"]

    @pytest.mark.usefixtures("apart")
    async def test_a_part_that_nothing_answers_is_told(self, rasa: httpx.AsyncClient):
        found = await self.asked(
            rasa, "How much is shipping and who is your founder now?"
        )
        assert found[0]["answer"]["article_id"] == "shipping-cost"
        assert found[1] == {
            "say": "part_not_understood",
            "args": {"part": "who is your founder now"},
        }

    async def test_one_question_is_embedded_once(
        self, rasa: httpx.AsyncClient, desk: Desk
    ):
        await self.asked(rasa, "What is your return and exchange policy?")
        assert desk.searcher.searched == ["What is your return and exchange policy?"]
        assert len(desk.embedder.texts) == 1

    @pytest.mark.usefixtures("apart")
    async def test_the_missed_part_stands_among_the_gaps_in_the_shoppers_words(
        self, sam: Shopper, desk: Desk, bot: Any
    ):
        from tests.fakes import bot_reply  # noqa: PLC0415

        answer = {
            "article_id": "shipping-cost",
            "revision_id": "r1",
            "language": "en",
            "probability": 0.9,
        }
        missed = {"say": "part_not_understood", "args": {"part": "who founded {you}"}}
        bot.reply = bot_reply({"answer": answer}, missed)
        turn = await sam.say("How much is shipping and who founded {you}")
        assert turn["replies"][0]["sources"][0]["article_id"] == "shipping-cost"
        assert "who founded {you}" in turn["replies"][1]["text"]
        async with desk.database.reading() as session:
            texts = [one.text for one in await session.scalars(select(Gap))]
        assert texts == ["who founded {you}"]
