"""The shop's routine matters as a shopper asks for them: words, an order that fits, what must be read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

from api.shop import demo_orders
from api.shop.allowed import Ruling, rule
from api.shop.orders import ChangeKind, Order, OrderState

ZONE = ZoneInfo("Asia/Shanghai")
#: dearer orders in trouble are looked after by people at once
CHEAP = 900
#: these stand for their states elsewhere in the tests
FIRST = len(demo_orders.STATES) + 1
DAY = {
    "zh-Hans": re.compile(r"\d+月\d+日周."),
    "en": re.compile(r"[A-Z][a-z]{2}, [A-Z][a-z]{2} \d+"),
}
LANGUAGES = tuple(DAY)
Both = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change: how it is asked for, when it is refused, what is read back, how it ends."""

    kind: ChangeKind
    opening: Both
    refused_by: str
    refused: Both
    explained_by: str
    read_back: Both
    done: Both
    reference: str = ""


CHANGES = (
    Change(
        kind=ChangeKind.CANCEL,
        opening=("我要取消订单", "I want to cancel my order"),
        refused_by="refused_cancel_on_its_way",
        refused=("可以在送达时拒收", "refuse the parcel at the door"),
        explained_by="explain_cancel_paid",
        read_back=("全额原路退回", "the whole amount, goes back"),
        done=("将原路退回", "goes back the way you paid"),
        reference=r"CA\d{6}",
    ),
    Change(
        kind=ChangeKind.RETURN,
        opening=("我要退货", "I want to return an item"),
        refused_by="refused_return_too_late",
        refused=("如果是质量问题，客服可以", "a colleague can still help"),
        explained_by="explain_return",
        read_back=("商品需未使用", "Unused and complete"),
        done=("退货申请已受理", "The return of order"),
        reference=r"RT\d{6}",
    ),
    Change(
        kind=ChangeKind.EXCHANGE,
        opening=("我要换货", "I want to exchange an item"),
        refused_by="refused_return_not_sent",
        refused=("直接取消更快", "Cancelling it is quicker"),
        explained_by="explain_exchange",
        read_back=("验收后寄出新的", "we send the new one"),
        done=("换货申请已受理", "The exchange for order"),
        reference=r"EX\d{6}",
    ),
    Change(
        kind=ChangeKind.PRICE,
        opening=("刚买就降价了，帮我退差价", "I'd like a price adjustment"),
        refused_by="refused_price_not_lower",
        refused=("没有差价可退", "there is no difference"),
        explained_by="explain_price",
        read_back=("每个订单只能申请一次", "can go back to"),
        done=("已申请退回", "will be paid back"),
        reference=r"PA\d{6}",
    ),
    Change(
        kind=ChangeKind.INVOICE,
        opening=("帮我开发票", "I need an invoice for my order"),
        refused_by="refused_invoice_issued",
        refused=("请先看看垃圾邮件", "look in the spam folder"),
        explained_by="explain_invoice",
        read_back=("***@example.com", "***@example.com"),
        done=("电子发票已申请", "The invoice for order"),
        reference=r"IN\d{6}",
    ),
    Change(
        kind=ChangeKind.LOST,
        opening=("我要报丢件", "I want to report a lost parcel"),
        refused_by="refused_lost_not_sent",
        refused=("还没有包裹可查", "no parcel to search for"),
        explained_by="explain_lost_delivered",
        read_back=("请承运商核查签收", "the carrier can be asked to check"),
        done=("查件已开始", "has begun"),
        reference=r"LP\d{6}",
    ),
)
#: what the demo shop leaves to people
ADDRESS = Change(
    kind=ChangeKind.ADDRESS,
    opening=("我要改收货地址", "I need to change my delivery address"),
    refused_by="refused_address_on_its_way",
    refused=("请承运商改派", "The carrier may redirect it"),
    explained_by="explain_address_person",
    read_back=("新地址：", "New address:"),
    done=("这项改动需要人工客服核对", "This change needs a person"),
)
PROBLEM = Change(
    kind=ChangeKind.PROBLEM,
    opening=("我收到的东西坏了", "my item arrived damaged"),
    refused_by="refused_problem_not_sent",
    refused=("还不能登记商品问题", "no problem with the goods can be reported"),
    explained_by="explain_problem_person",
    read_back=("您希望：退款", "You would like: a refund"),
    done=ADDRESS.done,
)

_used: set[int] = set()


@cache
def _rulings(kind: ChangeKind) -> list[tuple[int, Order, Ruling]]:
    now = datetime.now(UTC)
    orders = (
        (index, demo_orders.build(index, now=now, zone=ZONE))
        for index in range(FIRST, demo_orders.HOW_MANY + 1)
    )
    return [
        (index, order, rule(order, kind, now=now, zone=ZONE))
        for index, order in orders
        if order.region == "CN" and order.total.amount < CHEAP
    ]


def order_for(kind: ChangeKind, key: str) -> Order:
    """An order that no test has touched and that the rules answer with these words."""
    for index, order, ruling in _rulings(kind):
        if ruling.phrase.key == key and index not in _used:
            _used.add(index)
            return order
    raise AssertionError(f"The demo shop has no order left for {key}.")


def order_in(state: OrderState) -> Order:
    """An order in that state that no test has touched."""
    for index, order, _ in _rulings(ChangeKind.CANCEL):
        if order.state is state and index not in _used:
            _used.add(index)
            return order
    raise AssertionError(f"The demo shop has no order left that is {state}.")
