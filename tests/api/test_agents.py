"""What agents and editors do over HTTP."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import pytest

from api import agents as agent_actions
from api.desk import Desk
from tests.api.people import Member, Shopper, sign_in
from tests.api.searching import real_searcher
from tests.fakes import FakeBot


async def waiting(
    http: httpx.AsyncClient, bot: FakeBot, text: str = "Help?"
) -> Shopper:
    """A shopper who waits for a person."""
    bot.mode = "500"
    shopper = await Shopper.open(http, language="en")
    await shopper.say(text)
    return shopper


async def claim(member: Member, shopper: Shopper) -> int:
    answer = await member.post(f"/conversations/{shopper.id}/claim")
    assert answer.status_code == 200, answer.text
    return answer.json()["assignment_version"]


class TestQueue:
    async def test_the_line_shows_who_waits_first_in_front(
        self, http: httpx.AsyncClient, bot: FakeBot, alice: Member, clock: Any
    ):
        first = await waiting(http, bot, "I am first")
        clock.forward(seconds=90)
        second = await waiting(http, bot, "I am second")
        rows = (await alice.get("/queue")).json()["waiting"]

        assert [row["id"] for row in rows] == [first.id, second.id]
        assert [row["position"] for row in rows] == [1, 2]
        assert rows[0]["waited_seconds"] == 90
        assert rows[0]["last_text"] == "I am first"
        assert rows[0]["reasons"] == ["bot_failure"]

    async def test_before_a_claim_nobody_reads_the_thread(
        self, http: httpx.AsyncClient, bot: FakeBot, alice: Member
    ):
        sam = await waiting(http, bot)
        shown = (await alice.get(f"/conversations/{sam.id}/desk")).json()

        assert shown["messages"] == []
        assert "wants" not in shown["card"]
        assert shown["card"]["reasons"]

    async def test_one_conversation_goes_to_one_agent(
        self, http: httpx.AsyncClient, bot: FakeBot, alice: Member, bob: Member
    ):
        sam = await waiting(http, bot)
        answers = await asyncio.gather(
            *(each.post(f"/conversations/{sam.id}/claim") for each in (alice, bob))
        )

        assert sorted(answer.status_code for answer in answers) == [200, 409]
        [lost] = [each for each in answers if each.status_code == 409]
        assert lost.json()["code"] == "already_claimed"

    async def test_an_empty_line_says_so(self, alice: Member):
        answer = await alice.post("/queue/claim")
        assert (answer.status_code, answer.json()["code"]) == (409, "nobody_waiting")
        line = (await alice.get("/queue")).json()
        assert (line["waiting"], line["mine"]) == ([], [])

    async def test_a_full_agent_gets_no_more(
        self, http: httpx.AsyncClient, bot: FakeBot, alice: Member
    ):
        for _ in range(6):
            await waiting(http, bot)
        statuses = [(await alice.post("/queue/claim")).status_code for _ in range(6)]
        assert statuses == [200] * 5 + [409]

    async def test_claiming_twice_is_said_once(
        self, http: httpx.AsyncClient, bot: FakeBot, alice: Member
    ):
        sam = await waiting(http, bot)
        assert await claim(alice, sam) == await claim(alice, sam)
        said = [each["text"] for each in (await sam.read())["messages"]]
        assert sum("Alice has joined" in text for text in said) == 1


class TestServing:
    async def test_a_reply_reaches_the_shopper_and_a_resend_is_one(
        self, http: httpx.AsyncClient, bot: FakeBot, alice: Member
    ):
        sam = await waiting(http, bot)
        version = await claim(alice, sam)
        body = {
            "client_id": "reply-0001",
            "text": "I am on it.",
            "assignment_version": version,
        }
        path = f"/conversations/{sam.id}/agent-messages"
        first, again = [(await alice.post(path, body)).json() for _ in range(2)]

        assert first["seq"] == again["seq"]
        last = (await sam.read())["messages"][-1]
        assert (last["actor"], last["agent_name"]) == ("agent", "Alice")

    async def test_a_reply_that_has_not_seen_the_newest_is_held_back(
        self, http: httpx.AsyncClient, bot: FakeBot, alice: Member
    ):
        sam = await waiting(http, bot)
        version = await claim(alice, sam)
        await sam.say("And another thing")
        answer = await alice.post(
            f"/conversations/{sam.id}/agent-messages",
            {
                "client_id": "reply-0001",
                "text": "I am on it.",
                "assignment_version": version,
                "seen_seq": 1,
            },
        )
        assert answer.json()["code"] == "new_message_above"

    async def test_a_stale_owner_cannot_act(
        self, http: httpx.AsyncClient, bot: FakeBot, alice: Member, bob: Member
    ):
        sam = await waiting(http, bot)
        old = await claim(alice, sam)
        await alice.post(
            f"/conversations/{sam.id}/release", {"assignment_version": old}
        )
        new = await claim(bob, sam)
        assert new > old
        late = [
            ("agent-messages", {"client_id": "reply-0001", "text": "Late"}),
            ("release", {}),
            ("return-to-bot", {}),
            ("resolve", {"disposition": "solved"}),
        ]
        for path, body in late:
            answer = await alice.post(
                f"/conversations/{sam.id}/{path}", body | {"assignment_version": old}
            )
            assert answer.status_code == 409, path
        assert "Late" not in str(await sam.read())

    async def test_a_transfer_tells_the_shopper_who_it_is_now(
        self, http: httpx.AsyncClient, bot: FakeBot, alice: Member, bob: Member
    ):
        sam = await waiting(http, bot)
        version = await claim(alice, sam)
        to = (await bob.get("/me")).json()["id"]
        answer = await alice.post(
            f"/conversations/{sam.id}/transfer",
            {"assignment_version": version, "to_agent_id": to},
        )
        assert answer.status_code == 200, answer.text
        assert "Bob has taken over" in (await sam.read())["messages"][-1]["text"]

    async def test_the_bot_answers_again_after_it_was_given_back(
        self, http: httpx.AsyncClient, bot: FakeBot, alice: Member
    ):
        sam = await waiting(http, bot)
        version = await claim(alice, sam)
        await alice.post(
            f"/conversations/{sam.id}/return-to-bot", {"assignment_version": version}
        )
        bot.mode = "ok"
        turn = await sam.say("How long can I return something?")

        assert turn["replies"][0]["actor"] == "bot"
        assert bot.asked[-1]["text"] == "How long can I return something?"
        assert bot.asked[-1]["dialogue"] == []

    async def test_an_unknown_disposition_is_refused(
        self, http: httpx.AsyncClient, bot: FakeBot, alice: Member
    ):
        sam = await waiting(http, bot)
        version = await claim(alice, sam)
        answer = await alice.post(
            f"/conversations/{sam.id}/resolve",
            {"assignment_version": version, "disposition": "whatever"},
        )
        assert (answer.status_code, answer.json()["code"]) == (
            422,
            "unknown_disposition",
        )

    async def test_who_is_gone_gives_back_what_they_had(
        self,
        http: httpx.AsyncClient,
        bot: FakeBot,
        alice: Member,
        desk: Desk,
        clock: Any,
    ):
        sam = await waiting(http, bot)
        await claim(alice, sam)
        assert await agent_actions.release_lost(desk, clock()) == 0
        clock.forward(seconds=46)

        assert await agent_actions.release_lost(desk, clock()) == 1
        read = await sam.read()
        assert read["status"] == "queued"
        assert "You keep your place" in read["messages"][-1]["text"]

    async def test_a_supervisor_may_move_what_another_has(
        self, http: httpx.AsyncClient, bot: FakeBot, alice: Member, desk: Desk
    ):
        grace = await sign_in(desk, http, "grace", "supervisor")
        sam = await waiting(http, bot)
        version = await claim(alice, sam)
        shown = (await grace.get(f"/conversations/{sam.id}/desk")).json()
        assert shown["messages"]
        answer = await grace.post(
            f"/conversations/{sam.id}/release", {"assignment_version": version}
        )
        assert answer.status_code == 200

    async def test_a_colleague_reads_nothing_of_it(
        self, http: httpx.AsyncClient, bot: FakeBot, alice: Member, bob: Member
    ):
        sam = await waiting(http, bot)
        await claim(alice, sam)
        answer = await bob.get(f"/conversations/{sam.id}/desk")
        assert answer.status_code == 403

    async def test_what_does_not_exist_is_a_404(self, alice: Member):
        for path in ("desk", "claim"):
            url = f"/conversations/{uuid4()}/{path}"
            answer = await (alice.get(url) if path == "desk" else alice.post(url))
            assert answer.status_code == 404


class TestRating:
    async def test_five_stars_and_one_change_of_mind(self, sam: Shopper):
        async def rate(stars: int) -> httpx.Response:
            return await sam.http.post(
                f"{sam.path}/rating",
                json={"stars": stars, "comment": "ok"},
                headers=sam.headers,
            )

        assert (await rate(2)).json()["revisions"] == 0
        assert (await rate(5)).json()["revisions"] == 1
        assert (await rate(1)).json()["code"] == "already_rated"

    @pytest.mark.parametrize("stars", [0, 6, -1, 2.5, "5x", True])
    async def test_other_stars_are_refused(self, sam: Shopper, stars: Any):
        answer = await sam.http.post(
            f"{sam.path}/rating", json={"stars": stars}, headers=sam.headers
        )
        assert answer.status_code == 422


async def test_the_transcript_has_every_public_word(
    sam: Shopper, bot: FakeBot, alice: Member
):
    await sam.say("How long can I return something?")
    answer = await sam.http.get(f"{sam.path}/transcript", headers=sam.headers)

    assert "You: How long can I return something?" in answer.text
    assert "→ How long can I return something?" in answer.text
    assert "attachment" in answer.headers["content-disposition"]


CONTENT = {
    "en": {
        "question": "Do you gift wrap?",
        "variants": ["Can it be wrapped as a present?"],
        "answer": "Yes, for **¥10**.",
    }
}


class TestArticles:
    @pytest.fixture
    async def editor(self, desk: Desk, http: httpx.AsyncClient) -> Member:
        return await sign_in(desk, http, "wang", "editor")

    async def test_written_edited_published_and_rolled_back(
        self, editor: Member, http: httpx.AsyncClient, desk: Desk
    ):
        desk.searcher = real_searcher(desk)
        made = await editor.post(
            "/articles", {"id": "gift-wrap", "topic": "buying", "content": CONTENT}
        )
        assert made.status_code == 201, made.text
        tag = made.headers["etag"]
        changed = {"en": CONTENT["en"] | {"answer": "Yes, for **¥12**."}}
        url = "/api/v1/articles/gift-wrap"

        missing = await http.put(url, json={"content": changed}, headers=editor.headers)
        assert missing.status_code == 428
        edited = await http.put(
            url, json={"content": changed}, headers=editor.headers | {"If-Match": tag}
        )
        assert edited.status_code == 200, edited.text
        stale = await http.put(
            url, json={"content": changed}, headers=editor.headers | {"If-Match": tag}
        )
        assert (stale.status_code, stale.json()["code"]) == (412, "stale_edit")
        published = await editor.post("/articles/gift-wrap/publish")
        assert published.json()["status"] == "published"
        revisions = (await editor.get("/articles/gift-wrap/revisions")).json()["items"]
        assert [each["number"] for each in revisions] == [2, 1]
        back = await editor.post(
            "/articles/gift-wrap/rollback", {"revision_id": revisions[1]["id"]}
        )
        assert back.json()["revision_number"] == 3
        assert back.json()["content"]["en"]["answer"] == "Yes, for **¥10**."
        retired = await editor.post("/articles/gift-wrap/retire")
        assert retired.json()["status"] == "retired"

    async def test_the_same_id_twice_is_a_conflict(self, editor: Member):
        body = {"id": "gift-wrap", "topic": "buying", "content": CONTENT}
        await editor.post("/articles", body)
        answer = await editor.post("/articles", body)
        assert (answer.status_code, answer.json()["code"]) == (409, "article_exists")

    async def test_a_missing_article_is_a_404(self, editor: Member):
        for path in ("", "/revisions"):
            answer = await editor.get(f"/articles/nothing{path}")
            assert answer.status_code == 404

    @pytest.mark.parametrize("file_format", ["markdown", "csv", "yaml", "jsonl"])
    async def test_what_goes_out_comes_in_again_unchanged(
        self, editor: Member, http: httpx.AsyncClient, file_format: str
    ):
        body = {"id": "gift-wrap", "topic": "buying", "content": CONTENT}
        await editor.post("/articles", body)
        out = await editor.get(f"/articles/export?format={file_format}")
        assert out.status_code == 200, out.text
        back = await http.post(
            f"/api/v1/articles/import?format={file_format}",
            content=out.content,
            headers=editor.headers | {"Content-Type": out.headers["content-type"]},
        )
        assert back.json()["unchanged"] == ["gift-wrap"], back.text

    async def test_a_bad_file_changes_nothing_and_every_row_is_named(
        self, editor: Member, http: httpx.AsyncClient
    ):
        answer = await http.post(
            "/api/v1/articles/import?format=jsonl",
            content=b'{"id": "x y"}\nnonsense\n',
            headers=editor.headers | {"Content-Type": "application/jsonl"},
        )
        assert answer.status_code == 422
        assert len(answer.json()["errors"]) >= 2
        assert (await editor.get("/articles")).json()["items"] == []

    async def test_trying_a_question_shows_the_ranking(self, editor: Member):
        found = (await editor.get("/articles/search?q=returns")).json()
        assert found["outcome"] == "answer"
        assert found["hits"][0]["article_id"] == "return-time-limit"


class TestHealth:
    async def test_ready_only_when_everything_answers(
        self, http: httpx.AsyncClient, bot: FakeBot, desk: Desk
    ):
        ready = await http.get("/readyz")
        assert ready.status_code == 200, ready.text
        bot.mode = "not_ready"
        desk.loaded.clear()
        answer = await http.get("/readyz")

        assert answer.status_code == 503
        assert answer.json()["checks"] == {
            "database": "ok",
            "redis": "ok",
            "index": "loading",
            "bot": "does not answer",
        }

    async def test_the_figures_are_not_for_everybody(self, http: httpx.AsyncClient):
        assert (await http.get("/metrics")).status_code == 403
