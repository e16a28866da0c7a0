"""Decides how a page is made: its language, its words, its scripts."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from api.pages import assets, translate
from api.settings import LANGUAGES, Language, Settings

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
#: remembers the language of staff and shop pages; the widget sets no cookie
LANGUAGE_COOKIE = "warmline_language"


def settings_of(request: Request) -> Settings:
    return cast(Settings, request.app.state.desk.settings)


def language_of(request: Request) -> Language:
    """What the visitor asked for, chose before, or has in the browser."""
    return translate.choose_language(
        asked=request.query_params.get("lang"),
        remembered=request.cookies.get(LANGUAGE_COOKIE),
        accepted=request.headers.get("accept-language"),
        default=settings_of(request).languages.default,
    )


def render(
    request: Request,
    template: str,
    *,
    status: int = 200,
    remembers_language: bool = True,
    **context: Any,
) -> HTMLResponse:
    """The finished page; a language that was asked for is remembered for the next one."""
    language = context.pop("lang", None) or language_of(request)
    values: dict[str, Any] = {"staff": None, **context}
    text = (
        environment(language)
        .get_template(template)
        .render(
            request=request,
            settings=settings_of(request),
            lang=language,
            csp_nonce=_nonce(request),
            **values,
        )
    )
    page = HTMLResponse(text, status_code=status, headers={"Vary": "Accept-Language"})
    if remembers_language and translate.match_language(
        request.query_params.get("lang", "")
    ):
        page.set_cookie(
            LANGUAGE_COOKIE,
            language,
            max_age=31_536_000,
            samesite="lax",
            httponly=True,
            secure=request.url.scheme == "https",
        )
    return page


def error_page(
    request: Request, *, status: int, title: str, detail: str
) -> HTMLResponse:
    """An error as a page; title and detail are sentences of the catalogue."""
    return render(
        request,
        "error.html",
        status=status,
        status_code=status,
        title=title,
        detail=detail,
    )


@cache
def environment(language: Language) -> Environment:
    """One Jinja environment for each language, with its words already in."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    # The extension adds these at run time; Jinja's types do not know.
    cast(Any, made).install_gettext_translations(
        translate.catalogue(language), newstyle=True
    )
    made.globals.update(
        static=assets.static,
        icon=icon,
        inline_icon=inline_icon,
        page_script=page_script,
        in_language=in_language,
        languages=LANGUAGES,
        language_names=translate.OWN_NAMES,
        short_language_names=translate.SHORT_NAMES,
    )
    return made


def icon(name: str, *, size: int = 16, classes: str = "") -> Markup:
    """A picture from the sprite; silent for screen readers, the words stand beside it."""
    return Markup(
        '<svg class="icon {}" width="{}" height="{}" aria-hidden="true">'
        '<use href="{}#{}"></use></svg>'
    ).format(classes, size, size, assets.static("icons.svg"), name)


def inline_icon(name: str, *, element_id: str = "") -> Markup:
    """The picture's own <symbol>, for pages that must not load the whole sprite."""
    for line in assets.asset("icons.svg").content.decode().splitlines():
        if line.startswith(f'<symbol id="{name}"'):
            return Markup(line.replace(f'id="{name}"', f'id="{element_id or name}"', 1))  # noqa: S704
    raise KeyError(name)


@pass_context
def page_script(context: Context, entry: str, *, more: str = "") -> Markup:
    """The page's script, and the words that it and all it imports say.

    With `more`, an address of the other words, only those that are needed at once.
    """
    words = said_by(assets.words_of(entry, at_once=bool(more)), context["lang"])
    return Markup(
        '<script type="application/json" id="words"{}>{}</script>\n'
        '<script type="module" nonce="{}" src="{}"></script>'
    ).format(
        Markup(' data-more="{}"').format(more) if more else "",
        json_in_page(words),
        context["csp_nonce"],
        assets.static(entry),
    )


def said_by(sentences: Iterable[str], language: Language) -> dict[str, str]:
    """The sentences that are other words in this language."""
    return {
        text: said
        for text in sentences
        if (said := translate.translate(language, text)) != text
    }


def json_in_page(value: object) -> Markup:
    """JSON that cannot end the script element it stands in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for mark, escaped in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        text = text.replace(mark, escaped)
    return Markup(text)  # noqa: S704


@pass_context
def in_language(context: Context, language: Language) -> str:
    """This page's address in another language."""
    request: Request = context["request"]
    query = [(k, v) for k, v in request.query_params.multi_items() if k != "lang"]
    return f"{request.url.path}?{urlencode([*query, ('lang', language)])}"


def _nonce(request: Request) -> str:
    """The one that the policy in the response's header names (`api.security`)."""
    return str(request.state.nonce)
