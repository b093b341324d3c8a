"""Records over real sockets, by pyairtable."""

from typing import Any

import pytest
from pyairtable import Api, Table
from pyairtable.models.schema import SingleSelectFieldSchema

BASE = "appTest0000000000"


@pytest.fixture
def tasks(api: Api) -> Table:
    return api.table(BASE, "Tasks")


@pytest.fixture
def people(api: Api) -> Table:
    return api.table(BASE, "People")


def test_what_is_created_is_read_back_without_its_empty_cells(tasks: Table) -> None:
    made = tasks.create({"Title": "Write", "Hours": 1.5, "Status": "Todo", "Done": False, "Labels": []})

    read = tasks.get(made["id"])

    assert read == made
    assert read["fields"] == {"Title": "Write", "Hours": 1.5, "Status": "Todo", "Number": 1}
    assert read["createdTime"] == "2026-11-23T12:00:00.000Z"


def test_names_and_ids_name_tables_and_fields_alike(api: Api, tasks: Table) -> None:
    made = api.table(BASE, "tblTasks000000000").create({"fldTaTitle0000000": "By id"})

    by_id = tasks.get(made["id"], use_field_ids=True)

    assert made["fields"]["Title"] == "By id"
    assert by_id["fields"]["fldTaTitle0000000"] == "By id"


def test_patch_keeps_the_cells_that_it_does_not_name_and_put_empties_them(tasks: Table) -> None:
    made = tasks.create({"Title": "Write", "Hours": 2, "Done": True})

    patched = tasks.update(made["id"], {"Hours": 3})
    put = tasks.update(made["id"], {"Hours": 4}, replace=True)

    assert patched["fields"] == {"Title": "Write", "Hours": 3, "Done": True, "Number": 1}
    assert put["fields"] == {"Hours": 4, "Number": 1}


def test_a_list_is_paged_and_an_offset_survives_inserts_and_deletes(tasks: Table) -> None:
    made = tasks.batch_create([{"Title": f"Task {number}"} for number in range(12)])
    pages = tasks.iterate(page_size=5)

    first = next(pages)
    tasks.create({"Title": "late"})
    tasks.delete(made[5]["id"])
    rest = [record["fields"]["Title"] for page in pages for record in page]

    assert [record["fields"]["Title"] for record in first] == [f"Task {number}" for number in range(5)]
    assert rest == [*(f"Task {number}" for number in range(6, 12)), "late"]


def test_records_are_sorted_by_several_fields_with_empty_cells_first(tasks: Table) -> None:
    tasks.batch_create(
        [
            {"Title": "b", "Status": "Done"},
            {"Title": "a", "Status": "Todo"},
            {"Title": "c", "Status": "Done"},
            {"Title": "d"},
        ]
    )

    found = tasks.all(sort=["Status", "-Title"])

    assert [record["fields"]["Title"] for record in found] == ["d", "a", "c", "b"]


def test_a_view_brings_its_own_order_and_an_explicit_one_wins(tasks: Table) -> None:
    tasks.batch_create(
        [{"Title": "short", "Hours": 1}, {"Title": "long", "Hours": 9}, {"Title": "mid", "Hours": 5}]
    )

    by_view = tasks.all(view="Longest first")
    by_sort = tasks.all(view="viwTaLongest00000", sort=["Hours"], max_records=2)

    assert [record["fields"]["Title"] for record in by_view] == ["long", "mid", "short"]
    assert [record["fields"]["Title"] for record in by_sort] == ["short", "mid"]


def test_only_the_asked_fields_come_back(tasks: Table) -> None:
    tasks.create({"Title": "Write", "Hours": 2, "Done": True})

    (found,) = tasks.all(fields=["Title", "fldTaHours0000000"])

    assert found["fields"] == {"Title": "Write", "Hours": 2}


def test_both_sides_of_a_link_are_kept_in_step(tasks: Table, people: Table) -> None:
    write, read = (record["id"] for record in tasks.batch_create([{"Title": "Write"}, {"Title": "Read"}]))
    ada = people.create({"Name": "Ada", "Tasks": [write, read]})["id"]
    bob = people.create({"Name": "Bob"})["id"]

    tasks.update(read, {"Owner": [bob, ada]})
    tasks.update(write, {"Owner": []})

    assert people.get(ada)["fields"]["Tasks"] == [read]
    assert people.get(bob)["fields"]["Tasks"] == [read]
    assert tasks.get(read)["fields"]["Owner"] == [bob, ada]
    assert "Owner" not in tasks.get(write)["fields"]


def test_a_deleted_record_leaves_the_cells_that_linked_to_it(tasks: Table, people: Table) -> None:
    write, read = (record["id"] for record in tasks.batch_create([{"Title": "Write"}, {"Title": "Read"}]))
    ada = people.create({"Name": "Ada", "Tasks": [write, read]})["id"]

    gone = tasks.delete(write)

    assert gone == {"id": write, "deleted": True}
    assert people.get(ada)["fields"]["Tasks"] == [read]


