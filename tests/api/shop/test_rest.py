"""The REST adapter against a shop server that keeps its word, and one that does not."""

from __future__ import annotations

import copy
import json
import re
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jwt
import pytest

from api.errors import BadConfiguration
from api.shop.errors import (
    ChangeOutcomeUnknown,
    ChangeRefused,
    ChangeUnsupported,
    ShopAnswerUnreadable,
    ShopUnreachable,
)
from api.shop.identity import read_identity
from api.shop.numbers import order_number
from api.shop.orders import ChangeKind, OrderChange, OrderState
from api.shop.rest import RestOrders, shop_token
from api.shop.rest_schema import WireOrder, WireReceipt
from tests.api.shop.contract import OrderSourceContract, ShopUnderTest, cancel
from tests.api.shop.fake_shop import TOKEN, FakeShop

DOCS = Path(__file__).parents[3] / "docs" / "order-source.md"
BASE = "https://shop.example/desk"


def example(name: str) -> dict[str, Any]:
    """An example of the documentation, so that it cannot be wrong."""
    [found] = re.findall(
        rf"```json {name}\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL
    )
    return json.loads(found)


def wire_order(**changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(example("order")), **changes}


@pytest.fixture
def server():
    first = wire_order(number="WL20261122-00017", state="paid")
    older = wire_order(number="WL2026112200018", placed_at="2026-10-01T00:00:00Z")
    other = wire_order(number="WL2026112200019", customer={"id": "C9"})
    shop = FakeShop(older, first, other)
    # This shop writes hyphens, and finds the order under the plain spelling.
    shop.orders = {order_number(n): order for n, order in shop.orders.items()}
    return shop


@pytest.fixture
async def source(server):
    opened = RestOrders(
        BASE, token=TOKEN, timeout_seconds=2, transport=server.transport()
    )
    yield opened
    await opened.close()


class TestRestOrders(OrderSourceContract):
    @pytest.fixture
    async def shop(self, server, source):
        async def changes_made() -> int:
            return len(server.receipts)

        return ShopUnderTest(
            source=source,
            known="WL2026112200017",
            customer_id="C00017",
            changes_made=changes_made,
            unsupported=ChangeKind.ADDRESS,
        )


