"""The door over HTTP: tokens, keys, scopes, limits, and whose credential Airtable sees."""

import base64
import json
import time
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta

import httpx2
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from mcp.server.auth.middleware.auth_context import auth_context_var
from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import AccessToken
from mcp.server.transport_security import TransportSecuritySettings
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from tests.pyairtable_mcp.conftest import WORK

from airtable_gateway import Endpoint, FixedEndpoint, JournaledGateway, MemoryJournal
from airtable_gateway.pyairtable_gateway import PyAirtableGateway
from local_twins.airtable import AnyToken, Store, TwinServer, create_app, import_document
from pyairtable_mcp import ToolContext, build_server
from pyairtable_mcp.authorisation import (
    ALL_SCOPES,
    ApiKeys,
    CredentialError,
    CredentialStore,
    Door,
    HttpKeys,
    JwtVerifier,
    KeyFileError,
    Limits,
    PrincipalChoice,
    Way,
    needed_scope,
)
from pyairtable_mcp.authorisation.metadata import Resource
from pyairtable_mcp.serving import ServedGateway
from pyairtable_mcp.watching import Watchers

RESOURCE = "https://tools.example.com/mcp"
READ = {"airtable:read"}
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
STRANGER = ec.generate_private_key(ec.SECP256R1())


class Issuer:
    """An OAuth issuer on this machine: shows its keys, signs what a test says, counts who looks."""

    def __init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.rsa = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.url = ""
        self.looks = 0
        self.is_down = False
        metadata = Route("/.well-known/oauth-authorization-server", self._metadata)
        self.app = Starlette(routes=[metadata, Route("/jwks", self._jwks)])

    async def _metadata(self, _):
        return JSONResponse({"issuer": self.url, "jwks_uri": f"{self.url}/jwks"})

    async def _jwks(self, _):
        self.looks += 1
        if self.is_down:
            return Response(status_code=503)
        keys = [
            jwt.algorithms.ECAlgorithm.to_jwk(self.key.public_key(), as_dict=True) | {"kid": "one"},
            jwt.algorithms.RSAAlgorithm.to_jwk(self.rsa.public_key(), as_dict=True) | {"kid": "two"},
        ]
        return JSONResponse({"keys": keys})

    def token(self, *, algorithm="ES256", kid=None, key=None, **claims):
        told = {
            "iss": self.url,
            "aud": RESOURCE,
            "sub": "ada",
            "client_id": "desk",
            "exp": int(time.time()) + 300,
            "scope": " ".join(ALL_SCOPES),
        } | claims
        told = {name: value for name, value in told.items() if value is not None}
        signing = key or (self.rsa if algorithm == "RS256" else self.key)
        name = kid or ("two" if algorithm == "RS256" else "one")
        return jwt.encode(told, signing, algorithm=algorithm, headers={"kid": name})


@pytest.fixture
def issuer():
    issuer = Issuer()
    with TwinServer(issuer.app) as url:
        issuer.url = url
        yield issuer


class Tokens:
    """Lets every token in, and notes which came."""

    def __init__(self):
        self.seen = []
        self.url = ""

    def app(self, inner):
        async def noting(scope, receive, send):
            if scope["type"] == "http":
                self.seen.append(dict(scope["headers"]).get(b"authorization", b"").decode())
            await inner(scope, receive, send)

        return noting


@pytest.fixture
def airtable_tokens():
    tokens = Tokens()
    with Store.open(":memory:") as store:
        import_document(store, {"users": [], "bases": [WORK]})
        with TwinServer(tokens.app(create_app(store, tokens=AnyToken()))) as url:
            tokens.url = url
            yield tokens


@asynccontextmanager
async def behind_door(airtable, verifiers, *, store=None, limits=None, issuer=None, allowed_hosts=("*",)):
    """An HTTP client of the whole server behind its door, and the server's journal."""

    def direct(token):
        gateway = PyAirtableGateway(FixedEndpoint(Endpoint(airtable, token)), rate_limit=None)
        return Way(gateway, gateway.server_time)

    gateway = ServedGateway(PrincipalChoice(direct("patShared"), store, direct), Watchers())
    async with JournaledGateway(gateway, MemoryJournal()) as journaled:
        server = build_server(ToolContext(journaled))
        security = TransportSecuritySettings(
            allowed_hosts=["tools.example.com"], allowed_origins=["https://page.example.com"]
        )
        app = server.streamable_http_app(transport_security=security)
        resource = Resource(RESOURCE, issuer.url) if issuer else None
        door = Door(app, verifiers, resource=resource, limits=limits)
        transport = httpx2.ASGITransport(app=door)
        async with (
            server.session_manager.run(),
            httpx2.AsyncClient(transport=transport, base_url="https://tools.example.com") as http,
        ):
            yield http, journaled


