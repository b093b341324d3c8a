"""Zones and locales by name."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from moments import LOCALES, Locale, MomentError, UnknownLocale, UnknownZone, resolve_locale, resolve_zone

WINTER = datetime(2024, 1, 5, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("name", ["utc", "UTC", "client", "Etc/UTC"])
def test_utc_has_many_names(name: str) -> None:
    assert resolve_zone(name) is UTC


@pytest.mark.parametrize("name", ["America/New_York", "america/new_york", " AMERICA/NEW_YORK "])
def test_a_zone_is_found_in_any_case(name: str) -> None:
    assert WINTER.astimezone(resolve_zone(name)).hour == 7


@pytest.mark.parametrize(
    "name", ["", "Mars/Olympus", "../../etc/passwd", "/etc/localtime", "America", "x" * 10_000]
)
def test_what_is_no_zone_is_an_error(name: str) -> None:
    with pytest.raises(UnknownZone):
        resolve_zone(name)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("en", "en"),
        ("EN-GB", "en-gb"),
        ("pt_BR", "pt-br"),
        ("de-li", "de"),
        ("en-us", "en"),
        ("zh", "zh-cn"),
        ("zh-Hant-TW", "zh-tw"),
        ("zh-mo", "zh-hk"),
        ("no", "nb"),
    ],
)
def test_a_region_without_a_table_falls_back_to_its_language(name: str, expected: str) -> None:
    assert resolve_locale(name).name == expected


@pytest.mark.parametrize("resolve", [resolve_zone, resolve_locale])
def test_every_error_is_a_moment_error(resolve: Callable[[str], object]) -> None:
    with pytest.raises(MomentError, match="There is no"):
        resolve("nowhere at all")


def test_an_unknown_locale_comes_with_the_nearest_names() -> None:
    with pytest.raises(UnknownLocale) as caught:
        resolve_locale("xn-gb")

    assert "en-gb" in caught.value.nearest


@pytest.mark.parametrize("locale", LOCALES.values(), ids=LOCALES.keys())
def test_a_locale_is_complete(locale: Locale) -> None:
    for months in (locale.months, locale.months_short):
        assert [len(each) for each in (months.plain, *(bent for _, bent in months.cases))] == [12] * (
            1 + len(months.cases)
        )
    for weekdays in (locale.weekdays, locale.weekdays_short, locale.weekdays_min):
        assert len(weekdays.plain) == 7
        assert all(len(bent) == 7 for _, bent in weekdays.cases)
    assert {"LT", "LTS", "L", "LL", "LLL", "LLLL"} <= locale.formats.keys()
