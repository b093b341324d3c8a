"""The door over real HTTP: names that lead elsewhere, messages nobody can read, too much at once."""

import asyncio
import base64
import json

import httpx2
import pytest
from tests.pyairtable_mcp.conftest import WORK
from tests.pyairtable_mcp.guarded import ALL, READ, Plan, guarded, keys

from local_twins.airtable import AnyToken, Store, TwinServer, create_app, import_document
from pyairtable_mcp.authorisation import Limits

HEADERS = {
    "Accept": "application/json, text/event-stream",
    "Content-Type": "application/json",
    "MCP-Protocol-Version": "2026-07-28",
    "Authorization": "Bearer key-of-ada",
}
META = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
}


def message(method, **params):
    body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": {"_meta": META} | params}
    headers = HEADERS | {"Mcp-Method": method} | ({"Mcp-Name": params["name"]} if "name" in params else {})
    return json.dumps(body), headers


@pytest.fixture
async def http():
    async with httpx2.AsyncClient(timeout=20) as http:
        yield http


async def post(http, server, content, headers):
    return await http.post(f"{server.url}/mcp", content=content, headers=headers)


async def call(http, server, tool, **arguments):
    return await post(http, server, *message("tools/call", name=tool, arguments=arguments))


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "evil.example.com"}, 421),
        ({"Host": "127.0.0.1.evil.example.com"}, 421),
        ({"Host": "localhost"}, 421),
        ({"Host": ""}, 421),
        ({"Origin": "https://evil.example.com"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "https://page.example.com.evil.example.com"}, 403),
        ({"Origin": "http://page.example.com"}, 403),
        ({"Origin": "https://page.example.com"}, 200),
        ({"Authorization": ""}, 401),
        ({"Authorization": "Bearer key-of-eve"}, 401),
        ({"Authorization": "Basic a2V5LW9mLWFkYQ=="}, 401),
        ({"Authorization": "Bearer pat12345678901234." + "0" * 64}, 401),
    ],
)
async def test_only_listed_hosts_origins_and_keys_are_answered(airtable, http, headers, status):
    async with guarded(airtable, Plan()) as server:
        content, own = message("tools/list")
        answer = await post(http, server, content, own | headers)

    assert answer.status_code == status


async def test_two_authorisations_are_none(airtable, http):
    async with guarded(airtable, Plan()) as server:
        content, headers = message("tools/list")
        twice = [*headers.items(), ("Authorization", "Bearer key-of-bob")]
        answer = await http.post(f"{server.url}/mcp", content=content, headers=twice)

    assert answer.status_code == 401


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not json",
        b"{",
        b'"' + b"a" * 100,
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_changes","x":'
        + b"9" * 5000
        + b"}}",
        '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_changes"}}'.encode("utf-16"),
        b"\xff\xfe\x00",
        b"null",
        b"5",
        b"[]",
        b'"text"',
        b"[null, 5, []]",
        b'{"jsonrpc":"2.0","id":1,"method":5,"params":7}',
        b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":{"a":1}}}',
        b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_records","arguments":[1]}}',
        b'{"jsonrpc":"2.0","id":null,"method":"tools/call"}',
        b'{"jsonrpc":"1.0","id":1,"method":"tools/list"}',
        b'{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":"\\ud800"}}',
    ],
)
async def test_a_message_that_cannot_be_read_is_refused_and_harms_nobody(airtable, http, content):
    unscoped = keys(ada=(), bob=ALL)
    async with guarded(airtable, Plan(unscoped)) as server:
        refused = await post(http, server, content, HEADERS | {"Mcp-Method": "tools/call"})
        after = await post(http, server, message("tools/list")[0], message("tools/list")[1])

    assert 400 <= refused.status_code < 500
    assert "Traceback" not in refused.text
    assert after.status_code == 200


async def test_a_message_that_is_too_long_is_refused(airtable, http):
    async with guarded(airtable, Plan()) as server:
        answer = await post(http, server, b" " * (9 * 1024 * 1024), HEADERS | {"Mcp-Method": "tools/list"})

    assert answer.status_code == 413


