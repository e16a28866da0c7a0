"""Decides who may frame the chat window, and what the loader on a shop's page is."""

from __future__ import annotations

from functools import cache

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from api.pages import assets, rendering, translate
from api.pages.packing import pack
from api.settings import LANGUAGES, Settings

router = APIRouter(include_in_schema=False)

#: pictures of the thread and the window, put into the page itself: no sprite to wait for
_SYMBOLS = (
    *("arrow-up", "check2", "clock", "exclamation-circle"),
    *("headset", "journal-text", "plus-lg", "x-lg"),
)
_LOADER = "js/loader.js"
_WINDOW = "js/widget.js"
_WORDS_MARK = "{/* words */}"


def shop_origins(settings: Settings) -> tuple[str, ...]:
    """The sites that may show the chat window: the named shops and our own pages."""
    return (*settings.shop.widget_origins, *sorted(settings.public_origins))


@router.get("/widget")
async def show_widget(request: Request) -> Response:
    """The chat window; alone it is the full-page chat."""
    settings = rendering.settings_of(request)
    shops = shop_origins(settings)
    limits = settings.limits
    facts = {
        "limit": limits.message_characters,
        "photos": limits.pictures_per_message,
        "shops": shops,
    }
    page = rendering.render(
        request,
        "widget.html",
        remembers_language=False,
        symbols=_SYMBOLS,
        more_words=f"/widget/words?lang={rendering.language_of(request)}",
        facts=rendering.json_in_page(facts),
    )
    return pack(request, page)


@router.get("/widget/words")
async def send_later_words(request: Request) -> JSONResponse:
    """The words of what the window fetches only when somebody needs it."""
    now = set(assets.words_of(_WINDOW, at_once=True))
    later = [text for text in assets.words_of(_WINDOW) if text not in now]
    return JSONResponse(
        rendering.said_by(later, rendering.language_of(request)),
        headers={"Cache-Control": "public, max-age=3600"},
    )


@router.get("/widget/v1/loader.js")
async def send_loader(request: Request) -> Response:
    """The script that a shop puts on its pages, with its few words in every language."""
    return assets.asset_response(request, loader())


@cache
def loader() -> assets.Asset:
    words = {
        language: {
            text: translate.translate(language, text)
            for text in assets.words_of(_LOADER)
        }
        for language in LANGUAGES
        if language != "en"  # the script's own
    }
    script = assets.asset(_LOADER)
    text = script.content.decode().replace(
        _WORDS_MARK, rendering.json_in_page(words), 1
    )
    return assets.as_asset(text.encode(), script.media_type)
