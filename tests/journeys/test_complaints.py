"""Each complaint of docs/complaints.md about the line or the console, answered by a whole journey."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from api.reception_settings import ReceptionRule
from api.writing.learning import learn_answers
from tests.api.waiting import until
from tests.fakes import ABSTAIN, ANSWER
from tests.journeys.floor import Floor, act, be, held, reply, take, texts, waits

PERSON = "I want to talk to a real person"
LATE = "did not answer in time"


@pytest.fixture
def handoff() -> dict[str, Any]:
    """What a test wants of the line, other than the shop's own."""
    return {}


@pytest.fixture
def database(tmp_path: Path, sqlite_template: Path) -> str:
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'desk.db')}"


@pytest.fixture
async def floor(
    tmp_path: Path, database: str, handoff: dict[str, Any]
) -> AsyncIterator[Floor]:
    async with Floor.opened(tmp_path, database, **handoff) as opened:
        yield opened


@pytest.fixture(autouse=True)
def nobody_waits_afterwards():
    """Every test here has a desk of its own."""


def pushes(test: Any) -> Any:
    return pytest.mark.parametrize("handoff", [{"mode": "push"}], ids=["push"])(test)


async def test_who_waits_sees_a_place_and_a_time(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("api.sockets.places.PLACE_SECONDS", 0.1)
    alice = await floor.hire("alice")
    first = await floor.shopper("en")
    second = await floor.shopper("zh-Hant")
    assert "You are next in line" in (await first.say(PERSON))["replies"][-1]["text"]
    told = (await second.say("轉人工"))["replies"][-1]["text"]
    assert "您排在第 2 位" in told
    assert "分鐘" in told
    async with floor.screen(second) as screen:
        version = await take(alice, first)
        nearer = await screen.is_at(1)
        assert 0 < nearer["wait_seconds"]["low"] < nearer["wait_seconds"]["high"]
        await act(alice, first, "resolve", version=version, disposition="solved")
        floor.clock.forward(seconds=120)
        await take(alice, second)
        await screen.is_with("Alice")
    floor.clock.forward(days=1)
    sue = await floor.hire("sue", "supervisor")
    kept = (await sue.get("/forecast/calibration")).json()["rows"]
    assert kept[0]["told"] == 2


@pushes
async def test_a_busy_or_absent_agent_is_given_nothing_and_nobody_is_lost(
    floor: Floor,
):
    alice, bob = await floor.hire("alice"), await floor.hire("bob")
    await be(alice, "available", capacity=1)
    await be(bob, "away")
    shoppers = [await floor.shopper() for _ in range(3)]
    for each in shoppers:
        await each.say(PERSON)
    await floor.round()
    ids = [each.id for each in shoppers]
    assert (await held(alice), await held(bob)) == (ids[:1], [])
    places = [(await each.read())["handoff"] for each in shoppers[1:]]
    assert [each["position"] for each in places] == [1, 2]

    await be(bob, "available")
    await floor.round()
    assert (await held(alice), sorted(await held(bob))) == (ids[:1], sorted(ids[1:]))
    for each in shoppers:
        assert sum("has joined" in text for text in await texts(each)) == 1


async def test_a_silent_agent_loses_it_to_another_and_the_place_is_kept(floor: Floor):
    alice, bob = await floor.hire("alice"), await floor.hire("bob")
    sam = await floor.shopper()
    await sam.say(PERSON)
    version = await take(alice, sam)
    later = await floor.shopper()
    await later.say(PERSON)
    # Bob is busy with another one meanwhile; that is no answer to Sam.
    bobs = await take(bob, later)
    for text in ("I am here.", "It is on its way.", "It comes tomorrow."):
        await reply(bob, later, text, version=bobs)
    newest = await floor.shopper()
    await newest.say(PERSON)
    async with floor.screen(sam) as screen:
        await floor.later(alice, bob, seconds=301)
        await screen.hears(LATE)
        assert (await sam.read())["handoff"]["position"] == 1
        assert sam.id not in await held(alice)
        # She looks up and writes: it is no longer hers, and the shopper never sees it.
        answer = await reply(alice, sam, "Sorry, I was out.", version=version)
        assert answer.status_code == 409
        answer = await reply(bob, sam, "Bob here.", version=await take(bob, sam))
        assert answer.status_code == 200
        assert (await screen.hears("Bob here."))["agent_name"] == "Bob"
        assert "I was out" not in screen.seen


async def test_whoever_went_offline_or_home_keeps_no_conversation(floor: Floor):
    alice, bob = await floor.hire("alice"), await floor.hire("bob")
    sam, jo = await floor.shopper(), await floor.shopper()
    for shopper, agent in ((sam, alice), (jo, bob)):
        await shopper.say(PERSON)
        await take(agent, shopper)
    newest = await floor.shopper()
    await newest.say(PERSON)
    ends = floor.clock().isoformat()
    async with floor.screen(sam) as sams, floor.screen(jo) as jos:
        await floor.http.put(
            "/api/v1/presence/shift", json={"ends_at": ends}, headers=bob.headers
        )
        await jos.hears("shift has ended")
        carol = await floor.hire("carol")
        await floor.later(carol, seconds=90)  # nothing is heard of Alice
        await sams.hears("You keep your place")
    assert await waits(carol) == [sam.id, jo.id, newest.id]
    for shopper in (sam, jo, newest):
        await take(carol, shopper)


@pushes
async def test_the_backlog_goes_to_the_agents_who_arrive(floor: Floor):
    shoppers = [await floor.shopper() for _ in range(4)]
    for each in shoppers:
        await each.say(PERSON)
    await floor.later(minutes=20)
    assert {(await each.read())["status"] for each in shoppers} == {"queued"}

    alice, bob = await floor.hire("alice"), await floor.hire("bob")
    async with floor.screen(shoppers[3]) as last, floor.console(bob) as console:
        for agent in (alice, bob):
            await be(agent, "available")
        await floor.round()
        await last.hears("has joined")
        await console.rings(waiting=0)
    given = [await held(alice), await held(bob)]
    assert [len(each) for each in given] == [2, 2]
    assert sorted([*given[0], *given[1]]) == sorted(each.id for each in shoppers)


async def test_out_of_hours_it_is_a_case_answered_by_a_promised_time(floor: Floor):
    floor.clock.now = floor.clock.now.replace(hour=17)  # 01:00 in Shanghai
    jo = await floor.shopper(timezone="Europe/Berlin")
    told = (await jo.say(PERSON))["replies"][-1]["text"]
    assert "we open at Wed 03-04 02:00 (UTC+01)" in told
    assert "reply by Wed 03-04 04:00 (UTC+01)" in told
    await jo.say("The kettle leaks.")

    floor.clock.now = floor.clock.now.replace(day=4, hour=2, minute=0)  # they are back
    alice = await floor.hire("alice")
    [row] = (await alice.get("/queue")).json()["waiting"]
    assert row["promised_by"] == "2026-03-04T03:00:00Z"
    assert row["last_text"] == "The kettle leaks."
    assert row["sla"]["level"] == "soon"  # an hour of the promise is left
    version = await take(alice, jo)
    await reply(alice, jo, "A new kettle leaves today.", version=version)
    # The shopper was away all night; the answer lies in the same conversation.
    assert (await texts(jo))[-1] == "A new kettle leaves today."
    [mine] = (await alice.get("/queue")).json()["mine"]
    assert mine["sla"] is None
    assert floor.clock() < datetime.fromisoformat(row["promised_by"])


async def test_out_of_hours_no_word_said_to_the_bot_vanishes(floor: Floor):
    floor.clock.now = floor.clock.now.replace(hour=17)
    sam = await floor.shopper()
    answered = await sam.say("How long can I return something?")
    assert "7 days" in answered["replies"][0]["text"]
    words = [PERSON, "It is about the red one.", "Good night"]
    for each in words:
        await sam.say(each)
    assert "we open at" in str(await texts(sam))

    floor.clock.forward(hours=10)
    alice = await floor.hire("alice")
    await take(alice, sam)
    thread = (await alice.get(f"/conversations/{sam.id}/desk")).json()["messages"]
    said = [each["text"] for each in thread if each["actor"] == "shopper"]
    assert said == ["How long can I return something?", *words]


async def test_the_bot_does_not_talk_over_the_person_who_took_over(floor: Floor):
    alice = await floor.hire("alice")
    sam = await floor.shopper()
    floor.bot.gate = asyncio.Event()
    async with floor.screen(sam) as screen:
        asking = asyncio.create_task(sam.say("How long can I return something?"))
        await until(lambda: floor.bot.asked)
        await floor.later(alice, seconds=60)  # the bot hangs, so a person is asked
        version = await take(alice, sam)
        await reply(alice, sam, "Thirty days for you.", version=version)
        floor.bot.gate.set()  # and now the bot would speak
        await asking
        asked = len(floor.bot.asked)
        await sam.say("Thank you. How long does it take?")
        await reply(alice, sam, "Two days.", version=version)
        await screen.hears("Two days.")
    actors = {each["actor"] for each in (await sam.read())["messages"]}
    assert "bot" not in actors
    assert "7 days" not in screen.seen
    assert len(floor.bot.asked) == asked


async def test_no_handoff_is_silent(floor: Floor):
    alice, bob = await floor.hire("alice"), await floor.hire("bob")
    bob_id = (await bob.get("/me")).json()["id"]
    sam = await floor.shopper()
    async with floor.screen(sam) as screen:
        floor.bot.mode = "500"
        await sam.say("Where is it?")
        await screen.hears("went wrong on my side")
        version = await take(alice, sam)
        await screen.hears("Alice has joined")
        passed = {"version": version, "to_agent_id": bob_id}
        moved = await act(alice, sam, "transfer", **passed)
        await screen.hears("Bob has taken over")
        version = moved["assignment_version"]
        await act(bob, sam, "pass-on", version=version, skill="refunds", note="Money")
        await screen.hears("a colleague who knows more about it")
        await floor.later(alice, seconds=121)
        version = await take(alice, sam)
        await screen.hears("Alice has joined")
        await act(alice, sam, "release", version=version)
        await screen.hears("had to leave")
        version = await take(bob, sam)
        await act(bob, sam, "return-to-bot", version=version)
        await screen.hears("the assistant is here again")


async def test_coming_back_goes_to_who_settled_it_and_not_round_through_the_bot(
    floor: Floor,
):
    alice, bob = await floor.hire("alice"), await floor.hire("bob")
    sam = await floor.shopper()
    await sam.say("The kettle leaks.")
    await sam.say(PERSON)
    version = await take(alice, sam)
    done = {"disposition": "refunded", "summary": "Refund of the kettle sent."}
    await act(alice, sam, "resolve", version=version, **done)
    asked = len(floor.bot.asked)
    floor.clock.forward(hours=3)
    for agent in (alice, bob):
        await be(agent, "available")
    async with floor.screen(sam) as screen:
        await sam.say("The money has not arrived")
        await screen.hears("open again")
        await screen.hears("Alice has joined")
    assert len(floor.bot.asked) == asked
    card = (await alice.get(f"/conversations/{sam.id}/desk")).json()["card"]
    assert card["settled"]["summary"] == "Refund of the kettle sent."
    # What is wanted now, not what was wanted then.
    wanted = [each["text"] for each in card["wants"]["own_words"]]
    assert wanted == ["The money has not arrived"]


FIRST = {"reception": (ReceptionRule.model_validate({"reception": "human_first"}),)}


@pytest.mark.parametrize("handoff", [FIRST], ids=["human_first"])
async def test_the_shop_and_the_shopper_choose_who_comes_first(floor: Floor):
    alice = await floor.hire("alice")
    await be(alice, "available")
    sam = await floor.shopper()
    met = await sam.say("How long can I return something?")
    assert (met["status"], met["handoff"]["reasons"]) == ("queued", ["human_first"])

    left = await floor.http.post(f"{sam.path}/leave-line", headers=sam.headers)
    assert left.status_code == 200, left.text
    turn = await sam.say("How long can I return something?")
    assert "7 days" in turn["replies"][0]["text"]
    assert await waits(alice) == []

    assert (await sam.say(PERSON))["status"] == "queued"
    await take(alice, sam)


async def test_agents_hear_at_once_that_the_bot_hands_over(floor: Floor):
    alice, bob = await floor.hire("alice"), await floor.hire("bob")
    angry = {"label": "angry", "intensity": 0.9, "evidence": ["!!!"]}
    sam = await floor.shopper()
    async with floor.console(alice) as alices, floor.console(bob) as bobs:
        floor.bot.reply = ANSWER | {"emotion": angry}
        await sam.say("THIS IS THE WORST SHOP EVER!!!")
        for console in (alices, bobs):
            await console.rings(waiting=1)
        [row] = (await bob.get("/queue")).json()["waiting"]
        assert "angry" in row["reasons"]
        assert row["last_text"] == "THIS IS THE WORST SHOP EVER!!!"
        await take(alice, sam)
        await bobs.rings(waiting=0)


async def test_after_a_lost_connection_nobody_writes_past_a_colleague(floor: Floor):
    alice, sue = await floor.hire("alice"), await floor.hire("sue", "supervisor")
    sam = await floor.shopper()
    await sam.say(PERSON)
    version = await take(alice, sam)
    async with floor.console(alice, sam) as before:
        seen = (await before.messages(3))[-1]["seq"]
    # Her line is gone; meanwhile the shopper writes and a colleague answers.
    await sam.say("It is urgent now.")
    late = await reply(alice, sam, "Any time.", version=version, seen_seq=seen)
    assert late.json()["code"] == "new_message_above"
    taken = await act(sue, sam, "take-over", version=version)
    await reply(
        sue, sam, "A refund is on its way.", version=taken["assignment_version"]
    )
    late = await reply(alice, sam, "No refund, sorry.", version=version, seen_seq=seen)
    assert late.status_code == 409
    said = [
        each["text"]
        for each in (await sam.read())["messages"]
        if each["actor"] == "agent"
    ]
    assert said == ["A refund is on its way."]
    async with floor.console(alice) as again:
        await again.send(t="watch", conversation_id=sam.id, after=seen)
        assert (await again.until("error"))["code"] == "not_found"


async def test_the_bots_messages_do_not_count_as_an_agents(floor: Floor):
    alice = await floor.hire("alice")
    sam = await floor.shopper()
    for words in ("How long can I return something?", PERSON):
        await sam.say(words)
        floor.clock.forward(seconds=10)
    floor.clock.forward(seconds=90)
    version = await take(alice, sam)
    await reply(alice, sam, "Hello, one moment please.", version=version)
    floor.clock.forward(seconds=50)
    await reply(alice, sam, "Your parcel arrives tomorrow.", version=version)
    await act(alice, sam, "resolve", version=version, disposition="solved")
    floor.clock.forward(minutes=1)
    sue = await floor.hire("sue", "supervisor")
    [row] = (await sue.get("/report?days=1")).json()["agents"]
    assert row["name"] == "Alice"
    assert round(row["service"]["first_word"]["median"]) == 100
    assert round(row["service"]["first_answer"]["median"]) == 150


async def test_place_promise_skill_and_head_start_are_in_the_free_desk(floor: Floor):
    alice = await floor.hire("alice")
    calm, hurried = await floor.shopper(), await floor.shopper()
    await calm.say(PERSON)
    floor.clock.forward(seconds=30)
    floor.bot.reply = ANSWER | {"intent": {"name": "refund_status", "confidence": 0.9}}
    told = await hurried.say(f"I need it today, urgent! {PERSON}")
    assert told["handoff"]["position"] == 1
    rows = (await alice.get("/queue")).json()["waiting"]
    assert [row["id"] for row in rows] == [hurried.id, calm.id]
    assert rows[0]["priority"] == [{"code": "urgent", "minutes": 5}]
    assert [row["position"] for row in rows] == [1, 2]
    assert {row["sla"]["clock"] for row in rows} == {"first"}
    # Five minutes at most: whoever has waited longer than that is served first.
    floor.clock.forward(minutes=10)
    late = await floor.shopper()
    await late.say(f"I need it today, urgent! {PERSON}")
    assert (await waits(alice))[-1] == late.id


async def test_whoever_waits_appears_to_every_agent_though_the_line_is_lost(
    floor: Floor,
):
    alice, bob = await floor.hire("alice"), await floor.hire("bob")
    shoppers = [await floor.shopper() for _ in range(3)]
    for each in shoppers:
        await each.say(PERSON)
        floor.clock.forward(seconds=5)
    for each in list(await floor.desk.line.entries() or {}):
        await floor.desk.line.remove(each)  # as after a Redis that lost everything
    ids = [each.id for each in shoppers]
    assert await waits(alice) == await waits(bob) == ids
    await take(bob, shoppers[0])
    await floor.round()
    assert (await shoppers[2].read())["handoff"]["position"] == 2
    for each in shoppers[1:]:
        await take(alice, each)


async def test_every_agent_is_rated_after_the_talk_and_may_object(floor: Floor):
    alice, bob = await floor.hire("alice"), await floor.hire("bob")
    sue = await floor.hire("sue", "supervisor")
    ratings = ((alice, 5, "Quick"), (bob, 1, "idiots"))
    for agent, stars, comment in ratings:
        sam = await floor.shopper()
        await sam.say(PERSON)
        version = await take(agent, sam)
        await act(agent, sam, "resolve", version=version, disposition="solved")
        body = {"stars": stars, "comment": comment}
        given = await floor.http.post(
            f"{sam.path}/rating", json=body, headers=sam.headers
        )
        assert given.status_code == 200, given.text
    floor.clock.forward(minutes=1)

    async def shown() -> dict[str, float | None]:
        agents = (await sue.get("/report?days=1")).json()["agents"]
        return {each["name"]: each["stars"]["stars"]["value"] for each in agents}

    assert await shown() == {"Alice": 5.0, "Bob": 1.0}
    appeal = f"/conversations/{sam.id}/rating/appeal"
    assert (await bob.post(appeal, {"reason": "abuse"})).status_code == 204
    upheld = await sue.post(f"{appeal}/decision", {"is_upheld": True})
    assert upheld.status_code == 204
    assert await shown() == {"Alice": 5.0, "Bob": None}


@pytest.mark.parametrize(
    "words", ["人工", "转人工！", "轉人工客服", "我要找真人", "human please", PERSON]
)
async def test_asking_for_a_person_is_never_answered_as_a_question(
    floor: Floor, words: str
):
    alice = await floor.hire("alice")
    sam = await floor.shopper("en" if words.isascii() else "zh-Hans")
    floor.bot.reply = ABSTAIN  # a bot that makes nothing of it
    turn = await sam.say(words)
    assert turn["status"] == "queued"
    assert turn["handoff"]["reasons"] == ["asked_for_human"]
    await take(alice, sam)

    other = await floor.shopper("zh-Hans")
    turn = await other.say("人工皮革的沙发怎么保养")
    assert (turn["status"], turn["replies"][0]["actor"]) == ("bot", "bot")


async def test_a_good_answer_of_a_person_becomes_an_article(floor: Floor):
    alice, eve = await floor.hire("alice"), await floor.hire("eve", "editor")
    sam = await floor.shopper()
    floor.bot.reply = ABSTAIN
    for _ in range(2):
        turn = await sam.say("Do you repair watches?")
    assert "not_understood" in turn["handoff"]["reasons"]
    version = await take(alice, sam)
    await reply(alice, sam, "Hello, how can I help you?", version=version)
    await sam.say("Do you repair watches?")
    await reply(alice, sam, "We do, at the desk in Ulm.", version=version)
    await act(alice, sam, "resolve", version=version, disposition="solved")
    floor.clock.forward(minutes=11)
    await learn_answers(floor.desk)

    [gap] = (await eve.get("/gaps")).json()["items"]
    [near, *_] = (await eve.get(f"/gaps/{gap['id']}/answers")).json()["items"]
    assert near["answer"] == "We do, at the desk in Ulm."
    body = {"id": "watches", "topic": "returns", "answer_id": near["id"]}
    made = await eve.post("/gaps/article", body | {"gap_ids": [gap["id"]]})
    assert made.status_code == 201, made.text
    draft = (await eve.get("/articles/watches")).json()
    assert draft["status"] == "draft"
    assert draft["content"]["en"]["answer"] == "We do, at the desk in Ulm."
    assert gap["text"] in str(draft["content"]["en"])
