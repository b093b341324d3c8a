"""No secret stands in what the server says: answers, refusals, logs at their loudest, figures, spans."""

import asyncio
import base64
import json
import logging
import re
import subprocess
import sys
from contextlib import contextmanager

import pytest
from mcp import MCPError
from mcp.types import PromptReference, ResourceTemplateReference
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import generate_latest
from tests.pyairtable_mcp.conftest import WORK
from tests.pyairtable_mcp.echoing import KINDS, Echoing, failing
from tests.pyairtable_mcp.guarded import ALL, Plan, guarded, keys
from tests.pyairtable_mcp.test_authorisation import RESOURCE, STRANGER, issuer
from tests.pyairtable_mcp.test_door import http, message
from tests.pyairtable_mcp.test_hostile_arguments import sensible

from airtable_gateway.clock import Clock
from airtable_gateway.ports import Ports
from local_twins.airtable import AnyToken, Store, TwinServer, create_app, import_document
from pyairtable_mcp import TOOLS
from pyairtable_mcp.authorisation import CredentialStore, HttpKeys, JwtVerifier
from pyairtable_mcp.prompts import PROMPTS
from pyairtable_mcp.resources import RECORDS, records_uri, schema_uri

__all__ = ["http", "issuer"]  # Fixtures of the other files.

STORE_KEY = b"the-key-of-the-store-32-bytes!!!"
TOKEN = "patSECRETOFADA00.tokenOfAda"
HANDLE = re.compile(r"confirm='([^']+)'")
BASES = ("base_id", "source_base_id", "target_base_id")


class Heard:
    """What was logged, traced and counted while a test ran, and how a secret may stand in it."""

    def __init__(self, caplog):
        # Whoever set up a log before in this process may have made libraries quiet; here nobody is.
        for name in ("", *logging.root.manager.loggerDict):
            caplog.set_level(logging.DEBUG, logger=name)
        logging.getLogger("pyairtable_mcp.calls").propagate = True
        self._caplog = caplog
        self._exporter = InMemorySpanExporter()
        provider = trace.get_tracer_provider()
        if not isinstance(provider, TracerProvider):
            # The provider of a process is set once.
            provider = TracerProvider()
            trace.set_tracer_provider(provider)
        provider.add_span_processor(SimpleSpanProcessor(self._exporter))

    def places(self):
        told = [record for record in self._caplog.records if not of_the_client(record)]
        logged = "\n".join(map(logging.Formatter().format, told))
        traced = "\n".join(span.to_json() for span in self._exporter.get_finished_spans())
        assert len(logged) > 1000
        assert "execute_tool" in traced
        return {"logs": logged, "spans": traced, "figures": generate_latest().decode()}


def of_the_client(record):
    """The test's own client talks in the same process."""
    return record.name.startswith(("mcp.client", "client"))


def forms(key):
    return [key.hex(), base64.urlsafe_b64encode(key).decode(), base64.b64encode(key).decode(), repr(key)]


def found_in(places, secrets):
    return [(place, secret) for place, text in places.items() for secret in secrets if secret in text]


@pytest.fixture
def heard(caplog):
    return Heard(caplog)


@pytest.fixture
def sealed(tmp_path):
    """The sealed credentials, with one for each principal of these tests."""
    store = CredentialStore.open(tmp_path / "c.json", base64.urlsafe_b64encode(STORE_KEY).decode())
    for principal in ("key:ada", "ada"):
        store.add(principal, TOKEN)
    return store


SECRETS = [
    "key-of-ada",
    "patSECRET",
    "tokenOfAda",
    STORE_KEY.decode(),
    *forms(STORE_KEY),
    *forms(TOKEN.encode()),
]


async def said_by(client, tool, arguments):
    try:
        result = await client.call_tool(tool, arguments)
    except MCPError as error:
        return f"{error} {error.error.data}"
    return f"{result.content[0].text} {result.structured_content}"


async def asked(asking):
    try:
        return str(await asking)
    except MCPError as error:
        return f"{error} {error.error.data}"


