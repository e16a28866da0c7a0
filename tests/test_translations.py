"""Every sentence of the screens exists in all three languages, and none stands outside a catalogue."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import hanzidentifier
import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from jinja2 import Environment

from api.pages import gate, shop
from api.pages.assets import STATIC, _unquoted
from api.pages.rendering import TEMPLATES
from api.pages.translate import LOCALES
from api.settings import LANGUAGES

API = TEMPLATES.parent
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
WORD = re.compile(r"""\bt\(\s*("(?:[^"\\\n]|\\.)*")""")
#: a call with anything but a plain sentence, which nobody could translate
COMPUTED = re.compile(r"""(?<![\w.$])t\(\s*(?!["')\s])""")
HAN = re.compile(r"[一-鿿]")
LETTERS = re.compile(r"[^\W\d_]{2,}")
#: an example of an article's id, the same in every language
IDENTIFIER = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")
#: what a template may say without the catalogue
NAMES = {
    "Warmline",
    "OpenAPI",
    "CSV",
    "JSON",
    "Markdown",
    "Esc",
    "Ctrl",
    "Alt",
    "Enter",
}


def templates() -> list[Path]:
    return sorted(TEMPLATES.glob("**/*.html"))


def scripts() -> list[Path]:
    return sorted((STATIC / "js").glob("*.js"))


def catalogue(language: str) -> Catalog:
    path = LOCALES / language.replace("-", "_") / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return read_po(file, locale=language.replace("-", "_"))


def said_in_template(text: str) -> set[str]:
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    found = environment.extract_translations(text)  # type: ignore[attr-defined]
    # The plural of a pair is found through its singular.
    return {sentences(message)[0] for _, _, message in found if message}


def said_in_script(text: str) -> set[str]:
    return {_unquoted(literal) for literal in WORD.findall(text)}


def said_in_tables() -> set[str]:
    """Sentences that Python hands to a page by name."""
    found = {words for words, _ in shop._STATES.values()}
    found |= {place.label for place in gate.PLACES} | set(gate.ROLE_WORDS.values())
    for path in sorted((API / "pages").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and "error_page" in ast.unparse(node.func):
                named = {key.arg: key.value for key in node.keywords}
                found |= {ast.literal_eval(named[name]) for name in ("title", "detail")}
    return found


def sentences(of: object) -> list[str]:
    """A message's id or string, which is a pair where the number matters."""
    parts = [of] if isinstance(of, str) else of
    return [part for part in parts if part]  # type: ignore[attr-defined]


def ids(language: str) -> set[str]:
    """The sentences that can be said; an English one is its own translation."""
    found = [message for message in catalogue(language) if message.id]
    return {sentences(m.id)[0] for m in found if m.string or language == "en"}


def said() -> set[str]:
    found = said_in_tables()
    for path in templates():
        found |= said_in_template(path.read_text("utf-8"))
    for path in scripts():
        found |= said_in_script(path.read_text("utf-8"))
    return found


def literal_words(template: str) -> list[str]:
    """What a reader would see or hear of the template that no catalogue has."""
    text = re.sub(r"\{#.*?#\}", "", template, flags=re.DOTALL)
    text = re.sub(r"<(script|style|code|kbd)\b.*?</\1>", "", text, flags=re.DOTALL)
    text = re.sub(r"\{% block \w*class %\}.*?\{% endblock %\}", "", text)
    text = re.sub(r"\{\{.*?\}\}", "", text, flags=re.DOTALL)
    text = re.sub(r"\{%.*?%\}", "", text, flags=re.DOTALL)
    told = re.findall(r'\b(?:aria-label|title|placeholder|alt)="([^"]*)"', text)
    told = [value for value in told if not IDENTIFIER.fullmatch(value)]
    told.append(re.sub(r"<[^>]*>", " ", text))
    words = [word for part in told for word in LETTERS.findall(part)]
    return [word for word in words if word not in NAMES]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_of_the_screens_is_in_the_catalogue(language):
    wanted = said()
    assert len(wanted) > 60
    assert sorted(wanted - ids(language)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_empty_unsure_or_loses_a_value(language):
    bad = []
    for message in catalogue(language):
        if not message.id:
            continue
        wanted = {tuple(sorted(PLACEHOLDER.findall(x))) for x in sentences(message.id)}
        found = {
            tuple(sorted(PLACEHOLDER.findall(x))) for x in sentences(message.string)
        }
        is_missing = not found and language != "en"
        if is_missing or message.fuzzy or not found <= wanted:
            bad.append(message.id)
    assert bad == []


def test_the_three_catalogues_hold_the_same_sentences():
    assert ids("zh-Hans") == ids("en")
    assert ids("zh-Hant") == ids("en")


def test_nothing_is_in_the_catalogue_that_nothing_says():
    files = [p for p in API.glob("**/*") if p.suffix in {".py", ".html", ".js"}]
    sources = "\n".join(p.read_text("utf-8") for p in files if "vendor" not in p.parts)
    # Python may break a long sentence over lines.
    sources = re.sub(r'"\s*\n\s*"', "", sources).replace('\\"', '"')
    assert sorted(one for one in ids("en") if one not in sources) == []


@pytest.mark.parametrize(
    ("language", "belongs"),
    [
        ("zh-Hans", hanzidentifier.is_simplified),
        ("zh-Hant", hanzidentifier.is_traditional),
    ],
)
def test_each_chinese_keeps_to_its_own_characters(language, belongs):
    texts = [part for m in catalogue(language) if m.id for part in sentences(m.string)]
    foreign = [text for text in texts if HAN.search(text) and not belongs(text)]
    assert foreign == []


@pytest.mark.parametrize("path", templates(), ids=lambda path: path.name)
def test_no_template_speaks_past_the_catalogue(path):
    assert literal_words(path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", scripts(), ids=lambda path: path.name)
def test_no_script_speaks_past_the_catalogue(path):
    text = path.read_text("utf-8")
    code = re.sub(
        r"/\*.*?\*/|^\s*//.*$|\s//\s.*$", "", text, flags=re.DOTALL | re.MULTILINE
    )
    assert HAN.findall(code) == []
    if path.name not in {"words.js", "loader.js"}:  # they define it
        assert COMPUTED.findall(code) == []


@pytest.mark.parametrize(
    "template",
    ["<p>Hello there</p>", '<a title="Close it">{{ _("x") }}</a>', "<b>您好</b>"],
)
def test_a_literal_word_would_be_noticed(template):
    assert literal_words(template)
