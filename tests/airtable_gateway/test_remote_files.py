"""A file's address leads to Airtable itself or to a public server, and nowhere else, by no trick."""

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.responses import RedirectResponse
from starlette.routing import Route

from airtable_gateway import Endpoint, FixedEndpoint, NotFetched, RemoteFiles
from local_twins.airtable import TwinServer

PUBLIC = "93.184.216.34"


@pytest.mark.parametrize(
    "inside",
    [
        "127.0.0.1",
        "10.1.2.3",
        "169.254.169.254",
        "::1",
        "fe80::1%eth0",
        "::ffff:10.0.0.1",
        "fd00::1",
        "0.0.0.0",
    ],
)
async def test_no_name_leads_inside_the_network(secret, inside):
    async def resolve(_host, _port):
        return [PUBLIC, inside]

    with pytest.raises(NotFetched, match=r"public servers|no IP"):
        await RemoteFiles(resolve=resolve).fetch("http://files.example.com/x", 100, is_stored=True)


async def test_a_name_is_looked_up_once_and_the_connection_goes_to_what_was_checked():
    looks, asked = [], []

    async def resolve(host, port):
        looks.append((host, port))
        return [PUBLIC] if len(looks) == 1 else ["127.0.0.1"]

    def answer(request):
        asked.append((request.url.host, request.headers["host"], request.extensions.get("sni_hostname")))
        return httpx2.Response(200, content=b"public")

    files = RemoteFiles(resolve=resolve, transport=httpx2.MockTransport(answer))
    found = await files.fetch("https://files.example.com/a?b=c", 100, is_stored=True)

    assert found == b"public"
    assert looks == [("files.example.com", 443)]
    assert asked == [(PUBLIC, "files.example.com", "files.example.com")]


async def test_a_redirect_is_not_followed(secret):
    async def lead_on(_):
        return RedirectResponse(f"http://127.0.0.1:{secret.port}/secret")

    with TwinServer(Starlette(routes=[Route("/file", lead_on)])) as url:
        airtable = FixedEndpoint(Endpoint(url, "patTest"))
        with pytest.raises(NotFetched, match="307"):
            await RemoteFiles(airtable).fetch(f"{url}/file", 100, is_stored=True)

    assert secret.visits == []


async def test_airtables_own_server_is_asked_only_for_what_it_stores(secret):
    url = f"http://127.0.0.1:{secret.port}"
    files = RemoteFiles(FixedEndpoint(Endpoint(url, "patTest")))

    with pytest.raises(NotFetched, match="public servers"):
        await files.fetch(f"{url}/v0/meta/whoami", 100, is_stored=False)
    stored = await files.fetch(f"{url}/attachments/att1/a.txt", 100, is_stored=True)

    assert stored == b"what stands inside"
    assert secret.visits == [f"{url}/attachments/att1/a.txt"]


async def test_no_token_goes_with_the_question():
    seen = []

    def answer(request):
        seen.append(dict(request.headers))
        return httpx2.Response(200, content=b"x" * 11)

    files = RemoteFiles(
        FixedEndpoint(Endpoint("http://127.0.0.1:8020", "patSecret")), transport=httpx2.MockTransport(answer)
    )

    with pytest.raises(NotFetched, match="larger than the 10 bytes"):
        await files.fetch("http://127.0.0.1:8020/attachments/att1/a.txt", 10, is_stored=True)

    assert "authorization" not in seen[0]
    assert "patSecret" not in str(seen)
