"""Dates read by a pattern, and without one."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moments import UnknownLocale, UnknownZone, parse_loose, parse_moment, to_iso

NOW = datetime(2024, 5, 15, 10, 20, 30, tzinfo=UTC)


def iso_or_none(instant: datetime | None) -> str:
    return to_iso(instant) if instant else "none"


@pytest.mark.cases("parses.txt")
def test_a_text_is_read_by_its_pattern_as_moment_reads_it(case: tuple[str, ...]) -> None:
    text, pattern, zone, locale, expected = case

    read = parse_moment(text, pattern, time_zone=zone, locale=locale, now=NOW)

    assert iso_or_none(read) == expected


@pytest.mark.cases("loose.txt")
def test_a_text_without_a_pattern_is_read_as_moment_reads_it(case: tuple[str, ...]) -> None:
    text, expected = case

    assert iso_or_none(parse_loose(text)) == expected


@pytest.mark.cases("loose_ours.txt")
def test_what_people_write_is_read_and_nonsense_is_not(case: tuple[str, ...]) -> None:
    text, expected = case

    assert iso_or_none(parse_loose(text)) == expected


def test_spaces_around_a_date_do_no_harm() -> None:
    assert parse_loose("  2013-02-08  ") == datetime(2013, 2, 8, tzinfo=UTC)
    assert parse_moment("  2013 02 08", "YYYY-MM-DD") == datetime(2013, 2, 8, tzinfo=UTC)


def test_without_now_a_time_is_of_the_first_of_january_2000() -> None:
    assert parse_moment("10:30", "HH:mm") == datetime(2000, 1, 1, 10, 30, tzinfo=UTC)


def test_a_date_without_a_year_is_of_the_year_of_now() -> None:
    assert parse_loose("March 4", now=NOW) == datetime(2024, 3, 4, tzinfo=UTC)


def test_today_is_the_day_that_the_zone_has() -> None:
    late = datetime(2024, 5, 15, 23, tzinfo=UTC)

    read = parse_moment("08:00", "HH:mm", time_zone="Asia/Tokyo", now=late)

    assert read == datetime(2024, 5, 15, 23, tzinfo=UTC)


def test_a_text_without_an_offset_is_read_on_the_clocks_of_the_zone() -> None:
    expected = datetime(2024, 7, 1, 13, 0, tzinfo=UTC)

    for text in ("2024-07-01T09:00", "2024-07-01 09:00:00.000", "7/1/2024 9:00", "1 July 2024 9am"):
        assert parse_loose(text, time_zone="America/New_York") == expected


def test_an_offset_in_the_text_overrules_the_zone() -> None:
    expected = datetime(2024, 7, 1, 9, 0, tzinfo=UTC)

    for text in ("2024-07-01T09:00:00Z", "2024-07-01T11:00:00+02:00", "1 Jul 2024 9:00 GMT"):
        assert parse_loose(text, time_zone="America/New_York") == expected


def test_months_may_be_named_in_the_language_of_the_locale() -> None:
    assert parse_loose("4. März 2017", locale="de") == datetime(2017, 3, 4, tzinfo=UTC)
    assert parse_loose("4. März 2017") is None


@pytest.mark.parametrize("text", ["0001-01-01T00:00", "1/1/1", "9999-12-31T23:59:59"])
def test_the_ends_of_time_are_no_dates_where_a_zone_pushes_them_over(text: str) -> None:
    for zone in ("Asia/Tokyo", "America/New_York", "utc"):
        read = parse_loose(text, time_zone=zone)

        assert read is None or 1 <= read.year <= 9999


def test_an_unknown_zone_or_locale_is_an_error_even_when_the_text_is_no_date() -> None:
    with pytest.raises(UnknownZone):
        parse_loose("hello", time_zone="Mars/Olympus")
    with pytest.raises(UnknownLocale):
        parse_moment("hello", "L", locale="xx")


@given(text=st.text(max_size=40), pattern=st.text(alphabet="YMDHhmsAaZXxQdweEGgNyWSo []-/:.", max_size=20))
def test_any_text_is_a_date_or_none(text: str, pattern: str) -> None:
    for read in (parse_moment(text, pattern, locale="ja"), parse_loose(text)):
        assert read is None or read.tzinfo is UTC


@given(text=st.text(alphabet="0123456789-/:.TZ +,apmJanFebWPMst", max_size=30))
def test_any_text_that_looks_like_a_date_is_a_date_or_none(text: str) -> None:
    for read in (parse_loose(text, time_zone="Asia/Tokyo"), parse_moment(text, "L LTS Z")):
        assert read is None or read.tzinfo is UTC


@pytest.mark.parametrize("text", ["9" * 100_000, "1:" * 50_000, "(" * 50_000, "a" * 100_000, "-" * 100_000])
def test_a_very_long_text_is_refused_quickly(text: str) -> None:
    started = time.process_time()

    assert parse_loose(text) is None
    parse_moment(text, "MMMM D YYYY X x SSSS A dddd Do N")

    assert time.process_time() - started < 1