def message(method, **params):
    meta = {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
    }
    return {"jsonrpc": "2.0", "id": 1, "method": method, "params": {"_meta": meta} | params}


async def post(http, token, method="tools/list", *, headers=None, **params):
    sent = {
        "Accept": "application/json, text/event-stream",
        "MCP-Protocol-Version": "2026-07-28",
        "Mcp-Method": method,
    }
    if "name" in params:
        sent["Mcp-Name"] = params["name"]
    if token is not None:
        sent["Authorization"] = f"Bearer {token}"
    return await http.post("/mcp", json=message(method, **params), headers=sent | (headers or {}))


async def call(http, token, tool, **arguments):
    return await post(http, token, "tools/call", name=tool, arguments=arguments)


def verifier(issuer, **kinds):
    return JwtVerifier(issuer.url, RESOURCE, HttpKeys(issuer.url, **kinds))


@pytest.mark.parametrize("algorithm", ["ES256", "RS256"])
async def test_a_token_of_the_issuer_opens(airtable, issuer, algorithm):
    async with behind_door(airtable, [verifier(issuer)]) as (http, _):
        answer = await post(http, issuer.token(algorithm=algorithm))

    assert answer.status_code == 200
    assert "list_tables" in answer.text


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"aud": "https://other.example.com/mcp"}, "another server"),
        ({"aud": RESOURCE + "/"}, "another server"),
        ({"aud": None}, "lacks a claim"),
        ({"iss": "https://evil.example.com"}, "another issuer"),
        ({"exp": 1_000}, "expired"),
        ({"exp": None}, "lacks a claim"),
        ({"nbf": 9_999_999_999}, "not valid yet"),
        ({"sub": None}, "lacks a claim"),
        ({"sub": "key:ci"}, "subject"),
        ({"key": STRANGER}, "signature"),
        ({"kid": "nobody"}, "does not show"),
    ],
    ids=[
        "audience",
        "slash",
        "no-audience",
        "issuer",
        "expired",
        "no-expiry",
        "early",
        "no-subject",
        "key-as-subject",
        "signature",
        "unknown-key",
    ],
)
async def test_any_other_token_is_refused_with_a_challenge_that_says_why(airtable, issuer, wrong, why):
    token = issuer.token(**wrong)
    async with behind_door(airtable, [verifier(issuer)], issuer=issuer) as (http, _):
        answer = await post(http, token)

    challenge = answer.headers["www-authenticate"]
    assert answer.status_code == 401
    assert 'error="invalid_token"' in challenge
    assert why in answer.json()["error_description"]
    assert token not in answer.text + challenge


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
async def test_a_token_signed_by_another_method_is_refused(airtable, issuer, algorithm):
    secret = "public-key-as-secret-of-32-bytes!!" if algorithm == "HS256" else ""
    claims = {"iss": issuer.url, "aud": RESOURCE, "sub": "ada", "exp": int(time.time()) + 300}
    token = jwt.encode(claims, secret, algorithm=algorithm, headers={"kid": "one"})
    async with behind_door(airtable, [verifier(issuer)]) as (http, _):
        answer = await post(http, token)

    assert answer.status_code == 401


async def test_without_a_token_the_challenge_names_the_scopes_and_the_metadata(airtable, issuer):
    async with behind_door(airtable, [verifier(issuer)], issuer=issuer) as (http, _):
        answer = await post(http, None)
        named = answer.headers["www-authenticate"]
        own = await http.get("/.well-known/oauth-protected-resource/mcp")
        root = await http.get("/.well-known/oauth-protected-resource")

    assert answer.status_code == 401
    assert "error=" not in named
    assert 'scope="airtable:read airtable:write airtable:schema"' in named
    place = "https://tools.example.com/.well-known/oauth-protected-resource/mcp"
    assert f'resource_metadata="{place}"' in named
    assert own.json() == root.json()
    assert own.json()["resource"] == RESOURCE
    assert own.json()["authorization_servers"] == [issuer.url]


@pytest.mark.parametrize(
    ("tool", "scope", "needed"),
    [
        ("create_record", "airtable:read", "airtable:write"),
        ("batch_update_records", "airtable:read", "airtable:write"),
        ("undo_change", "airtable:read", "airtable:write"),
        ("create_metadata_table", "airtable:read airtable:write", "airtable:schema"),
        ("get_records", "profile", "airtable:read"),
    ],
)
async def test_a_tool_beyond_the_scopes_is_refused_with_what_to_ask_for(
    airtable, issuer, tool, scope, needed
):
    token = issuer.token(scope=scope)
    async with behind_door(airtable, [verifier(issuer)], issuer=issuer) as (http, _):
        answer = await call(http, token, tool, base_id="Work")

    challenge = answer.headers["www-authenticate"]
    assert answer.status_code == 403
    assert 'error="insufficient_scope"' in challenge
    assert f'scope="{scope} {needed}"' in challenge


