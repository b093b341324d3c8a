"""The demo model over HTTP, asked by Google's client, its calls carried out by the real MCP server."""

from contextlib import AsyncExitStack

import pytest
from google.genai import types

from airtable_gateway import Endpoint, FixedEndpoint, JournaledGateway, MemoryJournal
from airtable_gateway.pyairtable_gateway import PyAirtableGateway
from local_twins.airtable import AnyToken, Store, import_document
from local_twins.airtable import create_app as create_airtable
from local_twins.gemini import create_app
from local_twins.gemini.demo import NOTICE, DemoModel
from local_twins.server import TwinServer
from orchestrator.approvals.approval import arguments_sha256
from orchestrator.toolbox import ToolCall
from orchestrator.toolbox.mcp import McpToolbox
from pyairtable_mcp import ToolContext, build_server

WORK = {
    "id": "appWork0000000001",
    "name": "Work",
    "tables": [
        {
            "id": "tblTasks000000001",
            "name": "Tasks",
            "description": "What is to be done",
            "primaryFieldId": "fldTaskName000001",
            "fields": [
                {"id": "fldTaskName000001", "name": "Name", "type": "singleLineText"},
                {
                    "id": "fldStatus00000001",
                    "name": "Status",
                    "type": "singleSelect",
                    "options": {"choices": [{"name": "Todo"}, {"name": "Done"}]},
                },
                {"id": "fldHours000000001", "name": "Hours", "type": "number", "options": {"precision": 1}},
            ],
        },
        {
            "id": "tblPeople00000001",
            "name": "People",
            "primaryFieldId": "fldPersonName0001",
            "fields": [{"id": "fldPersonName0001", "name": "Name", "type": "singleLineText"}],
        },
    ],
    "records": {
        "Tasks": [
            {"fields": {"Name": f"Task {n}", "Status": ["Todo", "Done"][n % 2], "Hours": n}}
            for n in range(1, 6)
        ],
        "People": [{"fields": {"Name": "Ada"}}, {"fields": {"Name": "Ada"}}],
    },
}


class Chat:
    """A conversation whose calls are carried out as they come, as a loop does it."""

    def __init__(self, gemini, tools: McpToolbox, declared) -> None:
        self._gemini = gemini
        self._tools = tools
        self._config = types.GenerateContentConfig(
            tools=[types.Tool(function_declarations=declared)],
            automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
        )
        self.contents: list[types.Content] = []
        self.called: list[str] = []

    async def say(self, text: str) -> str:
        """What is answered in the end."""
        self.contents.append(types.Content(role="user", parts=[types.Part(text=text)]))
        self.called = []
        while True:
            answer = await self._gemini.aio.models.generate_content(
                model="gemini-3.8-flash", contents=self.contents, config=self._config
            )
            self.contents.append(answer.candidates[0].content)
            if not answer.function_calls:
                return str(answer.text)
            parts = [await self._carried_out(call) for call in answer.function_calls]
            self.contents.append(types.Content(role="user", parts=parts))

    async def _carried_out(self, call) -> types.Part:
        self.called.append(call.name)
        arguments = dict(call.args)
        agreed = arguments_sha256(call.name, arguments)
        outcome = await self._tools.call(ToolCall(call.name, arguments, approved_sha256=agreed))
        told = {"error": outcome.text} if outcome.is_error else {"output": outcome.structured}
        response = types.FunctionResponse(id=call.id, name=call.name, response=told)
        return types.Part(function_response=response)


@pytest.fixture
async def chat(sdk):
    """A conversation with the demo about the base Work."""
    async with AsyncExitStack() as stack:
        store = stack.enter_context(Store.open(":memory:"))
        import_document(store, {"users": [], "bases": [WORK]})
        url = stack.enter_context(TwinServer(create_airtable(store, tokens=AnyToken())))
        endpoint = FixedEndpoint(Endpoint(url, "patTest"))
        gateway = JournaledGateway(PyAirtableGateway(endpoint, rate_limit=None), MemoryJournal())
        await stack.enter_async_context(gateway)
        server = build_server(ToolContext(gateway, endpoints=endpoint))
        tools = await stack.enter_async_context(McpToolbox(server))
        declared = [
            types.FunctionDeclaration(
                name=tool.name, description=tool.description, parameters_json_schema=tool.schema
            )
            for tool in await tools.tools()
        ]
        gemini = stack.enter_context(TwinServer(create_app(DemoModel())))
        yield Chat(sdk(gemini), tools, declared)


async def test_the_first_answer_begins_by_saying_what_it_is_and_the_second_does_not(chat):
    first = await chat.say("Which bases are there?")
    second = await chat.say("Which bases are there?")

    assert first.splitlines()[0] == NOTICE
    assert "GEMINI_API_KEY" in NOTICE
    assert "demo" in NOTICE
    assert second == "There is 1 base:\n- Work (appWork0000000001)"


