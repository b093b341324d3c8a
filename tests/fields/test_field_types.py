"""Promises made for every member of FIELD_TYPES."""

import json
from typing import Any

import pytest

import fields
from fields import FIELD_TYPES, Example, FieldType

MEMBERS = list(FIELD_TYPES.values())
EXAMPLES = [(member, example) for member in MEMBERS for example in member.examples]

each_type = pytest.mark.parametrize("member", MEMBERS, ids=lambda member: member.name)
each_example = pytest.mark.parametrize(
    ("member", "example"), EXAMPLES, ids=lambda part: part.name if isinstance(part, FieldType) else part.text
)

# A text cannot say what these hold besides: the id behind a name, the symbology of a barcode.
SAYS_LESS = {"singleCollaborator", "multipleCollaborators", "barcode"}


def test_there_are_the_34_types_of_the_web_api() -> None:
    assert len(FIELD_TYPES) == 34
    assert all(name == member.name for name, member in FIELD_TYPES.items())


@each_type
def test_a_type_is_documented_and_has_examples(member: FieldType) -> None:
    assert member.label
    assert member.doc.endswith(".")
    assert member.examples
    assert member.formula_type == member.name
    assert json.loads(json.dumps(member.options_schema))["type"] == "object"


@each_type
def test_what_strict_mode_may_be_asked_besides_is_documented_and_is_no_option_of_airtables(
    member: FieldType,
) -> None:
    assert all(member.strict_options.values())
    assert not set(member.strict_options) & set(member.options_schema.get("properties", {}))


@each_type
def test_null_clears_a_cell_unless_it_is_computed(member: FieldType) -> None:
    answer = fields.check(member.name, None)

    assert answer.ok is not member.computed
    assert answer.value is None
    assert answer.text == ""


@each_type
def test_a_computed_cell_refuses_every_value_and_says_so(member: FieldType) -> None:
    if not member.computed:
        return
    values: list[Any] = [None, "x", 5, [], {}]
    for value in values:
        assert [problem.code for problem in fields.check(member.name, value).problems] == ["computed"]


@each_type
def test_an_empty_value_reads_back_as_absent_and_zero_does_not(member: FieldType) -> None:
    empty: list[Any] = [None, "", [], False]
    filled: list[Any] = [0, 0.0, True, "0", [None], {}]

    assert all(map(member.is_empty, empty))
    assert not any(map(member.is_empty, filled))


@each_type
def test_only_a_type_that_the_api_creates_has_acceptable_options(member: FieldType) -> None:
    codes = {problem.code for problem in fields.check_options(member.name, {}).problems}

    assert ("not_creatable" in codes) is not member.creatable


@each_type
def test_options_that_are_required_are_named_one_by_one(member: FieldType) -> None:
    required = member.options_schema.get("required", [])

    missing = [
        problem.path[0]
        for problem in fields.check_options(member.name, None).problems
        if problem.code == "missing_option"
    ]

    assert missing == required


@each_example
def test_an_example_is_right_in_both_modes_and_is_its_own_normal_form(
    member: FieldType, example: Example
) -> None:
    if member.computed:
        return
    for mode in ("airtable", "strict"):
        answer = fields.check(member.name, example.value, example.options, mode=mode)
        assert (answer.problems, answer.value, answer.text) == ((), example.value, example.text)


@each_example
def test_an_example_shows_as_its_text(member: FieldType, example: Example) -> None:
    assert fields.text(member.name, example.value, example.options) == example.text


@each_example
def test_the_text_of_an_example_casts_back_to_it(member: FieldType, example: Example) -> None:
    if member.computed or member.name in SAYS_LESS:
        return
    answer = fields.typecast(member.name, example.text, example.options)

    assert (answer.problems, answer.value) == ((), example.value)


@each_example
def test_the_options_of_an_example_can_be_made(member: FieldType, example: Example) -> None:
    if member.computed:
        return
    assert fields.check_options(member.name, example.options).problems == ()


def test_the_table_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        FIELD_TYPES["new"] = FIELD_TYPES["number"]  # type: ignore[index] # that it is an error is the point


@pytest.mark.parametrize("mode", ["lenient", "", "STRICT"])
def test_a_mode_that_does_not_exist_is_an_error_of_the_caller(mode: str) -> None:
    with pytest.raises(ValueError, match="airtable, strict"):
        fields.check("number", 5, mode=mode)  # type: ignore[arg-type] # what the types forbid, a caller may do
