"""What the protocol promises of bases, tables and fields, kept over HTTP by the local Airtable."""

from typing import TYPE_CHECKING

import pytest

from airtable_gateway import (
    BaseNotFound,
    FieldNotFound,
    Gateway,
    InvalidRequest,
    RecordQuery,
    TableNotFound,
    ViewNotFound,
)

if TYPE_CHECKING:
    from tests.airtable_gateway.conftest import Twin


async def test_bases_are_listed(shop: Gateway, twin: "Twin") -> None:
    [base] = await shop.bases()

    assert (base.id, base.name, base.permission_level) == (twin.base_id, "Shop", "create")


@pytest.mark.parametrize("name", ["Shop", "shop", None])
async def test_a_schema_is_read_by_the_name_or_the_id_of_its_base(
    shop: Gateway, twin: "Twin", name: str | None
) -> None:
    schema = await shop.schema(name or twin.base_id)

    assert (schema.id, schema.name) == (twin.base_id, "Shop")
    [table] = schema.tables
    assert (table.id, table.name, table.primary_field.name) == (twin.table_id, "Orders", "Title")
    assert [(field.name, field.type) for field in table.fields] == [
        ("Title", "singleLineText"),
        ("Amount", "number"),
        ("Status", "singleSelect"),
    ]
    assert table.field("Amount").options == {"precision": 0}


async def test_an_unknown_base_is_named_with_those_that_there_are(shop: Gateway) -> None:
    with pytest.raises(BaseNotFound) as caught:
        await shop.schema("Shoop")

    assert caught.value.nearest == ["Shop"]


async def test_a_new_table_is_known_at_once(shop: Gateway) -> None:
    await shop.schema("Shop")

    made = await shop.create_table(
        "Shop", "Customers", [{"name": "Name", "type": "singleLineText"}], description="Who buys"
    )

    assert (await shop.schema("Shop")).table("Customers") == made
    assert (made.description, made.primary_field.name) == ("Who buys", "Name")


async def test_a_new_field_can_be_written_at_once(shop: Gateway) -> None:
    await shop.schema("Shop")

    made = await shop.create_field(
        "Shop", "Orders", "Weight", "number", options={"precision": 2}, description="kg"
    )
    [record] = await shop.create("Shop", "Orders", [{"Weight": 1.25}])

    assert (made.type, made.options, made.description) == ("number", {"precision": 2}, "kg")
    assert record.fields == {"Weight": 1.25}


async def test_a_new_base_is_found_by_its_name(shop: Gateway) -> None:
    await shop.bases()
    tables = [{"name": "People", "fields": [{"name": "Name", "type": "singleLineText"}]}]

    made = await shop.create_base("wspTestTestTest001", "Club", tables)

    assert (await shop.schema("Club")).tables == made.tables
    assert (made.name, [table.name for table in made.tables]) == ("Club", ["People"])
    assert (await shop.create("Club", "People", [{"Name": "Ada"}]))[0].fields == {"Name": "Ada"}


async def test_a_table_gets_another_name_and_keeps_its_description_or_the_other_way_round(
    shop: Gateway,
) -> None:
    renamed = await shop.update_table("Shop", "Orders", name="Sales")
    described = await shop.update_table("Shop", "sales", description="What was bought")
    cleared = await shop.update_table("Shop", "Sales", description="")

    assert (renamed.name, renamed.description) == ("Sales", "")
    assert (described.name, described.description) == ("Sales", "What was bought")
    assert cleared.description == ""
    assert (await shop.schema("Shop")).tables == (cleared,)


async def test_a_field_gets_another_name_and_description_and_other_options(shop: Gateway) -> None:
    made = await shop.create_field("Shop", "Orders", "Double", "formula", options={"formula": "{Amount} * 2"})

    changed = await shop.update_field(
        "Shop", "Orders", "double", name="Triple", description="3x", options={"formula": "{Amount} * 3"}
    )
    [record] = await shop.create("Shop", "Orders", [{"Amount": 5}])

    assert (changed.id, changed.name, changed.description) == (made.id, "Triple", "3x")
    assert record.fields == {"Amount": 5, "Triple": 15}
    assert (await shop.schema("Shop")).table("Orders").field("Triple") == changed


