"""Studio has every field type, people who exist, and some untidy data to find."""

from collections import Counter
from datetime import datetime
from typing import Any

Model = dict[str, Any]


def tables(studio: Model) -> list[Model]:
    found: list[Model] = studio["bases"][0]["tables"]
    return found


def rows(studio: Model, name: str) -> list[Model]:
    table = next(table for table in tables(studio) if table["name"] == name)
    return [record["fields"] for record in studio["bases"][0]["records"][table["id"]]]


def test_every_field_type_occurs_and_every_stored_one_has_a_value(
    studio: Model, option_shapes: dict[str, Any]
) -> None:
    declared = {field["type"] for table in tables(studio) for field in table["fields"]}
    filled = {
        field["type"]
        for table in tables(studio)
        for field in table["fields"]
        if any(field["name"] in row for row in rows(studio, table["name"]))
    }

    assert declared == set(option_shapes)
    derived = {"formula", "rollup", "count", "multipleLookupValues", "button", "createdTime"}
    assert declared - filled == derived


def test_collaborators_are_users_of_the_document(studio: Model) -> None:
    users = {user["id"]: user for user in studio["users"]}
    kinds = {"singleCollaborator", "multipleCollaborators", "createdBy", "lastModifiedBy"}
    seen = 0
    for table in tables(studio):
        for field in (field for field in table["fields"] if field["type"] in kinds):
            for row in rows(studio, table["name"]):
                value = row.get(field["name"], [])
                for person in value if isinstance(value, list) else [value]:
                    assert users[person["id"]] == person
                    seen += 1

    assert seen > len(users)


def test_attachments_are_objects_on_a_host_that_nobody_owns(studio: Model) -> None:
    found = [
        item
        for table in tables(studio)
        for field in table["fields"]
        if field["type"] == "multipleAttachments"
        for row in rows(studio, table["name"])
        for item in row.get(field["name"], [])
    ]

    assert found
    for item in found:
        assert {"id", "url", "filename", "size", "type"} <= set(item)
        assert item["url"] == f"https://files.example.com/studio/{item['filename']}"


def test_client_names_repeat_but_for_case_spaces_and_marks(studio: Model) -> None:
    names = [row["Name"] for row in rows(studio, "Clients")]
    folded = Counter(name.strip().casefold().replace("’", "'").replace("&", "and") for name in names)

    assert len(set(names)) == len(names)
    assert {"harbour and sons": 3, "o'brien bakery": 2}.items() <= folded.items()


def test_text_holds_what_careless_code_trips_over(studio: Model) -> None:
    everything = "".join(
        str(value)
        for table in tables(studio)
        for row in rows(studio, table["name"])
        for value in row.values()
    )

    assert [mark for mark in ("O'Brien", '"', ",", "\\", "{", "🍲", "é") if mark not in everything] == []
    starts = {str(row.get("Notes", " "))[0] for name in ("Tasks", "Clients") for row in rows(studio, name)}
    assert {"=", "+", "-", "@"} <= starts


def test_some_tasks_are_overdue_on_the_day_the_data_was_written(studio: Model) -> None:
    modified = max(row["Modified"] for row in rows(studio, "Tasks"))
    today = str(datetime.fromisoformat(modified).date())
    overdue = [
        row["Title"] for row in rows(studio, "Tasks") if row.get("Due", today) < today and "Done" not in row
    ]

    assert "Photos of the harbour" in overdue


def test_each_table_has_eight_to_forty_records(studio: Model) -> None:
    sizes = {table["name"]: len(rows(studio, table["name"])) for table in tables(studio)}

    assert all(8 <= size <= 40 for size in sizes.values()), sizes
