"""pyairtable's ORM against the local Airtable: a model with every field class, links, memos and batches."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar

import pytest
from pyairtable.formulas import GT, Field
from pyairtable.orm import Model
from pyairtable.orm import fields as f
from pyairtable.utils import Url
from requests import HTTPError

META = {"api_key": "patAny", "base_id": "appGallery0000000", "timeout": (5, 30)}


class Part(Model):
    Meta: ClassVar = {**META, "table_name": "Parts"}

    name = f.RequiredSingleLineTextField("Part")
    weight = f.FloatField("Weight")


class Thing(Model):
    Meta: ClassVar = {**META, "table_name": "Things"}

    name = f.SingleLineTextField("Name")
    text = f.TextField("Name")
    notes = f.MultilineTextField("Notes")
    story = f.RichTextField("Story")
    email = f.EmailField("Email")
    site = f.UrlField("Site")
    phone = f.PhoneNumberField("Phone")
    amount = f.NumberField("Amount")
    exact = f.FloatField("Amount")
    whole = f.IntegerField("Whole")
    share = f.PercentField("Share")
    price = f.CurrencyField("Price")
    stars = f.RatingField("Stars")
    length = f.DurationField("Length")
    done = f.CheckboxField("Done")
    status = f.SelectField("Status")
    labels = f.MultipleSelectField("Labels")
    lead = f.CollaboratorField("Lead")
    team = f.MultipleCollaboratorsField("Team")
    day = f.DateField("Day")
    at = f.DatetimeField("At")
    code = f.BarcodeField("Code")
    files = f.AttachmentsField("Files")
    parts = f.LinkField("Parts", Part)
    first_part = f.SingleLinkField("Parts", Part)
    kin = f.LinkField["Thing"]("Kin", f.LinkSelf)
    double = f.NumberField("Double", readonly=True)
    part_weights = f.LookupField[float]("Part weights")
    weight = f.FloatField("Weight", readonly=True)
    part_count = f.CountField("Part count")
    number = f.AutoNumberField("Number")
    made = f.CreatedTimeField("Made")
    maker = f.CreatedByField("Maker")
    changed = f.LastModifiedTimeField("Changed")
    changer = f.LastModifiedByField("Changer")
    open = f.ButtonField("Open")
    summary = f.AITextField("Summary")
    source = f.ExternalSyncSourceField("Source")
    rank = f.ManualSortField("Rank")
    nonsense = f.TextField("Nonsense", readonly=True)
    wrong = f.LookupField[Any]("Kin wrong")


@pytest.fixture
def things(gallery, monkeypatch) -> Iterator[type[Thing]]:
    """The model of the gallery's things; Meta has no word for an endpoint, but its Api has."""
    for model in (Thing, Part):
        monkeypatch.setattr(model.meta.api, "endpoint_url", Url(gallery.url))
    yield Thing
    for model in (Thing, Part):
        model.meta.api.session.close()


FULL = {
    "name": "Lamp",
    "notes": "one\ntwo",
    "story": "**bold**",
    "email": "ada@example.com",
    "site": "https://example.com",
    "phone": "(415) 555-2671",
    "amount": 12.25,
    "whole": 3,
    "share": 0.125,
    "price": 9.99,
    "stars": 4,
    "length": timedelta(hours=1, minutes=5),
    "done": True,
    "status": "Doing",
    "labels": ["blue", "red"],
    "lead": {"email": "ada@example.com"},
    "team": [{"id": "usrAda00000000000"}],
    "day": date(2026, 2, 28),
    "at": datetime(2026, 2, 28, 23, 59, 58, tzinfo=UTC),
    "code": {"text": "4006381333931", "type": "ean13"},
}


def test_a_model_has_every_field_class_of_pyairtable():
    used = {type(field) for field in vars(Thing).values() if isinstance(field, f.Field)}
    used |= {type(field) for field in vars(Part).values() if isinstance(field, f.Field)}

    optional = {
        field_class for field_class in f.ALL_FIELDS if not field_class.__name__.startswith("Required")
    }
    assert optional <= used


