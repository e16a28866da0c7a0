from __future__ import annotations

from datetime import date

import pytest

from knowledge_base import articles, publish
from knowledge_base.conditions import (
    UNKNOWN,
    Circumstances,
    Conditions,
    code_of,
    left_out,
)
from knowledge_base.content import as_json, check_article, from_row, read_content
from knowledge_base.errors import InvalidArticle
from knowledge_base.search import Outcome
from tests.knowledge_base.makers import LATER, NOON, content

OLD_RULE = Conditions(ordered_until=date(2026, 6, 30))
NEW_RULE = Conditions(ordered_from=date(2026, 7, 1))
SAID = {
    "regions": ["cn", "hk"],
    "channels": ["web", "mini_app"],
    "ordered_from": "2026-01-01",
    "ordered_until": "2026-06-30",
}


def problems(**said: object) -> list[tuple[str, str]]:
    with pytest.raises(InvalidArticle) as caught:
        check_article("a", "t", content(**said))
    return [(one.field, one.sentence) for one in caught.value.problems]


class TestWhatIsSaid:
    def test_conditions_read_back_as_they_were_written(self):
        found = read_content(content(**SAID))
        assert found.conditions == Conditions(
            regions=("cn", "hk"),
            channels=("web", "mini_app"),
            ordered_from=date(2026, 1, 1),
            ordered_until=date(2026, 6, 30),
        )
        assert list(found) == ["zh-Hans"]
        assert as_json(found) == content(**SAID)
        assert from_row(as_json(found)) == found != read_content(content())

    @pytest.mark.parametrize("name", SAID)
    def test_nothing_said_is_no_condition(self, name):
        for nothing in (None, "", " "):
            assert as_json(read_content(content(**{name: nothing}))) == content()

    def test_codes_may_stand_in_one_cell_and_are_folded_once(self):
        found = read_content(content(regions=" HK, cn;hk、TW "))
        assert found.conditions.regions == ("hk", "cn", "tw")

    @pytest.mark.parametrize("day", [date(2026, 6, 30), "2026-06-30T00:00:00"])
    def test_a_day_may_be_what_front_matter_or_a_workbook_makes_of_it(self, day):
        found = read_content(content(ordered_until=day))
        assert found.conditions.ordered_until == date(2026, 6, 30)

    @pytest.mark.parametrize(
        "day", ["30.6.2026", "2026-06-31", "soon", 20260630, True, NOON, ["2026"]]
    )
    @pytest.mark.parametrize("name", ["ordered_from", "ordered_until"])
    def test_what_is_no_day_is_refused(self, name, day):
        assert problems(**{name: day}) == [(name, "must be a day such as 2026-06-30")]

    def test_a_range_that_ends_before_it_begins_is_refused(self):
        assert problems(ordered_from="2026-07-01", ordered_until="2026-06-30") == [
            ("ordered_until", "must not be before %(first)s")
        ]
        one_day = content(ordered_from="2026-07-01", ordered_until="2026-07-01")
        assert read_content(one_day).conditions

    @pytest.mark.parametrize("code", ["中国", "c n!", "-cn", "x" * 17, "c/n"])
    @pytest.mark.parametrize("name", ["regions", "channels"])
    def test_an_ill_formed_code_is_refused(self, name, code):
        [(field, why)] = problems(**{name: ["cn", code]})
        assert field == name
        assert why.startswith("%(code)s is no code")

    @pytest.mark.parametrize("value", [{"cn": 1}, 7, b"cn"])
    def test_codes_are_a_list(self, value):
        assert problems(regions=value) == [("regions", "must be a list of codes")]

    def test_too_many_codes_are_refused(self):
        many = [f"r{number}" for number in range(51)]
        [(field, why)] = problems(regions=many)
        assert (field, why) == (
            "regions",
            "has %(length)s entries, at most %(most)s fit",
        )
        assert read_content(content(regions=many[:50])).conditions

    def test_conditions_alone_are_no_article(self):
        with pytest.raises(InvalidArticle) as caught:
            read_content(SAID)
        assert {one.field for one in caught.value.problems} == {"content"}


