"""A filter that is refused, or that nothing can pass, is told with what to write instead."""

from collections.abc import Iterable
from itertools import permutations, product

import pytest
from mcp import Client

import formula
from airtable_gateway import Endpoint, FieldSchema, FixedEndpoint, TableSchema
from airtable_gateway.pyairtable_gateway import PyAirtableGateway
from pyairtable_mcp import build_server
from pyairtable_mcp.refusals.filter_advice import why_empty
from pyairtable_mcp.refusals.formula_mistakes import why_refused


@pytest.fixture
def notes(context):
    """Asks for records with each filter, none of which passes, and gives the note of each answer."""

    async def ask(filters: Iterable[str]) -> dict[str, str]:
        for name, type, options in FIELDS:
            await context.gateway.create_field("Work", "Tasks", name, type, options=options)
        told = {}
        async with Client(build_server(context)) as client:
            for filter in filters:
                arguments = {"base_id": "Work", "table_id": "Tasks", "filter_by_formula": filter}
                result = await client.call_tool("get_records", arguments)
                assert result.structured_content is not None
                assert result.structured_content["records"] == []
                told[filter] = result.structured_content.get("note", "")
        return told

    return ask


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


@pytest.mark.parametrize(
    ("filter", "said"),
    [
        ("{Net} (a}b)}>1", "Write {Net\\} (a\\}b)}."),
        ("{net} (a}b)}>1", "Write {Net\\} (a\\}b)}."),
        ("{Net\\} (a\\}c)}>1", "Write {Net\\} (a\\}b)}."),
        ("{Other}}>1", "a } in it is \\}."),
    ],
)
async def test_a_brace_in_a_name_is_advised_as_it_is_written(call, context, filter, said):
    await context.gateway.create_field("Work", "Tasks", "Net} (a}b)", "number", options={"precision": 0})
    table = {"base_id": "Work", "table_id": "Tasks"}

    refused = await call.refused("get_records", filter_by_formula=filter)
    evaluated = await call.refused("evaluate_formula", formula=filter)
    checked = await call("validate_formula", formula=filter, **table)

    assert said in refused
    assert said in evaluated
    [problem] = checked["problems"]
    assert said in f"{problem['message']} Write {problem.get('suggestion', '')}."


async def test_a_filter_as_it_is_advised_is_taken(call, context):
    await context.gateway.create_field("Work", "Tasks", "Net} (a}b)", "number", options={"precision": 0})

    assert (await call("get_records", filter_by_formula="{Net\\} (a\\}b)}=BLANK()"))["total"] == 30


async def test_a_filter_of_another_tool_is_told_too(call):
    text = await call.refused("evaluate_formula", formula="{Hours}", filter_by_formula='{Name} LIKE "x"')

    assert 'FIND("part", {Name})' in text


async def test_a_formula_that_does_not_parse_is_told_on_one_line(call):
    text = await call.refused("evaluate_formula", formula="{Hours} ** 2")

    assert text == (
        "The formula does not parse: A value is expected here, not *. A power is POWER(base, exponent). "
        "At character 10: * 2"
    )


FIELDS = [
    ("Ticked", "checkbox", {"icon": "check", "color": "greenBright"}),
    ("Due", "date", {"dateFormat": {"name": "iso"}}),
    ("Length", "duration", {"durationFormat": "h:mm"}),
    ("Tags", "multipleSelects", {"choices": [{"name": "Red"}, {"name": "Blue"}]}),
]

NEVER = {
    '{Status}="done"': 'can never be true of the choices of Status. Nearest: "Done"',
    '{Status}="zzz"': 'can never be true of the choices of Status. Choices: "Todo", "Doing", "Done".',
    '{fldStatus00000001}="done"': 'Nearest: "Done"',
    'AND({Hours}>1,{Status}="Dnoe")': '{Status}="Dnoe" can never be true',
    'LOWER({Status})="Done"': 'LOWER() gives small letters. Write "done".',
    'FIND("done",{Status})': 'can never be true of the choices of Status. Nearest: "Done"',
    '{Tags}="Green"': 'Choices: "Red", "Blue".',
    '{Tags}="Red"': 'is true only where that choice is the only one. Write FIND("Red", {Tags}).',
    '{Hours}="5h"': "Hours is a number. Write one without quotes or unit.",
    '{Double}="many"': "Double is a number.",
    '{Length}="1:30"': "Length is a number of seconds.",
    '{Ticked}="true"': "Ticked is a checkbox. Write {Ticked}, or NOT({Ticked}).",
    "{Ticked}=2": "Ticked is a checkbox.",
    '{Owner}="recAda00000000001"': "{Owner} is the text of names",
    'FIND("recAda00000000001",ARRAYJOIN({Owner}))': 'Write FIND("part of a name", {Owner}).',
    '{Due}="soon"': 'Due is a date, and that is none. Write IS_SAME({Due}, "2026-01-31", "day")',
    '{Due}="2026-01-02T10:00:00Z"': "is true at one instant only",
    "{Due}=NOW()": 'Write IS_SAME({Due}, TODAY(), "day")',
    "{Due}=2026-01-02": "compares a date with the number 2023: dates stand in quotes",
    '{Status}="Done" & {Hours}>2': "joined by AND() and OR()",
}

