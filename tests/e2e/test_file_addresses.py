"""No part that fetches files by their addresses can be led inside the network, by no spelling."""

import asyncio

import pytest
from mcp.server.mcpserver.exceptions import ToolError

from airtable_gateway import Endpoint, FixedEndpoint, NotFetched
from airtable_gateway.journal.fetching import FileFetcher
from local_twins.airtable import Fetcher
from local_twins.airtable.files import fetcher
from pyairtable_mcp import downloads

AIRTABLE = FixedEndpoint(Endpoint("https://api.airtable.com", "patTest"))
LITERALS = [
    "http://127.0.0.1:{port}/secret",
    "http://127.1:{port}/secret",
    "http://2130706433:{port}/secret",
    "http://0x7f000001:{port}/secret",
    "http://0177.0.0.1:{port}/secret",
    "http://0x7f.0.0.1:{port}/secret",
    "http://127.0.0.1.:{port}/secret",
    "http://0.0.0.0:{port}/secret",
    "http://0:{port}/secret",
    "http://[::1]:{port}/secret",
    "http://[::]:{port}/secret",
    "http://[::ffff:127.0.0.1]:{port}/secret",
    "http://[::ffff:7f00:1]:{port}/secret",
    "http://[64:ff9b::7f00:1]:{port}/secret",
    "http://[2002:7f00:1::]:{port}/secret",
    "http://[fe80::1]:{port}/secret",
    "http://[fd00:ec2::254]/latest/meta-data",
    "http://\u2460\u2461\u2466.0.0.1:{port}/secret",
    "http://127\u30020\u30020\u30021:{port}/secret",
    "http://localhost:{port}/secret",
    "http://LOCALHOST.:{port}/secret",
    "http://a.localhost:{port}/secret",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://100.64.0.1/",
    "http://169.254.169.254/latest/meta-data",
    "http://[::ffff:169.254.169.254]/latest/meta-data",
    "http://metadata.google.internal/computeMetadata/v1/",
    "http://printer/",
    "http://user:password@example.com/file",
    "http://127.0.0.1:{port}@example.com/file",
    "file:///etc/passwd",
    "ftp://example.com/file",
    "gopher://example.com/",
    "data:text/plain,hello",
    "//example.com/file",
    "http://",
    "http:///secret",
    "",
    "http://exa mple.com/",
    "http://[::1/",
    "http://example.com:99999/",
    "http://" + "a" * 300 + ".com/",
]


def of_mcp(url):
    return downloads.fetch({"url": url, "size": 6}, AIRTABLE)


async def of_the_journal(url):
    found = await FileFetcher(AIRTABLE)(url, 1000)
    if found is None:
        raise NotFetched("it cannot be fetched")
    return found


def of_the_local_airtable(url):
    return asyncio.to_thread(Fetcher().fetch, url)


@pytest.mark.parametrize("fetch", [of_mcp, of_the_journal, of_the_local_airtable])
@pytest.mark.parametrize("literal", LITERALS)
async def test_no_address_leads_inside_the_network(secret, fetch, literal):
    with pytest.raises((ToolError, NotFetched, fetcher.NotFetched)) as refused:
        await fetch(literal.format(port=secret.port))

    assert secret.visits == []
    assert "what stands inside" not in str(refused.value)
