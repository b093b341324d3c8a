"""Dates moved, compared and rounded down."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moments import (
    MomentOutOfRange,
    Unit,
    add,
    add_workdays,
    difference,
    humanise,
    humanise_between,
    start_of,
    unit_of,
    week_of_year,
    workdays_between,
)

INSTANTS = st.datetimes(
    datetime.fromisoformat("1950-01-01"), datetime.fromisoformat("2100-01-01"), timezones=st.just(UTC)
).map(lambda instant: instant.replace(microsecond=0))
ZONES = st.sampled_from(["utc", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])


def unit(name: str) -> Unit:
    found = unit_of(name)
    assert found
    return found


@pytest.mark.cases("sums.txt")
def test_a_sum_is_moments(case: tuple[str, ...]) -> None:
    instant, count, name, zone, expected = case

    moved = add(datetime.fromisoformat(instant), float(count), unit(name), time_zone=zone)

    assert moved == datetime.fromisoformat(expected)


@pytest.mark.cases("differences.txt")
def test_a_difference_is_moments(case: tuple[str, ...]) -> None:
    later, earlier, name, zone, expected = case

    count = difference(
        datetime.fromisoformat(later), datetime.fromisoformat(earlier), unit(name), time_zone=zone
    )

    assert count == int(expected)


@pytest.mark.cases("starts.txt")
def test_the_start_of_a_unit_is_moments(case: tuple[str, ...]) -> None:
    instant, name, zone, locale, expected = case

    start = start_of(datetime.fromisoformat(instant), unit(name), time_zone=zone, locale=locale)

    assert start == datetime.fromisoformat(expected)


@pytest.mark.cases("weeks.txt")
def test_the_week_of_the_year_is_moments(case: tuple[str, ...]) -> None:
    day, expected = case

    assert week_of_year(datetime.fromisoformat(day).replace(tzinfo=UTC)) == int(expected)


def test_a_week_may_begin_on_monday() -> None:
    sunday = datetime(2020, 6, 7, tzinfo=UTC)

    assert week_of_year(sunday) == 24
    assert week_of_year(sunday, first_day=1) == 23


@pytest.mark.cases("spans.txt")
def test_a_span_in_words_is_moments(case: tuple[str, ...]) -> None:
    seconds, locale, expected = case

    assert humanise(float(seconds), locale=locale) == expected


@pytest.mark.cases("distances.txt")
def test_a_distance_between_dates_is_moments_from(case: tuple[str, ...]) -> None:
    instant, reference, locale, expected = case

    words = humanise_between(
        datetime.fromisoformat(instant), datetime.fromisoformat(reference), locale=locale
    )

    assert words == expected


@given(start=INSTANTS, count=st.integers(-2000, 2000), kind=st.sampled_from(list(Unit)), zone=ZONES)
def test_the_difference_of_a_sum_is_at_most_what_was_added(
    start: datetime, count: int, kind: Unit, zone: str
) -> None:
    # The end of a month and the hour that clocks skip may cost one unit, never win one.
    moved = add(start, count, kind, time_zone=zone)

    counted = difference(moved, start, kind, time_zone=zone)

    assert abs(count) - 1 <= abs(counted) <= abs(count)


@given(first=INSTANTS, second=INSTANTS, kind=st.sampled_from(list(Unit)))
def test_a_difference_turned_round_is_the_same_with_the_other_sign(
    first: datetime, second: datetime, kind: Unit
) -> None:
    assert difference(first, second, kind) == -difference(second, first, kind)


@given(instant=INSTANTS, kind=st.sampled_from(list(Unit)), zone=ZONES)
def test_a_start_is_never_later_and_is_its_own_start(instant: datetime, kind: Unit, zone: str) -> None:
    start = start_of(instant, kind, time_zone=zone)

    assert start <= instant
    assert start_of(start, kind, time_zone=zone) == start


@pytest.mark.parametrize("count", [1e9, -1e9, 1e300, float("inf"), float("nan"), 10**30])
@pytest.mark.parametrize("kind", [Unit.YEAR, Unit.DAY, Unit.HOUR])
def test_a_sum_outside_the_years_1_to_9999_is_an_error(count: float, kind: Unit) -> None:
    with pytest.raises(MomentOutOfRange):
        add(datetime(2024, 1, 31, tzinfo=UTC), count, kind)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("m", Unit.MINUTE),
        ("M", Unit.MONTH),
        ("ms", Unit.MILLISECOND),
        ("Days", Unit.DAY),
        ("quarter", Unit.QUARTER),
        ("Q", Unit.QUARTER),
        ("WEEKS", Unit.WEEK),
        ("y", Unit.YEAR),
        ("fortnight", None),
        ("", None),
    ],
)
def test_units_have_short_and_long_names(name: str, expected: Unit | None) -> None:
    assert unit_of(name) is expected


HOLIDAY = frozenset({date(2020, 7, 13)})


@pytest.mark.parametrize(
    ("start", "count", "holidays", "expected"),
    [
        (date(2020, 6, 6), 100, HOLIDAY, date(2020, 10, 26)),
        (date(2021, 10, 15), 1, frozenset({date(2021, 10, 15)}), date(2021, 10, 18)),
        (date(2024, 1, 5), 0, frozenset(), date(2024, 1, 5)),
        (date(2024, 1, 6), 1, frozenset(), date(2024, 1, 8)),
        (date(2024, 1, 6), -1, frozenset(), date(2024, 1, 5)),
        (date(2024, 1, 8), -1, frozenset({date(2024, 1, 5)}), date(2024, 1, 4)),
    ],
)
def test_working_days_pass_over_weekends_and_holidays(
    start: date, count: int, holidays: frozenset[date], expected: date
) -> None:
    assert add_workdays(start, count, holidays) == expected


@pytest.mark.parametrize(
    ("start", "end", "holidays", "expected"),
    [
        (date(2020, 6, 6), date(2020, 10, 18), HOLIDAY, 94),
        (date(2024, 1, 1), date(2024, 1, 8), frozenset(), 6),
        (date(2024, 1, 8), date(2024, 1, 1), frozenset(), -6),
        (date(2024, 1, 6), date(2024, 1, 7), frozenset(), 0),
        (date(2024, 1, 5), date(2024, 1, 5), frozenset(), 1),
    ],
)
def test_working_days_between_count_both_ends(
    start: date, end: date, holidays: frozenset[date], expected: int
) -> None:
    assert workdays_between(start, end, holidays) == expected


DAYS = st.dates(date(1990, 1, 1), date(2060, 1, 1))


@given(start=DAYS, count=st.integers(-60, 60).filter(bool), holidays=st.frozensets(DAYS, max_size=20))
def test_working_days_are_those_that_one_finds_day_by_day(
    start: date, count: int, holidays: frozenset[date]
) -> None:
    near = frozenset(start + timedelta(days=(day - date(1990, 1, 1)).days % 60 - 30) for day in holidays)
    step = timedelta(days=1 if count > 0 else -1)
    day, left = start, abs(count)
    while left:
        day += step
        left -= day.weekday() < 5 and day not in near

    assert add_workdays(start, count, near) == day


def test_a_million_working_days_cost_no_more_than_one() -> None:
    later = add_workdays(date(2024, 1, 1), 10**6)

    assert workdays_between(date(2024, 1, 2), later) == 10**6


@pytest.mark.parametrize("count", [10**12, -(10**12)])
def test_working_days_outside_the_years_1_to_9999_are_an_error(count: int) -> None:
    with pytest.raises(MomentOutOfRange):
        add_workdays(date(2024, 1, 1), count)
