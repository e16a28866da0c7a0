"""Decides what search engines are told: addresses in every language, the map of the site, what not to read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote, urlencode
from xml.sax.saxutils import escape, quoteattr

from fastapi import APIRouter, Request
from fastapi.responses import Response
from markupsafe import Markup

from api.pages import help_shelf, rendering
from api.settings import LANGUAGES, Language
from knowledge_base.search import AnswerText

router = APIRouter(include_in_schema=False)
#: what the sitemap protocol allows in one file
MOST_ADDRESSES = 50_000
_NOT_TO_READ = (
    "/api/",
    "/board",
    "/console",
    "/docs",
    "/editor",
    "/login",
    "/widget",
    "/help?q=",
    "/help?*q=",
)
_OPENING = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
)


@router.get("/robots.txt")
async def send_robots(request: Request) -> Response:
    """The help pages are for everybody; the desk is for nobody else."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in _NOT_TO_READ)]
    lines += ["Allow: /help", "", f"Sitemap: {public_address(request)}/sitemap.xml", ""]
    return _kept("\n".join(lines), "text/plain; charset=utf-8")


@router.get("/sitemap.xml")
async def send_sitemap(request: Request) -> Response:
    """Every help page in every language it has, each naming the others."""
    named = await help_shelf.titles(request, "en")
    entries = list(_entries(request, "/help", LANGUAGES))
    for one in await help_shelf.shelf(request):
        if one.id in named:
            day = one.published_at.date().isoformat()
            path = f"/help/articles/{quote(one.id)}"
            entries += _entries(request, path, one.languages, day=day)
    body = "".join([_OPENING, *entries[:MOST_ADDRESSES], "</urlset>\n"])
    return _kept(body, "application/xml")


def _entries(
    request: Request, path: str, languages: Sequence[Language], *, day: str = ""
) -> Iterable[str]:
    others = "".join(
        f'<xhtml:link rel="alternate" hreflang="{code}" href={quoteattr(address)}/>'
        for code, address in alternates(request, path, languages=languages).items()
    )
    changed = f"<lastmod>{day}</lastmod>" if day else ""
    for code in languages:
        address = escape(page_address(request, path, code))
        yield f"<url><loc>{address}</loc>{changed}{others}</url>\n"


def public_address(request: Request) -> str:
    """The address that others reach us by; the host was checked on the way in."""
    public = rendering.settings_of(request).public_url
    return (public or str(request.base_url)).rstrip("/")


def page_address(request: Request, path: str, language: str, *, topic: str = "") -> str:
    """The page's one address in this language."""
    which = {"topic": topic} if topic else {}
    return f"{public_address(request)}{path}?{urlencode({**which, 'lang': language})}"


def alternates(
    request: Request,
    path: str,
    *,
    languages: Sequence[Language] = LANGUAGES,
    topic: str = "",
) -> dict[str, str]:
    """The page's address in each language, and the one for all other readers."""
    query = f"?{urlencode({'topic': topic})}" if topic else ""
    found = {
        str(one): page_address(request, path, one, topic=topic) for one in languages
    }
    return found | {"x-default": f"{public_address(request)}{path}{query}"}


def structured(article: AnswerText, body: str, *, address: str) -> Markup:
    """The question and its answer as schema.org says it."""
    value: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "FAQPage",
        "url": address,
        "inLanguage": article.language,
        "mainEntity": [
            {
                "@type": "Question",
                "name": article.title,
                "acceptedAnswer": {"@type": "Answer", "text": body},
            }
        ],
    }
    return rendering.json_in_page(value)


def _kept(body: str, media_type: str) -> Response:
    headers = {"Cache-Control": "public, max-age=600"}
    return Response(body, media_type=media_type, headers=headers)
