"""No answer, or none that makes sense: what is said of it, and what is never told."""

import socket
from typing import TYPE_CHECKING, Any

import pytest

from airtable_gateway import (
    AirtableError,
    Endpoint,
    FixedEndpoint,
    Gateway,
    NothingListens,
    RecordQuery,
    Refused,
    Unreachable,
)
from airtable_gateway.ports import Ports
from airtable_gateway.pyairtable_gateway import PyAirtableGateway

if TYPE_CHECKING:
    from tests.airtable_gateway.conftest import FakeTime, ScriptedAirtable

BASE, TABLE, RECORD, FIELD = (
    "appTestTestTest01",
    "tblTestTestTest01",
    "recTestTestTest01",
    "fldTestTestTest01",
)
RECORDS = f"/v0/{BASE}/{TABLE}"
ONE = f"{RECORDS}/{RECORD}"
TOKEN = "patTestTestTest.0123456789"


async def _create(gateway: Gateway) -> Any:
    return await gateway.create(BASE, TABLE, [{FIELD: 1}])


async def test_a_page_of_html_is_no_answer_of_airtable(
    gateway: Gateway, airtable: "ScriptedAirtable"
) -> None:
    airtable.on(f"GET {ONE}", (404, "<html>nginx</html>"))

    with pytest.raises(Unreachable, match="not Airtable's: status 404") as caught:
        await gateway.record(BASE, TABLE, RECORD)

    assert caught.value.status == 404
    assert "address" in caught.value.hint


@pytest.mark.parametrize(
    "answer", ["{", "<html>hello</html>", "", "null", "[]", '{"records": 3}', '{"id": 1}']
)
async def test_a_success_that_makes_no_sense_is_said_to(
    gateway: Gateway, airtable: "ScriptedAirtable", answer: str
) -> None:
    airtable.on(f"GET {RECORDS}", (200, answer))

    with pytest.raises(Unreachable) as caught:
        await gateway.page(BASE, TABLE, RecordQuery())

    assert caught.value.status == 200
    assert airtable.count(f"GET {RECORDS}") == 1


@pytest.mark.parametrize("answer", ["null", "3", "[]", '{"error": 3}', '{"error": {}}', '{"message": "?"}'])
async def test_an_error_in_an_unknown_shape_is_no_answer_of_airtable(
    gateway: Gateway, airtable: "ScriptedAirtable", answer: str
) -> None:
    airtable.on(f"GET {ONE}", (422, answer))

    with pytest.raises(Unreachable, match="status 422"):
        await gateway.record(BASE, TABLE, RECORD)


async def test_a_late_answer_is_not_waited_for(airtable: "ScriptedAirtable", time: "FakeTime") -> None:
    airtable.on(f"POST {RECORDS}", "wait")
    endpoints = FixedEndpoint(Endpoint(airtable.url, TOKEN))

    ports = Ports(clock=time.clock)
    async with PyAirtableGateway(endpoints, rate_limit=None, timeout=(1, 1), ports=ports) as gateway:
        with pytest.raises(Unreachable, match=r"No answer came .* in time\. .* may have been applied"):
            await _create(gateway)


async def test_where_nothing_listens_nothing_was_sent(time: "FakeTime") -> None:
    address = _free_address()

    async with PyAirtableGateway(
        FixedEndpoint(Endpoint(address, TOKEN)), ports=Ports(clock=time.clock)
    ) as gateway:
        with pytest.raises(NothingListens, match=f"Nothing listens at {address}") as caught:
            await _create(gateway)

    assert not caught.value.may_be_applied
    assert "applied" not in caught.value.message


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://127.0.0.1:{port}", "encrypted connection"),
        ("127.0.0.1:{port}", "not a valid address"),
        ("ftp://127.0.0.1:{port}", "not a valid address"),
        ("http://127.0.0.1:99999999", "not a valid address"),
        ("http://[::1", "address of Airtable is not valid"),
    ],
)
async def test_a_wrong_address_is_said_in_clear_words(
    airtable: "ScriptedAirtable", time: "FakeTime", url: str, words: str
) -> None:
    endpoint = Endpoint(url.format(port=airtable.url.rpartition(":")[2]), TOKEN)

    async with PyAirtableGateway(FixedEndpoint(endpoint), ports=Ports(clock=time.clock)) as gateway:
        with pytest.raises(Unreachable, match=words) as caught:
            await _create(gateway)

    assert caught.value.may_be_applied is (words == "encrypted connection")


@pytest.mark.parametrize("token", ["patSecret\nX-Evil: 1", "patSecret\u20ac", " patSecret"])
async def test_no_error_tells_the_token(airtable: "ScriptedAirtable", time: "FakeTime", token: str) -> None:
    endpoint = Endpoint(airtable.url, token)
    airtable.on(f"GET {ONE}", (401, {"error": {"type": "AUTHENTICATION_REQUIRED", "message": "Who?"}}))

    async with PyAirtableGateway(FixedEndpoint(endpoint), ports=Ports(clock=time.clock)) as gateway:
        with pytest.raises(AirtableError) as caught:
            await gateway.record(BASE, TABLE, RECORD)

    assert "Secret" not in _everything(caught.value)


async def test_an_echo_of_the_token_is_silenced(gateway: Gateway, airtable: "ScriptedAirtable") -> None:
    airtable.on(f"GET {ONE}", (403, {"error": {"type": "INVALID_PERMISSIONS", "message": f"not {TOKEN}"}}))

    with pytest.raises(Refused, match=r"not \*\*\*"):
        await gateway.record(BASE, TABLE, RECORD)


def _everything(error: BaseException | None) -> str:
    """All texts of the error and of the errors behind it."""
    if error is None:
        return ""
    return f"{error!r} {vars(error)} {_everything(error.__context__)} {_everything(error.__cause__)}"


def _free_address() -> str:
    """Where nothing listens: a port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"