async def beside_tools(client, base):
    """What resources, prompts and completion say about the base."""
    said = [
        await asked(client.read_resource(uri))
        for uri in ("airtable://bases", schema_uri(base), records_uri(base, "Tasks"), "airtable://files/x")
    ]
    for prompt in PROMPTS:
        given = {"base": base, "table": "Tasks", "goal": "x", "source": "x"}
        ref = PromptReference(type="ref/prompt", name=prompt.__name__)
        said.append(await asked(client.get_prompt(prompt.__name__, given)))
        said.append(await asked(client.complete(ref, {"name": "table", "value": ""}, {"base": base})))
    template = ResourceTemplateReference(type="ref/resource", uri=RECORDS)
    known = {"base": base, "table": "Tasks"}
    said += [
        await asked(client.complete(template, {"name": name, "value": ""}, known))
        for name in ("base", "view")
    ]
    return said


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_no_secret_is_said_anywhere(airtable, tmp_path, heard, sealed, mode):
    said: list[str] = []
    headers: list[str] = []
    async with (
        guarded(airtable, Plan(keys(ada=ALL), store=sealed, exports=tmp_path)) as server,
        server.bearing("key-of-ada", mode, heard=headers) as client,
    ):
        # Before the tools that give the table another name.
        place = {"base_id": "Work", "table_id": "Tasks", "max_records": 2}
        page = await client.call_tool("get_records", place)
        assert page.structured_content is not None, page.content
        cursor = page.structured_content["cursor"]
        said += [
            await said_by(client, "get_records", place | {"cursor": cursor, "view": view})
            for view in ("", "Grid view")
        ]
        for tool in TOOLS:
            tried = (sensible(tool), sensible(tool) | {"base_id": "Nowhere"}, {"wrong": TOKEN[:3]})
            said += [await said_by(client, tool.name, arguments) for arguments in tried]
        said += await beside_tools(client, "Work") + await beside_tools(client, "Nowhere")
        handles = [found[1] for text in said if (found := HANDLE.search(text))]
        said.append(await said_by(client, "delete_records", place_of(handles[0])))
        seal = server.context.seal_key

    outside = heard.places()
    places = {"answers": "\n".join(said), "headers": "\n".join(headers), **outside}
    assert len(handles) >= 2
    assert found_in(places, [*SECRETS, *forms(seal)]) == []
    assert found_in(outside, [*handles, cursor]) == []


def place_of(handle):
    return {"base_id": "Work", "table_id": "Tasks", "record_ids": ["recTask0000000009"], "confirm": handle}


@pytest.fixture
def echoing():
    with Store.open(":memory:") as store:
        import_document(store, {"users": [], "bases": [WORK]})
        app = Echoing(create_app(store, tokens=AnyToken()))
        with TwinServer(app) as url:
            yield app, url


def on(base, tool):
    """Sensible arguments, on that base."""
    given = sensible(tool)
    return given | {name: base for name in BASES if name in given}


def hurried():
    """A clock on which nobody waits: sleeping moves it on."""
    now = [0.0]

    async def sleep(seconds):
        now[0] += seconds
        await asyncio.sleep(0)

    return Clock(lambda: now[0], sleep)


@pytest.mark.parametrize("kind", KINDS)
async def test_no_failure_of_airtables_spreads_the_token_that_it_echoes(
    echoing, tmp_path, heard, sealed, issuer, kind
):
    app, url = echoing
    verifier = JwtVerifier(issuer.url, RESOURCE, HttpKeys(issuer.url))
    ports = Ports(clock=hurried())
    plan = Plan(keys(ada=ALL), store=sealed, exports=tmp_path, others=(verifier,), ports=ports)
    token = issuer.token()
    said: list[str] = []
    headers: list[str] = []
    mode = "auto" if KINDS.index(kind) % 2 else "legacy"
    async with (
        guarded(url, plan) as server,
        server.bearing(token, mode, heard=headers) as client,
    ):
        for number, tool in enumerate(TOOLS):
            # Each on a base of its own: the gateway leaves one alone that failed several times.
            base = failing(kind, number, at_once=number % 4 == 0)
            said.append(await said_by(client, tool.name, on(base, tool)))
        said += await beside_tools(client, failing(kind, 500, at_once=True))
        said += await beside_tools(client, failing(kind, 501, at_once=False))

    places = {"answers": "\n".join(said), "headers": "\n".join(headers), **heard.places()}
    assert app.failed[kind] > len(TOOLS) // 2
    assert found_in(places, [*SECRETS, token, *token.split(".")[1:]]) == []
    if kind.startswith("s4") and kind != "s404":
        assert "Not with Bearer ***" in places["answers"]