async def test_a_change_of_nothing_is_refused_with_what_could_be_changed(shop: Gateway) -> None:
    with pytest.raises(InvalidRequest, match="give name or description"):
        await shop.update_table("Shop", "Orders")
    with pytest.raises(InvalidRequest, match="give name or description or options"):
        await shop.update_field("Shop", "Orders", "Title")


async def test_a_field_that_is_not_there_cannot_be_changed(shop: Gateway) -> None:
    with pytest.raises(FieldNotFound) as caught:
        await shop.update_field("Shop", "Orders", "Titel", name="Name")

    assert caught.value.nearest == ["Title"]


async def test_typecast_makes_choices_and_the_schema_shows_them(shop: Gateway) -> None:
    await shop.schema("Shop")

    await shop.create("Shop", "Orders", [{"Status": "Returned"}], typecast=True)

    status = (await shop.schema("Shop")).table("Orders").field("Status")
    assert [choice["name"] for choice in status.options["choices"]] == ["Open", "Done", "Returned"]


async def test_a_field_renamed_meanwhile_is_found_by_its_new_name(shop: Gateway, twin: "Twin") -> None:
    schema = await shop.schema("Shop")
    field = schema.table("Orders").field("Amount")
    path = f"meta/bases/{twin.base_id}/tables/{twin.table_id}/fields/{field.id}"
    twin.change("PATCH", path, {"name": "Quantity"})

    [record] = await shop.create("Shop", "Orders", [{"quantity": 5}])

    assert record.fields == {"Quantity": 5}


async def test_the_old_name_of_a_field_is_refused_with_the_names_that_there_are(
    shop: Gateway, twin: "Twin"
) -> None:
    schema = await shop.schema("Shop")
    field = schema.table("Orders").field("Amount")
    path = f"meta/bases/{twin.base_id}/tables/{twin.table_id}/fields/{field.id}"
    twin.change("PATCH", path, {"name": "Amount due"})

    with pytest.raises(FieldNotFound) as caught:
        await shop.create("Shop", "Orders", [{"Amount": 5}])

    assert "Amount due" in caught.value.known


async def test_a_table_renamed_meanwhile_is_found_by_both_names_for_a_while(
    shop: Gateway, twin: "Twin"
) -> None:
    await shop.schema("Shop")
    twin.change("PATCH", f"meta/bases/{twin.base_id}/tables/{twin.table_id}", {"name": "Sales"})

    [record] = await shop.create("Shop", "Sales", [{"Title": "x"}])

    assert record.fields == {"Title": "x"}


async def test_fresh_goes_past_the_cache(shop: Gateway, twin: "Twin") -> None:
    await shop.schema("Shop")
    twin.change("PATCH", f"meta/bases/{twin.base_id}/tables/{twin.table_id}", {"name": "Sales"})

    assert [table.name for table in (await shop.schema("Shop")).tables] == ["Orders"]
    assert [table.name for table in (await shop.schema("Shop", fresh=True)).tables] == ["Sales"]


async def test_unknown_names_are_refused_with_those_that_come_close(shop: Gateway) -> None:
    with pytest.raises(TableNotFound) as table:
        await shop.page("Shop", "Order", RecordQuery())
    with pytest.raises(FieldNotFound) as field:
        await shop.page("Shop", "Orders", RecordQuery(fields=["Titel"]))
    with pytest.raises(ViewNotFound) as view:
        await shop.page("Shop", "Orders", RecordQuery(view="Gird view"))

    assert table.value.nearest == ["Orders"]
    assert field.value.nearest == ["Title"]
    assert view.value.nearest == ["Grid view"]
