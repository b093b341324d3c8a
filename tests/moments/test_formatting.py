"""Dates in words, by pattern."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moments import LOCALES, UnknownLocale, UnknownZone, format_moment, parse_moment, resolve_zone, to_iso

AN_INSTANT = datetime(2024, 1, 5, 3, 4, 5, 678_000, tzinfo=UTC)


@pytest.mark.cases("tokens.txt")
def test_every_token_is_written_as_moment_writes_it(case: tuple[str, ...]) -> None:
    instant, zone, locale, pattern, expected = case

    written = format_moment(datetime.fromisoformat(instant), pattern, time_zone=zone, locale=locale)

    assert written == expected


@pytest.mark.cases("locales.txt")
def test_every_locale_writes_as_it_does_in_moment(case: tuple[str, ...]) -> None:
    instant, zone, locale, pattern, expected = case

    written = format_moment(datetime.fromisoformat(instant), pattern, time_zone=zone, locale=locale)

    assert written == expected


@given(
    instant=st.datetimes(
        datetime.fromisoformat("1900-01-01"), datetime.fromisoformat("9999-12-30"), timezones=st.just(UTC)
    ),
    locale=st.sampled_from(sorted(LOCALES)),
)
def test_what_is_written_in_full_is_read_back(instant: datetime, locale: str) -> None:
    instant = instant.replace(microsecond=instant.microsecond // 1000 * 1000)
    pattern = "YYYY MMMM DD HH:mm:ss.SSS"

    text = format_moment(instant, pattern, locale=locale)

    assert parse_moment(text, pattern, locale=locale) == instant


@given(pattern=st.text(max_size=30))
def test_any_pattern_can_be_written_and_read(pattern: str) -> None:
    text = format_moment(AN_INSTANT, pattern)

    read = parse_moment(text, pattern)

    assert read is None or read.tzinfo is UTC


def test_line_breaks_are_dropped_as_in_moment() -> None:
    assert format_moment(AN_INSTANT, "YYYY\nMM") == "202401"


def test_a_percent_sign_stands_for_itself() -> None:
    assert format_moment(AN_INSTANT, "%s %% YYYY%") == "%5 %% 2024%"


def test_an_unknown_zone_is_named_with_the_nearest_ones() -> None:
    with pytest.raises(UnknownZone, match=r"did you mean Europe/Berlin") as caught:
        format_moment(AN_INSTANT, "L", time_zone="Europe/Berln")

    assert caught.value.name == "Europe/Berln"


def test_an_unknown_locale_is_an_error() -> None:
    with pytest.raises(UnknownLocale, match="'xx'"):
        format_moment(AN_INSTANT, "L", locale="xx")


def test_airtables_notation_has_three_digits_of_milliseconds() -> None:
    assert to_iso(datetime(2026, 11, 23, tzinfo=UTC)) == "2026-11-23T00:00:00.000Z"
    assert to_iso(AN_INSTANT) == "2024-01-05T03:04:05.678Z"


def test_a_year_before_1000_is_padded() -> None:
    assert to_iso(datetime(987, 6, 5, tzinfo=UTC)) == "0987-06-05T00:00:00.000Z"


def test_an_instant_told_in_another_zone_is_the_same_instant() -> None:
    told_in_tokyo = AN_INSTANT.astimezone(resolve_zone("Asia/Tokyo"))

    assert format_moment(told_in_tokyo, "YYYY-MM-DD HH:mm z") == "2024-01-05 03:04 UTC"