async def test_a_token_is_not_said_by_who_refuses_it(airtable, heard, http, issuer):
    verifier = JwtVerifier(issuer.url, RESOURCE, HttpKeys(issuer.url))
    tokens = [
        issuer.token(aud="https://other.example.com"),
        issuer.token(exp=1000),
        issuer.token(key=STRANGER),
        issuer.token(scope="airtable:read"),
        issuer.token(kid="nobody-" + "x" * 40),
        "key-of-ada-but-longer",
        "pat12345678901234." + "0" * 64,
    ]
    said = []
    async with guarded(airtable, Plan(keys(bob=ALL), others=(verifier,))) as server:
        content, headers = message("tools/call", name="create_record", arguments={"base_id": "Work"})
        for token in tokens:
            given = headers | {"Authorization": f"Bearer {token}"}
            answer = await http.post(f"{server.url}/mcp", content=content, headers=given)
            assert answer.status_code in (401, 403)
            said.append(f"{answer.headers.raw} {answer.text}")
        async with server.client("bob") as client:
            await client.call_tool("list_bases", {})

    pieces = [piece for token in tokens for piece in (token, *token.split(".")[1:])]
    assert found_in({"answers": "\n".join(said), **heard.places()}, pieces) == []


def test_the_store_of_credentials_and_what_it_says_hold_no_token(sealed):
    wrong = CredentialStore.open(sealed.path, base64.urlsafe_b64encode(bytes(32)).decode())
    kept = sealed.path.read_text()
    said = [repr(sealed), str(sealed.listed())]
    for opened in (wrong, sealed):
        try:
            opened.token("ada")
        except Exception as error:  # noqa: BLE001 - whatever it says
            said += [repr(error), str(error.__cause__)]
    sealed.path.write_text('{"ada": {"sealed": "' + TOKEN + '"}}')
    with pytest.raises(Exception, match="another key") as broken:
        sealed.token("ada")

    assert found_in({"kept": kept, "said": "\n".join([*said, str(broken.value)])}, SECRETS) == []


@contextmanager
def over_stdio(environment):
    """A process that serves over stdio and logs all that there is to log."""
    loud = (
        "import logging, sys; logging.basicConfig(level=logging.DEBUG, stream=sys.stderr); "
        "from pyairtable_app.cli import main; main(['stdio'])"
    )
    with subprocess.Popen(
        [sys.executable, "-c", loud],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        yield process


def test_neither_output_nor_complaints_nor_files_of_a_process_hold_its_token(echoing, tmp_path):
    app, url = echoing
    hello = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
    asked = [("initialize", hello)]
    kinds = ("s401", "s403", "s404", "s422")  # The others are tried again, after a while.
    for number, tool in enumerate(TOOLS):
        base = failing(kinds[number % len(kinds)], number, at_once=number % 4 == 0)
        asked += [
            ("tools/call", {"name": tool.name, "arguments": given})
            for given in (sensible(tool), on(base, tool))
        ]
    asked += [
        ("resources/read", {"uri": schema_uri(base)}) for base in ("Work", failing("s401", 1, at_once=True))
    ]
    messages = [
        {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
        for number, (method, params) in enumerate(asked)
    ]
    messages.insert(1, {"jsonrpc": "2.0", "method": "notifications/initialized"})
    environment = {
        "DATA_DIR": str(tmp_path),
        "AIRTABLE_API_KEY": TOKEN,
        "AIRTABLE_ENDPOINT_URL": url,
        "AIRTABLE_RATE_LIMIT": "off",
        "TOOLSETS": "all",
    }

    with over_stdio(environment) as process:
        assert process.stdin
        assert process.stdout
        assert process.stderr
        answered = 0
        output: list[str] = []
        for sent in messages:
            process.stdin.write(json.dumps(sent) + "\n")
            process.stdin.flush()
            while "id" in sent and output_of(process, output) != sent["id"]:
                pass
            answered += "id" in sent
        output_rest, complaints = process.communicate(timeout=30)

    assert answered == len(asked)
    assert process.returncode == 0
    assert "DEBUG" in complaints
    assert set(app.failed) == set(kinds)
    files = {str(path): path.read_bytes().decode("latin-1") for path in tmp_path.rglob("*") if path.is_file()}
    output_text = "\n".join(output) + output_rest
    handles = HANDLE.findall(output_text)
    assert len(handles) >= 2
    assert found_in({"output": output_text, "complaints": complaints, **files}, SECRETS[1:]) == []
    assert found_in({"complaints": complaints}, handles) == []


def output_of(process, output):
    """The id of the next message, which is added to the output."""
    line = process.stdout.readline()
    assert line, process.stderr.read()[-2000:]
    output.append(line)
    return json.loads(line).get("id")
