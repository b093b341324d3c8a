"""What the protocol promises of records, kept over real HTTP by the local Airtable."""

from typing import Any

import pytest

from airtable_gateway import (
    BaseNotFound,
    CursorExpired,
    Gateway,
    InvalidFormula,
    InvalidRequest,
    InvalidValue,
    RecordChange,
    RecordNotFound,
    RecordQuery,
    SortKey,
)

ABSENT = "recAbsentAbsent01"


async def _orders(shop: Gateway, count: int) -> list[str]:
    """The ids of that many new orders."""
    rows = [{"Title": f"Order {number:02}", "Amount": number} for number in range(count)]
    made = [await shop.create("Shop", "Orders", rows[start : start + 10]) for start in range(0, count, 10)]
    return [record.id for records in made for record in records]


async def test_an_unknown_base_id_is_not_taken_for_a_lack_of_permission(shop: Gateway) -> None:
    with pytest.raises(BaseNotFound):
        await shop.page("appAbsentAbsent01", "Orders", RecordQuery())


async def test_records_are_created_in_order_and_read_by_field_name(shop: Gateway) -> None:
    rows: list[dict[str, Any]] = [{"Title": "First", "Amount": 1}, {"title": "Second", "Status": "Open"}]

    first, second = await shop.create("Shop", "orders", rows)

    assert first.fields == {"Title": "First", "Amount": 1}
    assert await shop.record("Shop", "Orders", second.id) == second
    assert second.fields == {"Title": "Second", "Status": "Open"}
    assert second.created_time.endswith("Z")


async def test_pages_go_on_from_their_offset_until_there_is_none(shop: Gateway) -> None:
    ids = await _orders(shop, 12)
    query = RecordQuery(page_size=5)

    pages = [await shop.page("Shop", "Orders", query)]
    while offset := pages[-1].offset:
        pages.append(await shop.page("Shop", "Orders", query, offset=offset))

    assert [len(page.records) for page in pages] == [5, 5, 2]
    assert sorted(record.id for page in pages for record in page.records) == sorted(ids)


@pytest.mark.parametrize("count", [0, 1, 12, 120])
async def test_records_are_read_by_their_ids_in_that_order_each_once(shop: Gateway, count: int) -> None:
    ids = (await _orders(shop, count))[::-1]

    records = await shop.records("Shop", "Orders", [*ids[:60], ABSENT, *ids])

    assert [record.id for record in records] == ids


async def test_a_query_filters_sorts_limits_and_projects(shop: Gateway) -> None:
    await _orders(shop, 12)
    query = RecordQuery(
        fields=["amount"],
        filter_by_formula="{Amount} >= 3",
        sort=[SortKey("amount", "desc")],
        max_records=3,
    )

    page = await shop.page("Shop", "Orders", query)

    assert [record.fields for record in page.records] == [{"Amount": 11}, {"Amount": 10}, {"Amount": 9}]
    assert page.offset is None


async def test_no_fields_means_records_without_fields(shop: Gateway) -> None:
    await _orders(shop, 2)

    page = await shop.page("Shop", "Orders", RecordQuery(fields=[]))

    assert [record.fields for record in page.records] == [{}, {}]


async def test_a_query_too_long_for_an_address_is_answered_all_the_same(shop: Gateway) -> None:
    ids = await _orders(shop, 2)
    tests = ",".join(f"RECORD_ID()='{record_id}'" for record_id in [*ids, *[ABSENT] * 700])

    page = await shop.page("Shop", "Orders", RecordQuery(filter_by_formula=f"OR({tests})"))

    assert {record.id for record in page.records} == set(ids)


async def test_a_view_is_found_by_name(shop: Gateway) -> None:
    ids = await _orders(shop, 2)
    [view] = (await shop.schema("Shop")).table("Orders").views

    page = await shop.page("Shop", "Orders", RecordQuery(view=view.name.upper()))

    assert len(page.records) == len(ids)


async def test_an_update_leaves_and_a_replacement_clears_what_is_not_named(shop: Gateway) -> None:
    [record_id] = await _orders(shop, 1)
    change = [RecordChange(record_id, {"Status": "Done"})]

    [updated] = await shop.update("Shop", "Orders", change)
    [replaced] = await shop.update("Shop", "Orders", change, replace=True)

    assert updated.fields == {"Title": "Order 00", "Amount": 0, "Status": "Done"}
    assert replaced.fields == {"Status": "Done"}


