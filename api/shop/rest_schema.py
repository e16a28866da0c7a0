"""Decides which JSON of a shop's order system is believed (docs/order-source.md); the rest is refused whole.

Unknown fields are ignored, so that a shop may send more; a field of the wrong kind is an
error, so that nothing false is told to a shopper.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
)

from api.settings import LANGUAGES, Language
from api.shop.orders import (
    Asked,
    ChangeKind,
    ChangeReceipt,
    Customer,
    Invoice,
    Item,
    Money,
    Order,
    OrderState,
    ParcelEvent,
    ParcelStatus,
    PaymentRoute,
    Refund,
    Return,
    Shipment,
)


def _printable(text: str) -> str:
    if any(ord(character) < ord(" ") or character == "\x7f" for character in text):
        raise ValueError("control characters")
    return text


def _https(link: str) -> str:
    if not link.startswith("https://"):
        raise ValueError("a link must be https")
    return link


Text = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200),
    AfterValidator(_printable),
]
Name = Text | dict[Language, Text]
Link = Annotated[Text, AfterValidator(_https)]


class Wire(BaseModel):
    model_config = ConfigDict(
        strict=True,
        extra="ignore",
        frozen=True,
        allow_inf_nan=False,
        hide_input_in_errors=True,
    )


class WireMoney(Wire):
    amount: Annotated[Decimal, Field(max_digits=14, decimal_places=4)]
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]

    def value(self) -> Money:
        return Money(amount=self.amount, currency=self.currency)


class WireCustomer(Wire):
    id: Text
    name: Annotated[
        str, StringConstraints(max_length=200), AfterValidator(_printable)
    ] = ""
    phone: Text | None = None
    email: Text | None = None


class WireItem(Wire):
    sku: Text
    name: Name
    quantity: Annotated[int, Field(ge=1, le=10_000)]
    unit_price: WireMoney
    returnable: bool = True
    current_price: WireMoney | None = None


class WireEvent(Wire):
    at: AwareDatetime
    place: Name
    status: ParcelStatus


class WireShipment(Wire):
    carrier: Text
    tracking_number: Text
    events: Annotated[list[WireEvent], Field(max_length=200)] = []

    def value(self) -> Shipment:
        events = [
            ParcelEvent(at=each.at, place=names(each.place), status=each.status)
            for each in self.events
        ]
        return Shipment(
            carrier=self.carrier,
            tracking_number=self.tracking_number,
            events=tuple(sorted(events, key=lambda each: each.at)),
        )


class WireRefund(Wire):
    amount: WireMoney
    route: PaymentRoute
    requested_at: AwareDatetime
    sent_at: AwareDatetime | None = None
    expected_by: date | None = None


class WireReturn(Wire):
    reference: Text
    kind: Literal["return", "exchange"] = "return"
    requested_at: AwareDatetime
    received_at: AwareDatetime | None = None
    send_by: date | None = None


class WireAsked(Wire):
    reference: Text
    requested_at: AwareDatetime


class WireInvoice(Wire):
    requested_at: AwareDatetime
    issued_at: AwareDatetime | None = None


class WireOrder(Wire):
    number: Text
    customer: WireCustomer
    region: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    state: OrderState
    placed_at: AwareDatetime
    paid_at: AwareDatetime | None = None
    route: PaymentRoute | None = None
    items: Annotated[list[WireItem], Field(max_length=200)]
    shipping_fee: WireMoney
    total: WireMoney
    address: Annotated[
        str, StringConstraints(max_length=500), AfterValidator(_printable)
    ] = ""
    shipments: Annotated[list[WireShipment], Field(max_length=50)] = []
    promised_by: date | None = None
    delivered_at: AwareDatetime | None = None
    returned: Annotated[WireReturn | None, Field(alias="return")] = None
    refund: WireRefund | None = None
    invoice: WireInvoice | None = None
    price_adjustment: WireAsked | None = None
    investigation: WireAsked | None = None
    return_until: date | None = None
    exchange_until: date | None = None
    changes: list[ChangeKind] | None = None

    def value(self, *, number: str) -> Order:
        """The order under its normalised number."""
        return Order(
            number=number,
            customer=Customer(**self.customer.model_dump()),
            region=self.region,
            state=self.state,
            placed_at=self.placed_at,
            paid_at=self.paid_at,
            route=self.route,
            items=tuple(_item(each) for each in self.items),
            shipping_fee=self.shipping_fee.value(),
            total=self.total.value(),
            address=self.address,
            shipments=tuple(each.value() for each in self.shipments),
            promised_by=self.promised_by,
            delivered_at=self.delivered_at,
            returned=Return(**self.returned.model_dump()) if self.returned else None,
            refund=_refund(self.refund) if self.refund else None,
            invoice=Invoice(**self.invoice.model_dump()) if self.invoice else None,
            adjusted=_asked(self.price_adjustment),
            investigated=_asked(self.investigation),
            return_until=self.return_until,
            exchange_until=self.exchange_until,
            changes=frozenset(self.changes) if self.changes is not None else None,
        )


class WireOrders(Wire):
    orders: Annotated[list[WireOrder], Field(max_length=100)]


class WireReceipt(Wire):
    reference: Text
    next_by: date | None = None
    refund: WireMoney | None = None
    link: Link | None = None

    def value(self, *, kind: ChangeKind, number: str) -> ChangeReceipt:
        return ChangeReceipt(
            reference=self.reference,
            kind=kind,
            order_number=number,
            next_by=self.next_by,
            refund=self.refund.value() if self.refund else None,
            link=self.link,
        )


class WireGiven(Wire):
    reference: Text


def names(given: str | Mapping[Language, str]) -> dict[Language, str]:
    """One name serves all languages when the shop has but one."""
    if isinstance(given, str):
        return dict.fromkeys(LANGUAGES, given)
    return dict(given)


def _item(item: WireItem) -> Item:
    return Item(
        sku=item.sku,
        name=names(item.name),
        quantity=item.quantity,
        unit_price=item.unit_price.value(),
        returnable=item.returnable,
        current_price=item.current_price.value() if item.current_price else None,
    )


def _asked(asked: WireAsked | None) -> Asked | None:
    return Asked(**asked.model_dump()) if asked else None


def _refund(refund: WireRefund) -> Refund:
    return Refund(
        amount=refund.amount.value(),
        route=refund.route,
        requested_at=refund.requested_at,
        sent_at=refund.sent_at,
        expected_by=refund.expected_by,
    )
