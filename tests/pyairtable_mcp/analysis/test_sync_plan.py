"""What a sync would do."""

import json

import pytest

from airtable_gateway import FieldNotFound, FieldSchema, Record, TableSchema
from pyairtable_mcp.analysis import sync_plan
from pyairtable_mcp.analysis.sync_changes import CellChange


def a_table(name, *told, **options):
    """A table with the field Key and those told as name:type; options by field name."""
    pairs = [item.partition(":") for item in ("Key:singleLineText", *told)]
    members = tuple(
        FieldSchema(f"fld{name}{n}", field, type, options=options.get(field, {}))
        for n, (field, _, type) in enumerate(pairs)
    )
    return TableSchema(f"tbl{name}", name, members[0].id, members)


def rows(side, *cells):
    return [Record(f"rec{side}{n}", "2026-01-01T00:00:00.000Z", fields) for n, fields in enumerate(cells)]


def plan_of(source, target, *told, target_fields=None, **options):
    """The plan between two tables with these fields, and these rows' cells."""
    ours, theirs = a_table("Source", *told, **options), a_table("Target", *(target_fields or told), **options)
    return sync_plan.plan(ours, rows("S", *source), theirs, rows("T", *target), "Key")


def test_rows_are_created_updated_deleted_or_left_as_they_are():
    plan = plan_of(
        [{"Key": "a", "N": 1}, {"Key": "b", "N": 2}, {"Key": "c", "N": 3}],
        [{"Key": "b", "N": 5}, {"Key": "c", "N": 3.0}, {"Key": "d"}],
        "N:number",
    )

    assert [(create.key, create.fields) for create in plan.creates] == [("a", {"Key": "a", "N": 1})]
    assert [(update.record_id, update.fields) for update in plan.updates] == [("recT0", {"N": 2})]
    assert plan.updates[0].changes == (CellChange("N", before=5, after=2),)
    assert [delete.record_id for delete in plan.deletes] == ["recT2"]
    assert plan.unchanged_count == 1


def test_rows_with_a_key_that_is_not_theirs_alone_are_reported_and_left_alone():
    plan = plan_of(
        [{"Key": "a"}, {"Key": "a "}, {"Key": "b"}, {"Key": "A"}],
        [{"Key": "a"}, {"Key": "b"}, {"Key": "b"}, {"Key": "A"}],
    )

    assert [told.to_json() for told in plan.duplicate_keys] == [
        {"key": "a", "source_ids": ["recS0", "recS1"], "target_ids": ["recT0"]},
        {"key": "b", "source_ids": ["recS2"], "target_ids": ["recT1", "recT2"]},
    ]
    assert (plan.creates, plan.updates, plan.deletes, plan.unchanged_count) == ((), (), (), 1)


def test_rows_without_a_key_are_reported_and_left_alone():
    plan = plan_of([{}, {"Key": "  "}, {"Key": {"error": "#ERROR!"}}], [{"Key": ""}])

    assert plan.keyless_source_ids == ("recS0", "recS1", "recS2")
    assert plan.keyless_target_ids == ("recT0",)
    assert (plan.creates, plan.deletes) == ((), ())
    assert (plan.source_count, plan.target_count) == (3, 1)


def test_keys_match_as_text_whatever_their_type():
    ours, theirs = a_table("Source", "No:number"), a_table("Target", "No:singleLineText")

    plan = sync_plan.plan(ours, rows("S", {"No": 7.0}), theirs, rows("T", {"No": "7"}), "no")

    assert (plan.key_field, plan.unchanged_count) == ("No", 1)


def test_a_key_that_the_target_lacks_is_refused():
    with pytest.raises(FieldNotFound):
        sync_plan.plan(a_table("Source", "No:number"), [], a_table("Target"), [], "No")


