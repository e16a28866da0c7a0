"""What the bot says: complete in every language, and not twice the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from api.errors import STATUS_CODES, ApiError
from api.settings import LANGUAGES, BadConfiguration
from api.shop.errors import ShopError
from api.words import Words, arguments, load_words
from handoff.errors import HandoffError
from knowledge_base.errors import KnowledgeError

ROOT = Path(__file__).parents[2]
#: keys the service itself says, found in its source
SAYS = re.compile(
    r'(?:\.say|\.render|_say|_notice)\(\s*(?:desk, session, [\w.]+, )?"([a-z_]+)"'
)


def keys_in_domain() -> set[str]:
    found: set[str] = set()
    for path in (ROOT / "bot" / "domain").glob("*.yml"):
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r"\bsay: ([a-z_]+)", text))
        found |= set(re.findall(r"\blabel: ([a-z_]+)", text))
    return found


def keys_in_source() -> set[str]:
    found: set[str] = set()
    for path in (ROOT / "api").glob("*.py"):
        found |= set(SAYS.findall(path.read_text(encoding="utf-8")))
    return found


def below(kind: type) -> set[type]:
    return {kind}.union(*(below(each) for each in kind.__subclasses__()))


class TestCatalogue:
    def test_everything_the_bot_may_say_is_worded(self, words: Words):
        keys = keys_in_domain()
        assert len(keys) > 15
        assert [key for key in keys if not words.has(key)] == []

    def test_everything_the_service_says_is_worded(self, words: Words):
        keys = keys_in_source()
        assert {"offer_person", "handoff_wait_closed", "say_more"} <= keys
        assert [key for key in keys if not words.has(key)] == []

    def test_upset_wordings_take_the_same_arguments(self, words: Words):
        upset = [key for key in words.keys() if key.endswith("@upset")]  # noqa: SIM118
        assert len(upset) > 5
        for key in upset:
            plain = words.wordings(key.removesuffix("@upset"), "en")[0]
            assert arguments(words.wordings(key, "en")[0]) == arguments(plain), key

    def test_traditional_is_traditional(self, words: Words):
        assert "轉人工客服" in words.say("talk_to_person_label", "zh-Hant")

    def test_nobody_who_is_upset_is_cheered_at(self, words: Words):
        for key in words.keys():  # noqa: SIM118
            if key.endswith("@upset"):
                for language in LANGUAGES:
                    for text in words.wordings(key, language):
                        assert "!" not in text, (key, text)
                        assert "！" not in text, (key, text)

    def test_every_error_that_may_leave_has_a_title(self, problem_words: Words):
        codes = {kind.code for kind in below(ApiError) if 400 <= kind.status != 500}
        codes |= {
            kind.code
            for kind, status in STATUS_CODES.items()
            if status not in {404, 500}
        }
        internal = {"handoff_error", "knowledge_error", "bot_failure"}
        internal |= {kind.code for kind in below(ShopError)}

        assert {code for code in codes if not problem_words.has(code)} <= internal

    @pytest.mark.parametrize("root", [HandoffError, KnowledgeError])
    def test_every_error_was_given_a_status_on_purpose(self, root: type[Exception]):
        public = {kind for kind in below(root) if not kind.__name__.startswith("_")}
        assert public <= set(STATUS_CODES)


class TestRender:
    def test_wordings_take_turns(self, words: Words):
        said: list[str] = []
        texts = []
        for _ in range(3):
            worded = words.render("greet", "en", said=said)
            said.append(worded.wording)
            texts.append(worded.text)

        assert texts[0] != texts[1]
        assert texts[2] == texts[0]

    def test_what_a_shopper_wrote_is_a_value_and_never_a_pattern(self, words: Words):
        text = words.say("left_alone", "en", order_number="{0.__class__}")
        assert "{0.__class__}" in text

    def test_a_missing_argument_is_an_error(self, words: Words):
        with pytest.raises(KeyError):
            words.say("left_alone", "en")


class TestLoad:
    @pytest.mark.parametrize(
        ("content", "words"),
        [
            ({"greet": {"en": ["Hi"]}}, "greet has no wording in zh-Hans"),
            ({"a": {"zh-Hans": ["{x}"], "en": ["{y}"]}}, "different arguments"),
            ({"a": "b"}, "must have wordings by language"),
        ],
    )
    def test_an_incomplete_key_is_named(
        self, tmp_path: Path, content: object, words: str
    ):
        path = tmp_path / "bot.yml"
        with path.open("w", encoding="utf-8") as file:
            YAML().dump(content, file)
        with pytest.raises(BadConfiguration, match=words):
            load_words([path])
