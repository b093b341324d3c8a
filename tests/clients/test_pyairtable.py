"""pyairtable against the local Airtable, changed in nothing but the endpoint."""

from collections.abc import Iterator

import pytest
import requests
from pyairtable import Api
from pyairtable import Base as PyBase
from pyairtable.formulas import EQ, FIND, Field, match

from local_twins.airtable import AnyToken, Store, TwinServer, create_app, load_samples


@pytest.fixture(scope="module")
def base() -> Iterator[PyBase]:
    """NYC Flights 2013 as pyairtable sees it."""
    with Store.open(":memory:") as store:
        load_samples(store)
        with TwinServer(create_app(store, tokens=AnyToken())) as url:
            api = Api("patAny", endpoint_url=url, timeout=(5, 30))
            yield next(base for base in api.bases() if base.name == "NYC Flights 2013")
            api.session.close()


@pytest.fixture
def airlines(base: PyBase):
    """A table to write to."""
    return base.table("Airlines")


def test_it_reads_the_schema_with_its_own_models(base):
    schema = base.schema()

    flights = schema.table("Flights")
    assert {table.name for table in schema.tables} == {"Airlines", "Airports", "Planes", "Weather", "Flights"}
    assert flights.field("Airline").type == "multipleRecordLinks"
    assert flights.view("More than an hour late").type == "grid"


def test_it_pages_through_a_table(base):
    flights = base.table("Flights")

    pages = list(flights.iterate(page_size=100, max_records=250, fields=["Distance"]))

    assert [len(page) for page in pages] == [100, 100, 50]
    assert len({record["id"] for page in pages for record in page}) == 250


def test_it_filters_with_its_formula_builders(airlines):
    united = airlines.all(formula=match({"Code": "UA"}))
    inc = airlines.all(formula=FIND("Inc.", Field("Name")))
    nobody = airlines.all(formula=EQ(Field("Name"), 'O\'Brien "x" \\'))

    assert [record["fields"]["Name"] for record in united] == ["United Air Lines Inc."]
    assert len(inc) > 5
    assert nobody == []


def test_a_filter_too_long_for_a_url_goes_by_post(airlines):
    long = 'OR({Code} = "UA", {Code} = "' + "x" * 16_000 + '")'

    assert len(airlines.all(formula=long)) == 1


def test_it_sorts_and_takes_fields_by_id(base):
    flights = base.table("Flights")

    first = flights.first(sort=["-Distance"], fields=["Distance"], use_field_ids=True)

    assert list(first["fields"].values()) == [4983]
    assert next(iter(first["fields"])).startswith("fld")


def test_it_creates_updates_replaces_and_deletes(airlines):
    created = airlines.create({"Code": "P1", "Name": "One"})
    updated = airlines.update(created["id"], {"Name": "Changed"})
    replaced = airlines.update(created["id"], {"Code": "P2"}, replace=True)
    deleted = airlines.delete(created["id"])

    assert updated["fields"]["Code"] == "P1"
    assert updated["fields"]["Name"] == "Changed"
    assert replaced["fields"].get("Name") is None
    assert deleted == {"id": created["id"], "deleted": True}


def test_it_writes_in_batches_beyond_ten(airlines):
    created = airlines.batch_create([{"Code": f"B{number}"} for number in range(23)])
    updated = airlines.batch_update([{"id": record["id"], "fields": {"Name": "x"}} for record in created])
    deleted = airlines.batch_delete([record["id"] for record in created])

    assert [record["fields"]["Code"] for record in created] == [f"B{number}" for number in range(23)]
    assert all(record["fields"]["Name"] == "x" for record in updated)
    assert len(deleted) == 23


def test_it_upserts(airlines):
    airlines.create({"Code": "U1", "Name": "Old"})

    result = airlines.batch_upsert(
        [{"fields": {"Code": "U1", "Name": "New"}}, {"fields": {"Code": "U2", "Name": "Other"}}],
        key_fields=["Code"],
    )

    assert len(result["createdRecords"]) == 1
    assert len(result["updatedRecords"]) == 1
    assert [record["fields"]["Name"] for record in result["records"]] == ["New", "Other"]
    airlines.batch_delete([record["id"] for record in result["records"]])


def test_it_makes_tables_and_fields(base):
    table = base.create_table("Made here", [{"name": "Name", "type": "singleLineText"}])
    field = table.create_field("Stars", "rating", options={"max": 5, "icon": "star", "color": "yellowBright"})
    record = table.create({"Name": "a", "Stars": 4})

    assert field.type == "rating"
    assert record["fields"] == {"Name": "a", "Stars": 4}


def test_it_sees_airtables_own_errors(airlines):
    with pytest.raises(requests.HTTPError, match="UNKNOWN_FIELD_NAME") as refusal:
        airlines.create({"Nope": 1})

    assert refusal.value.response.status_code == 422


def test_it_learns_who_it_is(base):
    assert base.api.whoami()["id"].startswith("usr")