# Field type | source's value | target's value; None is absent.
ALIKE = [
    ("number", 1, 1.0),
    ("singleLineText", "", None),
    ("checkbox", False, None),
    ("multipleSelects", ["a", "b"], ["b", "a"]),
    ("multipleSelects", [], None),
    ("richText", "**x**\n", "**x**"),
    (
        "singleCollaborator",
        {"id": "usr1", "email": "a@x.org", "name": "A"},
        {"id": "usr1", "email": "b@x.org"},
    ),
    ("multipleCollaborators", [{"id": "usr1"}, {"id": "usr2"}], [{"id": "usr2"}, {"id": "usr1"}]),
    ("barcode", {"text": "12", "type": "ean8"}, {"text": "12"}),
    (
        "multipleAttachments",
        [{"id": "att1", "url": "https://x/1", "filename": "f", "size": 3}],
        [{"id": "att2", "url": "https://x/2", "filename": "f", "size": 3}],
    ),
]
# Field type | source's value | target's value | what is written.
UNLIKE = [
    ("number", 0.1 + 0.2, 0.3, 0.1 + 0.2),
    ("number", 0, None, 0),
    ("number", None, 0, None),
    ("singleLineText", "a", "A", "a"),
    ("checkbox", True, None, True),
    ("checkbox", None, True, None),
    ("singleCollaborator", {"id": "usr1", "email": "a@x.org", "name": "A"}, None, {"id": "usr1"}),
    ("singleCollaborator", {"email": "a@x.org"}, {"id": "usr2", "email": "b@x.org"}, {"email": "a@x.org"}),
    (
        "multipleAttachments",
        [{"id": "att1", "url": "https://x/1", "filename": "f", "size": 3, "type": "text/plain"}],
        [{"id": "att2", "url": "https://x/1", "filename": "f", "size": 4}],
        [{"url": "https://x/1", "filename": "f"}],
    ),
]


def cells(value):
    return {"Key": "k"} if value is None else {"Key": "k", "V": value}


@pytest.mark.parametrize(("type", "ours", "theirs"), ALIKE)
def test_values_that_are_the_same_are_not_updated(type, ours, theirs):
    plan = plan_of([cells(ours)], [cells(theirs)], f"V:{type}")

    assert (plan.updates, plan.skipped_fields, plan.unchanged_count) == ((), (), 1)


@pytest.mark.parametrize(("type", "ours", "theirs", "written"), UNLIKE)
def test_values_that_differ_are_written_in_the_form_that_airtable_takes(type, ours, theirs, written):
    plan = plan_of([cells(ours)], [cells(theirs)], f"V:{type}")

    assert plan.updates[0].changes == (CellChange("V", before=theirs, after=written),)


@pytest.mark.parametrize(
    ("source", "target", "value", "written"),
    [
        ("number", "singleLineText", 5.0, "5"),
        ("singleSelect", "multipleSelects", "a", ["a"]),
        ("singleSelect", "multilineText", "a", "a"),
        ("createdTime", "dateTime", "2026-01-01T00:00:00.000Z", "2026-01-01T00:00:00.000Z"),
        ("createdBy", "multipleCollaborators", {"id": "usr1", "name": "A"}, [{"id": "usr1"}]),
        ("rating", "number", 3, 3),
        ("autoNumber", "number", 3, 3),
    ],
)
def test_a_field_of_another_type_is_written_where_it_can_be(source, target, value, written):
    plan = plan_of([cells(value)], [], f"V:{source}", target_fields=[f"V:{target}"])

    assert plan.creates[0].fields == {"Key": "k", "V": written}


