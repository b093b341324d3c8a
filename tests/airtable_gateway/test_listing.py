"""A query for records as it goes over the wire."""

from typing import TYPE_CHECKING, Any

import pytest

from airtable_gateway import (
    Gateway,
    RecordQuery,
    SortKey,
)

if TYPE_CHECKING:
    from tests.airtable_gateway.conftest import ScriptedAirtable

BASE, TABLE = "appTestTestTest01", "tblTestTestTest01"
BASES, SCHEMA = "GET /v0/meta/bases", f"GET /v0/meta/bases/{BASE}/tables"
PAGE = f"GET /v0/{BASE}/{TABLE}"
EMPTY: dict[str, Any] = {"records": []}


async def test_ids_need_no_schema(gateway: Gateway, airtable: "ScriptedAirtable") -> None:
    airtable.on(PAGE, EMPTY)

    await gateway.page(BASE, TABLE, RecordQuery(fields=["fldTestTestTest01"], view="viwTestTestTest01"))

    assert len(airtable.requests) == 1


async def test_tables_and_views_go_by_id_and_fields_by_their_true_names(
    gateway: Gateway, airtable: "ScriptedAirtable"
) -> None:
    airtable.on(BASES, airtable.bases("Shop"))
    airtable.on(SCHEMA, airtable.schema("Title", "-Amount"))
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
