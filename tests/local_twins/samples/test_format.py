"""Both samples are in import format: ids, links, options and cells as Airtable has them."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyairtable.models import schema

Model = dict[str, Any]

Shapes = dict[str, tuple[set[str], set[str]]]

SAMPLES = Path(__file__).parents[3] / "src/local_twins/airtable/samples"
ID = re.compile(r"(app|wsp|tbl|fld|viw|rec|sel|usr|att)[0-9A-Za-z]{14}")
COMPUTED = frozenset({"formula", "rollup", "count", "multipleLookupValues", "button"})
MOST_BYTES = 1_500_000


def tables(document: Model) -> Iterator[Model]:
    return (table for base in document["bases"] for table in base["tables"])


def fields(document: Model) -> Iterator[Model]:
    return (field for table in tables(document) for field in table["fields"])


def records(document: Model, table: Model) -> list[Model]:
    found: list[Model] = document["bases"][0]["records"][table["id"]]
    return found


def cells(document: Model) -> Iterator[tuple[Model, Model, Any]]:
    """Every cell as (record, field, value)."""
    for table in tables(document):
        by_name = {field["name"]: field for field in table["fields"]}
        for record in records(document, table):
            for name, value in record["fields"].items():
                yield record, by_name[name], value


def ids(document: Model) -> Iterator[str]:
    yield from (user["id"] for user in document["users"])
    for base in document["bases"]:
        yield from (base["id"], base["workspaceId"])
    for table in tables(document):
        yield table["id"]
        yield from (item["id"] for item in (*table["fields"], *table["views"], *records(document, table)))
    for field in fields(document):
        yield from (choice["id"] for choice in field.get("options", {}).get("choices", ()))
    for _, field, value in cells(document):
        if field["type"] == "multipleAttachments":
            yield from (item["id"] for item in value)


def test_every_id_has_airtables_form_and_is_used_once(sample: Model) -> None:
    counted = Counter(ids(sample))

    assert [found for found in counted if not ID.fullmatch(found)] == []
    assert [found for found, times in counted.items() if times > 1] == []


def test_the_two_samples_share_no_id(flights: Model, studio: Model) -> None:
    assert set(ids(flights)) & set(ids(studio)) == set()


def test_every_option_shape_is_that_of_its_type(sample: Model, option_shapes: Shapes) -> None:
    for field in fields(sample):
        always, sometimes = option_shapes[field["type"]]
        given = set(field.get("options", {}))
        assert always <= given <= always | sometimes, field


def test_the_reference_client_reads_every_table(sample: Model) -> None:
    for table in tables(sample):
        read = schema.TableSchema.model_validate(table)
        unknown = [field.name for field in read.fields if isinstance(field, schema.UnknownFieldSchema)]
        assert unknown == []


def test_names_are_unique_within_their_table_and_a_primary_field_exists(sample: Model) -> None:
    for table in tables(sample):
        names = Counter(field["name"].casefold() for field in table["fields"])
        assert names.most_common(1)[0][1] == 1
        assert table["primaryFieldId"] == table["fields"][0]["id"]


def test_links_name_each_other_as_inverse(sample: Model) -> None:
    by_id = {field["id"]: (table, field) for table in tables(sample) for field in table["fields"]}
    links = [field for field in fields(sample) if field["type"] == "multipleRecordLinks"]

    assert links
    for field in links:
        table, inverse = by_id[field["options"]["inverseLinkFieldId"]]
        assert table["id"] == field["options"]["linkedTableId"]
        assert inverse["options"]["inverseLinkFieldId"] == field["id"]


def test_a_link_is_given_on_one_side_and_points_to_records_of_its_table(sample: Model) -> None:
    existing = {table["id"]: {record["id"] for record in records(sample, table)} for table in tables(sample)}
    given = set()
    for _, field, value in cells(sample):
        if field["type"] == "multipleRecordLinks":
            given.add(field["id"])
            assert set(value) <= existing[field["options"]["linkedTableId"]]

    inverses = {field["options"]["inverseLinkFieldId"] for field in fields(sample) if field["id"] in given}
    assert given
    assert given & inverses == set()


def test_computed_fields_refer_to_fields_that_exist(sample: Model) -> None:
    for table in tables(sample):
        own = {field["name"]: field["id"] for field in table["fields"]}
        everywhere = {field["id"] for field in fields(sample)}
        for field in table["fields"]:
            options = field.get("options", {})
            assert options.get("recordLinkFieldId", table["primaryFieldId"]) in own.values()
            assert options.get("fieldIdInLinkedTable", table["primaryFieldId"]) in everywhere
            if field["type"] == "formula":
                named = re.findall(r"\{([^}]+)\}", options["formula"])
                assert {own[name] for name in named} == set(options["referencedFieldIds"])


def test_views_filter_and_sort_by_fields_of_their_table(sample: Model) -> None:
    for table in tables(sample):
        own = {field["id"] for field in table["fields"]}
        names = {field["name"] for field in table["fields"]}
        assert table["views"][0] == {"id": table["views"][0]["id"], "name": "Grid view", "type": "grid"}
        for view in table["views"]:
            assert {key["field"] for key in view.get("sort", ())} <= own
            assert set(view.get("visibleFieldIds", ())) <= own
            assert set(re.findall(r"\{([^}]+)\}", view.get("filterByFormula", ""))) <= names


def test_no_cell_is_empty_computed_or_of_an_unknown_choice(sample: Model) -> None:
    for record, field, value in cells(sample):
        assert value not in (None, "", []), record
        assert value is not False, record
        assert field["type"] not in COMPUTED
        choices = {choice["name"] for choice in field.get("options", {}).get("choices", ())}
        if choices:
            assert set(value if isinstance(value, list) else [value]) <= choices


@pytest.mark.parametrize("name", ["nyc_flights_2013.json.gz", "studio.json"])
def test_a_sample_is_small(name: str) -> None:
    assert (SAMPLES / name).stat().st_size <= MOST_BYTES
