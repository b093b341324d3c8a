"""Names and ids: looked up once, looked up again when they are unknown, and done without where it must be."""

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from airtable_gateway import (
    BaseNotFound,
    Endpoint,
    FieldNotFound,
    FixedEndpoint,
    Gateway,
    RecordQuery,
    Refused,
    SortKey,
    TableNotFound,
)
from airtable_gateway.ports import Ports
from airtable_gateway.pyairtable_gateway import PyAirtableGateway

if TYPE_CHECKING:
    from tests.airtable_gateway.conftest import FakeTime, ScriptedAirtable

BASE, TABLE, RECORD = "appTestTestTest01", "tblTestTestTest01", "recTestTestTest01"
BASES, SCHEMA = "GET /v0/meta/bases", f"GET /v0/meta/bases/{BASE}/tables"
PAGE = f"GET /v0/{BASE}/{TABLE}"
EMPTY: dict[str, Any] = {"records": []}
HIDDEN = (
    403,
    {"error": {"type": "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND", "message": "Invalid permissions"}},
)


async def test_bases_come_from_all_pages(gateway: Gateway, airtable: "ScriptedAirtable") -> None:
    airtable.on(BASES, airtable.bases("Shop") | {"offset": "more"}, airtable.bases("Lab"))

    assert [base.name for base in await gateway.bases()] == ["Shop", "Lab"]
    assert airtable.requests[-1].query == {"offset": ["more"]}


async def test_two_bases_of_one_name_have_to_be_told_by_id(
    gateway: Gateway, airtable: "ScriptedAirtable"
) -> None:
    airtable.on(BASES, airtable.bases("Shop", "Shop"))

    with pytest.raises(BaseNotFound, match=f"Several bases are called 'shop': give an id of {BASE}"):
        await gateway.schema("shop")


async def test_a_base_made_meanwhile_is_found(gateway: Gateway, airtable: "ScriptedAirtable") -> None:
    airtable.on(BASES, airtable.bases("Lab"), airtable.bases("Shop"))
    airtable.on(SCHEMA, airtable.schema("Title"))

    assert (await gateway.schema("Shop")).id == BASE


async def test_the_schema_is_asked_for_once_by_many(gateway: Gateway, airtable: "ScriptedAirtable") -> None:
    airtable.on(SCHEMA, airtable.schema("Title"))
    airtable.on(PAGE, EMPTY)
    query = RecordQuery(fields=["Title"])

    await asyncio.gather(*(gateway.page(BASE, "Orders", query) for _ in range(20)))

    assert airtable.count(SCHEMA) == 1
    assert airtable.count(PAGE) == 20


async def test_the_schema_is_asked_for_again_when_its_time_is_over(
    gateway: Gateway, airtable: "ScriptedAirtable", time: "FakeTime"
) -> None:
    airtable.on(BASES, airtable.bases("Shop"))
    airtable.on(SCHEMA, airtable.schema("Title"), airtable.schema("Title", "Amount"))

    first = await gateway.schema(BASE)
    time.now += 299
    second = await gateway.schema(BASE)
    time.now += 2
    third = await gateway.schema(BASE)

    assert [len(schema.tables[0].fields) for schema in (first, second, third)] == [1, 1, 2]


async def test_without_a_cache_every_schema_is_new(airtable: "ScriptedAirtable") -> None:
    airtable.on(BASES, airtable.bases("Shop"))
    airtable.on(SCHEMA, airtable.schema("Title"))
    endpoints = FixedEndpoint(Endpoint(airtable.url, "patX"))

    async with PyAirtableGateway(endpoints, schema_ttl_seconds=0, rate_limit=None) as gateway:
        await gateway.schema(BASE)
        await gateway.schema(BASE)

    assert airtable.count(SCHEMA) == 2


