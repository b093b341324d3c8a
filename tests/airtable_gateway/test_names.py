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


def _bases(*names: str) -> dict[str, Any]:
    """Bases of those names; the first one is BASE."""
    ids = [BASE, "appOtherOtherOth1", "appThirdThirdThi1"]
    return {
        "bases": [
            {"id": base_id, "name": name, "permissionLevel": "read"}
            for base_id, name in zip(ids, names, strict=False)
        ]
    }


def _schema(*fields: str, table: str = TABLE) -> dict[str, Any]:
    """A base with one table, Orders, of those fields."""
    models = [
        {"id": f"fld{index:014}", "name": name, "type": "singleLineText"} for index, name in enumerate(fields)
    ]
    views = [{"id": "viwTestTestTest01", "name": "All", "type": "grid"}]
    orders = {
        "id": table,
        "name": "Orders",
        "primaryFieldId": models[0]["id"],
        "fields": models,
        "views": views,
    }
    return {"tables": [orders]}


async def test_ids_need_no_schema(gateway: Gateway, airtable: "ScriptedAirtable") -> None:
    airtable.on(PAGE, EMPTY)

    await gateway.page(BASE, TABLE, RecordQuery(fields=["fldTestTestTest01"], view="viwTestTestTest01"))

    assert len(airtable.requests) == 1


async def test_tables_and_views_go_by_id_and_fields_by_their_true_names(
    gateway: Gateway, airtable: "ScriptedAirtable"
) -> None:
    airtable.on(BASES, _bases("Shop"))
    airtable.on(SCHEMA, _schema("Title", "-Amount"))
    airtable.on(PAGE, EMPTY)
    query = RecordQuery(
        fields=["title", "fld00000000000001"], view="all", sort=[SortKey("-amount"), SortKey("Title", "desc")]
    )

    await gateway.page("shop", "orders", query)

    assert airtable.requests[-1].query == {
        "fields[]": ["Title", "fld00000000000001"],
        "view": ["viwTestTestTest01"],
        "sort[0][field]": ["-Amount"],
        "sort[0][direction]": ["asc"],
        "sort[1][field]": ["Title"],
        "sort[1][direction]": ["desc"],
        "pageSize": ["100"],
    }


async def test_a_long_query_goes_as_a_post_with_the_same_content(
    gateway: Gateway, airtable: "ScriptedAirtable"
) -> None:
    airtable.on(f"POST /v0/{BASE}/{TABLE}/listRecords", EMPTY)
    formula = f"'{'x' * 16_000}'"
    query = RecordQuery(filter_by_formula=formula, sort=[SortKey("fldTestTestTest01")], max_records=7)

    await gateway.page(BASE, TABLE, query, offset="itr/rec")

    [request] = airtable.requests
    assert request.body == {
        "filterByFormula": formula,
        "sort": [{"field": "fldTestTestTest01", "direction": "asc"}],
        "maxRecords": 7,
        "pageSize": 100,
        "offset": "itr/rec",
    }
    assert request.query == {}


