"""airtable.js against the local Airtable; needs Node and `npm ci` in this folder: `make test-clients`."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from local_twins.airtable import AnyToken, Store, TwinServer, create_app, load_samples

HERE = Path(__file__).parent
COMMAND = str(Path(sys.executable).with_name("pyairtable-mcp"))


@pytest.fixture(scope="module", params=["straight", "through the gateway"])
def seen(request, tmp_path_factory) -> Any:
    """What airtable.js saw of the sample base, changed in nothing but the endpoint and the key."""
    with Store.open(":memory:") as store:
        load_samples(store)
        base = next(base for base in store.bases() if base.name == "NYC Flights 2013")
        with TwinServer(create_app(store, tokens=AnyToken())) as url:
            if request.param == "straight":
                return _run(base.id, url, "patAny")
            with _proxy(url, tmp_path_factory.mktemp("data")) as proxy:
                return _run(base.id, proxy, "key1")


def _run(base_id: str, url: str, key: str) -> Any:
    run = subprocess.run(
        ["node", "airtable_js.js", base_id],
        cwd=HERE,
        env={**os.environ, "AIRTABLE_ENDPOINT_URL": url, "AIRTABLE_API_KEY": key},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


@contextmanager
def _proxy(url: str, data: Path) -> Iterator[str]:
    """The address of the role gateway in front of that Airtable."""
    process = subprocess.Popen(
        [COMMAND, "serve", "gateway", "--port", "0"],
        env={
            "DATA_DIR": str(data),
            "GATEWAY_KEYS": "ada:key1",
            "AIRTABLE_ENDPOINT_URL": url,
            "AIRTABLE_API_KEY": "patAny",
            "AIRTABLE_RATE_LIMIT": "off",
        },
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    try:
        yield next(found[1] for line in process.stdout if (found := re.search(r"(http://\S+)/health", line)))
    finally:
        process.terminate()
        process.communicate(timeout=20)


def test_it_lists_filters_sorts_and_switches_to_post(seen):
    assert seen["listed"] == 16
    assert seen["filtered"] == ["United Air Lines Inc."]
    assert seen["sorted"] == ["YV", "WN"]
    assert seen["posted"] == 1


def test_it_creates_finds_updates_and_replaces(seen):
    assert seen["created"] == ["One", "Two"]
    assert seen["found"] == "J1"
    assert seen["updated"] == "Changed"
    assert seen["batchUpdated"] == "Also"
    assert seen["replaced"]["Code"] == "J3"
    assert "Name" not in seen["replaced"]


def test_it_upserts(seen):
    assert seen["upserted"] == {"created": 1, "updated": [seen["second"]], "names": ["Merged", "New"]}


def test_it_deletes_and_reads_the_errors(seen):
    assert seen["destroyed"]
    assert seen["batchDestroyed"] == 2
    assert seen["missing"] == ["NOT_AUTHORIZED", 403]
    assert seen["unknownField"] == ["UNKNOWN_FIELD_NAME", 'Unknown field name: "Nope"', 422]
