"""No word of a server names a tool that it does not offer."""

import re

import pytest
from mcp import Client

from pyairtable_mcp import INSTRUCTIONS, TOOLS, Selection, build_server
from pyairtable_mcp.offering import refused, said
from pyairtable_mcp.prompts import PROMPTS
from pyairtable_mcp.refusals.advice import ADVICE

NAMES = {tool.name for tool in TOOLS}
GIVEN = {"base": "Work", "table": "Tasks", "goal": "days left", "source": "name,amount"}
SELECTIONS = {
    "default": Selection(),
    "all": Selection(toolsets=["all"]),
    "reads": Selection(is_read_only=True),
    "few": Selection(tools=["list_tables", "get_records"]),
    "no history": Selection(excluded=["undo_change", "find_duplicates"]),
    "writes": Selection(tools=["batch_update_records", "analyze_table_data"]),
    "one": Selection(tools=["list_changes"]),
}


def text_of(content):
    assert content.type == "text"
    return content.text


def named(text):
    return set(re.findall(r"[a-z]+(?:_[a-z]+)+", text)) & NAMES


@pytest.mark.parametrize("name", SELECTIONS)
async def test_prompts_and_instructions_name_offered_tools_alone(context, name):
    members = SELECTIONS[name].members()
    offered = {tool.name for tool in members}

    async with Client(build_server(context, tools=members)) as client:
        prompts = (await client.list_prompts()).prompts
        texts = [client.instructions or ""]
        for prompt in prompts:
            given = {each.name: GIVEN[each.name] for each in prompt.arguments or () if each.name in GIVEN}
            told = await client.get_prompt(prompt.name, given)
            texts.append(text_of(told.messages[0].content))

    sensible = [prompt.__name__ for prompt, needed in PROMPTS.items() if set(needed) <= offered]
    assert [prompt.name for prompt in prompts] == sensible
    for text in texts:
        assert named(text) <= offered
    assert all("\n1. " in text and "\n2. " in text for text in texts[1:])


def test_prompts_need_tools_that_there_are():
    assert {tool for needed in PROMPTS.values() for tool in needed} <= NAMES


@pytest.mark.parametrize("type", ADVICE)
def test_advice_names_offered_tools_alone_and_something_is_left(type):
    step = ADVICE[type].step

    assert named(said(step, NAMES)) == set()
    assert said(step, set()) == step
    assert refused(f"It failed. {step}", NAMES).startswith("It failed.")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("There is no x. Call list_tables to see the names.", "There is no x."),
        ("There is no x. Call get_records. Call list_tables.", "There is no x. Call get_records."),
        ("list_tables failed. Try again.", "list_tables failed. Try again."),
        ('The table "list_tables" is there already. Choose another.',) * 2,
        ("It is no. 'list_tables' is a name of yours, the user's own.",) * 2,
        ("A.  B.\nC",) * 2,
    ],
)
def test_a_refusal_loses_the_sentences_that_name_another_tool(text, left):
    assert refused(text, {"list_tables"}) == left


def test_a_line_that_says_nothing_more_goes():
    assert said("a. b\nlist_tables.\n\nc list_tables. d.", {"list_tables"}) == "a. b\n\nd."


async def test_a_refusal_of_a_server_names_offered_tools_alone(context):
    async with Client(build_server(context, tools=Selection(tools=["get_records"]).members())) as client:
        result = await client.call_tool("get_records", {"base_id": "Work", "table_id": "Taks"})

    assert result.is_error
    assert text_of(result.content[0]) == "There is no table 'Taks'. Nearest: \"Tasks\"."


async def test_the_errors_of_a_batch_name_offered_tools_alone(context):
    members = Selection(tools=["batch_update_records"]).members()
    records = [{"id": "recNowhere0000001", "fields": {"Name": "x"}}]

    async with Client(build_server(context, tools=members)) as client:
        told = await client.call_tool(
            "batch_update_records", {"base_id": "Work", "table_id": "Tasks", "records": records}
        )

    assert told.structured_content
    [row] = told.structured_content["errors"]
    assert "recNowhere0000001" in row["error"]
    assert named(row["error"]) == set()


def test_nothing_is_lost_where_everything_is_offered():
    assert said(INSTRUCTIONS, frozenset()) == INSTRUCTIONS
    assert "list_tables" in INSTRUCTIONS


@pytest.mark.parametrize(
    "word", ["x" * 300_000, "x_" * 150_000, "'" * 300_000, '"' * 299_999, ". " * 150_000]
)
def test_words_of_any_length_are_looked_through_once(word):
    hidden = {"undo_change"}

    assert refused(f"First, {word}", hidden) == f"First, {word}"
    assert refused(f"First, {word}. Call undo_change.", hidden) != f"First, {word}. Call undo_change."
