"""A hostile client: tokens made by hand, names that lead elsewhere, what belongs to another."""

import base64
import hashlib
import hmac
import json
import time
from dataclasses import replace
from urllib.parse import quote

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from mcp import Client, MCPError
from mcp.types import PromptReference, ResourceTemplateReference
from tests.pyairtable_mcp.guarded import ALL, READ, Plan, guarded, keys
from tests.pyairtable_mcp.test_authorisation import (
    RESOURCE,
    STRANGER,
    Issuer,
    behind_door,
    call,
    issuer,
    post,
    verifier,
)
from tests.pyairtable_mcp.test_door import HEADERS, http, message

from airtable_gateway import Endpoint, FixedEndpoint, JournaledGateway, MemoryJournal, TableNotFound
from airtable_gateway.pyairtable_gateway import PyAirtableGateway
from pyairtable_mcp import TOOLS, AllowedGateway, AllowList, build_server
from pyairtable_mcp.resources import RECORDS, records_uri, schema_uri

__all__ = ["http", "issuer"]  # Fixtures of the other files.

HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-11-25",
        "capabilities": {},
        "clientInfo": {"name": "hostile", "version": "1"},
    },
}
TASKS = {"base_id": "Work", "table_id": "Tasks"}


def part(value: bytes | dict[str, object]) -> str:
    """A part of a JWT."""
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def good(issuer: Issuer, **claims: object) -> dict[str, object]:
    told = {"iss": issuer.url, "aud": RESOURCE, "sub": "ada", "exp": int(time.time()) + 300}
    return told | {"scope": "airtable:read"} | claims


def signed(header: dict[str, object], claims: dict[str, object], secret: bytes) -> str:
    body = f"{part(header)}.{part(claims)}"
    return f"{body}.{part(hmac.new(secret, body.encode(), hashlib.sha256).digest())}"


@pytest.mark.parametrize("form", ["PEM", "DER", "JWK"])
async def test_the_issuers_public_key_is_no_secret_to_sign_with(airtable, issuer, form):
    public = issuer.rsa.public_key()
    encoding = serialization.Encoding.PEM if form == "PEM" else serialization.Encoding.DER
    secret = public.public_bytes(encoding, serialization.PublicFormat.SubjectPublicKeyInfo)
    if form == "JWK":
        secret = jwt.algorithms.RSAAlgorithm.to_jwk(public).encode()
    async with behind_door(airtable, [verifier(issuer)]) as (http, _):
        answers = [
            await post(http, signed({"alg": algorithm, "kid": "two"}, good(issuer), secret))
            for algorithm in ("HS256", "RS256", "hs256")
        ]

    assert [answer.status_code for answer in answers] == [401, 401, 401]


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "", None, ["ES256"], {"a": 1}, "ES256 "])
async def test_a_token_without_a_signature_is_none(airtable, issuer, algorithm):
    unsigned = f"{part({'alg': algorithm, 'kid': 'one'})}.{part(good(issuer))}."
    cut = issuer.token().rpartition(".")[0] + "."
    async with behind_door(airtable, [verifier(issuer)]) as (http, _):
        answers = [await post(http, token) for token in (unsigned, cut)]

    assert [answer.status_code for answer in answers] == [401, 401]


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"aud": [RESOURCE, "https://other.example.com"]}, 200),
        ({"aud": ["https://other.example.com"]}, 401),
        ({"aud": []}, 401),
        ({"aud": ""}, 401),
        ({"aud": RESOURCE.upper()}, 401),
        ({"aud": RESOURCE + "?"}, 401),
        ({"aud": [[RESOURCE]]}, 401),
        ({"aud": {RESOURCE: 1}}, 401),
        ({"iss": ["http://127.0.0.1"]}, 401),
        ({"nbf": 9_999_999_999}, 401),
        ({"nbf": "soon"}, 401),
        ({"iat": 9_999_999_999}, 401),
        ({"exp": "9999999999999"}, 200),
        ({"exp": "never"}, 401),
        ({"exp": -1}, 401),
        ({"exp": []}, 401),
        ({"exp": float("inf")}, 401),
        ({"exp": float("nan")}, 401),
        ({"sub": "local"}, 401),
        ({"sub": "key:owner"}, 401),
        ({"sub": "service:chat"}, 401),
        ({"sub": ""}, 401),
        ({"sub": 5}, 401),
        ({"sub": ["ada"]}, 401),
    ],
    ids=str,
)
async def test_claims_are_taken_at_their_word_or_not_at_all(airtable, issuer, claims, status):
    async with behind_door(airtable, [verifier(issuer)], issuer=issuer) as (http, _):
        answer = await post(http, forged(issuer, **claims))

    assert answer.status_code == status


