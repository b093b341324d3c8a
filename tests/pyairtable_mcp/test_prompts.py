"""Prompts, and the completion of their arguments and of addresses."""

import re

import pytest
from mcp import Client, MCPError
from mcp.types import INVALID_PARAMS, PromptReference, ResourceTemplateReference

from pyairtable_mcp import build_server
from pyairtable_mcp.prompts import PROMPTS
from pyairtable_mcp.resources import RECORDS
from pyairtable_mcp.tools import TOOLS

GIVEN = {
    "base": 'My "Base"',
    "table": "Tasks",
    "goal": "days left",
    "source": "name,amount",
    "since": "2026-11-01",
}


class PerCall:
    """A client that opens a session for each call."""

    def __init__(self, context, mode):
        self._context = context
        self._mode = mode

    def __getattr__(self, name):
        async def call(*given, **named):
            async with Client(build_server(self._context), mode=self._mode) as client:
                try:
                    return await getattr(client, name)(*given, **named)
                except MCPError as error:
                    refused = error
            raise refused  # Out of the session, which would wrap it.

        return call


@pytest.fixture(params=["auto", "legacy"])
def client(context, request):
    return PerCall(context, request.param)


async def completed(client, ref, argument, value, **known):
    answer = await client.complete(ref, {"name": argument, "value": value}, known or None)
    return answer.completion.values


async def test_every_prompt_and_every_argument_says_what_it_is_for(client):
    prompts = (await client.list_prompts()).prompts

    assert [prompt.name for prompt in prompts] == [
        "explore_base",
        "clean_table",
        "write_formula",
        "plan_import",
        "review_changes",
    ]
    assert all(prompt.description and prompt.title for prompt in prompts)
    assert all(argument.description for prompt in prompts for argument in prompt.arguments)


@pytest.mark.parametrize("prompt", PROMPTS, ids=lambda prompt: prompt.__name__)
async def test_a_prompt_names_the_base_and_tools_that_there_are(client, prompt):
    offered = {each.name: each for each in (await client.list_prompts()).prompts}[prompt.__name__]
    given = {argument.name: GIVEN[argument.name] for argument in offered.arguments if argument.name in GIVEN}

    told = await client.get_prompt(prompt.__name__, given)

    text = told.messages[0].content.text
    assert told.messages[0].role == "user"
    assert '"My \\"Base\\""' in text
    assert any(tool.name in text for tool in TOOLS)


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("explore_bases", {}, "no prompt 'explore_bases'. Did you mean 'explore_base'"),
        ("zzz", {}, "no prompt 'zzz'. There are: explore_base, clean_table"),
        ("write_formula", {"base": "Work"}, "write_formula needs table and goal"),
        ("explore_base", {"base": "Work", "tabel": "x"}, "takes base, question; not 'tabel'"),
    ],
)
async def test_a_prompt_that_cannot_be_had_is_refused_with_the_reason(client, name, given, said):
    with pytest.raises(MCPError, match=re.escape(said)) as refused:
        await client.get_prompt(name, given)

    assert refused.value.error.code == INVALID_PARAMS


async def test_bases_tables_fields_and_views_are_completed_in_addresses(client):
    ref = ResourceTemplateReference(type="ref/resource", uri=RECORDS)

    assert await completed(client, ref, "base", "w") == ["Work"]
    assert await completed(client, ref, "table", "", base="Work") == ["People", "Tasks"]
    assert await completed(client, ref, "table", "ASK", base="work") == ["Tasks"]
    assert await completed(client, ref, "view", "g", base="Work", table="Tasks") == ["Grid view"]
    assert await completed(client, ref, "fields", "Name,Ho", base="Work", table="Tasks") == ["Name,Hours"]
    assert "Name,Name" not in await completed(client, ref, "fields", "Name,N", base="Work", table="Tasks")


async def test_the_arguments_of_prompts_are_completed(client):
    ref = PromptReference(type="ref/prompt", name="clean_table")

    assert await completed(client, ref, "table", "p", base="Work") == ["People"]


@pytest.mark.parametrize("known", [{}, {"base": "Nowhere"}])
async def test_where_nothing_is_known_nothing_is_offered(client, known):
    ref = PromptReference(type="ref/prompt", name="clean_table")

    assert await completed(client, ref, "table", "", **known) == []
    assert await completed(client, ref, "unheard_of", "", **known) == []