@pytest.mark.parametrize("part", ["[" * 20_000, '{"alg":"none"}', '{"alg":["ES256"]}', "5", "\x00"])
async def test_a_token_of_any_shape_is_refused(airtable, http, part):
    head = base64.urlsafe_b64encode(part.encode()).decode().rstrip("=")
    async with guarded(airtable, Plan()) as server:
        content, headers = message("tools/list")
        answer = await post(http, server, content, headers | {"Authorization": f"Bearer {head}.e30.e30"})

    assert answer.status_code == 401


async def test_what_is_left_is_told_and_too_many_requests_are_told_when_to_come_back(airtable, http):
    limits = Limits(a_second=0.5, burst=2, seconds=lambda: 0.0)
    async with guarded(airtable, Plan(limits=limits)) as server:
        content, headers = message("tools/list")
        answers = [await post(http, server, content, headers) for _ in range(3)]
        other = await post(http, server, content, headers | {"Authorization": "Bearer key-of-bob"})

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer.headers["ratelimit"] for answer in answers] == [
        '"default";r=1;t=2',
        '"default";r=0;t=4',
        '"default";r=0;t=4',
    ]
    assert answers[2].headers["ratelimit-policy"] == '"default";q=2;w=4'
    assert answers[2].headers["retry-after"] == "2"
    assert other.status_code == 200


class Held:
    """An Airtable that answers reads of records when it is told to."""

    def __init__(self, inner):
        self._inner = inner
        self.url = ""
        self.waiting = 0
        self.is_open = False

    async def __call__(self, scope, receive, send):
        if scope["type"] == "http" and scope["path"].startswith("/v0/app"):
            self.waiting += 1
            while not self.is_open:
                await asyncio.sleep(0.01)
        await self._inner(scope, receive, send)


@pytest.fixture
def held():
    with Store.open(":memory:") as store:
        import_document(store, {"users": [], "bases": [WORK]})
        app = Held(create_app(store, tokens=AnyToken()))
        with TwinServer(app) as url:
            app.url = url
            yield app
            app.is_open = True


async def test_so_many_calls_of_one_principal_run_at_once_and_others_have_their_own(held, http):
    task = {"base_id": "appWork0000000001", "table_id": "tblTasks000000001"}
    async with guarded(held.url, Plan(limits=Limits(a_second=None, at_once=1))) as server:
        running = asyncio.create_task(call(http, server, "get_records", **task))
        async with asyncio.timeout(20):
            while not held.waiting:
                await asyncio.sleep(0.01)
        refused = await call(http, server, "list_bases")
        content, headers = message("tools/list")
        other = await post(http, server, content, headers | {"Authorization": "Bearer key-of-bob"})
        held.is_open = True
        answer = await running
        after = await call(http, server, "list_bases")

    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "1"
    assert other.status_code == 200
    assert (answer.status_code, after.status_code) == (200, 200)


async def test_a_scope_is_needed_for_every_way_to_a_tool(airtable, http):
    async with guarded(airtable, Plan(keys(ada=(READ,), bob=()))) as server:
        content, headers = message("tools/call", name="create_record", arguments={})
        beyond = await post(http, server, content, headers)
        # The header names a harmless tool, the message another one.
        disguised = await post(http, server, content, headers | {"Mcp-Name": "list_bases"})
        doubled = content.replace('"create_record"', '"list_bases","name":"create_record"')
        twice = await post(http, server, doubled, headers)
        batch = await post(http, server, f"[{content}]", headers)
        nothing = await post(
            http,
            server,
            *[
                message("resources/read", uri="airtable://bases")[0],
                headers | {"Authorization": "Bearer key-of-bob", "Mcp-Method": "resources/read"},
            ],
        )

    for answer in (beyond, disguised, twice, batch):
        assert answer.status_code == 403
        assert 'scope="airtable:read airtable:write"' in answer.headers["www-authenticate"]
    assert nothing.status_code == 403