def test_an_upsert_updates_the_one_that_agrees_and_creates_the_other(tasks: Table) -> None:
    known = tasks.create({"Title": "Write", "Hours": 1})["id"]

    done = tasks.batch_upsert(
        [{"fields": {"Title": "Write", "Hours": 2}}, {"fields": {"Title": "Read"}}], key_fields=["Title"]
    )

    assert done["updatedRecords"] == [known]
    assert len(done["createdRecords"]) == 1
    assert [record["fields"]["Title"] for record in done["records"]] == ["Write", "Read"]
    assert tasks.get(known)["fields"]["Hours"] == 2


@pytest.mark.parametrize("typecast", [False, True])
def test_a_choice_is_written_by_its_id_and_read_by_its_name(tasks: Table, *, typecast: bool) -> None:
    before = _choices(tasks)

    made = tasks.create({"Title": "Write", "Status": before["Done"]}, typecast=typecast)

    assert made["fields"]["Status"] == "Done"
    assert _choices(tasks) == before


def _choices(tasks: Table) -> dict[str, str]:
    """The ids of the choices of Status by their names."""
    status = tasks.schema(force=True).field("Status")
    assert isinstance(status, SingleSelectFieldSchema)
    return {choice.name: choice.id for choice in status.options.choices}


def test_typecast_creates_choices_and_linked_records(tasks: Table, people: Table) -> None:
    ada = people.create({"Name": "Ada"})["id"]

    made = tasks.create(
        {"Title": "Write", "Status": "Blocked", "Labels": "red, green", "Owner": "Ada, Grace"}, typecast=True
    )

    assert made["fields"]["Status"] == "Blocked"
    assert made["fields"]["Labels"] == ["red", "green"]
    assert made["fields"]["Owner"][0] == ada
    assert people.get(made["fields"]["Owner"][1])["fields"]["Name"] == "Grace"


@pytest.mark.parametrize(
    "told", ["Ada", "ada@example.com", "usrAda00000000000", {"email": "ada@example.com"}]
)
def test_typecast_knows_a_collaborator_by_name_address_or_id(tasks: Table, told: Any) -> None:
    made = tasks.create({"Lead": told}, typecast=True)

    assert made["fields"]["Lead"] == {"id": "usrAda00000000000", "email": "ada@example.com", "name": "Ada"}


@pytest.mark.parametrize(
    ("text", "files"),
    [
        ("https://example.com/a.png", ["a.png"]),
        ("https://example.com/a.png, https://example.com/b.png", ["a.png", "b.png"]),
        ("https://example.com/a.png\nhttps://example.com/b.png", ["a.png", "b.png"]),
        ("https://example.com/a,b.png", ["a,b.png"]),
        ("One.png (https://example.com/a), Two.png (https://example.com/b)", ["One.png", "Two.png"]),
    ],
)
def test_typecast_makes_an_attachment_of_every_address_in_a_text(
    tasks: Table, text: str, files: list[str]
) -> None:
    made = tasks.create({"Files": text}, typecast=True)

    assert [file["filename"] for file in made["fields"]["Files"]] == files


def test_attachments_are_kept_by_id_and_added_by_address(tasks: Table) -> None:
    first: Any = [{"url": "https://example.com/a/plan.pdf?x=1"}]
    made = tasks.create({"Files": first})
    (plan,) = made["fields"]["Files"]
    more: Any = [{"id": plan["id"]}, {"url": "https://example.com/b", "filename": "b.txt"}]

    changed = tasks.update(made["id"], {"Files": more})

    assert plan["filename"] == "plan.pdf"
    assert [item["filename"] for item in changed["fields"]["Files"]] == ["plan.pdf", "b.txt"]
    assert changed["fields"]["Files"][0] == plan


def test_a_collaborator_is_named_by_address_and_shown_whole(tasks: Table) -> None:
    made = tasks.create({"Lead": {"email": "ada@example.com"}})

    assert made["fields"]["Lead"] == {"id": "usrAda00000000000", "email": "ada@example.com", "name": "Ada"}


def test_a_filter_may_have_thousands_of_terms(tasks: Table, http: Any) -> None:
    tasks.batch_create([{"Title": "x2999"}, {"Title": "other"}])
    terms = ",".join(f"{{Title}}='x{number}'" for number in range(3000))

    answer = http.call("POST", f"{BASE}/Tasks/listRecords", json={"filterByFormula": f"OR({terms})"})

    assert [record["fields"]["Title"] for record in answer.json()["records"]] == ["x2999"]


def test_a_batch_with_one_bad_record_changes_nothing(tasks: Table, http: Any) -> None:
    records = [{"fields": {"Title": "good"}}, {"fields": {"Title": "bad", "Hours": "many"}}]

    answer = http.call("POST", f"{BASE}/Tasks", json={"records": records})

    assert answer.status_code == 422
    assert tasks.all() == []
    assert tasks.create({"Title": "next"})["fields"]["Number"] == 1