@pytest.mark.parametrize(("length", "method"), [(15_900, "GET"), (16_000, "POST")])
async def test_the_address_counts_with_its_escapes(
    gateway: Gateway, airtable: "ScriptedAirtable", length: int, method: str
) -> None:
    airtable.on(PAGE, EMPTY)
    airtable.on(f"POST /v0/{BASE}/{TABLE}/listRecords", EMPTY)
    formula = "\u00e9" * ((length - 75) // 6)  # six characters each: %C3%A9

    await gateway.page(BASE, TABLE, RecordQuery(filter_by_formula=formula))

    assert airtable.requests[-1].method == method


async def test_bases_come_from_all_pages(gateway: Gateway, airtable: "ScriptedAirtable") -> None:
    airtable.on(BASES, _bases("Shop") | {"offset": "more"}, _bases("Lab"))

    assert [base.name for base in await gateway.bases()] == ["Shop", "Lab"]
    assert airtable.requests[-1].query == {"offset": ["more"]}


async def test_two_bases_of_one_name_have_to_be_told_by_id(
    gateway: Gateway, airtable: "ScriptedAirtable"
) -> None:
    airtable.on(BASES, _bases("Shop", "Shop"))

    with pytest.raises(BaseNotFound, match=f"Several bases are called 'shop': give an id of {BASE}"):
        await gateway.schema("shop")


async def test_a_base_made_meanwhile_is_found(gateway: Gateway, airtable: "ScriptedAirtable") -> None:
    airtable.on(BASES, _bases("Lab"), _bases("Shop"))
    airtable.on(SCHEMA, _schema("Title"))

    assert (await gateway.schema("Shop")).id == BASE


async def test_the_schema_is_asked_for_once_by_many(gateway: Gateway, airtable: "ScriptedAirtable") -> None:
    airtable.on(SCHEMA, _schema("Title"))
    airtable.on(PAGE, EMPTY)
    query = RecordQuery(fields=["Title"])

    await asyncio.gather(*(gateway.page(BASE, "Orders", query) for _ in range(20)))

    assert airtable.count(SCHEMA) == 1
    assert airtable.count(PAGE) == 20


async def test_the_schema_is_asked_for_again_when_its_time_is_over(
    gateway: Gateway, airtable: "ScriptedAirtable", time: "FakeTime"
) -> None:
    airtable.on(BASES, _bases("Shop"))
    airtable.on(SCHEMA, _schema("Title"), _schema("Title", "Amount"))

    first = await gateway.schema(BASE)
    time.now += 299
    second = await gateway.schema(BASE)
    time.now += 2
    third = await gateway.schema(BASE)

    assert [len(schema.tables[0].fields) for schema in (first, second, third)] == [1, 1, 2]


async def test_without_a_cache_every_schema_is_new(airtable: "ScriptedAirtable") -> None:
    airtable.on(BASES, _bases("Shop"))
    airtable.on(SCHEMA, _schema("Title"))
    endpoints = FixedEndpoint(Endpoint(airtable.url, "patX"))

    async with PyAirtableGateway(endpoints, schema_ttl_seconds=0, rate_limit=None) as gateway:
        await gateway.schema(BASE)
        await gateway.schema(BASE)

    assert airtable.count(SCHEMA) == 2


async def test_many_who_miss_a_name_cause_one_new_schema(
    gateway: Gateway, airtable: "ScriptedAirtable"
) -> None:
    airtable.on(SCHEMA, _schema("Title"), _schema("Title", "Amount"))
    airtable.on(PAGE, EMPTY)
    await gateway.page(BASE, "Orders", RecordQuery())

    await asyncio.gather(*(gateway.page(BASE, "Orders", RecordQuery(fields=["Amount"])) for _ in range(10)))

    assert airtable.count(SCHEMA) == 2


async def test_a_name_that_stays_unknown_is_asked_for_once_more_and_no_oftener(
    gateway: Gateway, airtable: "ScriptedAirtable"
) -> None:
    airtable.on(SCHEMA, _schema("Title"))

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
    airtable.on(SCHEMA, _schema("Title", "Amount"), _schema("Title", "AMOUNT"))
    airtable.on(records, unknown, {"records": [record]})

    await gateway.create(BASE, "Orders", [{"amount": 1}])

    sent = [seen.body["records"][0]["fields"] for seen in airtable.requests if seen.method == "POST"]
    assert sent == [{"Amount": 1}, {"AMOUNT": 1}]


async def test_a_refusal_that_a_new_schema_does_not_explain_is_passed_on_after_one_try(
    gateway: Gateway, airtable: "ScriptedAirtable"
) -> None:
    airtable.on(SCHEMA, _schema("Title"))
    airtable.on(f"POST /v0/{BASE}/{TABLE}", HIDDEN)

    with pytest.raises(Refused, match="Invalid permissions"):
        await gateway.create(BASE, "Orders", [{"Title": 1}])

    assert airtable.count(f"POST /v0/{BASE}/{TABLE}") == 1


async def test_a_table_that_was_made_anew_is_found_under_its_new_id(
    gateway: Gateway, airtable: "ScriptedAirtable"
) -> None:
    other = "tblOtherOtherOth1"
    airtable.on(SCHEMA, _schema("Title"), _schema("Title", table=other))
    airtable.on(PAGE, HIDDEN)
    airtable.on(f"GET /v0/{BASE}/{other}", EMPTY)

    assert (await gateway.page(BASE, "Orders", RecordQuery())).records == []


async def test_a_table_id_that_airtable_hides_is_looked_for(
    gateway: Gateway, airtable: "ScriptedAirtable"
) -> None:
    airtable.on(PAGE, HIDDEN)
    airtable.on(SCHEMA, _schema("Title", table="tblOtherOtherOth1"))

    with pytest.raises(TableNotFound) as caught:
        await gateway.page(BASE, TABLE, RecordQuery())

    assert caught.value.known == ("Orders",)


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
    assert airtable.count(SCHEMA) == 1
    with pytest.raises(Refused):
        await gateway.schema(BASE)


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
    airtable.on(BASES, _bases("Shop"))
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
    airtable.on(BASES, _bases("Shop"))
    airtable.on(SCHEMA, _schema("Title"), _schema("Title", "Amount"))
    fields = f"POST /v0/meta/bases/{BASE}/tables/{TABLE}/fields"
    airtable.on(fields, (422, {"error": {"type": "DUPLICATE_OR_EMPTY_FIELD_NAME"}}))
    await gateway.schema(BASE)

    with pytest.raises(Exception, match="DUPLICATE_OR_EMPTY_FIELD_NAME"):
        await gateway.create_field(BASE, "Orders", "Amount", "number")

    assert [field.name for field in (await gateway.schema(BASE)).tables[0].fields] == ["Title", "Amount"]
