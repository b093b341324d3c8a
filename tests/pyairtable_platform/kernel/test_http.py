"""What every service's door does, seen by a client over a real socket."""

import httpx2
import pytest
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from local_twins.server import TwinServer
from pyairtable_platform.kernel import ApiKey, ApiKeys, MemoryKeyValue, NotFound, Principal, Unavailable
from pyairtable_platform.kernel.http import (
    Door,
    Health,
    RateLimit,
    create_service,
    health_route,
    parsed,
    principal_of,
    require,
)

ADA = ApiKey("ada-key", Principal("ada", scopes=frozenset({"things:read"})))
KEYS = ApiKeys([ADA, ApiKey("root-key", Principal("root", scopes=frozenset({"*"})))])


UNCHECKED = Health({}, {})


class Thing(BaseModel):
    name: str
    size: int = 1


async def make(request: Request) -> JSONResponse:
    thing = await parsed(request, Thing)
    return JSONResponse({"name": thing.name, "by": principal_of(request).id})


async def change(request: Request) -> JSONResponse:
    require(request, "things:write")
    return JSONResponse({"changed": True})


async def lack(_: Request) -> JSONResponse:
    raise NotFound("There is no thing 7.", thing=7)


async def fail(_: Request) -> JSONResponse:
    raise RuntimeError("a secret of ours")


async def page(_: Request) -> JSONResponse:
    return JSONResponse({}, headers={"Cache-Control": "max-age=5"})


async def well() -> None:
    return None


async def ill() -> None:
    raise Unavailable("Redis does not answer.")


ROUTES = [
    Route("/things", make, methods=["POST"]),
    Route("/things/{id}", change, methods=["PATCH"]),
    Route("/lack", lack),
    Route("/fail", fail),
    Route("/page", page),
]


@pytest.fixture
async def client():
    """A client of the service behind a door, with ada's key."""
    servers, clients = [], []

    def open_(door=None, *, health=UNCHECKED):
        door = door or Door(authenticator=KEYS, body_limit=100)
        server = TwinServer(create_service("things", [*ROUTES, health_route(health)], door))
        servers.append(server)
        made = httpx2.AsyncClient(base_url=server.start(), headers={"Authorization": "Bearer ada-key"})
        clients.append(made)
        return made

    yield open_
    for made in clients:
        await made.aclose()
    for server in servers:
        server.stop()


async def test_an_endpoint_knows_who_asks(client):
    answer = await client().post("/things", json={"name": "lamp"})

    assert answer.json() == {"name": "lamp", "by": "ada"}


@pytest.mark.parametrize("header", ["", "Bearer wrong", "Basic ada-key", "Bearer"])
async def test_nobody_unknown_is_let_in(client, header):
    answer = await client().post("/things", json={"name": "lamp"}, headers={"Authorization": header})

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json()["code"] == "unauthenticated"


async def test_without_keys_this_machine_is_let_in(client):
    answer = await client(Door()).post("/things", json={"name": "lamp"}, headers={"Authorization": ""})

    assert answer.json()["by"] == "local"


async def test_a_scope_that_was_not_granted_is_named(client):
    things = client()

    refused = await things.patch("/things/1")
    taken = await things.patch("/things/1", headers={"Authorization": "Bearer root-key"})

    assert refused.status_code == 403
    assert refused.json()["scope"] == "things:write"
    assert taken.status_code == 200


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        (b"{", 400, "not JSON"),
        (b"[1]", 422, "JSON object"),
        (b'{"name": 5}', 422, "name: Input should be a valid string"),
        (b'{"size": 2}', 422, "name: Field required"),
        (b"[" * 90, 400, "not JSON"),
    ],
)
async def test_a_body_that_makes_no_sense_is_told_why(client, body, status, words):
    answer = await client().post("/things", content=body)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert words in answer.json()["detail"]


async def test_what_a_service_raises_becomes_problem_details(client):
    answer = await client().get("/lack")

    assert answer.status_code == 404
    assert answer.json() == {
        "type": "about:blank",
        "title": "Not found",
        "status": 404,
        "code": "not_found",
        "detail": "There is no thing 7.",
        "thing": 7,
    }


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/none", 404), ("GET", "/things", 405)])
async def test_what_the_router_refuses_is_a_problem_too(client, method, path, status):
    answer = await client().request(method, path)

    assert answer.status_code == status
    assert answer.json()["status"] == status


async def test_a_fault_of_ours_tells_no_secret(client):
    answer = await client().get("/fail")

    assert answer.status_code == 500
    assert "secret" not in answer.text


