from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from handoff.hours import closing, is_open, next_opening, read_hours

WEEKDAYS = {
    day: ["09:00-12:00", "13:30-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")
}
SHANGHAI = read_hours(timezone="Asia/Shanghai", weekly=WEEKDAYS)


def at(text, zone="Asia/Shanghai"):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


class TestIsOpen:
    @pytest.mark.parametrize(
        ("moment", "expected"),
        [
            ("2026-03-03 08:59:59", False),
            ("2026-03-03 09:00", True),
            ("2026-03-03 11:59:59", True),
            ("2026-03-03 12:00", False),
            ("2026-03-03 13:30", True),
            ("2026-03-03 18:00", False),
            ("2026-03-07 10:00", False),  # a Saturday
        ],
    )
    def test_the_first_minute_belongs_to_a_spell_and_the_last_does_not(
        self, moment, expected
    ):
        assert is_open(at(moment), SHANGHAI) is expected

    def test_the_shoppers_zone_does_not_matter(self):
        new_york = at("2026-03-02 20:30", "America/New_York")  # 09:30 in Shanghai

        assert is_open(new_york, SHANGHAI)

    def test_all_day_leaves_no_gap_at_midnight(self):
        always = read_hours(
            timezone="Asia/Shanghai",
            weekly={day: ["00:00-24:00"] for day in ("mon", "tue", "wed")},
        )

        assert is_open(at("2026-03-02 23:59:59"), always)
        assert is_open(at("2026-03-03 00:00"), always)
        assert not is_open(at("2026-03-05 00:00"), always)

    def test_a_night_shift_belongs_to_the_day_on_which_it_begins(self):
        night = read_hours(timezone="Asia/Shanghai", weekly={"fri": ["22:00-02:00"]})

        assert is_open(at("2026-03-06 23:00"), night)
        assert is_open(at("2026-03-07 01:59"), night)
        assert not is_open(at("2026-03-07 02:00"), night)
        assert not is_open(at("2026-03-06 01:00"), night)

    @pytest.mark.parametrize(
        ("country", "day"),
        [
            ("CN", "2026-10-01"),  # National Day
            ("HK", "2026-07-01"),  # Establishment Day
            ("TW", "2026-02-17"),  # Lunar New Year
            ("GB", "2026-12-25"),
        ],
    )
    def test_public_holidays_are_closed_where_they_are_kept(self, country, day):
        hours = read_hours(
            timezone="Asia/Shanghai",
            weekly={name: ["00:00-24:00"] for name in ("tue", "wed", "thu", "fri")},
            holidays=[country],
        )
        without = read_hours(
            timezone="Asia/Shanghai",
            weekly={name: ["00:00-24:00"] for name in ("tue", "wed", "thu", "fri")},
        )

        assert not is_open(at(f"{day} 12:00"), hours)
        assert is_open(at(f"{day} 12:00"), without)


class TestNextOpening:
    @pytest.mark.parametrize(
        ("moment", "opens"),
        [
            ("2026-03-03 07:00", "2026-03-03 09:00"),
            ("2026-03-03 12:30", "2026-03-03 13:30"),
            ("2026-03-03 20:00", "2026-03-04 09:00"),
            ("2026-03-06 18:00", "2026-03-09 09:00"),  # over the weekend
        ],
    )
    def test_it_is_the_next_beginning_of_a_spell(self, moment, opens):
        assert next_opening(at(moment), SHANGHAI) == at(opens)

    def test_while_open_it_is_now(self):
        now = at("2026-03-03 10:00")

        assert next_opening(now, SHANGHAI) == now

    def test_it_skips_holidays(self):
        hours = read_hours(timezone="Asia/Shanghai", weekly=WEEKDAYS, holidays=["CN"])
        opens = next_opening(at("2026-09-30 19:00"), hours)

        assert opens > at("2026-10-02 00:00")
        assert is_open(opens, hours)

    def test_who_never_opens_has_no_next_opening(self):
        never = read_hours(timezone="Asia/Shanghai", weekly={})

        assert next_opening(at("2026-03-03 10:00"), never) is None