class TestWhomItExcludes:
    @pytest.mark.parametrize(
        ("known", "against"),
        [
            (UNKNOWN, ()),
            (Circumstances(region="cn"), ()),
            (Circumstances(region="us"), ("regions",)),
            (Circumstances(channel="web"), ()),
            (Circumstances(channel="email"), ("channels",)),
            (Circumstances(ordered_on=date(2025, 12, 31)), ("ordered_from",)),
            (Circumstances(ordered_on=date(2026, 1, 1)), ()),
            (Circumstances(ordered_on=date(2026, 6, 30)), ()),
            (Circumstances(ordered_on=date(2026, 7, 1)), ("ordered_until",)),
            (
                Circumstances(region="us", channel="email"),
                ("regions", "channels"),
            ),
        ],
    )
    def test_only_what_is_known_and_does_not_match(self, known, against):
        conditions = read_content(content(**SAID)).conditions
        assert conditions.against(known) == against
        assert left_out({"a": conditions}, known) == ({"a": against} if against else {})

    def test_what_says_nothing_holds_for_everybody(self):
        everywhere = Circumstances(
            region="us", channel="web", ordered_on=date(2026, 1, 1)
        )
        assert Conditions().against(everywhere) == ()

    def test_two_rules_exclude_each_other_where_nobody_gets_both(self):
        assert OLD_RULE.excludes(NEW_RULE)
        assert NEW_RULE.excludes(OLD_RULE)
        assert not OLD_RULE.excludes(Conditions(ordered_from=date(2026, 6, 30)))
        assert not OLD_RULE.excludes(Conditions())
        assert Conditions(regions=("cn",)).excludes(Conditions(regions=("us",)))
        assert not Conditions(regions=("cn",)).excludes(
            Conditions(regions=("us", "cn"))
        )
        assert not Conditions(regions=("cn",)).excludes(Conditions(channels=("web",)))

    def test_a_code_from_elsewhere_is_spelt_as_in_conditions(self):
        assert code_of(" HK ") == "hk"
        assert code_of("中国") is code_of(7) is code_of("") is None


class TestSearch:
    """Two articles with the same question, for two kinds of orders."""

    ASKED = "多久可以申请价格保护"

    @pytest.fixture
    async def two_rules(self, shop, searcher):
        for name, days, said in (
            ("price-old", "七", {"ordered_until": "2026-06-30"}),
            ("price-new", "三", {"ordered_from": "2026-07-01"}),
        ):
            await articles.create(
                shop,
                article_id=name,
                topic="prices",
                content=content(self.ASKED, f"{days}天之内。", **said),
                author="mei",
                now=NOON,
            )
            await publish.publish(shop, name, now=LATER)
        await searcher.refresh(shop)
        return searcher

    @pytest.mark.parametrize(
        ("day", "right"),
        [(date(2026, 6, 30), "price-old"), (date(2026, 7, 1), "price-new")],
    )
    async def test_the_rule_answers_that_held_when_the_order_was_placed(
        self, two_rules, day, right
    ):
        known = Circumstances(ordered_on=day)
        found = two_rules.search(self.ASKED, language="zh-Hans", known=known)
        assert found.outcome is Outcome.ANSWER
        assert found.hits[0].article_id == right
        assert (
            len({"price-old", "price-new"} & {one.article_id for one in found.hits})
            == 1
        )
        assert len(two_rules.left_out(known)) == 1

    async def test_both_stand_as_buttons_while_the_day_is_unknown(self, two_rules):
        found = two_rules.search(self.ASKED, language="zh-Hans")
        assert found.outcome is Outcome.CLARIFY
        assert {one.article_id for one in found.hits[:2]} == {"price-old", "price-new"}
        assert two_rules.left_out(UNKNOWN) == {}

    async def test_the_chosen_one_is_told_whatever_is_known(self, two_rules):
        assert two_rules.answer("price-old", language="zh-Hans") is not None