async def chunks():
    for _ in range(5):
        yield b"x" * 50


@pytest.mark.parametrize("content", [b"x" * 101, chunks])
async def test_a_body_over_the_limit_is_refused(client, content):
    answer = await client().post("/things", content=content if isinstance(content, bytes) else content())

    assert answer.status_code == 413
    assert "100 bytes" in answer.json()["detail"]


async def test_every_answer_carries_its_id_and_what_guards_a_browser(client):
    things = client()

    made = (await things.get("/lack")).headers
    given = (await things.get("/lack", headers={"X-Request-ID": "my-id.1"})).headers
    unsafe = (await things.get("/lack", headers={"X-Request-ID": 'a"b'})).headers

    assert len(made["X-Request-ID"]) == 32
    assert given["X-Request-ID"] == "my-id.1"
    assert unsafe["X-Request-ID"] != 'a"b'
    assert made["X-Content-Type-Options"] == "nosniff"
    assert made["Cache-Control"] == "no-store"


async def test_what_a_service_says_itself_is_not_overruled(client):
    answer = await client().get("/page")

    assert answer.headers["Cache-Control"] == "max-age=5"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 404),
        ({"Origin": "https://app.example.org"}, 404),
        ({"Origin": "OWN"}, 404),
        ({"Origin": "https://evil.example.org"}, 403),
        ({"Origin": "null"}, 403),
        ({"Host": "evil.example.org"}, 403),
        ({"Host": "evil.example.org", "Origin": "http://evil.example.org"}, 403),
        ({"Host": "api.example.org"}, 404),
        ({"Host": "API.example.org:8443"}, 404),
        ({"Host": "localhost:1"}, 404),
        ({"Host": "127.0.0.1.example.org"}, 403),
        ({"Host": "[::1]:8000"}, 404),
        ({"Host": "[::1"}, 403),
        ({"Host": ""}, 403),
    ],
)
async def test_only_known_names_and_pages_are_answered(client, headers, status):
    things = client(
        Door(authenticator=KEYS, hosts=("api.example.org",), origins=("https://app.example.org",))
    )
    own = str(things.base_url).rstrip("/")

    given = {name: own if value == "OWN" else value for name, value in headers.items()}
    answer = await things.get("/lack", headers=given)

    assert answer.status_code == status


async def test_a_named_page_is_told_that_it_may(client):
    things = client(Door(authenticator=KEYS, origins=("https://app.example.org",)))

    named = await things.get("/lack", headers={"Origin": "https://app.example.org"})

    assert named.headers["Access-Control-Allow-Origin"] == "https://app.example.org"


def test_an_origin_is_never_a_wildcard():
    with pytest.raises(ValueError, match="name each origin"):
        Door(origins=("https://*.example.org",))


async def test_requests_are_counted_for_each_principal(client):
    door = Door(authenticator=KEYS, limit=RateLimit(MemoryKeyValue(), limit=3, clock=lambda: 600.0))
    things = client(door)

    answers = [await things.get("/lack") for _ in range(4)]
    other = await things.get("/lack", headers={"Authorization": "Bearer root-key"})

    assert [answer.status_code for answer in answers] == [404, 404, 404, 429]
    assert [answer.headers["RateLimit"] for answer in answers[:2]] == [
        '"default";r=2;t=60',
        '"default";r=1;t=60',
    ]
    assert answers[0].headers["RateLimit-Policy"] == '"default";q=3;w=60'
    assert answers[3].headers["Retry-After"] == "60"
    assert other.status_code == 404


async def test_the_window_slides(keyvalue):
    now = [600.0]
    limit = RateLimit(keyvalue, limit=10, clock=lambda: now[0])
    ada = Principal("ada")

    first = [(await limit.count(ada)).is_granted for _ in range(11)]
    now[0] = 690.0
    # Half of the window before still counts: five of its ten requests.
    later = [(await limit.count(ada)).is_granted for _ in range(6)]

    assert first == [True] * 10 + [False]
    assert later == [True] * 5 + [False]


async def test_health_tells_what_a_service_stands_on(client):
    good = await client(health=Health({"database": well}, {"redis": well})).get("/health")
    slow = await client(health=Health({"database": well}, {"redis": ill})).get("/health")
    bad = await client(health=Health({"database": ill}, {})).get("/health", headers={"Authorization": ""})

    assert good.json() == {"status": "ok", "dependencies": {"database": "ok", "redis": "ok"}}
    assert (slow.status_code, slow.json()["status"]) == (200, "degraded")
    assert (bad.status_code, bad.json()["status"]) == (503, "failing")
