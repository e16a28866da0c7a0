"""Turns an article's Markdown into safe HTML, and into plain text for everything else."""

from __future__ import annotations

import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

_TAGS = {
    "p", "br", "strong", "em", "ul", "ol", "li", "a", "code", "blockquote", "h3", "h4",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_SCHEMES = {"https", "mailto", "tel"}
_HEADING = re.compile(r"^#{1,6}[ \t]+", re.MULTILINE)
_LINK = re.compile(r"!?\[([^\]]*)\]\(([^)\s]*)[^)]*\)")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_CODE = re.compile(r"`([^`]+)`")


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")


@lru_cache(maxsize=1024)
def to_html(markdown: str) -> str:
    """HTML with a short list of tags; links leave in a new tab and without a referrer."""
    rendered = _parser().render(_HEADING.sub("### ", markdown))
    return nh3.clean(
        rendered,
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes=_SCHEMES,
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    ).strip()


def to_text(markdown: str) -> str:
    """The same words without the marks: lists keep their dashes, links show their address."""
    text = _LINK.sub(lambda found: _link_text(found[1], found[2]), markdown)
    text = _HEADING.sub("", text)
    text = _STRONG.sub(r"\2", text)
    text = _CODE.sub(r"\1", text)
    return text.strip()


def _link_text(label: str, address: str) -> str:
    if not address.startswith(("https://", "mailto:", "tel:")) or label == address:
        return label
    return f"{label} ({address.removeprefix('mailto:').removeprefix('tel:')})"