def test_what_is_saved_comes_back_as_python_values(things):
    lamp = things(**FULL)

    assert lamp.save().created
    read = things.from_id(lamp.id)

    for name, value in FULL.items():
        if name not in ("story", "lead", "team"):
            assert getattr(read, name) == value, name
    assert read.story == "**bold**\n"
    ada = {"id": "usrAda00000000000", "email": "ada@example.com", "name": "Ada"}
    assert (read.lead, read.team) == (ada, [ada])


def test_computed_fields_arrive_as_their_classes_say(things, gallery):
    table = things.from_id(gallery.table)

    assert (table.double, table.part_weights, table.weight, table.part_count) == (25, [4, 1.5], 5.5, 2)
    assert table.number == 1
    assert table.made == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert table.changed == table.made
    assert table.maker["email"] == table.changer["email"] == "developer@example.com"
    assert table.open == {"label": "Open", "url": "https://example.com/Table"}
    assert table.summary == {"state": "generated", "isStale": False, "value": "A table"}
    assert (table.source, table.rank) == ("Shop", "a0")
    assert table.nonsense == {"specialValue": "NaN"}
    assert table.wrong == [{"error": "#ERROR!"}]


def test_empty_fields_arrive_as_pyairtables_blanks(things):
    blank = things()
    blank.save()

    read = things.from_id(blank.id)

    assert (read.name, read.amount, read.done, read.labels, read.parts, read.day) == (
        "",
        None,
        False,
        [],
        [],
        None,
    )


def test_links_lead_to_models_and_are_written_as_ids(things, gallery):
    table = things.from_id(gallery.table)
    stool = things.from_id(gallery.stool)

    assert [part.name for part in table.parts] == ["Top", "Leg"]
    assert table.first_part.weight == 4
    assert [kin.name for kin in table.kin] == ["Stool"]
    stool.parts.append(Part.from_id(gallery.top))
    stool.first_part = Part.from_id(gallery.top)
    stool.kin = [table, stool]
    stool.save()
    stool.fetch()

    assert [part.id for part in stool.parts] == [gallery.top]
    assert [kin.id for kin in stool.kin] == [gallery.table, gallery.stool]
    assert stool.weight == 4


def test_only_changes_are_saved_and_undeclared_fields_stay(things, gallery):
    stool = things.from_id(gallery.stool)
    untouched = stool.save()
    stool.amount = 8

    saved = stool.save()

    assert (untouched.updated, saved.updated, saved.field_names) == (False, True, {"Amount"})
    assert things.from_id(gallery.stool).to_record()["fields"]["Done"] is True
    assert things.from_id(gallery.stool).double == 16


def test_lists_are_filtered_and_sorted(things, gallery):
    large = things.all(formula=GT(Field("Amount"), 10), sort=["-Amount"])
    first = things.first(view="Large")
    several = things.from_ids([gallery.stool, gallery.shelf])
    none = things.first(formula=things.amount.gt(1000))

    assert [thing.name for thing in large] == ["Shelf", "Table"]
    assert first.id == gallery.shelf
    assert [thing.name for thing in several] == ["Stool", "Shelf"]
    assert none is None


def test_batches_are_saved_and_deleted(things):
    many = [things(name=f"Batch {number}") for number in range(12)]

    things.batch_save(many)
    many[3].amount = 3
    things.batch_save([*many, things(name="One more")])
    found = things.all(formula=things.name.eq("Batch 3"))
    things.batch_delete(many)

    assert [thing.amount for thing in found] == [3]
    assert {thing.name for thing in things.all()} == {"Table", "Stool", "Shelf", "One more"}


def test_a_deleted_model_is_gone(things, gallery):
    shelf = things.from_id(gallery.shelf)

    assert shelf.delete()

    with pytest.raises(HTTPError, match="INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND"):
        things.from_id(gallery.shelf)


def test_a_model_is_commented_on(things, gallery):
    table = things.from_id(gallery.table)

    table.add_comment("Sturdy?")

    assert [comment.text for comment in table.comments()] == ["Sturdy?"]