class TestClockChanges:
    HOURS = read_hours(
        timezone="Europe/Berlin",
        weekly={"sat": ["22:00-04:00"], "sun": ["02:30-10:00"]},
    )

    def test_a_night_that_loses_an_hour_is_an_hour_shorter(self):
        """On 29 March 2026 the clocks jump from 02:00 to 03:00."""
        start = at("2026-03-28 22:00", "Europe/Berlin")
        assert next_opening(start.replace(hour=12), self.HOURS) == start
        assert is_open(datetime(2026, 3, 29, 1, 59, tzinfo=UTC), self.HOURS)

    def test_a_beginning_that_is_skipped_takes_place_when_the_clock_goes_on(self):
        sunday = read_hours(timezone="Europe/Berlin", weekly={"sun": ["02:30-10:00"]})

        opens = next_opening(datetime(2026, 3, 28, 12, tzinfo=UTC), sunday)

        assert opens == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)

    def test_a_night_that_gains_an_hour_stays_open_through_both(self):
        """On 25 October 2026 02:00 to 03:00 comes twice."""
        for hour in (0, 1, 2):
            moment = datetime(2026, 10, 25, hour, 30, tzinfo=UTC)
            assert is_open(moment, self.HOURS)


class TestReading:
    @pytest.mark.parametrize(
        ("section", "complaint"),
        [
            ({"timezone": "Mars/Olympus", "weekly": {}}, "not a time zone"),
            ({"timezone": "Asia/Shanghai", "weekly": {"monday": []}}, "not one of mon"),
            (
                {"timezone": "Asia/Shanghai", "weekly": {"mon": ["9-18"]}},
                "like 09:00-18",
            ),
            ({"timezone": "UTC", "weekly": {"mon": ["09:00-25:00"]}}, "time of day"),
            ({"timezone": "UTC", "weekly": {"mon": ["09:60-10:00"]}}, "time of day"),
            ({"timezone": "UTC", "weekly": {"mon": ["09:00-09:00"]}}, "no length"),
            ({"timezone": "UTC", "weekly": {}, "holidays": ["XX"]}, "country code"),
        ],
    )
    def test_nonsense_is_named(self, section, complaint):
        with pytest.raises(ValueError, match=complaint):
            read_hours(**section)


class TestMakeUpWorkdays:
    """China works some weekend days in exchange for holidays: 2026-02-14, a Saturday."""

    @pytest.mark.parametrize(
        ("moment", "expected"),
        [
            ("2026-02-14 10:00", True),
            ("2026-02-14 12:30", False),  # a Monday's hours, its break too
            ("2026-02-21 10:00", False),  # an ordinary Saturday
            ("2026-02-17 10:00", False),  # the holiday itself, a Tuesday
        ],
    )
    def test_a_made_up_day_has_the_hours_of_a_monday(self, moment, expected):
        china = read_hours(timezone="Asia/Shanghai", weekly=WEEKDAYS, holidays=["CN"])

        assert is_open(at(moment), china) is expected

    def test_the_next_opening_may_be_a_made_up_day(self):
        china = read_hours(timezone="Asia/Shanghai", weekly=WEEKDAYS, holidays=["CN"])

        assert next_opening(at("2026-02-13 19:00"), china) == at("2026-02-14 09:00")

    def test_without_the_country_a_weekend_is_a_weekend(self):
        assert not is_open(at("2026-02-14 10:00"), SHANGHAI)

    def test_a_holiday_of_any_of_several_regions_is_closed(self):
        both = read_hours(
            timezone="Asia/Shanghai", weekly=WEEKDAYS, holidays=["CN", "HK"]
        )

        # Boxing Day's substitute in Hong Kong only: 2026-12-25 is a Friday.
        assert not is_open(at("2026-12-25 10:00"), both)


class TestClosing:
    NIGHTS = read_hours(timezone="Asia/Shanghai", weekly={"mon": ["22:00-06:00"]})

    @pytest.mark.parametrize(
        ("wall", "end"),
        [
            ("2026-03-02T21:59", None),
            ("2026-03-02T22:00", "2026-03-03T06:00"),
            ("2026-03-03T05:59", "2026-03-03T06:00"),
            ("2026-03-03T06:00", None),
        ],
    )
    def test_a_spell_past_midnight_ends_the_next_day(self, wall, end):
        found = closing(at(wall), self.NIGHTS, early=timedelta(0))
        assert found == (at(end) if end else None)

    def test_one_that_begins_soon_counts_already(self):
        end = at("2026-03-03T06:00")
        for wall, found in (("2026-03-02T20:00", end), ("2026-03-02T19:59", None)):
            assert closing(at(wall), self.NIGHTS, early=timedelta(hours=2)) == found
