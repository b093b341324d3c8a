"""What is suggested in the place of a value is taken in the same mode, under the same options."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fields
from fields import FIELD_TYPES

TEXTS = st.sampled_from(
    [
        *("1h 30m", "1:30", "PT5M", "9", "4", "1.234,5", "1,234", "$5", "12%", "yes", "no", "1e400", "0"),
        *("9/5/2022", "25/12/2021", "3 Feb", "2022-9-5", "2022-09-05T10:00Z", "Todo", "todo", "Dne"),
        *("(415) 555-2671", "00442079460958", "ada @example.com", "Ada <ada@example.com>", "example.com"),
        *("http://u:p@example.com/", "ftp://example.com/", "recA1", "usrA1", "attA1", "half \ud83d"),
        *("5901234123450", "0-306-40615-3", "https://10.0.0.1/a.png", "https://example.com/a.png"),
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-20, 20) | st.floats() | st.text(max_size=12) | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "url", "text", "type", "name", "email", "filename"]), inner, max_size=3
        )
    ),
    max_leaves=5,
)
OPTIONS: list[Any] = [
    None,
    {"max": 5},
    {"precision": 2, "symbol": "$"},
    {"currency": "JPY"},
    {"durationFormat": "h:mm"},
    {"durationFormat": "h:mm:ss"},
    {"choices": [{"name": "Todo"}, {"name": "Done"}]},
    {"dateFormat": {"name": "european"}},
    {"dateFormat": {"name": "iso"}, "timeFormat": {"name": "24hour"}, "timeZone": "Europe/Paris"},
    {"default_region": "US"},
    {"symbology": "ean13"},
    {"max_count": 1},
]


@given(
    st.sampled_from(list(FIELD_TYPES)),
    VALUES,
    st.sampled_from(OPTIONS),
    st.sampled_from(["airtable", "strict"]),
)
@settings(max_examples=600, deadline=None)
def test_what_is_suggested_for_a_value_is_accepted_in_its_place(
    type: str, value: Any, options: Any, mode: Any
) -> None:
    for problem in fields.check(type, value, options, mode=mode).problems:
        if problem.suggestion is not None and not problem.path:
            assert fields.check(type, problem.suggestion, options, mode=mode).problems == ()


@pytest.mark.parametrize(
    ("type", "value", "member"),
    [
        ("multipleRecordLinks", [{"id": "recA1"}, "Ada"], (0,)),
        ("barcode", {"text": "73513536", "type": "ean8"}, ("text",)),
        (
            "multipleAttachments",
            [{"url": "http://u:p@example.com/"}, {"url": "http://10.0.0.1/"}],
            (0, "url"),
        ),
    ],
)
def test_a_member_that_can_be_mended_is_mended_beside_one_that_cannot(
    type: str, value: Any, member: tuple[Any, ...]
) -> None:
    problems = fields.check(type, value).problems

    assert {problem.path for problem in problems if problem.suggestion is not None} == {member}


def test_of_a_list_of_thousands_the_first_mistakes_have_suggestions() -> None:
    problems = fields.check("multipleRecordLinks", [{"id": f"rec{n}"} for n in range(3000)]).problems

    assert len(problems) == 3000
    assert problems[0].suggestion == "rec0"
    assert problems[2999].suggestion is None
