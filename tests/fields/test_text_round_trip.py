"""What a field shows as text, typecast reads back as the same value, as far as the text can tell it."""

from datetime import datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

import fields

NAMES = ["Todo", "In, progress", 'Say "done"', "ﬁne", "Ärger 😀"]
CHOICES = {"choices": [{"name": name} for name in NAMES]}
DATE = {"dateFormat": {"name": "iso"}}
MOMENT = {"timeZone": "utc", "dateFormat": {"name": "iso"}, "timeFormat": {"name": "24hour"}}
STARS = {"icon": "star", "color": "yellowBright", "max": 10}
BOX = {"icon": "check", "color": "greenBright"}
WORDS = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=40)


def cents(digits: int) -> st.SearchStrategy[float]:
    """Numbers that have no more digits behind the point than the field shows."""
    return st.integers(-(10**11), 10**11).map(lambda number: number / 10**digits)


MOMENTS = st.datetimes(min_value=datetime(1000, 1, 1), max_value=datetime(9999, 12, 31)).map(  # noqa: DTZ001 - UTC
    lambda moment: moment.strftime("%Y-%m-%dT%H:%M:00.000Z")
)
CELLS = st.one_of(
    st.tuples(st.just("singleLineText"), WORDS, st.just(None)),
    st.tuples(st.just("number"), cents(2), st.just({"precision": 2})),
    st.tuples(st.just("currency"), cents(2), st.just({"precision": 2, "symbol": "$"})),
    st.tuples(st.just("percent"), cents(4), st.just({"precision": 2})),
    st.tuples(st.just("rating"), st.integers(1, 10), st.just(STARS)),
    st.tuples(st.just("duration"), st.integers(0, 10**7), st.just({"durationFormat": "h:mm:ss"})),
    st.tuples(st.just("checkbox"), st.just(value=True), st.just(BOX)),
    st.tuples(st.just("singleSelect"), st.sampled_from(NAMES), st.just(CHOICES)),
    st.tuples(
        st.just("multipleSelects"),
        st.lists(st.sampled_from(NAMES), min_size=1, unique=True),
        st.just(CHOICES),
    ),
    st.tuples(st.just("date"), st.dates().map(str), st.just(DATE)),
    st.tuples(st.just("dateTime"), MOMENTS, st.just(MOMENT)),
)


@given(CELLS)
def test_what_is_shown_is_read_back_as_the_same_value(cell: tuple[str, Any, Any]) -> None:
    type, value, options = cell

    read = fields.typecast(type, fields.text(type, value, options), options)

    assert read.ok, read.problems
    assert read.value == value or abs(read.value - value) < 1e-9
