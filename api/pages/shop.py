"""Decides what the demo shop shows: its goods, orders to try, and the chat as any shop embeds it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.errors import NotFound
from api.pages import rendering
from api.pages.help import article_words
from api.pages.translate import translate
from api.settings import Language
from api.shop.demo_goods import RATES, WARES, Ware
from api.shop.demo_orders import Sample, sample_orders
from api.shop.demo_parcels import named
from api.shop.orders import OrderState

router = APIRouter(include_in_schema=False)

#: what stands on the shelf, in this order; each has a drawing in shop_art.html
_SHELF = (
    "SW-420",
    "HM-748",
    "EL-815",
    "JK-310",
    "HM-733",
    "SH-501",
    "EL-801",
    "HM-701",
)
_MONEY: dict[Language, tuple[str, str]] = {
    "zh-Hans": ("¥", "CNY"),
    "zh-Hant": ("NT$", "TWD"),
    "en": ("US$", "USD"),
}
_SAMPLES = 4
_OFTEN_READ = (
    "return-time-limit",
    "shipping-time-mainland",
    "refund-time",
    "tracking-not-updating",
    "shipping-cost",
    "payment-methods",
)

#: how a state is called and coloured; the words are sentences of the catalogue
_STATES: dict[OrderState, tuple[str, str]] = {
    OrderState.UNPAID: ("Waiting for payment", "warn"),
    OrderState.PAID: ("Paid", "calm"),
    OrderState.PACKED: ("Packed", "calm"),
    OrderState.SHIPPED: ("On its way", "calm"),
    OrderState.DELIVERED: ("Delivered", "good"),
    OrderState.LATE: ("Late", "warn"),
    OrderState.LOST: ("Lost on the way", "bad"),
    OrderState.PARTLY_SHIPPED: ("Partly sent", "calm"),
    OrderState.CANCELLED: ("Cancelled", ""),
    OrderState.RETURN_OPEN: ("Return under way", "warn"),
    OrderState.REFUNDED: ("Refunded", "good"),
}
#: what a shop puts before </body>; `host` and `language` are filled in
_SNIPPET = """<script>
  window.warmlineSettings = { lang: "%(language)s" };
  window.warmline = window.warmline || function () {
    (warmline.q = warmline.q || []).push(arguments); };
</script>
<script async src="%(host)s/widget/v1/loader.js"></script>"""


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One thing on the shelf, in the visitor's language and money."""

    sku: str
    name: str
    price: str


@router.get("/")
async def show_front(request: Request) -> Response:
    """The demo shop; without it a plain page that leads to the chat."""
    if rendering.settings_of(request).demo:
        return RedirectResponse(request.url.replace(path="/shop"), status_code=307)
    return rendering.render(request, "front.html")


@router.get("/shop")
async def show_shop(request: Request) -> HTMLResponse:
    if not rendering.settings_of(request).demo:
        raise NotFound
    language = rendering.language_of(request)
    return rendering.render(
        request,
        "shop.html",
        offers=[_offer(ware, language) for ware in _on_the_shelf()],
        samples=sample_orders(_SAMPLES),
        phone_of=_phone,
        state_words={
            state: translate(language, words) for state, (words, _) in _STATES.items()
        },
        tone_of={state: tone for state, (_, tone) in _STATES.items()},
        snippet=_SNIPPET % {"host": _host(request), "language": language},
        embed_settings=rendering.json_in_page({"lang": language}),
        articles=[
            found
            for article_id in _OFTEN_READ
            if (found := article_words(request, article_id, language=language))
        ],
    )


def _on_the_shelf() -> list[Ware]:
    by_sku = {ware.sku: ware for ware in WARES}
    return [by_sku[sku] for sku in _SHELF]


def _offer(ware: Ware, language: Language) -> Offer:
    sign, currency = _MONEY[language]
    amount = round(ware.yuan * Decimal(RATES[currency]))
    return Offer(
        sku=ware.sku, name=named(ware.zh, ware.en)[language], price=f"{sign}{amount:,}"
    )


def _host(request: Request) -> str:
    """The address that others reach us by."""
    public = rendering.settings_of(request).public_url
    return public or str(request.base_url).rstrip("/")


def _phone(sample: Sample) -> str:
    """The number as a shopper would type it."""
    return sample.phone.removeprefix("+86")
