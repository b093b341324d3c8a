"""Tools as functions of the model: allowed names, schemas as they are, arguments by schema."""

import re

import pytest

from orchestrator.model.coercing import coerced
from orchestrator.model.declarations import Declarations
from orchestrator.toolbox import Tool

# What the service says of a function's name in its reference.
ALLOWED = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]{0,63}")

NAMES = [
    "get_records",
    "a/b",
    "a:b",
    "2fast",
    "tool with space",
    "ü",
    "x" * 64,
    "x" * 65,
    "x" * 66,
    "a_b",
    "",
    "-",
]


def a_tool(name, schema=None):
    return Tool(name, "What it does.", schema or {"type": "object"}, "reads")


def test_every_name_is_allowed_and_leads_back_to_its_tool():
    tools = [a_tool(name) for name in NAMES]

    told = Declarations.of(tools)

    assert [told.tool(one["name"]) for one in told.to_json()] == tools
    assert all(ALLOWED.fullmatch(one["name"]) for one in told.to_json())


def test_a_name_that_is_allowed_stays():
    told = Declarations.of([a_tool("get_records"), a_tool("x" * 64)])

    assert [one["name"] for one in told.to_json()] == ["get_records", "x" * 64]


def test_names_are_the_same_each_time():
    tools = [a_tool(name) for name in NAMES]

    assert Declarations.of(tools).to_json() == Declarations.of(tools).to_json()


def test_schemas_are_told_as_they_are():
    schema = {"type": "object", "properties": {"a": {"type": ["integer", "null"], "exclusiveMinimum": 0}}}

    [told] = Declarations.of([a_tool("a", schema)]).to_json()

    assert told == {"name": "a", "description": "What it does.", "parameters_json_schema": schema}


def test_words_that_json_schema_does_not_know_are_left_out_and_names_are_not_words():
    optional = {"type": "string", "optional": True, "enum": ["optional"], "default": {"optional": 1}}
    schema = {
        "type": "object",
        "x-origin": "elsewhere",
        "properties": {"optional": optional, "list": {"type": "array", "items": optional}},
        "$defs": {"x-any": {"anyOf": [optional, True]}},
    }
    told = {"type": "string", "enum": ["optional"], "default": {"optional": 1}}

    [one] = Declarations.of([a_tool("a", schema)]).to_json()

    assert one["parameters_json_schema"] == {
        "type": "object",
        "properties": {"optional": told, "list": {"type": "array", "items": told}},
        "$defs": {"x-any": {"anyOf": [told, True]}},
    }


def test_a_name_that_is_nearly_right():
    told = Declarations.of([a_tool("get_records"), a_tool("list_tables")])

    assert told.near("get_record") == ["get_records"]


INTEGER = {"type": "integer"}
TREE = {
    "$defs": {"Node": {"properties": {"n": INTEGER, "next": {"$ref": "#/$defs/Node"}}}},
    "$ref": "#/$defs/Node",
}


@pytest.mark.parametrize(
    ("schema", "value", "expected"),
    [
        (INTEGER, 3.0, 3),
        (INTEGER, 3.5, 3.5),
        ({"type": "number"}, 3.0, 3.0),
        ({"type": ["integer", "null"]}, 3.0, 3),
        ({"type": ["integer", "number"]}, 3.0, 3.0),
        ({"anyOf": [INTEGER, {"type": "null"}]}, 3.0, 3),
        ({"anyOf": [INTEGER, {"type": "number"}]}, 3.0, 3.0),
        ({"oneOf": [{"type": "string"}, INTEGER]}, "3.0", "3.0"),
        ({"allOf": [INTEGER, {"minimum": 0}]}, 3.0, 3),
        ({"properties": {"a": INTEGER}}, {"a": 3.0, "b": 3.0}, {"a": 3, "b": 3.0}),
        ({"additionalProperties": INTEGER}, {"a": 3.0}, {"a": 3}),
        ({"additionalProperties": True}, {"a": 3.0}, {"a": 3.0}),
        ({"items": INTEGER}, [1.0, 2.0], [1, 2]),
        ({"prefixItems": [INTEGER], "items": {"type": "number"}}, [1.0, 2.0], [1, 2.0]),
        (TREE, {"n": 1.0, "next": {"n": 2.0}}, {"n": 1, "next": {"n": 2}}),
        ({"$ref": "#"}, 3.0, 3.0),
        ({"$ref": "elsewhere.json"}, 3.0, 3.0),
        ({"$ref": "#/$defs/missing"}, 3.0, 3.0),
        ({}, {"a": [3.0, None, True, "x"]}, {"a": [3.0, None, True, "x"]}),
        (True, 3.0, 3.0),
        (INTEGER, True, True),
    ],
)
def test_whole_numbers_become_integers_only_where_nothing_else_fits(schema, value, expected):
    result = coerced(value, schema)

    assert result == expected
    assert repr(result) == repr(expected)


def test_a_schema_that_goes_round_in_circles_comes_to_an_end():
    schema = {"$defs": {"A": {"anyOf": [{"$ref": "#/$defs/A"}, {"$ref": "#/$defs/A"}]}}, "$ref": "#/$defs/A"}

    assert coerced(3.0, schema) == 3.0