async def test_without_a_cache_what_is_looked_up_again_before_a_refusal_may_be_a_minute_old(
    airtable: "ScriptedAirtable", time: "FakeTime"
) -> None:
    airtable.on(BASES, airtable.bases("Shop"))
    airtable.on(SCHEMA, airtable.schema("Title"))
    airtable.on(PAGE, EMPTY)
    endpoints, ports = FixedEndpoint(Endpoint(airtable.url, "patX")), Ports(clock=time.clock)

    async with PyAirtableGateway(endpoints, schema_ttl_seconds=0, rate_limit=None, ports=ports) as gateway:
        for _ in range(3):
            await gateway.schema(BASE, rechecked=True)
            await gateway.page(BASE, "Orders", RecordQuery())
        within_a_minute = airtable.count(SCHEMA)
        time.now += 61
        await gateway.schema(BASE, rechecked=True)

    assert (within_a_minute, airtable.count(SCHEMA)) == (1, 2)


async def test_many_who_miss_a_name_cause_one_new_schema(
    gateway: Gateway, airtable: "ScriptedAirtable"
) -> None:
    airtable.on(SCHEMA, airtable.schema("Title"), airtable.schema("Title", "Amount"))
    airtable.on(PAGE, EMPTY)
    await gateway.page(BASE, "Orders", RecordQuery())

    await asyncio.gather(*(gateway.page(BASE, "Orders", RecordQuery(fields=["Amount"])) for _ in range(10)))

    assert airtable.count(SCHEMA) == 2


async def test_a_name_that_stays_unknown_is_asked_for_once_more_and_no_oftener(
    gateway: Gateway, airtable: "ScriptedAirtable"
) -> None:
    airtable.on(SCHEMA, airtable.schema("Title"))

    with pytest.raises(FieldNotFound) as caught:
        await gateway.create(BASE, "Orders", [{"Titel": 1}])

    assert caught.value.nearest == ["Title"]
    assert airtable.count(SCHEMA) == 2
    assert airtable.count(f"POST /v0/{BASE}/{TABLE}") == 0


async def test_what_airtable_no_longer_knows_is_tried_again_with_its_new_name(
    gateway: Gateway, airtable: "ScriptedAirtable"
) -> None:
    records = f"POST /v0/{BASE}/{TABLE}"
    unknown = (422, {"error": {"type": "UNKNOWN_FIELD_NAME", "message": 'Unknown field name: "Amount"'}})
    record = {"id": RECORD, "createdTime": "2026-01-01T00:00:00.000Z", "fields": {}}
    airtable.on(SCHEMA, airtable.schema("Title", "Amount"), airtable.schema("Title", "AMOUNT"))
    airtable.on(records, unknown, {"records": [record]})

    await gateway.create(BASE, "Orders", [{"amount": 1}])

    sent = [seen.body["records"][0]["fields"] for seen in airtable.requests if seen.method == "POST"]
    assert sent == [{"Amount": 1}, {"AMOUNT": 1}]


async def test_a_refusal_that_a_new_schema_does_not_explain_is_passed_on_after_one_try(
    gateway: Gateway, airtable: "ScriptedAirtable"
) -> None:
    airtable.on(SCHEMA, airtable.schema("Title"))
    airtable.on(f"POST /v0/{BASE}/{TABLE}", HIDDEN)

    with pytest.raises(Refused, match="Invalid permissions"):
        await gateway.create(BASE, "Orders", [{"Title": 1}])

    assert airtable.count(f"POST /v0/{BASE}/{TABLE}") == 1


async def test_a_table_that_was_made_anew_is_found_under_its_new_id(
    gateway: Gateway, airtable: "ScriptedAirtable"
) -> None:
    other = "tblOtherOtherOth1"
    airtable.on(SCHEMA, airtable.schema("Title"), airtable.schema("Title", table=other))
    airtable.on(PAGE, HIDDEN)
    airtable.on(f"GET /v0/{BASE}/{other}", EMPTY)

    assert (await gateway.page(BASE, "Orders", RecordQuery())).records == []