class TestReading:
    async def test_all_fields_arrive(self, source):
        order = await source.find("WL2026112200017")

        assert order.state is OrderState.PAID
        assert order.items[0].name["en"] == "Light down jacket"
        assert order.shipments[0].last_event.place["en"] == "桃園海關"
        assert str(order.total.amount) == "2196.00"
        assert order.changes == {"cancel", "return", "exchange", "invoice"}
        assert order.returned is None

    @pytest.mark.parametrize("trouble", ["refused", "cut", 429, 502, 503, 504])
    async def test_a_read_is_repeated(self, server, source, trouble):
        server.troubles = [trouble, trouble]

        assert await source.find("WL2026112200017")
        assert len(server.asked) == 3

    @pytest.mark.parametrize("trouble", ["refused", "cut", 502, 503])
    async def test_after_three_tries_the_shop_is_unreachable(
        self, server, source, trouble
    ):
        server.troubles = [trouble] * 9

        with pytest.raises(ShopUnreachable):
            await source.find("WL2026112200017")
        assert len(server.asked) == 3

    async def test_a_shop_that_hangs_is_given_up_in_time(self, server):
        source = RestOrders(
            BASE, token=TOKEN, timeout_seconds=0.2, transport=server.transport()
        )
        server.troubles = ["hang"] * 3
        started = time.monotonic()

        with pytest.raises(ShopUnreachable):
            await source.find("WL2026112200017")
        assert time.monotonic() - started < 1
        await source.close()

    @pytest.mark.parametrize(
        "trouble", [200, 204, 301, 400, 401, 403, 418, 500, "redirect", "html", "deep"]
    )
    async def test_whatever_is_no_order_is_unreadable_and_not_repeated(
        self, server, source, trouble
    ):
        server.troubles = [trouble]

        with pytest.raises(ShopAnswerUnreadable):
            await source.find("WL2026112200017")
        assert len(server.asked) == 1

    async def test_a_huge_answer_is_not_read_to_its_end(self, server, source):
        server.troubles = ["huge"] * 3

        with pytest.raises(ShopUnreachable):
            await source.find("WL2026112200017")

    @pytest.mark.parametrize(
        "changes",
        [
            {"state": "sent"},
            {"state": None},
            {"placed_at": "2026-11-11T12:40:00"},
            {"placed_at": 1795334400},
            {"promised_by": "soon"},
            {"region": "Taiwan"},
            {"total": {"amount": "NaN", "currency": "TWD"}},
            {"total": {"amount": "10", "currency": "NT$"}},
            {"items": "a jacket"},
            {"items": [{"sku": "1", "name": "x", "quantity": "2"}]},
            {"customer": {"id": 17}},
            {"customer": {"id": "C1", "email": "a\u0000@b.cn"}},
            {"address": "line\nbreak"},
            {"changes": ["refund everything"]},
        ],
    )
    async def test_a_field_of_the_wrong_kind_refuses_the_whole_answer(
        self, server, source, changes
    ):
        wrong = wire_order(number="WL1001", **changes)
        server.orders["WL1001"] = wrong

        with pytest.raises(ShopAnswerUnreadable) as caught:
            await source.find("WL1001")
        assert "amber017" not in repr(caught.value.__cause__)

    async def test_unknown_fields_are_ignored(self, server, source):
        server.orders["WL1001"] = wire_order(number="WL1001", colour="blue")

        assert await source.find("WL1001")

    async def test_an_answer_about_another_order_is_not_told_as_this_one(
        self, server, source
    ):
        server.orders["WL1001"] = wire_order(number="WL1002")

        with pytest.raises(ShopAnswerUnreadable):
            await source.find("WL1001")

    async def test_orders_of_somebody_else_in_a_list_are_left_out(self, server, source):
        server.orders["WL1001"] = wire_order(
            number="WL1001", customer={"id": "C00017 "}
        )
        orders = await source.list_for("C00017")

        assert [order.number for order in orders] == [
            "WL2026112200017",
            "WL2026112200018",
        ]

    async def test_what_is_typed_cannot_leave_the_path(self, server, source):
        assert await source.find("../../admin?x=#y") is None

        assert server.asked == [f"GET {BASE}/orders/..%2F..%2Fadmin%3Fx%3D%23y"]


class TestChanging:
    @pytest.mark.parametrize(
        ("trouble", "error"),
        [
            ("refused", ShopUnreachable),
            (401, ShopUnreachable),
            (429, ShopUnreachable),
            (503, ShopUnreachable),
            (400, ChangeRefused),
            (404, ChangeRefused),
            (409, ChangeRefused),
            (422, ChangeRefused),
            (405, ChangeUnsupported),
            (501, ChangeUnsupported),
            ("cut", ChangeOutcomeUnknown),
            (500, ChangeOutcomeUnknown),
            (502, ChangeOutcomeUnknown),
            (504, ChangeOutcomeUnknown),
            (302, ChangeOutcomeUnknown),
            ("html", ChangeOutcomeUnknown),
            ("huge", ChangeOutcomeUnknown),
            ('{"reference": ""}', ChangeOutcomeUnknown),
            (
                '{"reference": "X", "link": "javascript:alert(1)"}',
                ChangeOutcomeUnknown,
            ),
        ],
    )
    async def test_every_failure_says_what_is_known_and_nothing_is_sent_twice(
        self, server, source, trouble, error
    ):
        server.troubles = [trouble]

        with pytest.raises(error) as caught:
            await source.request_change(cancel("WL2026112200017"), idempotency_key="k")
        assert type(caught.value) is error
        assert len(server.asked) == 1

    async def test_a_shop_that_hangs_leaves_the_outcome_unknown(self, server):
        source = RestOrders(
            BASE, token=TOKEN, timeout_seconds=0.1, transport=server.transport()
        )
        server.troubles = ["hang"]

        with pytest.raises(ChangeOutcomeUnknown):
            await source.request_change(cancel("WL2026112200017"), idempotency_key="k")
        await source.close()

    async def test_a_key_sent_again_after_a_cut_gets_the_first_receipt(
        self, server, source
    ):
        server.troubles = ["cut"]
        with pytest.raises(ChangeOutcomeUnknown):
            await source.request_change(cancel("WL2026112200017"), idempotency_key="k")

        receipt = await source.request_change(
            cancel("WL2026112200017"), idempotency_key="k"
        )
        assert receipt.reference == "X1"
        assert len(server.receipts) == 1


