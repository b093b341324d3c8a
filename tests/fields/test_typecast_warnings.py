"""Typecasting makes values fit; what it changes, drops or would create is said."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fields
from fields import FIELD_TYPES

DONE = {"choices": [{"name": "Done"}, {"name": "Todo"}]}
STARS = {"max": 5}


@pytest.mark.parametrize(
    ("type", "value", "options", "codes"),
    [
        ("number", "5", None, []),
        ("number", "$1,234.50", None, []),
        ("number", True, None, []),
        ("number", "5 apples", None, ["changed"]),
        ("number", "1,5", None, ["changed"]),
        ("number", "007", None, ["changed"]),
        ("number", "12%", None, ["changed"]),
        ("number", "9007199254740993", None, ["changed"]),
        ("number", "soon", None, ["dropped"]),
        ("number", "1e400", None, ["dropped"]),
        ("number", "", None, []),
        ("percent", "12.3%", None, []),
        ("rating", 4, STARS, []),
        ("rating", 9, STARS, ["changed"]),
        ("rating", "9", STARS, ["changed"]),
        ("rating", 2.5, STARS, ["changed"]),
        ("rating", 0, STARS, ["dropped"]),
        ("duration", "1h 30m", None, []),
        ("duration", "soon", None, ["dropped"]),
        ("checkbox", "yes", None, []),
        ("checkbox", "no", None, []),
        ("checkbox", "quokka", None, ["dropped"]),
        ("checkbox", 5, None, ["changed"]),
        ("checkbox", 0, None, []),
        ("singleLineText", "two\nlines", None, ["changed"]),
        ("singleLineText", 5, None, []),
        ("singleLineText", ["a", "b"], None, []),
        ("date", "2026-02-03", None, []),
        ("date", "3 Feb 2026", None, []),
        ("date", "3 Feb", None, ["changed"]),
        ("date", "2/3/2026", None, ["changed"]),
        ("date", "2/3/2026", {"dateFormat": {"name": "us"}}, []),
        ("date", "2026-02-03T10:00Z", None, ["changed"]),
        ("dateTime", "2026-02-03T10:00Z", None, []),
        ("singleSelect", "Done", DONE, []),
        ("singleSelect", "Dne", DONE, ["new_choice"]),
        ("singleSelect", "Any", None, []),
        ("multipleSelects", "Done, New", DONE, ["new_choice"]),
        ("multipleSelects", ["Done"], DONE, []),
        ("multipleRecordLinks", "Ada", None, []),
        ("singleCollaborator", "Ada", None, []),
        ("barcode", "123", None, []),
        ("multipleAttachments", "https://example.com/a.png", None, []),
        ("email", None, None, []),
    ],
)
def test_what_becomes_of_a_value_is_told(type: str, value: Any, options: Any, codes: list[str]) -> None:
    answer = fields.typecast(type, value, options)

    assert answer.ok
    assert [warning.code for warning in answer.warnings] == codes


def test_a_record_that_is_typecast_tells_what_happens_to_each_cell() -> None:
    table = {
        "fields": [
            {"id": "fldA", "name": "Hours", "type": "number"},
            {"id": "fldB", "name": "Status", "type": "singleSelect", "options": DONE},
            {"id": "fldC", "name": "Day", "type": "date"},
            {"id": "fldD", "name": "Total", "type": "formula"},
        ]
    }

    answer = fields.check_record(
        table,
        {"Hours": "5 apples", "fldB": "Dne", "Day": "soon", "Total": 1},
        mode="airtable",
        partial=True,
        typecast=True,
    )

    assert answer.value == {"Hours": 5, "Status": "Dne"}
    assert [(problem.code, problem.path) for problem in answer.problems] == [
        ("bad_date", ("Day",)),
        ("computed", ("Total",)),
    ]
    assert [(warning.code, warning.path) for warning in answer.warnings] == [
        ("changed", ("Hours",)),
        ("new_choice", ("Status",)),
    ]
    assert answer.warnings[1].suggestion == "Done"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "name", "text"]), inner)
    ),
    max_leaves=5,
)


@given(st.sampled_from([name for name, member in FIELD_TYPES.items() if not member.computed]), JSON)
@settings(max_examples=400, deadline=None)
def test_what_is_already_in_its_normal_form_is_cast_without_a_warning(type: str, value: Any) -> None:
    checked = fields.check(type, value, mode="airtable")
    if not checked.ok or type in ("singleLineText", "email", "url", "phoneNumber", "barcode"):
        return  # lines of text lose their line breaks, choices the space around them

    cast = fields.typecast(type, checked.value)

    assert cast.value == checked.value or isinstance(value, str | list)
    assert cast.value != checked.value or cast.warnings == ()


@pytest.mark.parametrize("schema", [None, 5, "table", [], {"fields": 5}, {"fields": {"name": "A"}}])
def test_a_schema_that_is_none_is_a_problem(schema: Any) -> None:
    [problem] = fields.check_record(schema, {"A": 1}).problems

    assert problem.code == "bad_schema"


def test_members_of_a_schema_that_are_no_fields_are_passed_over() -> None:
    table: Any = {
        "primaryFieldId": [],
        "fields": [None, 5, {"name": 5}, {"id": "fldA"}, {"name": "A", "id": {}}],
    }

    answer = fields.check_record(table, {"A": 1})

    assert [problem.code for problem in answer.problems] == ["unknown_type"]


@pytest.mark.parametrize("key", [None, 5, ("a",)])
def test_a_value_under_what_is_no_name_is_unknown(key: Any) -> None:
    answer = fields.check_record({"fields": [{"name": "A", "type": "number"}]}, {key: 1}, partial=True)

    assert [problem.code for problem in answer.problems] == ["unknown_field"]


WRITABLE = st.sampled_from([name for name, member in FIELD_TYPES.items() if not member.computed])


@given(WRITABLE, JSON, st.sampled_from([None, DONE]))
@settings(max_examples=400, deadline=None)
def test_typecasting_is_not_advised_to_who_asked_for_it(type: str, value: Any, options: Any) -> None:
    table = {"fields": [{"id": "fldA", "name": "A", "type": type, "options": options}]}

    refused = [
        *fields.typecast(type, value, options).problems,
        *fields.check_record(table, {"A": value}, mode="airtable", partial=True, typecast=True).problems,
        *fields.convert(value, "multilineText", type, to_options=options).problems,
    ]

    assert not [problem.message for problem in refused if "typecast=true" in problem.message]


@given(WRITABLE, JSON, st.sampled_from([None, DONE]))
@settings(max_examples=400, deadline=None)
def test_typecasting_is_advised_only_where_it_takes_the_value(type: str, value: Any, options: Any) -> None:
    refused = fields.check(type, value, options, mode="airtable").problems

    if any("typecast=true" in problem.message for problem in refused):
        assert fields.typecast(type, value, options).ok
