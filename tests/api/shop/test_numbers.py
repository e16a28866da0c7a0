"""What may be an order number, a telephone or a mailbox (GUARANTEES B24)."""

from __future__ import annotations

import time

import pytest

from api.shop.numbers import email_address, order_number, phone_numbers


class TestOrderNumber:
    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("WL2026112200017", "WL2026112200017"),
            ("wl2026112200017", "WL2026112200017"),
            (" #WL2026112200017 ", "WL2026112200017"),
            ("WL 20261122-00017", "WL2026112200017"),
            ("ＷＬ２０２６１１２２０００１７", "WL2026112200017"),
            ("１００１", "1001"),
            (" #1001 ", "1001"),
            ("#1001", "1001"),
            ("202611220001234", "202611220001234"),
        ],
    )
    def test_one_number_has_one_spelling(self, typed, meant):
        assert order_number(typed) == meant

    @pytest.mark.parametrize(
        "typed",
        [
            "1001\n1002",
            "1001\r\n1002",
            "1001\u20281002",
            "1001, 1002",
            "1001;1002",
            ["1001", "1002"],
            {"$ne": None},
            1001,
            True,
            None,
            "",
            "   ",
            "#",
            "WL",
            "WL2026' OR '1'='1",
            "1001; DROP TABLE orders--",
            "../../etc/passwd",
            "1001%00",
            "1001\u0000",
            "10\u200b01",
            "1" * 25,
            "1" * 100_000,
            "ABCDE123456",
            "１００١",
        ],
    )
    def test_anything_else_is_none(self, typed):
        assert order_number(typed) is None


class TestEmailAddress:
    def test_case_makes_no_difference(self):
        assert email_address("Ann@Example.COM") == email_address("ann@example.com")

    def test_a_tag_makes_another_mailbox(self):
        assert email_address("a+1@example.com") != email_address("a@example.com")

    @pytest.mark.parametrize(
        "typed",
        [
            "a@b",
            "a@example.com\nbcc: v@example.com",
            "a@example.com,b@example.com",
            "<a@example.com>",
            "a b@example.com",
            "аnn@example.com",  # its first letter is Cyrillic
            ["a@example.com"],
            "@example.com",
            "a@" + "x" * 300 + ".com",
        ],
    )
    def test_anything_else_is_none(self, typed):
        assert email_address(typed) is None


class TestPhoneNumbers:
    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("13812345678", "+8613812345678"),
            ("+86 138-1234-5678", "+8613812345678"),
            ("86 13812345678", "+8613812345678"),
            ("008613812345678", "+8613812345678"),
            ("１３８１２３４５６７８", "+8613812345678"),
            ("0912-345-678", "+886912345678"),
            ("886 912 345 678", "+886912345678"),
            ("6212 3456", "+85262123456"),
            ("+852 6212 3456", "+85262123456"),
            ("(206) 555-0123", "+12065550123"),
        ],
    )
    def test_the_number_is_among_what_it_could_mean(self, typed, meant):
        assert meant in phone_numbers(typed)

    def test_a_country_code_leaves_one_meaning(self):
        assert phone_numbers("+12065550123") == ("+12065550123",)

    @pytest.mark.parametrize(
        "typed",
        [
            "12345",
            "+86 999",
            "13812345678\n13812345679",
            ["13812345678"],
            "a" * 50,
            None,
        ],
    )
    def test_anything_else_is_none(self, typed):
        assert phone_numbers(typed) == ()


@pytest.mark.parametrize("check", [order_number, email_address, phone_numbers])
@pytest.mark.parametrize(
    "near_miss", ["1 " * 50_000, "a." * 50_000 + "@", "(" * 100_000, "1-" * 120 + "x"]
)
def test_near_misses_of_any_length_are_refused_at_once(check, near_miss):
    started = time.perf_counter()
    assert not check(near_miss)
    assert time.perf_counter() - started < 0.05