class TestTheSecret:
    async def test_it_goes_to_the_shop_alone_and_follows_no_redirect(
        self, server, source
    ):
        server.troubles = ["redirect"]
        with pytest.raises(ShopAnswerUnreadable):
            await source.find("WL2026112200017")

        assert server.tokens == {f"Bearer {TOKEN}"}
        assert all(" https://shop.example/desk/" in asked for asked in server.asked)

    async def test_proxies_of_the_environment_are_not_asked(self, monkeypatch):
        monkeypatch.setenv("HTTPS_PROXY", "http://evil.example:3128")
        source = RestOrders(BASE, token=TOKEN, timeout_seconds=1)

        assert not source._client._mounts
        await source.close()

    def test_it_stands_in_the_environment_alone(self):
        assert shop_token({"WARMLINE_SHOP_TOKEN": "s"}) == "s"
        for missing in (
            {},
            {"WARMLINE_SHOP_TOKEN": ""},
            {"WARMLINE_SHOP_TOKEN": "a\nb"},
        ):
            with pytest.raises(BadConfiguration, match="WARMLINE_SHOP_TOKEN"):
                shop_token(missing)

    @pytest.mark.parametrize(
        "address",
        [
            "http://shop.example",
            "ftp://shop.example",
            "https://",
            "https://user:pw@shop.example",
            "https://shop.example?x=1",
            "https://shop.example#x",
            "shop.example",
            "",
        ],
    )
    def test_unsafe_addresses_are_refused(self, address):
        with pytest.raises(BadConfiguration, match="base_url"):
            RestOrders(address, token=TOKEN, timeout_seconds=1)

    async def test_http_is_for_this_machine(self):
        source = RestOrders("http://127.0.0.1:20999", token=TOKEN, timeout_seconds=1)

        with pytest.raises(ShopUnreachable):
            await source.find("WL1001")
        await source.close()


class TestTheDocumentation:
    def test_its_order_and_its_receipt_are_believed(self):
        order = WireOrder.model_validate_json(json.dumps(example("order")))
        receipt = WireReceipt.model_validate_json(json.dumps(example("receipt")))

        assert order.value(number="WL2026112200017").state is OrderState.LATE
        assert receipt.reference == "RT000017"

    async def test_its_change_is_what_is_sent(self, server, source, monkeypatch):
        bodies = []
        build = source._client.build_request

        def noted(*args, **kwargs):
            bodies.append(kwargs.get("json"))
            return build(*args, **kwargs)

        monkeypatch.setattr(source._client, "build_request", noted)
        change = OrderChange(
            kind=ChangeKind.RETURN, order_number="WL2026112200017", detail={}
        )
        await source.request_change(change, idempotency_key="k")

        assert bodies == [example("change")]

    def test_its_identity_is_believed(self):
        claims = example("identity")
        key = b"a secret of thirty-two bytes....."
        token = jwt.encode(claims, key, algorithm="HS256")
        now = datetime.fromtimestamp(claims["exp"] - 300, UTC)

        assert read_identity(token, secret=key, now=now).customer_id == "C00017"

    @pytest.mark.parametrize("word", [*OrderState, *ChangeKind])
    def test_it_names_every_state_and_change(self, word):
        assert f"`{word.value}`" in DOCS.read_text("utf-8")