MAY_HOLD = [
    'AND({Status}="Done",{Hours}>1000)',
    'NOT(OR({Status}="zzz",{Hours}>0))',
    '{Hours}="1000"',
    "{Ticked}=1",
    "{Ticked}",
    '{Owner}="Nobody"',
    '{Due}="2026-01-02"',
    "{Due}=TODAY()",
    '{Tags}="Red, Blue"',
    'FIND("Bl",{Tags})',
    'SEARCH("red",{Tags})',
    '{Name}="zzz"',
    '{Broken}="x"',
]


async def test_an_empty_list_says_what_in_its_filter_no_record_can_pass(notes):
    told = await notes(NEVER)

    assert {filter: said for filter, said in NEVER.items() if said not in told[filter]} == {}


async def test_an_empty_list_says_nothing_of_a_filter_that_a_record_might_pass(notes):
    assert set((await notes(MAY_HOLD)).values()) == {""}


async def test_a_list_that_is_not_empty_says_nothing_of_its_filter(call):
    answer = await call("get_records", filter_by_formula='OR({Status}="zzz",{Hours}>1)')

    assert answer["returned"] > 0
    assert "note" not in answer


async def test_an_evaluation_of_no_record_says_why_too(call):
    answer = await call("evaluate_formula", formula="{Hours}", filter_by_formula='{Status}="done"')

    assert answer["results"] == []
    assert 'Nearest: "Done"' in answer["note"]


PARTS = ["Red", "red", "Re", " ", " B", ", ", "A, B", "SS", "ß", "5", "zzz"]
FORMS = [
    '{{F}}="{0}"',
    '{{F}}<"{0}"',
    'LOWER({{F}})="{0}"',
    'FIND("{0}",UPPER({{F}}))',
    'SEARCH("{0}",{{F}})',
]


@pytest.mark.parametrize("type", ["singleSelect", "multipleSelects"])
@pytest.mark.parametrize("choices", [["Red", "Blue", "ß"], ["A, B", "A", "B"], ["5"], []])
def test_nothing_is_called_impossible_that_a_cell_of_these_choices_can_be(type, choices):
    options = {"choices": [{"name": choice} for choice in choices]}
    field = FieldSchema("fldChoice00000001", "F", type, options=options)
    table = TableSchema("tblChoice00000001", "T", field.id, (field,))
    several = [list(some) for count in (0, 1, 2) for some in permutations(choices, count)]
    cells = [None, *(choices if type == "singleSelect" else several)]

    told = 0
    for filter in (form.format(part) for form, part in product(FORMS, PARTS)):
        if "can never be true" in why_empty(table, filter):
            told += 1
            compiled = formula.compile(filter, {"F": type})
            assert [cell for cell in cells if compiled.matches({"F": cell})] == [], filter
    assert told > 10


async def test_a_choice_that_somebody_else_made_is_not_called_impossible(call, airtable):
    await call("get_records", max_records=1)
    await call("list_tables", table_id=None)
    async with PyAirtableGateway(FixedEndpoint(Endpoint(airtable, "patOther")), rate_limit=None) as other:
        status = (await other.schema("Work")).table("Tasks").field("Status")
        await other.update_field(
            "Work", "Tasks", status.id, options={"choices": [*status.options["choices"], {"name": "Late"}]}
        )

    late = await call("get_records", filter_by_formula='{Status}="Late"')
    never = await call("get_records", filter_by_formula='{Status}="Lite"')

    assert "note" not in late
    assert 'Nearest: "Late"' in never["note"]


def test_advice_on_a_filter_of_very_many_mistakes_stays_short():
    types = {f"Field number {number}": "singleLineText" for number in range(500)}
    table = TableSchema(
        "tblWide0000000001",
        "Wide",
        "fldWide0000000000",
        tuple(
            FieldSchema(f"fldWide{index:010}", name, type) for index, (name, type) in enumerate(types.items())
        ),
    )
    unknown = "AND(" + ",".join(f"{{Feeld numbr {number}}}" for number in range(900)) + ")"
    endless = "{" + "x" * 40_000 + "}=1"

    many, one = why_refused(table, unknown), why_refused(table, endless)

    assert many.startswith("There is no field {Feeld numbr 0}. Write {Field number 0}")
    assert "And 895 more problems." in many
    assert len(many) < 2_000
    assert len(one) < 2_000
    suggested = [problem for problem in formula.check(unknown, types).problems if problem.suggestion]
    assert len(suggested) == 20


def test_only_so_many_comparisons_of_a_filter_are_held_to_the_choices():
    options = {"choices": [{"name": "Red"}]}
    field = FieldSchema("fldChoice00000001", "F", "singleSelect", options=options)
    table = TableSchema("tblChoice00000001", "T", field.id, (field,))
    possible = [f'{{F}}!="{number}"' for number in range(300)]

    assert "can never be true" in why_empty(table, f'OR({",".join(possible[:100])},{{F}}="Rad")')
    assert why_empty(table, f'OR({",".join(possible)},{{F}}="Rad")') == ""


async def test_a_filter_that_is_no_text_is_refused_and_keeps_nobody_else_from_the_base(call):
    text = await call.refused("get_records", filter_by_formula='{Name}="\ud800"')

    assert "half a surrogate pair" in text
    assert "token" not in text
    assert (await call("get_records", max_records=1))["returned"] == 1
