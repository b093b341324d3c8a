"""pyairtable's models of bases, tables, fields, comments and files, against the local Airtable."""

import base64
from collections.abc import Iterator

import pytest
import requests
from pyairtable import Api, Base, Table
from pyairtable.models.schema import BaseCollaborators
from pyairtable.orm.generate import ModelFileBuilder
from pyairtable.utils import Url

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
def api(gallery) -> Iterator[Api]:
    api = Api("patAny", endpoint_url=gallery.url, timeout=(5, 30))
    yield api
    api.session.close()


@pytest.fixture
def base(api: Api, gallery) -> Base:
    return api.base(gallery.base)


@pytest.fixture
def things(base: Base, monkeypatch) -> Table:
    """A table whose uploads go to the endpoint: pyairtable fixes their host in its code."""
    things = base.table("Things")

    def upload_attachment(record_id: str, field: str) -> Url:
        return base.api.build_url(base.id, record_id, field, "uploadAttachment")

    monkeypatch.setattr(things.urls, "upload_attachment", upload_attachment)
    return things


def test_it_learns_who_it_is_and_which_bases_there_are(api, gallery):
    (base,) = api.bases()

    assert api.whoami() == {"id": "usrLocalDeveloper", "email": "developer@example.com"}
    assert (base.id, base.name, base.permission_level) == (gallery.base, "Gallery", "create")
    assert api.base(gallery.base, validate=True).name == "Gallery"


def test_it_learns_who_works_on_a_base(base):
    info = base.collaborators()

    assert isinstance(info, BaseCollaborators)
    assert (info.name, info.workspace_id, info.permission_level) == ("Gallery", "wspGallery0000000", "create")
    assert info.created_time.year == 2026
    people = {person.email for person in info.individual_collaborators.via_base}
    assert people == {"ada@example.com", "developer@example.com"}


def test_every_field_parses_as_the_schema_of_its_type(base):
    schema = base.schema()

    things = schema.table("Things")
    assert [field.name for field in things.fields if "Unknown" in type(field).__name__] == []
    assert things.field("Parts").options.linked_table_id == schema.table("Parts").id
    assert things.field("Parts").options.inverse_link_field_id == "fldThings00000000"
    assert things.field("Double").options.formula == "{fldAmount00000000} * 2"
    assert things.field("Double").options.referenced_field_ids == ["fldAmount00000000"]
    assert things.field("Weight").options.result.type == "number"
    assert things.field("Part weights").options.result.type == "number"
    assert things.field("Made").type == "createdTime"
    assert things.view("Large").visible_field_ids == ["fldName0000000000", "fldAmount00000000"]


def test_it_writes_orm_models_for_a_base(base):
    source = str(ModelFileBuilder(base))

    compile(source, "models.py", "exec")
    assert "class Thing(Model):" in source
    assert "F.LinkField['Part']('Parts', model='Part')" in source


def test_it_makes_bases_tables_and_fields(api):
    fields = [{"name": "Title", "type": "singleLineText"}, {"name": "Ready", "type": "checkbox",
              "options": {"icon": "check", "color": "greenBright"}}]  # fmt: skip
    base = api.workspace("wspGallery0000000").create_base("Another", [{"name": "First", "fields": fields}])

    second = base.create_table("Second", fields, description="The other one")
    link = second.create_field("Of", "multipleRecordLinks", options={"linkedTableId": base.table("First").id})
    formula = second.create_field("Shout", "formula", "In capitals", options={"formula": "UPPER({Title})"})
    record = second.create({"Title": "quiet", "Ready": True})

    assert second.schema().description == "The other one"
    assert link.options.inverse_link_field_id == base.schema(force=True).table("First").field("Second").id
    assert (formula.description, formula.options.is_valid) == ("In capitals", True)
    assert record["fields"] == {"Title": "quiet", "Ready": True, "Shout": "QUIET"}
    assert "Another" in {known.name for known in api.bases(force=True)}