@pytest.mark.parametrize(
    ("question", "tools", "answer"),
    [
        (
            "Which tables are in Work?",
            "list_bases list_tables",
            "Work has 2 tables:\n- Tasks: 3 fields\n- People: 1 field",
        ),
        (
            "list the tables",
            "list_bases list_tables",
            "Work has 2 tables:\n- Tasks: 3 fields\n- People: 1 field",
        ),
        (
            "Describe Tasks.",
            "list_bases list_tables get_field_info",
            (
                "Tasks has 3 fields; Name is the primary one.\n"
                "- Name: singleLineText\n- Status: singleSelect\n- Hours: number"
            ),
        ),
        ("How many tasks are there?", "list_bases list_tables get_records", "Tasks has 5 records."),
        (
            "how many records are in Tasks where Status is Done",
            "list_bases list_tables get_records",
            "Tasks has 3 records where Status is Done.",
        ),
        (
            "How many Tasks in Work where Hours >= 4?",
            "list_bases list_tables get_records",
            "Tasks has 2 records where Hours >= 4.",
        ),
        (
            'Find "task 3" in Tasks',
            "list_bases list_tables search_records",
            "1 record of Tasks.\n- Task 3, Status: Done, Hours: 3",
        ),
        (
            "Show tasks where Name contains 4",
            "list_bases list_tables get_records",
            "1 record of Tasks.\n- Task 4, Status: Todo, Hours: 4",
        ),
        ("What changed?", "list_changes", "Nothing was changed through these tools yet."),
        ("Undo that", "list_changes", "There is no change that could be taken back."),
        (
            "Describe Nonsense",
            "list_bases list_tables",
            "I see no table 'Nonsense'. There are Tasks, People.",
        ),
        (
            "How many tasks where Colour is red?",
            "list_bases list_tables",
            "Tasks has no field 'Colour'. It has Name, Status, Hours.",
        ),
        (
            "How many tasks are done?",
            "list_bases list_tables",
            "I count Tasks, but did not understand 'done'. Say: where Status is Done.",
        ),
        (
            "How many tasks where Status is done",
            "list_bases list_tables get_records",
            "Tasks has 3 records where Status is done.",
        ),
        (
            "How many tasks where Hours > 2 and Status is Done?",
            "list_bases list_tables",
            "I understand one condition at a time. Put a value that has such words in quotes.",
        ),
        (
            'How many tasks where Name is "Rest and Hours > 2"?',
            "list_bases list_tables get_records",
            'Tasks has 0 records where Name is "Rest and Hours > 2".',
        ),
        (
            "How many tasks where Name is bread and butter?",
            "list_bases list_tables get_records",
            "Tasks has 0 records where Name is bread and butter.",
        ),
        (
            "Show tasks where Hours > four",
            "list_bases list_tables",
            "Hours holds numbers, and 'four' is none that I can read.",
        ),
        (
            "Add a record to Tasks: Name = A, name = B",
            "list_bases list_tables",
            "Name is there twice. Say one value for each field.",
        ),
        (
            f"How many {'a' * 5000}?",
            "list_bases list_tables",
            f"I see no table '{'a' * 79}…'. There are Tasks, People.",
        ),
        (
            'Delete "Ada" from People',
            "list_bases list_tables get_records",
            "People has several records whose Name is 'Ada'. Nothing was done.",
        ),
    ],
)
async def test_it_works_a_request_through_the_tools(chat, question, tools, answer):
    said = await chat.say(question)

    assert chat.called == tools.split()
    assert said == f"{NOTICE}\n\n{answer}"


async def test_it_adds_changes_takes_back_and_deletes(chat):
    added = await chat.say('Add a record to Tasks: Name = "Write, then rest", Status = Todo, Hours = 2.5')
    assert "Added 'Write, then rest' to Tasks" in added
    changed = await chat.say('Change Status of "Write, then rest" to Done in Tasks')
    assert "Changed Status of 'Write, then rest' from Todo to Done." in changed
    assert "update" in await chat.say("What changed?")
    assert await chat.say("undo that") == "Took back the update in Tasks."
    shown = await chat.say("Show tasks where Hours = 2.5")
    assert shown == "1 record of Tasks.\n- Write, then rest, Status: Todo, Hours: 2.5"
    assert "Deleted" in await chat.say('Delete "Write, then rest" from Tasks')
    assert await chat.say("How many tasks are there?") == "Tasks has 5 records."
    assert await chat.say("undo that") == "Took back the delete in Tasks."
    assert await chat.say("undo that") == "Took back the create in Tasks."
    assert await chat.say("undo that") == "There is no change that could be taken back."
    assert await chat.say("How many tasks are there?") == "Tasks has 5 records."


@pytest.mark.parametrize(
    "question",
    ["Write me a poem about spring", "", "Which is the best table?", "How are you?", "What changed on Mars?"],
)
async def test_what_it_does_not_understand_it_says_with_examples(chat, question):
    said = await chat.say(question or " ")

    assert said.startswith(f"{NOTICE}\n\nI did not understand")
    assert "- Which bases are there?" in said
    assert chat.called == []


@pytest.mark.parametrize("odd", ['a"b', "back\\slash", "brace}", "it's", '") & RECORD_ID() & ("'])
async def test_names_are_data_in_a_formula(chat, odd):
    said = await chat.say(f"How many tasks where Name is {odd}")

    assert said == f"{NOTICE}\n\nTasks has 0 records where Name is {odd}."
