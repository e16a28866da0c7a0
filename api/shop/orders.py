"""Decides what the desk knows of an order, and what it asks of any shop's order system.

An order is a value: whoever may see it is decided in `proof`, what may still be changed in
`allowed`, how it is told in `telling`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal, Protocol

from api.settings import Language


class OrderState(StrEnum):
    """Where an order stands."""

    UNPAID = "unpaid"  #: placed, waiting for the money
    PAID = "paid"  #: paid, not yet packed
    PACKED = "packed"  #: packed, waiting for the carrier
    SHIPPED = "shipped"  #: with the carrier, within the promised time
    DELIVERED = "delivered"  #: the carrier says it was handed over
    LATE = "late"  #: with the carrier, past the promised day
    LOST = "lost"  #: so long without a scan that the parcel counts as lost
    PARTLY_SHIPPED = "partly_shipped"  #: several parcels, not all of them left
    CANCELLED = "cancelled"  #: ended before it was sent
    RETURN_OPEN = "return_open"  #: a return was asked for and is under way
    REFUNDED = "refunded"  #: the money went back


class ParcelStatus(StrEnum):
    """What one scan of the carrier means, whatever the carrier calls it."""

    ACCEPTED = "accepted"  #: the carrier took the parcel
    IN_TRANSIT = "in_transit"  #: it moves between depots
    CUSTOMS = "customs"  #: it is being cleared
    OUT_FOR_DELIVERY = "out_for_delivery"  #: a courier has it today
    DELAYED = "delayed"  #: something holds it up
    ATTEMPTED = "attempted"  #: nobody was there
    READY_FOR_PICKUP = "ready_for_pickup"  #: it waits at a pick-up point
    DELIVERED = "delivered"  #: it was handed over
    MISSING = "missing"  #: it cannot be found


class ChangeKind(StrEnum):
    """What a shopper may ask to have changed."""

    CANCEL = "cancel"
    ADDRESS = "address"
    RETURN = "return"
    EXCHANGE = "exchange"
    INVOICE = "invoice"
    PRICE = "price"  #: the price fell, the difference is wanted
    PROBLEM = "problem"  #: damaged, missing or wrong
    LOST = "lost"  #: an investigation by the carrier


class PaymentRoute(StrEnum):
    """How it was paid, and so where a refund goes."""

    ALIPAY = "alipay"
    WECHAT = "wechat"
    CARD = "card"
    PAYPAL = "paypal"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class Money:
    amount: Decimal
    #: ISO 4217
    currency: str


@dataclass(frozen=True, kw_only=True)
class Customer:
    """Who bought; contact data is compared in `proof` and shown masked alone."""

    id: str
    name: str
    #: E.164, or as the shop writes it in the order's region
    phone: str | None
    email: str | None


@dataclass(frozen=True, kw_only=True)
class Item:
    sku: str
    name: Mapping[Language, str]
    quantity: int
    unit_price: Money
    #: made to measure, opened hygiene goods and the like are not
    returnable: bool = True
    #: what one costs today, if the shop says so
    current_price: Money | None = None


@dataclass(frozen=True, kw_only=True)
class ParcelEvent:
    at: datetime
    place: Mapping[Language, str]
    status: ParcelStatus


@dataclass(frozen=True, kw_only=True)
class Shipment:
    carrier: str
    tracking_number: str
    #: oldest first
    events: tuple[ParcelEvent, ...]

    @property
    def last_event(self) -> ParcelEvent | None:
        return self.events[-1] if self.events else None


@dataclass(frozen=True, kw_only=True)
class Refund:
    amount: Money
    route: PaymentRoute
    requested_at: datetime
    #: when the shop sent the money off; None while the return is checked
    sent_at: datetime | None
    #: the last day on which it should have arrived
    expected_by: date | None


@dataclass(frozen=True, kw_only=True)
class Return:
    reference: str
    kind: Literal["return", "exchange"]
    requested_at: datetime
    #: when the parcel came back to the shop
    received_at: datetime | None
    #: the last day to hand the parcel over
    send_by: date | None


@dataclass(frozen=True, kw_only=True)
class Invoice:
    requested_at: datetime
    issued_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Something that was asked for once and is under way."""

    reference: str
    requested_at: datetime


@dataclass(frozen=True, kw_only=True)
class Order:
    number: str
    customer: Customer
    #: ISO 3166 country the order goes to
    region: str
    state: OrderState
    placed_at: datetime
    paid_at: datetime | None
    route: PaymentRoute | None
    items: tuple[Item, ...]
    shipping_fee: Money
    total: Money
    #: where it goes, as the shop writes it; shown masked alone
    address: str
    shipments: tuple[Shipment, ...]
    promised_by: date | None
    delivered_at: datetime | None
    returned: Return | None = None
    refund: Refund | None = None
    invoice: Invoice | None = None
    #: the difference after a price fell; the search for a parcel
    adjusted: Asked | None = None
    investigated: Asked | None = None
    #: the last days to ask for it, if the shop says so; else the rules of `allowed` hold
    return_until: date | None = None
    exchange_until: date | None = None
    #: what the shop's interface can change by itself; None: ask it and see
    changes: frozenset[ChangeKind] | None = None


@dataclass(frozen=True, kw_only=True)
class OrderChange:
    """A change the shopper confirmed."""

    kind: ChangeKind
    order_number: str
    detail: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class ChangeReceipt:
    """The shop's word that a change was taken on."""

    #: the shop's own number for it
    reference: str
    kind: ChangeKind
    order_number: str
    #: the day on which the next thing happens
    next_by: date | None
    #: what is paid back, if anything
    refund: Money | None = None
    #: where the shopper goes on, if anywhere; https alone
    link: str | None = None


class OrderSource(Protocol):
    """A shop's order system. Adapters pass `tests/api/shop/contract.py`."""

    async def find(self, number: str) -> Order | None:
        """The order of that normalised number; ShopUnreachable if nobody answers."""
        ...

    async def list_for(self, customer_id: str, *, limit: int = 5) -> tuple[Order, ...]:
        """The customer's orders, newest first."""
        ...

    async def request_change(
        self, change: OrderChange, *, idempotency_key: str
    ) -> ChangeReceipt:
        """Make the change once; the same key gets the first receipt again.

        Raises ChangeUnsupported, ChangeRefused, ShopUnreachable (nothing happened) or
        ChangeOutcomeUnknown (it may have).
        """
        ...

    async def close(self) -> None: ...
