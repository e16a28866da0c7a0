"""The allowance ladder: within the limits, above them, once, and on record in the thread."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx
import pytest

from api.desk import Desk
from api.giving import carry_left_lying
from api.shop.errors import ChangeOutcomeUnknown, ChangeUnsupported
from tests.api.people import Member, sign_in
from tests.api.test_agents import claim, waiting
from tests.fakes import FakeBot


class GivingOrders:
    """The shop's orders, and a shop that can give."""

    def __init__(self, inner: Any, answer: str | Exception) -> None:
        self._inner = inner
        self.answer = answer
        self.keys: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    async def give_allowance(self, allowance: Any, *, idempotency_key: str) -> str:
        self.keys.append(idempotency_key)
        if isinstance(self.answer, Exception):
            raise self.answer
        return f"{self.answer}-{allowance.kind}-{allowance.amount}"


@pytest.fixture
async def sam(http: httpx.AsyncClient, bot: FakeBot, alice: Member) -> Any:
    shopper = await waiting(http, bot)
    await claim(alice, shopper)
    return shopper


async def give(member: Member, shopper: Any, **body: Any) -> httpx.Response:
    return await member.post(
        f"/conversations/{shopper.id}/allowances",
        {
            "idempotency_key": uuid4().hex,
            "kind": "coupon",
            "amount": "10",
            "reason": "late",
            **body,
        },
    )


async def notes(member: Member, shopper: Any) -> list[str]:
    thread = (await member.get(f"/conversations/{shopper.id}/desk")).json()
    return [one["text"] for one in thread["messages"] if one["kind"] == "note"]


async def test_within_the_limits_it_is_given_and_noted_for_colleagues_alone(
    alice: Member, sam: Any
):
    answer = await give(alice, sam)
    assert answer.status_code == 200, answer.text
    assert answer.json()["state"] == "prepared"
    assert len(await notes(alice, sam)) == 2
    assert all(one["kind"] != "note" for one in (await sam.read())["messages"])


async def test_the_same_press_twice_gives_once(alice: Member, sam: Any):
    for _ in range(2):
        answer = await give(alice, sam, idempotency_key="one-press-1")
        assert answer.status_code == 200
    assert len((await alice.get(f"/conversations/{sam.id}/allowances")).json()) == 1
    clash = await give(alice, sam, idempotency_key="one-press-1", amount="11")
    assert (clash.status_code, clash.json()["code"]) == (409, "id_conflict")


async def test_above_the_limit_a_supervisor_answers_in_the_thread(
    alice: Member, sue: Member, sam: Any
):
    asked = (await give(alice, sam, amount="80.50")).json()
    assert asked["state"] == "waits"
    [waits] = (await sue.get("/allowances")).json()
    assert (waits["amount"], waits["asked_by_name"]) == ("80.5", "Alice")

    path = f"/allowances/{waits['request_id']}/decision"
    assert (await alice.post(path, {"is_approved": True})).status_code == 403
    done = await sue.post(path, {"is_approved": True, "note": "Fine with me."})

    assert done.json()["state"] == "prepared"
    assert (await sue.get("/allowances")).json() == []
    assert any("Fine with me." in one for one in await notes(alice, sam))
    again = await sue.post(path, {"is_approved": False})
    assert (again.status_code, again.json()["code"]) == (409, "allowance_decided")


async def test_nobody_agrees_to_their_own_wish(sue: Member, sam: Any):
    asked = (await give(sue, sam, amount="5000")).json()
    answer = await sue.post(
        f"/allowances/{asked['request_id']}/decision", {"is_approved": True}
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "own_allowance")


async def test_a_shop_that_can_is_told_once_and_its_number_is_kept(
    desk: Desk, alice: Member, sam: Any
):
    desk.orders = GivingOrders(desk.orders, "S1")  # type: ignore[assignment]
    order = await some_order(desk)
    for _ in range(2):
        answer = await give(
            alice, sam, order_number=order, idempotency_key="one-press-1"
        )
    assert (answer.json()["state"], answer.json()["reference"]) == (
        "told",
        "S1-coupon-10",
    )
    assert len(desk.orders.keys) == 1


@pytest.mark.parametrize(
    ("error", "state"),
    [(ChangeUnsupported(), "prepared"), (ChangeOutcomeUnknown(), "failed")],
)
async def test_what_the_shop_does_not_take_is_left_to_a_person(
    desk: Desk, alice: Member, sam: Any, error: Exception, state: str
):
    desk.orders = GivingOrders(desk.orders, error)  # type: ignore[assignment]
    answer = await give(alice, sam, order_number=await some_order(desk))
    assert answer.json()["state"] == state


async def test_what_a_dead_process_gave_is_carried_on(
    desk: Desk, alice: Member, sam: Any, clock: Any, monkeypatch: pytest.MonkeyPatch
):
    with monkeypatch.context() as patched:
        patched.setattr("api.giving._carry", _died)
        with pytest.raises(RuntimeError):
            await give(alice, sam)
    clock.forward(minutes=2)
    await carry_left_lying(desk)
    [one] = (await alice.get(f"/conversations/{sam.id}/allowances")).json()
    assert one["state"] == "prepared"


async def _died(*_: Any, **__: Any) -> None:
    raise RuntimeError


@pytest.mark.parametrize(
    "body",
    [
        {"amount": "0"},
        {"amount": "1.234"},
        {"kind": "gold"},
        {"order_number": "NOSUCH999999"},
        {"kind": "refund", "order_number": ""},
        {"reason": ""},
    ],
)
async def test_nonsense_is_refused(alice: Member, sam: Any, body: dict[str, Any]):
    assert (await give(alice, sam, **body)).status_code == 422


async def test_no_more_is_refunded_than_was_paid(desk: Desk, alice: Member, sam: Any):
    order = await some_order(desk)
    answer = await give(alice, sam, kind="refund", amount="999999", order_number=order)
    assert answer.status_code == 422


async def test_a_stranger_gives_nothing(desk: Desk, http: httpx.AsyncClient, sam: Any):
    bob = await sign_in(desk, http, "bob", "agent")
    assert (await give(bob, sam)).status_code == 403


async def some_order(desk: Desk) -> str:
    from api.shop.demo_orders import number_of  # noqa: PLC0415

    number = number_of(7)
    assert await desk.orders.find(number) is not None
    return number