async def test_a_table_id_that_airtable_hides_is_looked_for(
    gateway: Gateway, airtable: "ScriptedAirtable"
) -> None:
    airtable.on(PAGE, HIDDEN)
    airtable.on(SCHEMA, airtable.schema("Title", table="tblOtherOtherOth1"))

    with pytest.raises(TableNotFound) as caught:
        await gateway.page(BASE, TABLE, RecordQuery())

    assert caught.value.known == ("Orders",)


async def test_a_request_by_ids_that_was_refused_is_not_sent_again_unchanged(
    gateway: Gateway, airtable: "ScriptedAirtable"
) -> None:
    airtable.on(PAGE, HIDDEN)
    airtable.on(SCHEMA, airtable.schema("Title"))

    with pytest.raises(Refused):
        await gateway.page(BASE, TABLE, RecordQuery())

    assert airtable.count(PAGE) == 1


async def test_a_token_without_schemas_sends_the_names_as_they_are(
    gateway: Gateway, airtable: "ScriptedAirtable"
) -> None:
    airtable.on(BASES, HIDDEN)
    airtable.on(SCHEMA, HIDDEN)
    airtable.on(f"GET /v0/{BASE}/My%20%2F%20Orders", EMPTY)

    for _ in range(3):
        await gateway.page(BASE, "My / Orders", RecordQuery(fields=["Any"], view="V", sort=[SortKey("-x")]))

    assert airtable.requests[-1].query["fields[]"] == ["Any"]
    assert airtable.requests[-1].query["sort[0][direction]"] == ["asc"]
    assert (airtable.count(SCHEMA), airtable.count(BASES)) == (1, 1)
    with pytest.raises(Refused):
        await gateway.schema(BASE)


async def test_a_permission_that_was_given_meanwhile_is_soon_noticed(
    gateway: Gateway, airtable: "ScriptedAirtable", time: "FakeTime"
) -> None:
    airtable.on(BASES, HIDDEN, airtable.bases("Shop"))
    airtable.on(SCHEMA, HIDDEN, airtable.schema("Title"))
    with pytest.raises(Refused):
        await gateway.schema(BASE)

    time.now += 30

    assert (await gateway.schema(BASE)).name == "Shop"


async def test_a_token_that_may_not_list_bases_needs_their_ids(
    gateway: Gateway, airtable: "ScriptedAirtable"
) -> None:
    airtable.on(BASES, HIDDEN)
    airtable.on(SCHEMA, HIDDEN)

    with pytest.raises(BaseNotFound) as caught:
        await gateway.page("My Shop/../x", "Orders", RecordQuery())

    assert "begins with app" in caught.value.hint


async def test_a_hidden_base_is_told_from_an_absent_one(
    gateway: Gateway, airtable: "ScriptedAirtable"
) -> None:
    absent = "appAbsentAbsent01"
    airtable.on(BASES, airtable.bases("Shop"))
    airtable.on(SCHEMA, HIDDEN)
    airtable.on(f"GET /v0/meta/bases/{absent}/tables", HIDDEN)

    with pytest.raises(Refused):
        await gateway.schema(BASE)
    with pytest.raises(BaseNotFound) as caught:
        await gateway.schema(absent)

    assert caught.value.known == ("Shop",)


async def test_a_failed_schema_write_makes_the_schema_be_read_again(
    gateway: Gateway, airtable: "ScriptedAirtable"
) -> None:
    airtable.on(BASES, airtable.bases("Shop"))
    airtable.on(SCHEMA, airtable.schema("Title"), airtable.schema("Title", "Amount"))
    fields = f"POST /v0/meta/bases/{BASE}/tables/{TABLE}/fields"
    airtable.on(fields, (422, {"error": {"type": "DUPLICATE_OR_EMPTY_FIELD_NAME"}}))
    await gateway.schema(BASE)

    with pytest.raises(Exception, match="DUPLICATE_OR_EMPTY_FIELD_NAME"):
        await gateway.create_field(BASE, "Orders", "Amount", "number")

    assert [field.name for field in (await gateway.schema(BASE)).tables[0].fields] == ["Title", "Amount"]
