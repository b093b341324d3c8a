"""Every public function, given any JSON for any argument, answers or raises what it says it raises."""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fields
from fields import FIELD_TYPES

KEYS = st.sampled_from(
    [
        *("type", "options", "input", "level", "fields", "name", "id", "primaryFieldId", "choices", "result"),
        *(
            "precision",
            "text",
            "url",
            "head_hex",
            "filename",
            "base64",
            "size",
            "currency",
            "locale",
            "label",
        ),
        *("valuesByLinkedRecordId", "linkedRecordIds", "dateFormat", "timeZone", "symbology", "max_count"),
    ]
)
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("half \ud83d")
)
JSON = st.recursive(
    SCALARS | st.sampled_from([*FIELD_TYPES, "US", "EUR", "ean13", "de_DE", "en", "utc"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=8,
)
# What each may raise besides an answer: NotAColumn, MomentError and a wrong mode are all ValueErrors.
FUNCTIONS: list[tuple[Callable[..., Any], int, type[Exception] | tuple[()]]] = [
    (fields.check, 3, ()),
    (fields.check_options, 2, ()),
    (fields.check_record, 2, ()),
    (fields.check_case, 1, ()),
    (fields.typecast, 3, ()),
    (fields.text, 3, ()),
    (fields.convert, 3, ()),
    (fields.convert_column, 3, fields.NotAColumn),
    (fields.infer, 1, fields.NotAColumn),
    (fields.webhook_value, 3, ()),
    (fields.rest_value, 2, ()),
    (fields.check_money, 2, ()),
    (fields.read_amount, 2, ()),
    (fields.read_duration, 2, ()),
    (fields.check_hostname, 2, ()),
    (fields.find_registrable_domain, 2, ()),
    (fields.check_file_url, 2, ()),
    (fields.check_file_kind, 1, ()),
    (fields.check_file_sizes, 2, ()),
    (fields.measure_base64, 1, ()),
    (fields.clean_filename, 1, ()),
    (fields.check_button, 2, ()),
    (fields.check_button_url, 2, ()),
    (fields.draw_barcode, 2, ()),
]


@pytest.mark.parametrize(
    ("function", "count", "raises"), FUNCTIONS, ids=lambda part: getattr(part, "__name__", "")
)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_any_json_is_answered(
    function: Callable[..., Any], count: int, raises: Any, data: st.DataObject
) -> None:
    arguments = [data.draw(JSON) for _ in range(count)]

    try:
        answer = function(*arguments)
    except raises:
        return

    if isinstance(answer, fields.Checked):
        for problem in (*answer.problems, *answer.warnings):
            problem.message.encode("utf-8")
            json.dumps([problem.suggestion, problem.path], allow_nan=False)


@pytest.mark.parametrize(
    ("function", "arguments", "told"),
    [
        (fields.check, ("number", 5), "mode"),
        (fields.check_record, ({"fields": []}, {}), "mode"),
        (fields.typecast, ("number", 5), "locale"),
        (fields.text, ("number", 5), "time_zone"),
        (fields.convert, (5, "number", "number"), "time_zone"),
        (fields.convert_column, ([5], "number", "number"), "locale"),
        (fields.read_duration, ("1:30",), "mode"),
    ],
    ids=lambda part: getattr(part, "__name__", ""),
)
@given(word=JSON)
@settings(max_examples=40, deadline=None)
def test_a_word_that_is_none_of_those_allowed_is_at_most_a_value_error(
    function: Callable[..., Any], arguments: tuple[Any, ...], told: str, word: Any
) -> None:
    with suppress(ValueError):
        function(*arguments, **{told: word})


@pytest.mark.parametrize("values", [None, 5, "abc", b"abc", {"a": 1}])
def test_what_is_no_list_is_no_column(values: Any) -> None:
    for ask in (fields.infer, lambda column: fields.convert_column(column, "number", "number")):
        with pytest.raises(fields.NotAColumn, match="list of values"):
            ask(values)