async def test_an_upsert_updates_what_matches_and_creates_the_rest(shop: Gateway) -> None:
    [old] = await _orders(shop, 1)
    rows: list[dict[str, Any]] = [{"Title": "Order 00", "Amount": 7}, {"Title": "New"}]

    result = await shop.upsert("Shop", "Orders", rows, merge_on=["title"])

    assert [record.fields.get("Amount") for record in result.records] == [7, None]
    assert result.updated_ids == (old,)
    assert result.created_ids == (result.records[1].id,)


async def test_deleted_records_are_gone(shop: Gateway) -> None:
    first, second = await _orders(shop, 2)

    assert await shop.delete("Shop", "Orders", [first]) == [first]

    with pytest.raises(RecordNotFound):
        await shop.record("Shop", "Orders", first)
    assert (await shop.record("Shop", "Orders", second)).id == second


async def test_nothing_to_write_is_written_without_a_request(shop: Gateway) -> None:
    assert await shop.create("nowhere", "nothing", []) == []
    assert await shop.update("nowhere", "nothing", []) == []
    assert await shop.delete("nowhere", "nothing", []) == []
    assert (await shop.upsert("nowhere", "nothing", [], merge_on=["Title"])).records == []


async def test_an_absent_record_is_not_found_by_any_method(shop: Gateway) -> None:
    await shop.schema("Shop")

    with pytest.raises(RecordNotFound) as read:
        await shop.record("Shop", "Orders", ABSENT)
    with pytest.raises(RecordNotFound) as updated:
        await shop.update("Shop", "Orders", [RecordChange(ABSENT, {"Title": "x"})])
    with pytest.raises(RecordNotFound) as deleted:
        await shop.delete("Shop", "Orders", [ABSENT])

    assert [caught.value.name for caught in (read, updated, deleted)] == [ABSENT] * 3


@pytest.mark.parametrize("record_id", ["", ".", "..", "../tblX", "rec?x=1", "rec/1", "rec 1"])
async def test_what_cannot_be_a_record_id_changes_no_path(shop: Gateway, record_id: str) -> None:
    with pytest.raises(RecordNotFound):
        await shop.record("Shop", "Orders", record_id)
    with pytest.raises(RecordNotFound):
        await shop.delete("Shop", "Orders", [record_id])


async def test_refused_values_keep_airtables_words(shop: Gateway) -> None:
    with pytest.raises(InvalidValue, match='Field "Amount" cannot accept the provided value'):
        await shop.create("Shop", "Orders", [{"Amount": "many"}])
    with pytest.raises(InvalidValue, match='create new select option ""Lost""') as choice:
        await shop.create("Shop", "Orders", [{"Status": "Lost"}])

    assert (choice.value.status, choice.value.type) == (422, "INVALID_MULTIPLE_CHOICE_OPTIONS")
    assert "typecast" in choice.value.hint


async def test_a_number_that_json_lacks_is_refused_before_it_is_sent(shop: Gateway) -> None:
    with pytest.raises(InvalidValue, match="NaN"):
        await shop.create("Shop", "Orders", [{"Amount": float("nan")}])


async def test_a_field_named_twice_is_refused(shop: Gateway) -> None:
    with pytest.raises(InvalidRequest, match="twice"):
        await shop.create("Shop", "Orders", [{"Title": "a", "title": "b"}])


async def test_more_than_ten_records_are_refused_before_they_are_sent(shop: Gateway) -> None:
    with pytest.raises(InvalidRequest, match="11 records"):
        await shop.create("Shop", "Orders", [{"Title": "x"}] * 11)

    assert (await shop.page("Shop", "Orders", RecordQuery())).records == []


async def test_an_invalid_formula_keeps_airtables_words(shop: Gateway) -> None:
    with pytest.raises(InvalidFormula, match="The formula for filtering records is invalid"):
        await shop.page("Shop", "Orders", RecordQuery(filter_by_formula="{Amount} >"))


async def test_an_unknown_cursor_has_expired(shop: Gateway) -> None:
    with pytest.raises(CursorExpired):
        await shop.page("Shop", "Orders", RecordQuery(), offset="itrNobodyKnows000/recX")