async def test_reading_needs_no_more_than_the_scope_of_reading(airtable, issuer):
    token = issuer.token(scope="airtable:read")
    async with behind_door(airtable, [verifier(issuer)]) as (http, _):
        answer = await call(http, token, "get_records", base_id="Work", table_id="People")

    assert answer.status_code == 200
    assert "Ada O'Brien" in answer.text


def test_messages_that_read_records_by_other_ways_need_the_scope_of_reading():
    assert {needed_scope({"method": method}) for method in ("resources/read", "completion/complete")} == READ
    assert needed_scope({"method": "tools/list"}) == ""


async def test_the_keys_of_an_issuer_are_kept_and_looked_for_again_within_limits(issuer):
    now = [0.0]
    keys = verifier(issuer, seconds=lambda: now[0])

    for _ in range(5):
        await keys.verify(issuer.token())
    looks_at_first = issuer.looks
    for _ in range(5):
        with pytest.raises(Exception, match="does not show"):
            await keys.verify(issuer.token(kid="made-up"))
    looks_for_unknown = issuer.looks
    issuer.is_down = True
    now[0] = 10_000.0
    still_known = await keys.verify(issuer.token())

    assert (looks_at_first, looks_for_unknown) == (1, 1)
    assert still_known is not None
    assert still_known.subject == "ada"


async def test_a_key_from_the_file_opens_within_its_scopes_and_signs_the_journal(airtable, tmp_path):
    file = tmp_path / "keys.json"
    rows = [
        {"name": "ci", "key": "a-key-of-a-script-0001", "scopes": ["airtable:write"]},
        {"name": "view", "key": "a-key-of-a-script-0002", "scopes": ["airtable:read"]},
    ]
    file.write_text(json.dumps(rows))
    async with behind_door(airtable, [ApiKeys.from_file(file)]) as (http, journal):
        place = {"base_id": "Work", "table_id": "People", "fields": {"Name": "New"}}
        written = await call(http, "a-key-of-a-script-0001", "create_record", **place)
        refused = await call(http, "a-key-of-a-script-0002", "create_record", **place)
        unknown = await call(http, "a-key-of-a-script-0003", "create_record", **place)
        changes = (await journal.changes()).changes

    assert (written.status_code, refused.status_code, unknown.status_code) == (200, 403, 401)
    assert [(change.author.principal, change.author.tool) for change in changes] == [
        ("key:ci", "create_record")
    ]


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([], "no list"),
        ([{"name": "", "key": "x" * 20, "scopes": ["airtable:read"]}], "no name"),
        ([{"name": "a", "key": "short", "scopes": ["airtable:read"]}], "at least 20"),
        ([{"name": "a", "key": "x" * 20, "scopes": ["all"]}], "scopes"),
        ([{"name": "a", "key": "x" * 20, "scopes": ["airtable:read"]}] * 2, "same name"),
    ],
)
def test_a_file_of_keys_that_is_wrong_says_what_and_shows_no_key(tmp_path, rows, why):
    file = tmp_path / "keys.json"
    file.write_text(json.dumps(rows))

    with pytest.raises(KeyFileError, match=why) as refused:
        ApiKeys.from_file(file)

    assert "xxxx" not in str(refused.value)
    assert "short" not in str(refused.value)


async def test_the_callers_token_is_never_sent_to_airtable(airtable_tokens, issuer, tmp_path):
    store = CredentialStore.open(tmp_path / "c.json", base64.urlsafe_b64encode(bytes(32)).decode())
    store.add("ada", "patAda")
    store.add("bob", "patBob")
    async with behind_door(airtable_tokens.url, [verifier(issuer)], store=store) as (http, _):
        for subject in ("ada", "bob"):
            await call(http, issuer.token(sub=subject), "list_tables", base_id="Work")
        nobody = await call(http, issuer.token(sub="eve"), "list_tables", base_id="Work")
        as_pat = await call(http, "pat12345678901234." + "0" * 64, "list_tables", base_id="Work")

    assert set(airtable_tokens.seen) == {"Bearer patAda", "Bearer patBob"}
    assert "No Airtable credential is stored for 'eve'" in nobody.text
    assert as_pat.status_code == 401


