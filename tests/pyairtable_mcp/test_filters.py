"""A filter that is refused, or that nothing can pass, is told with what to write instead."""

import pytest


@pytest.mark.parametrize(
    ("filter", "said"),
    [
        ('{Status} == "Done"', 'Equal is written with one =. At character 11: = "Done"'),
        ('{Status}="Done" AND {Hours}>2', 'AND({Status}="Done", {Hours}>2)'),
        ('{Status} IN ("Todo", "Done")', 'OR({Status} = "a", {Status} = "b")'),
        ('{Statsu}="Done"', "There is no field {Statsu}. Write {Status}."),
        ('{zzzz}="Done"', 'There is no field {zzzz}. Fields of Tasks: "Name"'),
        ("{Hours} = NULL", "There is no field {NULL}. Write BLANK()."),
        ('CONTAINS({Name},"x")', 'Airtable has no function CONTAINS. Write FIND("part", text)'),
        ("{Status} = “Done”", "Use straight quotes"),
        ("{Hours} >", "The formula ends where a value is expected. At its end."),
    ],
)
async def test_a_refused_filter_is_told_with_its_mistake_and_what_to_write(call, filter, said):
    text = await call.refused("get_records", filter_by_formula=filter)

    assert said in text
    assert "INVALID_FILTER_BY_FORMULA" in text
    assert "\n" not in text


async def test_a_filter_of_another_tool_is_told_too(call):
    text = await call.refused("evaluate_formula", formula="{Hours}", filter_by_formula='{Name} LIKE "x"')

    assert 'FIND("part", {Name})' in text


async def test_a_formula_that_does_not_parse_is_told_on_one_line(call):
    text = await call.refused("evaluate_formula", formula="{Hours} ** 2")

    assert text == (
        "The formula does not parse: A value is expected here, not *. A power is POWER(base, exponent). "
        "At character 10: * 2"
    )