def forged(issuer, key=None, header=None, **claims):
    """A token that the issuer's own key signs, whatever it says: PyJWT would refuse to make some of them."""
    body = f"{part({'alg': 'ES256', 'kid': 'one', **(header or {})})}.{part(good(issuer, **claims))}"
    raw = jwt.algorithms.ECAlgorithm(jwt.algorithms.ECAlgorithm.SHA256).sign(body.encode(), key or issuer.key)
    return f"{body}.{part(raw)}"


async def test_a_key_that_a_token_brings_along_is_not_asked(airtable, issuer):
    own = jwt.algorithms.ECAlgorithm.to_jwk(STRANGER.public_key(), as_dict=True) | {"kid": "one"}
    lures = [
        {"jwk": own},
        {"jku": f"{issuer.url}/hostile"},
        {"x5u": f"{issuer.url}/hostile"},
        {"kid": "../../dev/null"},
        {"kid": ["one"]},
        {"kid": None},
    ]
    async with behind_door(airtable, [verifier(issuer)]) as (http, _):
        answers = [await post(http, forged(issuer, STRANGER, lure)) for lure in lures]

    assert [answer.status_code for answer in answers] == [401] * len(lures)
    assert issuer.looks == 1


async def test_a_critical_header_that_nobody_knows_is_refused(airtable, issuer):
    async with behind_door(airtable, [verifier(issuer)]) as (http, _):
        answer = await post(http, forged(issuer, header={"crit": ["b64"], "b64": False}))

    assert answer.status_code == 401


async def test_no_scope_of_an_issuer_lets_act_for_others_or_breaks_a_challenge(airtable, issuer):
    odd = ["act:users", 'x", realm="evil', "a\r\nSet-Cookie: a=b", "日本", "é", "profile", "a b"]
    async with behind_door(airtable, [verifier(issuer)], issuer=issuer) as (http, _):
        answer = await call(http, forged(issuer, scope=odd), "list_bases")

    challenge = answer.headers["www-authenticate"]
    assert answer.status_code == 403
    assert 'scope="profile airtable:read"' in challenge
    assert "set-cookie" not in answer.headers


async def test_a_key_is_taken_whole_or_not_at_all(airtable, http):
    halves = [
        "Bearer key-of-ada, Bearer key-of-bob",
        "Bearer key-of-ada key-of-bob",
        "Bearer",
        "key-of-ada",
        "Token key-of-ada",
        "Bearer KEY-OF-ADA",
        "Bearer key-of-ad",
        'Bearer "key-of-ada"',
    ]
    async with guarded(airtable, Plan()) as server:
        content, headers = message("tools/list")
        answers = [
            await http.post(f"{server.url}/mcp", content=content, headers=headers | {"Authorization": half})
            for half in halves
        ]

    assert [answer.status_code for answer in answers] == [401] * len(halves)


@pytest.mark.parametrize("query", ["access_token=key-of-ada", "api_key=key-of-ada", "token=key-of-ada"])
async def test_a_key_in_an_address_opens_nothing(airtable, http, query):
    async with guarded(airtable, Plan()) as server:
        content, headers = message("tools/list")
        del headers["Authorization"]
        answer = await http.post(f"{server.url}/mcp?{query}", content=content, headers=headers)

    assert answer.status_code == 401