async def test_each_credential_goes_by_the_time_that_its_own_gateway_was_told(tmp_path):
    store = CredentialStore.open(tmp_path / "c.json", base64.urlsafe_b64encode(bytes(32)).decode())
    store.add("ada", "patAda")
    store.add("bob", "patBob")
    told = {"patAda": NOON, "patBob": None, "patShared": None}

    def way(token):
        gateway = PyAirtableGateway(FixedEndpoint(Endpoint("http://127.0.0.1:9", token)))
        return Way(gateway, lambda: told[token])

    async with PrincipalChoice(way("patShared"), store, way) as choice:
        times = [choice.server_time()]
        for name in ("ada", "bob"):
            with called_by(name):
                await choice.gateway("read")
                times.append(choice.server_time())
        told["patBob"] = NOON + timedelta(hours=1)
        with called_by("bob"):
            times.append(choice.server_time())
        times.append(choice.server_time())

    assert times == [None, NOON, NOON, NOON + timedelta(hours=1), NOON]


@contextmanager
def called_by(principal):
    token = AccessToken(token="any", client_id="client", scopes=list(ALL_SCOPES), subject=principal)
    reset = auth_context_var.set(AuthenticatedUser(token))
    yield
    auth_context_var.reset(reset)


async def test_a_session_belongs_to_who_opened_it(airtable, issuer):
    async with behind_door(airtable, [verifier(issuer)]) as (http, _):
        hello = {
            "protocolVersion": "2025-11-25",
            "capabilities": {},
            "clientInfo": {"name": "t", "version": "1"},
        }
        accept = {"Accept": "application/json, text/event-stream"}
        body = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": hello}
        ada = accept | {"Authorization": f"Bearer {issuer.token()}"}
        opened = await http.post("/mcp", json=body, headers=ada)
        session = {"mcp-session-id": opened.headers["mcp-session-id"], "mcp-protocol-version": "2025-11-25"}
        eve = accept | session | {"Authorization": f"Bearer {issuer.token(sub='eve')}"}
        stolen = await http.post(
            "/mcp", json={"jsonrpc": "2.0", "id": 2, "method": "tools/list", "params": {}}, headers=eve
        )

    assert opened.status_code == 200
    assert stolen.status_code in (403, 404)


async def test_another_host_or_origin_is_refused_even_with_a_token(airtable, issuer):
    async with behind_door(airtable, [verifier(issuer)]) as (http, _):
        token = issuer.token()
        rebound = await post(http, token, headers={"Host": "evil.example.com"})
        foreign = await post(http, token, headers={"Origin": "https://evil.example.com"})
        allowed = await post(http, token, headers={"Origin": "https://page.example.com"})

    assert (rebound.status_code, foreign.status_code, allowed.status_code) == (421, 403, 200)


async def test_one_principal_is_slowed_down_and_another_is_not(airtable, issuer):
    limits = Limits(a_second=1.0, burst=2, seconds=lambda: 0.0)
    async with behind_door(airtable, [verifier(issuer)], limits=limits) as (http, _):
        token = issuer.token()
        statuses = [(await post(http, token)).status_code for _ in range(3)]
        slowed = await post(http, token)
        other = await post(http, issuer.token(sub="bob"))

    assert statuses == [200, 200, 429]
    assert int(slowed.headers["retry-after"]) >= 1
    assert other.status_code == 200


def test_no_more_than_so_many_requests_of_one_principal_run_together():
    limits = Limits(a_second=None, at_once=2)

    assert [limits.enter("ada") > 0 for _ in range(3)] == [False, False, True]
    limits.leave("ada")
    assert limits.enter("ada") == 0
    assert limits.enter("bob") == 0


def test_credentials_are_sealed_and_bound_to_their_principal(tmp_path):
    key = base64.urlsafe_b64encode(b"k" * 32).decode()
    file = tmp_path / "credentials.json"
    store = CredentialStore.open(file, key)
    store.add("ada", "patAda.secret")

    assert "patAda" not in file.read_text()
    assert file.stat().st_mode & 0o077 == 0
    assert CredentialStore.open(file, key).token("ada") == "patAda.secret"
    assert "kkkk" not in repr(store)

    rows = json.loads(file.read_text())
    file.write_text(json.dumps({"bob": rows["ada"]}))
    with pytest.raises(CredentialError, match="another key"):
        store.token("bob")
    other = CredentialStore.open(file, base64.urlsafe_b64encode(b"x" * 32).decode())
    with pytest.raises(CredentialError, match="another key"):
        other.token("bob")
    assert store.remove("bob")
    assert store.listed() == []
