"""The order form and what follows it, as Rasa calls them (GUARANTEES B2, B24)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

import api.shop.actions  # noqa: F401 - registers them
from api.bot.actions import ActionCall, registry
from api.bot.payloads import BotMessage
from api.shop import demo_orders, proof
from api.shop.errors import ShopUnreachable
from api.shop.identity import Identity, sign_in
from api.shop.orders import OrderState
from tests.api.people import Shopper

SAMPLES = {sample.state: sample for sample in demo_orders.sample_orders()}
SHIPPED, PAID = SAMPLES[OrderState.SHIPPED], SAMPLES[OrderState.PAID]
UNKNOWN = "WL2026112299999"


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """That no answer comes before its time is tested in test_proof."""
    monkeypatch.setattr(proof, "_not_before", _at_once)


async def _at_once(moment: float) -> None:
    return None


@dataclass
class Talk:
    """What Rasa remembers of one conversation, and how its form asks us."""

    desk: Any
    conversation_id: str
    language: str = "en"
    slots: dict[str, Any] = field(default_factory=dict)
    said: list[dict[str, Any]] = field(default_factory=list)
    #: what else is known of the newest message
    latest: dict[str, Any] = field(default_factory=dict)

    async def call(self, name: str, new: dict[str, Any] | None = None) -> list[str]:
        self.slots |= new or {}
        events = [{"event": "user"}, {"event": "slot", "name": "requested_slot"}]
        events.append({"event": "action", "name": "order_form"})
        events += [
            {"event": "slot", "name": key, "value": value}
            for key, value in (new or {}).items()
        ]
        tracker = {
            "slots": dict(self.slots),
            "events": events,
            "latest_message": {
                **self.latest,
                "metadata": {"language": self.language},
            },
        }
        handler = registry.find(name)
        call = ActionCall(
            name=name, conversation_id=self.conversation_id, tracker=tracker
        )
        result = await handler(call, self.desk)
        for message in result.messages:
            BotMessage.model_validate(message)
        self.slots |= result.slots
        self.said = result.messages
        self.last_slots = result.slots
        return [message.get("say", "request") for message in result.messages]

    async def start(self, task: str) -> list[str]:
        """The form starts: whatever is kept counts as new."""
        self.slots["requested_task"] = task
        self.slots["requested_slot"] = None
        names = ("order_number", "order_proof", "confirmed")
        kept = {n: self.slots[n] for n in names if self.slots.get(n) is not None}
        return await self.call("validate_order_form", kept)

    async def give(self, **new: Any) -> list[str]:
        return await self.call("validate_order_form", new)

    @property
    def next(self) -> str | None:
        return self.slots["requested_slot"]


@pytest.fixture
async def talk(desk, sam):
    return Talk(desk=desk, conversation_id=sam.id)


class TestTheForm:
    async def test_it_asks_number_then_proof_then_tells(self, talk):
        await talk.start("track_order")
        assert talk.next == "order_number"
        assert await talk.give(order_number=SHIPPED.number.lower()) == []
        assert (talk.next, talk.slots["order_number"]) == (
            "order_proof",
            SHIPPED.number,
        )
        assert await talk.give(order_proof=SHIPPED.phone) == []
        assert talk.next is None

        assert await talk.call("action_tell_order") == ["order_track_shipped"]
        assert talk.said[0]["args"]["order_number"] == SHIPPED.number
        assert "SF Express" in talk.said[0]["args"]["parcel"]

    async def test_the_proof_itself_is_not_kept_in_the_dialogue(self, talk):
        await talk.start("track_order")
        await talk.give(order_number=SHIPPED.number, order_proof=SHIPPED.email)

        assert SHIPPED.email not in str(talk.slots)

    async def test_a_contact_given_first_is_checked_once_the_number_comes(self, talk):
        await talk.start("track_order")
        await talk.give(order_proof=SHIPPED.email)
        assert talk.next == "order_number"

        await talk.give(order_number=SHIPPED.number)
        assert talk.next is None

    async def test_a_number_alone_never_says_whether_it_exists(self, talk):
        await talk.start("track_order")
        known = (await talk.give(order_number=SHIPPED.number), talk.next)
        unknown = (await talk.give(order_number=UNKNOWN), talk.next)

        assert known == unknown == ([], "order_proof")

    async def test_unknown_and_wrong_are_told_in_the_same_words(self, talk):
        await talk.start("track_order")
        await talk.give(order_number=SHIPPED.number, order_proof="wrong@example.com")
        wrong, wrong_slots = talk.said, dict(talk.slots)
        await talk.give(order_number=UNKNOWN, order_proof=SHIPPED.phone)

        assert talk.said == wrong
        assert wrong[0]["say"] == "order_not_proven"
        assert talk.slots["order_proof"] is wrong_slots["order_proof"] is None
        assert talk.next == wrong_slots["requested_slot"] == "order_proof"

    @pytest.mark.parametrize(
        ("given", "words"),
        [
            ("1001\n1002", "order_number_unreadable"),
            (["1001", "1002"], "order_one_at_a_time"),
            ("12 OR 1=1", "order_number_unreadable"),
        ],
    )
    async def test_what_is_no_number_is_asked_again(self, talk, given, words):
        await talk.start("track_order")

        assert await talk.give(order_number=given) == [words]
        assert talk.next == "order_number"
        assert talk.slots["order_number"] is None

    async def test_after_three_failures_a_person_takes_over(self, talk):
        await talk.start("track_order")
        await talk.give(order_number="what?")
        await talk.give(order_number=SHIPPED.number)
        await talk.give(order_proof="who?")
        assert talk.slots["tries"] == 2
        assert await talk.give(order_proof="wrong@example.com") == []

        assert talk.slots["requested_task"] == "hand_over"
        assert talk.next is None
        assert talk.slots["tries"] is None

    async def test_one_failure_less_does_not(self, talk):
        """The negative control of the test above."""
        await talk.start("track_order")
        await talk.give(order_number="what?")
        await talk.give(order_number=SHIPPED.number)
        await talk.give(order_proof="who?")

        assert talk.slots["requested_task"] == "track_order"

    async def test_nothing_new_sets_nothing(self, talk):
        """Or Rasa would take a question in the middle for an answer to the form."""
        await talk.start("track_order")
        await talk.give(order_number=SHIPPED.number)

        assert await talk.give() == []
        assert talk.last_slots == {"requested_slot": "order_proof"}

    async def test_too_many_tries_end_the_form_and_say_until_when(self, talk, desk):
        for n in range(5):
            await talk.start("track_order")
            talk.slots["tries"] = None
            await talk.give(order_number=f"WL9{n:012d}", order_proof=SHIPPED.phone)
        await talk.start("track_order")
        talk.slots["tries"] = None
        said = await talk.give(order_number=SHIPPED.number, order_proof=SHIPPED.phone)

        assert said == ["proof_limited"]
        assert talk.said[0]["args"] == {"minutes": "15"}
        assert talk.next is None
        assert talk.slots["requested_task"] is None

    async def test_a_shop_that_is_away_is_said_and_offers_a_person(
        self, talk, desk, monkeypatch
    ):
        async def find(number):
            raise ShopUnreachable

        monkeypatch.setattr(desk.orders, "find", find)
        await talk.start("track_order")
        said = await talk.give(order_number=SHIPPED.number, order_proof=SHIPPED.phone)

        assert said == ["shop_unreachable"]
        assert talk.said[0]["buttons"][0]["press"]["intent"] == "ask_human"
        assert talk.slots["requested_task"] is None


class TestWhoIsTold:
    @pytest.mark.parametrize(
        "typed",
        [
            {"order_proof": "checked"},
            {"order_proof": "proven"},
            {"order_proof": True},
            {"verified": True, "role": "agent"},
            {"confirmed": True},
        ],
    )
    @pytest.mark.parametrize("action", ["action_tell_order", "action_request_change"])
    async def test_slots_open_nothing(self, talk, typed, action):
        """B2: whatever was typed into the slots, the rows alone decide."""
        talk.slots |= {
            "requested_task": "cancel_order",
            "order_number": PAID.number,
            "confirmed": True,
            **typed,
        }
        assert await talk.call(action) == ["proof_expired"]
        assert "args" not in talk.said[0] or talk.said[0]["args"] == {}

    async def test_the_mark_of_a_checked_proof_is_no_proof(self, talk):
        await talk.start("track_order")
        await talk.give(order_number=SHIPPED.number, order_proof="checked")

        assert talk.next == "order_proof"

    async def test_a_second_order_in_the_chat_needs_its_own_proof(self, talk):
        await talk.start("track_order")
        await talk.give(order_number=SHIPPED.number, order_proof=SHIPPED.phone)
        await talk.call("action_tell_order")
        await talk.start("track_order")
        await talk.give(order_number=PAID.number)

        assert talk.next == "order_proof"
        talk.slots["order_number"] = PAID.number
        assert await talk.call("action_tell_order") == ["proof_expired"]

    async def test_the_same_order_needs_none_for_half_an_hour(self, talk, clock):
        await talk.start("track_order")
        await talk.give(order_number=SHIPPED.number, order_proof=SHIPPED.phone)
        await talk.call("action_tell_order")

        await talk.start("order_details")
        assert talk.next is None
        clock.forward(minutes=31)
        await talk.start("order_details")
        assert talk.next == "order_proof"

    async def test_a_proof_is_worth_nothing_in_another_conversation(
        self, talk, desk, http
    ):
        await talk.start("track_order")
        await talk.give(order_number=SHIPPED.number, order_proof=SHIPPED.phone)
        eve = await Shopper.open(http, language="en")
        other = Talk(desk=desk, conversation_id=eve.id, slots=dict(talk.slots))

        assert await other.call("action_tell_order") == ["proof_expired"]

    async def test_a_signed_in_shopper_needs_no_proof_for_their_own(
        self, talk, desk, clock
    ):
        order = await desk.orders.find(SHIPPED.number)
        identity = Identity(
            customer_id=order.customer.id, name=None, expires_at=clock()
        )
        async with desk.database.writing() as session:
            await sign_in(
                session,
                UUID(talk.conversation_id),
                identity=identity,
                valid=timedelta(minutes=30),
                now=clock(),
            )
        assert await talk.start("track_order") == ["your_orders"]
        assert SHIPPED.number in talk.said[0]["args"]["orders"]
        await talk.give(order_number=SHIPPED.number)
        assert talk.next is None
        assert await talk.call("action_tell_order") == ["order_track_shipped"]

        await talk.start("track_order")
        await talk.give(order_number=PAID.number)
        assert talk.next == "order_proof"

    async def test_the_address_of_the_conversation_is_limited_too(self, desk, http):
        for n in range(6):
            shopper = await Shopper.open(http, language="en")
            talk = Talk(desk=desk, conversation_id=shopper.id)
            await talk.start("track_order")
            said = await talk.give(
                order_number=f"WL9{n:012d}", order_proof=SHIPPED.phone
            )

        assert said == ["proof_limited"]


class TestTelling:
    @pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
    @pytest.mark.parametrize("task", ["track_order", "order_details", "refund_status"])
    async def test_every_state_is_told_by_task_and_language(self, talk, task, language):
        talk.language = language
        for state, sample in SAMPLES.items():
            await talk.start(task)
            await talk.give(order_number=sample.number, order_proof=sample.phone)
            assert talk.next is None
            [said] = await talk.call("action_tell_order")
            if task == "track_order":
                assert said == f"order_track_{state.value}"


class TestChanges:
    async def prove(self, talk, task, sample):
        await talk.start(task)
        return await talk.give(order_number=sample.number, order_proof=sample.phone)

    async def test_it_says_what_will_happen_and_asks(self, talk):
        assert await self.prove(talk, "cancel_order", PAID) == ["explain_cancel_paid"]
        assert talk.next == "confirmed"

    async def test_a_yes_becomes_a_request_and_nothing_is_changed_yet(self, talk, desk):
        await self.prove(talk, "cancel_order", PAID)
        await talk.give(confirmed=True)
        assert talk.next is None
        await talk.call("action_request_change")

        assert talk.said[0]["request"] == {
            "type": "order_change",
            "change": "cancel",
            "order_number": PAID.number,
            "detail": {},
        }
        assert (await desk.orders.find(PAID.number)).state is OrderState.PAID

    async def test_a_yes_of_an_earlier_form_does_not_count(self, talk):
        await self.prove(talk, "cancel_order", PAID)
        await talk.give(confirmed=True)
        await talk.call("action_request_change")

        await talk.start("cancel_order")
        assert talk.next == "confirmed"
        assert talk.slots["confirmed"] is None

    async def test_a_yes_that_names_another_order_does_not_count(self, talk):
        await self.prove(talk, "cancel_order", PAID)
        await talk.give(confirmed=True, order_number=SHIPPED.number)

        assert talk.next == "order_proof"
        assert talk.slots["confirmed"] is None

    async def test_a_no_is_a_no(self, talk):
        await self.prove(talk, "cancel_order", PAID)
        await talk.give(confirmed=False)

        assert talk.next is None
        assert await talk.call("action_request_change") == ["change_not_confirmed"]

    async def test_what_is_too_late_is_refused_with_the_next_best_step(self, talk):
        said = await self.prove(talk, "cancel_order", SHIPPED)

        assert said == ["refused_cancel_on_its_way"]
        assert talk.slots["requested_task"] is None
        assert {button["press"]["intent"] for button in talk.said[0]["buttons"]} == {
            "track_order",
            "ask_human",
        }

    async def test_what_the_shop_cannot_change_goes_to_a_person_after_a_yes(self, talk):
        assert await self.prove(talk, "change_address", PAID) == []
        assert talk.next == "new_address"
        assert await talk.give(new_address="somewhere") == ["address_unreadable"]
        assert talk.next == "new_address"
        said = await talk.give(new_address="12 Baker Street, London")
        assert said == ["explain_address_person", "address_summary"]
        assert talk.said[1]["args"] == {"address": "12 Baker Street, London"}
        await talk.give(confirmed=True)
        await talk.call("action_request_change")

        request = talk.said[0]["request"]
        assert request["type"] == "handoff_request"
        assert request["reason"] == "change_needs_person"
        assert request["detail"]["new_address"] == "12 Baker Street, London"

    async def test_another_wish_in_the_middle_is_judged_anew(self, talk):
        await self.prove(talk, "cancel_order", PAID)
        talk.slots["requested_task"] = "return_item"

        assert await talk.give() == ["refused_return_not_sent"]


def test_the_three_actions_are_registered():
    names = {"validate_order_form", "action_tell_order", "action_request_change"}
    assert names <= set(registry.names())