def test_it_changes_tables_and_fields(base):
    table = base.schema().table("Parts")
    field = table.field("Weight")

    table.name, table.description = "Pieces", "What things are made of"
    table.save()
    field.name, field.description = "Mass", "In kilograms"
    field.save()

    changed = base.schema(force=True).table("Pieces")
    assert changed.description == "What things are made of"
    assert changed.field("Mass").description == "In kilograms"


def test_it_comments_mentions_changes_and_deletes(things, gallery):
    made = things.add_comment(gallery.table, "Ask @[ada@example.com]")
    listed = things.comments(gallery.table)
    mentioned = listed[0].mentioned["usrAda00000000000"]

    assert made.id == listed[0].id
    assert made.text == "Ask @[usrAda00000000000]"
    assert (mentioned.display_name, mentioned.email, mentioned.type) == ("Ada", "ada@example.com", "user")
    listed[0].text = "Nobody"
    listed[0].save()
    assert (listed[0].text, listed[0].mentioned) == ("Nobody", {})
    assert listed[0].last_updated_time is not None
    listed[0].delete()
    assert things.comments(gallery.table) == []
    assert listed[0].deleted


def test_comments_are_counted_beside_records(things, gallery):
    things.add_comment(gallery.table, "One")
    things.add_comment(gallery.table, "Two")

    records = things.all(count_comments=True, fields=["Name"])

    assert {record["fields"]["Name"]: record["commentCount"] for record in records} == {
        "Table": 2,
        "Stool": 0,
        "Shelf": 0,
    }


def test_files_are_uploaded_from_disk_bytes_and_text(things, gallery, tmp_path):
    picture = tmp_path / "pixel.png"
    picture.write_bytes(PIXEL)

    things.upload_attachment(gallery.table, "Files", picture)
    things.upload_attachment(gallery.table, "Files", "a.bin", b"\0\1" * 100, "application/octet-stream")
    told = things.upload_attachment(gallery.table, gallery.files, "note.txt", "hello", "text/plain")

    files = told["fields"][gallery.files]
    assert [file["filename"] for file in files] == ["pixel.png", "a.bin", "note.txt"]
    assert [file["size"] for file in files] == [len(PIXEL), 200, 5]
    assert [file["type"] for file in files] == ["image/png", "application/octet-stream", "text/plain"]
    assert requests.get(files[0]["url"], timeout=5).content == PIXEL
    assert requests.get(files[2]["url"], timeout=5).text == "hello"


def test_a_file_is_taken_out_of_a_cell_by_its_id(things, gallery):
    things.upload_attachment(gallery.table, "Files", "a.txt", "a", "text/plain")
    told = things.upload_attachment(gallery.table, "Files", "b.txt", "b", "text/plain")
    kept = told["fields"][gallery.files][1]["id"]

    left = things.update(gallery.table, {"Files": [{"id": kept}]})

    assert [file["filename"] for file in left["fields"]["Files"]] == ["b.txt"]


def test_cells_are_told_as_text_in_a_zone_and_a_language(things, gallery):
    things.update(
        gallery.table, {"At": "2026-02-28T23:30:00.000Z", "Price": 1234.5, "Share": 0.125, "Done": True}
    )

    record = things.get(gallery.table, cell_format="string", time_zone="Europe/Berlin", user_locale="en")

    fields = record["fields"]
    assert fields["At"] == "2026-02-28 23:30"  # a field whose zone is fixed
    assert (fields["Price"], fields["Share"], fields["Done"]) == ("$1,234.50", "12.5%", "checked")
    assert (fields["Parts"], fields["Labels"], fields["Amount"]) == ("Top, Leg", "red", "12.50")


def test_a_table_is_named_in_any_letters(base, gallery):
    assert base.table("THINGS").get(gallery.stool)["fields"]["Name"] == "Stool"
