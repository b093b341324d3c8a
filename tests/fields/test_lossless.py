"""A verdict is true: what is called lossless comes back as it was, or says all that the text said."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fields

CHOICES = {"choices": [{"name": name} for name in ("Todo", "In, progress", "5", "yes")]}
ISO_DAY = {"name": "iso", "format": "YYYY-MM-DD"}
ZONED = {"timeZone": "Europe/Paris", "dateFormat": ISO_DAY, "timeFormat": {"name": "24hour"}}
SIDES: dict[str, Any] = {
    "singleLineText": None,
    "multilineText": None,
    "email": None,
    "url": None,
    "number": {"precision": 2},
    "percent": {"precision": 1},
    "currency": {"precision": 2, "symbol": "$"},
    "rating": {"max": 5},
    "duration": {"durationFormat": "h:mm"},
    "checkbox": None,
    "singleSelect": CHOICES,
    "multipleSelects": CHOICES,
    "date": {"dateFormat": {"name": "european"}},
    "dateTime": ZONED,
    "barcode": None,
    "singleCollaborator": None,
    "multipleCollaborators": None,
    "multipleRecordLinks": None,
}
NUMBERS = st.integers(-(10**6), 10**6) | st.decimals(-1000, 1000, places=3).map(float) | st.floats(-1e6, 1e6)
MOMENTS = st.datetimes(min_value=datetime(1000, 1, 2), max_value=datetime(9999, 12, 30)).map(  # noqa: DTZ001 - UTC
    lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"
)
DAYS = st.dates(min_value=date(1000, 1, 2), max_value=date(9999, 12, 30)).map(str)
NAMES = st.sampled_from(
    ["Todo", "In, progress", "5", "yes", "New", "a b", "1:30", "50%", "$5", "3 Feb", "25/12/2021"]
)
TYPED = st.one_of(
    st.tuples(st.sampled_from(["number", "percent", "currency", "duration"]), NUMBERS),
    st.tuples(st.just("rating"), st.integers(1, 5)),
    st.tuples(st.just("checkbox"), st.just(value=True)),
    st.tuples(st.sampled_from(["singleSelect", "singleLineText", "multilineText", "email"]), NAMES),
    st.tuples(st.just("singleLineText"), st.text(max_size=12).map(lambda text: " ".join(text.splitlines()))),
    st.tuples(st.just("multilineText"), st.text(max_size=12)),
    st.tuples(st.just("multipleSelects"), st.lists(NAMES, min_size=1, max_size=3, unique=True)),
    st.tuples(st.just("date"), DAYS),
    st.tuples(st.just("dateTime"), MOMENTS),
    st.tuples(st.just("barcode"), NAMES.map(lambda name: {"text": name})),
)
TARGETS = st.sampled_from(list(SIDES))
UNREAD = {"singleLineText", "multilineText", "email"}


@given(TYPED, TARGETS)
@settings(max_examples=1500, deadline=None)
def test_what_is_lossless_comes_back_as_it_was(cell: tuple[str, Any], to_type: str) -> None:
    from_type, value = cell
    options = {"from_options": SIDES[from_type], "to_options": SIDES[to_type]}
    there = fields.convert(value, from_type, to_type, **options)
    if there.loss != "lossless" or value == "":
        return

    back = fields.convert(
        there.value, to_type, from_type, from_options=SIDES[to_type], to_options=SIDES[from_type]
    )

    # A text may be written otherwise than the field of another type writes it; reading it again must agree.
    if from_type in UNREAD:
        again = fields.convert(back.value, from_type, to_type, **options)
        assert (again.value, again.loss) == (there.value, "lossless")
    else:
        assert back.value == value


@given(
    st.decimals(allow_nan=False, allow_infinity=False), st.sampled_from(["{:f}", "{:e}", "${:,f}", "{:,f}"])
)
@settings(max_examples=500, deadline=None)
def test_a_lossless_number_is_the_one_in_the_text(number: Decimal, pattern: str) -> None:
    text = pattern.format(number)
    if len(text) > 400:
        return

    made = fields.convert(text, "singleLineText", "number")

    if made.loss == "lossless":
        assert Decimal(repr(made.value)) == number
    if made.loss == "impossible":
        assert abs(number) > Decimal("1.7e308")


@given(DAYS, st.sampled_from(["%d %b %Y", "%B %d, %Y", "%A, %d %B %Y", "%Y/%m/%d", "%Y-%m-%d", "%Y%m%d"]))
@settings(max_examples=300, deadline=None)
def test_a_date_with_its_year_and_month_is_read_without_loss(day: str, pattern: str) -> None:
    text = date.fromisoformat(day).strftime(pattern)

    made = fields.convert(text, "singleLineText", "date")

    assert (made.value, made.loss) == (day, "lossless"), text


@given(DAYS, st.sampled_from(["%d %b", "%B %Y", "%B", "due %d %b %Y", "%d %b %Y 10:30", "%m/%d"]))
@settings(max_examples=300, deadline=None)
def test_a_part_of_a_date_or_more_than_one_is_never_lossless(day: str, pattern: str) -> None:
    text = date.fromisoformat(day).strftime(pattern)

    made = fields.convert(text, "singleLineText", "date")

    assert made.loss != "lossless", text
    assert made.why


@given(st.dates(min_value=date(1000, 1, 1)), st.sampled_from(["us", "european"]))
@settings(max_examples=200, deadline=None)
def test_only_a_format_that_orders_day_and_month_reads_numbers_without_doubt(day: date, name: str) -> None:
    month_first = name == "us"
    text = f"{day.month}/{day.day}/{day.year:04}" if month_first else f"{day.day}/{day.month}/{day.year:04}"

    told = fields.convert(text, "singleLineText", "date", to_options={"dateFormat": {"name": name}})
    untold = fields.convert(text, "singleLineText", "date")

    assert (told.value, told.loss) == (day.isoformat(), "lossless")
    assert untold.loss == ("lossy" if day.day <= 12 and day.day != day.month else "lossless")


@pytest.mark.parametrize("function", [fields.convert, fields.typecast, fields.text])
@pytest.mark.parametrize("told", [{"locale": "zz"}, {"time_zone": "Mars/Olympus"}, {"locale": ""}])
def test_a_locale_or_a_zone_that_does_not_exist_is_refused(function: Any, told: Any) -> None:
    question = ("5", "singleLineText", "number") if function is fields.convert else ("number", 5)

    with pytest.raises(ValueError, match="There is no"):
        function(*question, **told)
