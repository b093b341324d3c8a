"""Resources: bases, schemas and records by address, whatever they are called."""

import json
from dataclasses import replace
from urllib.parse import quote

import pytest
from mcp import Client, MCPError

from airtable_gateway import Endpoint, FixedEndpoint
from airtable_gateway.pyairtable_gateway import PyAirtableGateway
from local_twins.airtable import AnyToken, Store, TwinServer, create_app, import_document
from pyairtable_mcp import ToolContext, build_server
from pyairtable_mcp.resources import records_uri, schema_uri

ODD_NAMES = [
    "a/b",
    "..",
    "../../etc/passwd",
    "/absolute",
    "50 % off?",
    "#1 & more=less",
    "{curly}",
    "Zoë 日本 🦊",
    "a,b;c",
    'quo"te',
    "back\\slash",
    "plus+plus",
    "%2F",
    "C:\\x",
]


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


async def read(client, uri):
    found = await client.read_resource(uri)
    return json.loads(found.contents[0].text)


async def test_the_bases_are_a_resource_that_leads_to_their_schemas(client):
    told = await read(client, "airtable://bases")

    assert [(base["id"], base["name"]) for base in told["bases"]] == [("appWork0000000001", "Work")]
    schema = await read(client, told["bases"][0]["schema"])
    assert [table["name"] for table in schema["tables"]] == ["People", "Tasks"]


@pytest.mark.parametrize("base", ["Work", "work", "appWork0000000001"])
async def test_a_schema_is_found_by_id_and_by_name(client, base):
    told = await read(client, schema_uri(base))

    status = told["tables"][1]["fields"][1]
    assert (status["name"], status["type"]) == ("Status", "singleSelect")
    assert [choice["name"] for choice in status["options"]["choices"]] == ["Todo", "Doing", "Done"]


async def test_records_are_chosen_by_filter_and_fields(client):
    told = await read(
        client, records_uri("Work", "Tasks", fields="Name,Hours", filter='AND({Status}="Done",{Hours}>14)')
    )

    assert [record["fields"] for record in told["records"]] == [{"Name": "Task 29", "Hours": 14.5}]


async def test_a_field_with_a_comma_is_named_in_a_json_list(client):
    told = await read(
        client, records_uri("Work", "Tasks", fields='["Notes }{ odd","Name"]', view="Grid view")
    )

    assert told["records"][0]["fields"] == {"Name": "Task 1"}


async def test_a_list_that_is_too_long_goes_on_at_the_address_that_it_gives(context):
    async with Client(build_server(replace(context, result_budget=4_000))) as client:
        uri, names = records_uri("Work", "Tasks"), []
        while uri:
            told = await read(client, uri)
            assert len(json.dumps(told, separators=(",", ":"))) <= 4_000
            names += [record["fields"]["Name"] for record in told["records"]]
            uri = told.get("next")

    assert names == [f"Task {number}" for number in range(1, 31)]


@pytest.mark.parametrize(
    ("uri", "words"),
    [
        ("airtable://Wrok/schema", "Work"),
        ("airtable://Work/Taks/records", "Tasks"),
        ("airtable://Work/Tasks/records?view=Gird%20view", "Grid view"),
        ("airtable://nowhere", "nowhere"),
        ("airtable://exports/none.csv", "export_table_csv"),
        ("airtable://files/none", "There is no file"),
    ],
)
async def test_what_is_not_there_is_not_found_and_the_nearest_is_named(client, uri, words):
    with pytest.raises(MCPError, match=words) as refused:
        await client.read_resource(uri)

    assert refused.value.error.code == -32602
    assert refused.value.error.data["uri"] == uri


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"filter": "FIND("}, "formula"),
        ({"fields": "[1]"}, "JSON list"),
        ({"page": "bm9wZQ"}, "not one that this server gave"),
    ],
)
async def test_a_wrong_query_is_told_as_invalid_parameters(client, query, words):
    with pytest.raises(MCPError, match=words) as refused:
        await client.read_resource(records_uri("Work", "Tasks", **query))

    assert refused.value.error.code == -32602


def a_base(number, name):
    return {
        "id": f"appOdd{number:011}",
        "name": name,
        "tables": [
            {
                "id": f"tblOdd{number:011}",
                "name": name,
                "primaryFieldId": f"fldOdd{number:011}",
                "fields": [{"id": f"fldOdd{number:011}", "name": "Name", "type": "singleLineText"}],
                "views": [{"id": f"viwOdd{number:011}", "name": "Grid view", "type": "grid"}],
            }
        ],
        "records": {
            f"tblOdd{number:011}": [{"id": f"recOdd{number:011}", "fields": {"Name": f"in {number}"}}]
        },
    }


async def test_a_base_and_a_table_of_any_name_have_an_address():
    bases = [a_base(number, name) for number, name in enumerate(ODD_NAMES)]
    with Store.open(":memory:") as store:
        import_document(store, {"users": [], "bases": bases})
        with TwinServer(create_app(store, tokens=AnyToken())) as url:
            gateway = PyAirtableGateway(FixedEndpoint(Endpoint(url, "patTest")), rate_limit=None)
            async with gateway, Client(build_server(ToolContext(gateway))) as client:
                expanded = [await read(client, records_uri(name, name)) for name in ODD_NAMES]
                encoded = [quote(name, safe="") for name in ODD_NAMES]
                by_hand = [await read(client, f"airtable://{name}/{name}/records") for name in encoded]

    assert [told["records"][0]["fields"]["Name"] for told in expanded] == [
        f"in {number}" for number in range(len(ODD_NAMES))
    ]
    assert by_hand == expanded