@pytest.mark.parametrize(("header", "status"), [("Host", 421), ("Origin", 403)])
async def test_a_name_that_is_written_oddly_is_another_name(airtable, http, header, status):
    names = [
        "LOCALHOST",
        "localhost.",
        "127.0.0.1.",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0.0.0.0",
        "ada@127.0.0.1",
        "127.0.0.1@evil.example.com",
        "evil.example.com, 127.0.0.1",
        "evil.example.com#127.0.0.1",
    ]
    async with guarded(airtable, Plan()) as server:
        content, headers = message("tools/list")
        port = server.url.rpartition(":")[2]
        answers = {}
        for name in names:
            value = f"{name}:{port}" if header == "Host" else f"http://{name}:{port}"
            given = headers | {header: value}
            answers[name] = (await http.post(f"{server.url}/mcp", content=content, headers=given)).status_code

    assert {name: found for name, found in answers.items() if found not in (400, status)} == {}


@pytest.mark.parametrize("method", ["POST", "GET", "DELETE"])
async def test_the_session_of_another_is_not_there_and_stays_as_it_was(airtable, http, method):
    async with guarded(airtable, Plan()) as server:
        where = f"{server.url}/mcp"
        mine = {name: HEADERS[name] for name in ("Accept", "Content-Type", "Authorization")}
        opened = await http.post(where, json=HELLO, headers=mine)
        session = {"mcp-session-id": opened.headers["mcp-session-id"], "mcp-protocol-version": "2025-11-25"}
        listing = {"jsonrpc": "2.0", "id": 2, "method": "tools/list", "params": {}}
        content = json.dumps(listing).encode() if method == "POST" else b""
        theirs = mine | session | {"Authorization": "Bearer key-of-bob"}
        stolen = await http.request(method, where, content=content, headers=theirs)
        guessed = await http.request(
            method, where, content=content, headers=theirs | {"mcp-session-id": "0" * 32}
        )
        after = await http.post(where, json=listing, headers=mine | session)

    assert opened.status_code == 200
    assert (stolen.status_code, stolen.text) == (guessed.status_code, guessed.text)
    assert stolen.status_code == 404
    assert after.status_code == 200


async def test_several_messages_at_once_need_the_scope_of_each_and_are_not_served(airtable, http):
    listed, _ = message("tools/call", name="list_bases", arguments={})
    written, headers = message(
        "tools/call", name="create_record", arguments=TASKS | {"fields": {"Name": "x"}}
    )
    async with guarded(airtable, Plan(keys(ada=(READ,), bob=ALL))) as server:
        answers = [
            await http.post(f"{server.url}/mcp", content=f"[{first},{second}]", headers=headers)
            for first, second in ((listed, written), (written, listed))
        ]
        may = headers | {"Authorization": "Bearer key-of-bob"}
        permitted = await http.post(f"{server.url}/mcp", content=f"[{listed},{written}]", headers=may)
        nested = await http.post(f"{server.url}/mcp", content=f"[[{written}]]", headers=headers)
        changes = (await server.journal.changes()).changes

    assert [answer.status_code for answer in answers] == [403, 403]
    assert (permitted.status_code, nested.status_code) == (400, 400)
    assert list(changes) == []


@pytest.mark.parametrize("path", ["/register", "/authorize", "/token", "/revoke", "/mcp/register"])
async def test_this_server_issues_no_tokens_and_forwards_nobody_to_consent(airtable, issuer, path):
    async with behind_door(airtable, [verifier(issuer)], issuer=issuer) as (http, _):
        answers = [await http.request(method, path) for method in ("GET", "POST")]
        within = await http.post(path, headers={"Authorization": f"Bearer {issuer.token()}"})

    assert [answer.status_code for answer in answers] == [401, 401]
    assert within.status_code == 404
    assert not any("set-cookie" in answer.headers or "location" in answer.headers for answer in answers)