@pytest.mark.parametrize(
    ("source", "target", "reason"),
    [
        ("number", "formula", "computed"),
        ("number", "unheardOf", "computed"),
        ("singleLineText", "number", "type_differs"),
        ("date", "dateTime", "type_differs"),
        ("dateTime", "date", "type_differs"),
        ("multipleRecordLinks", "singleLineText", "type_differs"),
        ("multipleLookupValues", "singleLineText", "type_differs"),
        ("multipleRecordLinks", "multipleRecordLinks", "links_elsewhere"),
    ],
)
def test_a_field_that_cannot_be_written_is_skipped_with_the_reason(source, target, reason):
    plan = plan_of([cells("x")], [], f"V:{source}", target_fields=[f"V:{target}"])

    assert [(skipped.field, skipped.reason) for skipped in plan.skipped_fields] == [("V", reason)]
    assert plan.creates[0].fields == {"Key": "k"}


def test_links_are_written_where_both_lead_to_the_same_table():
    options = {"linkedTableId": "tblThird"}

    plan = plan_of([cells(["rec1"])], [], "V:multipleRecordLinks", V=options)

    assert plan.creates[0].fields["V"] == ["rec1"]


def test_fields_of_one_table_alone_are_reported():
    plan = plan_of([{"Key": "a", "Ours": 1}], [], "Ours:number", target_fields=["Theirs:number"])

    reasons = {skipped.field: skipped.reason for skipped in plan.skipped_fields}
    assert reasons == {"Ours": "absent_in_target", "Theirs": "absent_in_source"}


def test_a_formula_is_written_as_the_type_of_its_result_but_never_its_errors():
    result = {"result": {"type": "number"}}
    ours = a_table("Source", "V:formula", V=result)
    source = rows("S", {"Key": "a", "V": 2}, {"Key": "b", "V": {"error": "#ERROR!"}})
    target = rows("T", {"Key": "a", "V": 1}, {"Key": "b", "V": 1})

    plan = sync_plan.plan(ours, source, a_table("Target", "V:number"), target, "Key")

    assert [update.fields for update in plan.updates] == [{"V": 2}]
    assert [cell.to_json() for cell in plan.error_cells] == [{"source_id": "recS1", "field": "V"}]


def test_choices_that_the_target_lacks_are_named():
    choices = {"choices": [{"id": "sel1", "name": "a"}]}
    plan = plan_of(
        [{"Key": "1", "V": ["a", "b"]}, {"Key": "2", "V": ["c", "b"]}],
        [{"Key": "2"}],
        "V:multipleSelects",
        V=choices,
    )

    assert plan.new_choices == {"V": ("b", "c")}


def test_a_second_plan_after_the_first_is_carried_out_has_nothing_to_do():
    source = [{"Key": " a", "N": 1}, {"Key": "b", "T": "x"}, {"Key": "c", "D": True}]
    told = ("N:number", "T:richText", "D:checkbox")
    plan = plan_of(source, [{"Key": "a", "T": "old"}, {"Key": "z"}], *told)

    made = [dict(create.fields) for create in plan.creates]
    updated = [{name: value for name, value in plan.updates[0].fields.items() if value is not None}]
    again = plan_of(source, made + updated, *told)

    assert (again.creates, again.updates, again.deletes, again.unchanged_count) == ((), (), (), 3)


def test_the_answer_is_plain_json_with_the_documented_keys():
    plan = plan_of([{"Key": "a"}, {"Key": "b", "N": 1}], [{"Key": "b"}, {"Key": "c"}], "N:number")

    told = json.loads(json.dumps(plan.to_json()))

    assert told["sync_summary"] == {
        "source_records": 2,
        "target_records": 2,
        "records_to_create": 1,
        "records_to_update": 1,
        "records_to_delete": 1,
        "records_unchanged": 0,
    }
    assert told["changes"] == {
        "create": [{"key": "a", "source_id": "recS0", "fields": {"Key": "a"}}],
        "update": [
            {"key": "b", "id": "recT0", "source_id": "recS1", "changes": {"N": {"before": None, "after": 1}}}
        ],
        "delete": [{"key": "c", "id": "recT1"}],
    }
    left_alone = {"duplicate_keys", "rows_without_key", "skipped_fields", "error_cells", "new_choices"}
    assert told.keys() == {"sync_summary", "key_field", "changes"} | left_alone
