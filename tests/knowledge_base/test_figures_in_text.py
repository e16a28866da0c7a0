"""Which figures a sentence names, however they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.figures_in_text import Figure, figures_of, number


def one(kind: str, low: float, high: float | None = None) -> Figure:
    return Figure(kind=kind, low=low, high=low if high is None else high)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("签收后 **7 天**内", one("time", 168)),
        ("簽收後七天內可退", one("time", 168)),
        ("七日内", one("time", 168)),
        ("within seven days", one("time", 168)),
        ("a 7-day window", one("time", 168)),
        ("48 小时", one("time", 48)),
        ("两周", one("time", 336)),
        ("十五个工作日内", one("working days", 15)),
        ("3–5 個工作日", one("working days", 3, 5)),
        ("3 to 5 business days", one("working days", 3, 5)),
        ("满 １,２９９ 元", one("money", 1299)),
        ("一百二十元", one("money", 120)),
        ("¥8", one("money", 8)),
        ("US$25", one("dollars", 25)),
        ("百分之五", one("percent", 5)),
        ("10 % off", one("percent", 10)),
        ("半年内，12 个月", one("months", 12)),
    ],
)
def test_a_figure_is_read_in_every_spelling(text, figure):
    assert figures_of(text)[0] == [figure]


@pytest.mark.parametrize(
    "text", ["2024年3月5日", "第三天", "每天", "M-7", "拨打 400-123", "一般", "3 件"]
)
def test_dates_ordinals_and_bare_numbers_are_no_quantities(text):
    assert figures_of(text)[0] == []


def test_days_and_working_days_are_different_things():
    [days], [working] = figures_of("7 天")[0], figures_of("7 个工作日")[0]
    assert days.kind != working.kind


def test_ranges_agree_where_they_meet():
    assert one("time", 3, 5).agrees(one("time", 5, 7))
    assert not one("time", 3, 5).agrees(one("time", 6, 7))


@given(st.integers(1, 9999))
def test_chinese_numerals_mean_what_digits_mean(value):
    assert number(in_chinese(value)) == value


def in_chinese(value: int) -> str:
    """The way a person writes it: 一千零五, 三百二十, 十五."""
    digits = "零一二三四五六七八九"
    said, zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // unit % 10
        if digit:
            said += ("零" if zero and said else "") + digits[digit] + name
        zero = digit == 0
    return said.removeprefix("一") if 10 <= value < 20 else said


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text):
    figures_of(text)