@pytest.fixture
async def limited(airtable, context):
    """The context of a server that may see the table Tasks alone."""
    allowed = AllowList(tables=["Tasks"])
    inner = PyAirtableGateway(FixedEndpoint(Endpoint(airtable, "patTest")), rate_limit=None)
    async with JournaledGateway(AllowedGateway(inner, allowed), MemoryJournal()) as gateway:
        yield replace(context, gateway=gateway, allowed=allowed)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_neither_addresses_nor_completion_tell_of_what_is_not_listed(limited, mode):
    async with Client(build_server(limited, tools=TOOLS), mode=mode) as client:
        schema = await text_of(client.read_resource(schema_uri("Work")))
        refusals = [
            await refusal(client.read_resource(uri))
            for uri in (
                records_uri("Work", "People"),
                records_uri("appWork0000000001", "tblPeople00000001"),
                "airtable://Work/%50eople/records",
                "airtable://Work/people/records?fields=Name",
                "airtable://Work/Tasks%2F..%2FPeople/records",
            )
        ]
        offered = [
            (await client.complete(ref, {"name": name, "value": ""}, known)).completion.values
            for ref in (
                ResourceTemplateReference(type="ref/resource", uri=RECORDS),
                PromptReference(type="ref/prompt", name="clean_table"),
            )
            for name, known in (
                ("table", {"base": "Work"}),
                ("fields", {"base": "Work", "table": "People"}),
                ("field", {"base": "Work", "table": "tblPeople00000001"}),
                ("view", {"base": "appWork0000000001", "table": "People"}),
            )
        ]

    assert "People" not in schema.replace("tblPeople00000001", "")
    assert all("There is no table" in text and "Ada" not in text for text in refusals)
    assert offered == [["Tasks"], [], [], []] * 2


async def text_of(reading):
    return (await reading).contents[0].text


async def refusal(reading):
    try:
        found = await reading
    except MCPError as error:
        return str(error)
    return f"READ: {found}"


@pytest.mark.parametrize(
    ("type", "options"),
    [
        ("multipleRecordLinks", {"linkedTableId": "tblPeople00000001"}),
        ("multipleRecordLinks", {"linkedTableId": "People"}),
        (
            "multipleLookupValues",
            {"recordLinkFieldId": "fldOwner000000001", "fieldIdInLinkedTable": "fldPersonName0001"},
        ),
        (
            "rollup",
            {
                "recordLinkFieldId": "fldOwner000000001",
                "fieldIdInLinkedTable": "fldPersonName0001",
                "formula": "ARRAYJOIN(values)",
            },
        ),
    ],
    ids=["link-by-id", "link-by-name", "lookup", "rollup"],
)
async def test_no_new_field_leads_into_a_table_that_is_not_listed(limited, type, options):
    with pytest.raises(TableNotFound, match="There is no table"):
        await limited.gateway.create_field("Work", "Tasks", "Way in", type, options=options)
    with pytest.raises(TableNotFound, match="There is no table"):
        await limited.gateway.update_field("Work", "Tasks", "Owner", options=options)
    model = [{"name": "Name", "type": "singleLineText"}, {"name": "Way in", "type": type, "options": options}]
    with pytest.raises(TableNotFound, match="There is no table"):
        # The name of the one table that may be made, which Airtable would refuse only afterwards.
        await limited.gateway.create_table("Work", "Tasks", model)
    names = [field.name for field in (await limited.gateway.schema("Work")).table("Tasks").fields]

    assert "Way in" not in names


@pytest.mark.parametrize("place", ["files", "exports"])
async def test_no_address_leads_out_of_the_folder_of_files(context, tmp_path, place):
    folder = tmp_path / "exports"
    (folder / "files").mkdir(parents=True)
    for outside in (tmp_path / "credentials.json", tmp_path / "secret.csv", folder / ".hidden.csv"):
        outside.write_text("what nobody may read")
    names = [
        "../credentials.json",
        "../../credentials.json",
        "../secret.csv",
        "..\\secret.csv",
        str(tmp_path / "secret.csv"),
        "%2e%2e/secret.csv",
        ".hidden.csv",
        "a\0b.csv",
        "principals/x.csv",
        "~/secret.csv",
        "",
        ".",
        "..",
    ]
    async with Client(build_server(context, tools=TOOLS)) as client:
        read = [
            await refusal(client.read_resource(f"airtable://{place}/{written}"))
            for name in names
            for written in (name, quote(name, safe=""), quote(quote(name, safe=""), safe=""))
        ]

    assert [text for text in read if text.startswith("READ") or "nobody may read" in text] == []
    assert [text for text in read if str(tmp_path) in text.replace(f"{tmp_path}/secret.csv", "")] == []
