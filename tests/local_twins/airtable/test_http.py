"""The manners of HTTP: slashes, preflights, names with odd signs, both ways to ask for a list."""

from typing import Any

import pytest
import requests
from pyairtable import Api

BASE = "appTest0000000000"
RECORD = "recTask0000000001"


@pytest.fixture
def records() -> dict[str, list[dict[str, Any]]]:
    return {
        "Tasks": [
            {"id": f"recTask000000000{n}", "fields": {"Title": f"T{n}", "Hours": n, "Due": "2026-11-23"}}
            for n in range(1, 4)
        ]
    }


@pytest.mark.parametrize("path", [f"{BASE}/Tasks", f"{BASE}/Tasks/{RECORD}", f"meta/bases/{BASE}/tables"])
def test_a_trailing_slash_makes_no_difference(http: Any, path: str) -> None:
    without, with_slash = http.call("GET", path), http.call("GET", f"{path}/?", allow_redirects=False)

    assert with_slash.status_code == 200
    assert with_slash.json() == without.json()


@pytest.mark.parametrize("path", [f"{BASE}/Tasks", f"{BASE}/Tasks/{RECORD}", "meta/whoami", "nowhere"])
def test_head_tells_of_an_answer_what_get_tells_but_for_its_body(http: Any, path: str) -> None:
    head, whole = http.call("HEAD", path), http.call("GET", path)

    assert (head.status_code, head.content) == (whole.status_code, b"")
    assert head.headers["content-length"] == str(len(whole.content))


def test_the_root_of_the_api_is_a_path_that_is_not_there(url: str) -> None:
    answers = [requests.get(f"{url}/v0{end}", timeout=10) for end in ("", "/")]

    assert [answer.status_code for answer in answers] == [401, 401]


def test_a_body_may_begin_with_a_byte_order_mark(http: Any) -> None:
    answer = http.call("POST", f"{BASE}/Tasks", data=b'\xef\xbb\xbf{"fields": {"Title": "T4"}}')

    assert answer.json()["fields"]["Title"] == "T4"


def test_the_sort_keys_of_a_query_are_numbered_within_reason(http: Any) -> None:
    place = "9" * 5000

    answer = http.call("GET", f"{BASE}/Tasks?sort[{place}][field]=Title")

    assert answer.status_code == 200


def test_a_browser_may_ask_from_anywhere(url: str, http: Any) -> None:
    preflight = requests.options(f"{url}/v0/{BASE}/Tasks", timeout=10)

    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-origin"] == "*"
    assert "authorization" in preflight.headers["access-control-allow-headers"]
    assert "PATCH" in preflight.headers["access-control-allow-methods"]
    assert http.call("GET", f"{BASE}/Tasks").headers["access-control-allow-origin"] == "*"


def test_a_tables_name_may_hold_a_slash(http: Any) -> None:
    fields = [{"name": "Name", "type": "singleLineText"}]
    http.call("POST", f"meta/bases/{BASE}/tables", json={"name": "In/Out ä", "fields": fields})

    answer = http.call("POST", f"{BASE}/In%2FOut%20%C3%A4", json={"fields": {"Name": "x"}})

    assert answer.json()["fields"] == {"Name": "x"}


def test_a_list_asked_for_in_the_body_equals_one_asked_for_in_the_path(http: Any) -> None:
    query = {"fields[]": "Title", "sort[0][field]": "Hours", "sort[0][direction]": "desc", "maxRecords": "2"}
    body = {
        "fields": ["Title"],
        "sort": [{"field": "Hours", "direction": "desc"}],
        "maxRecords": 2,
        "method": "get",
    }

    asked = http.call("GET", f"{BASE}/Tasks", params=query).json()
    posted = http.call("POST", f"{BASE}/Tasks/listRecords", json=body).json()

    assert [record["fields"] for record in asked["records"]] == [{"Title": "T3"}, {"Title": "T2"}]
    assert posted == asked


def test_zone_and_locale_beside_the_body_shape_a_list_of_texts(http: Any) -> None:
    answer = http.call(
        "POST",
        f"{BASE}/Tasks/listRecords?timeZone=Europe/Berlin&userLocale=de",
        json={"cellFormat": "string", "maxRecords": 1, "offset": "", "view": ""},
    )

    assert answer.json()["records"][0]["fields"] == {
        "Title": "T1", "Hours": "1.00", "Due": "2026-11-23", "Number": "1",
    }  # fmt: skip


TEXTS: list[tuple[str, dict[str, Any], Any, str]] = [
    ("percent", {"precision": 1}, 0.123, "12.3%"),
    ("currency", {"precision": 2, "symbol": "$"}, 1234.5, "$1,234.50"),
    ("duration", {"durationFormat": "h:mm:ss"}, 3909, "1:05:09"),
    ("checkbox", {"icon": "check", "color": "redBright"}, True, "checked"),
    ("rating", {"icon": "star", "max": 5, "color": "redBright"}, 3, "3"),
    ("multipleSelects", {"choices": [{"name": "a"}, {"name": "b"}]}, ["b", "a"], "b, a"),
    ("singleCollaborator", {}, {"email": "ada@example.com"}, "Ada"),
    ("multipleRecordLinks", {"linkedTableId": "tblTasks000000000"}, [RECORD], "T1"),
    ("multipleAttachments", {}, [{"url": "https://example.com/a.png"}], "a.png (https://example.com/a.png)"),
    ("barcode", {}, {"text": "0123", "type": "upce"}, "0123"),
]
"""Types with a value and its text (reference of the texts of cellFormat=string)."""


@pytest.mark.parametrize(("type_", "options", "value", "text"), TEXTS, ids=[case[0] for case in TEXTS])
def test_a_cell_reads_as_text_by_its_type(
    http: Any, type_: str, options: dict[str, Any], value: Any, text: str
) -> None:
    field = {"name": "New", "type": type_} | ({"options": options} if options else {})
    made = http.call("POST", f"meta/bases/{BASE}/tables/Tasks/fields", json=field)
    assert made.status_code == 200, made.text
    http.call("PATCH", f"{BASE}/Tasks/{RECORD}", json={"fields": {"New": value}})

    params = {"cellFormat": "string", "timeZone": "utc", "userLocale": "en"}
    shown = http.call("GET", f"{BASE}/Tasks/{RECORD}", params=params).json()["fields"]

    assert shown["New"] == text


def test_a_computed_number_reads_as_text_with_the_digits_that_it_has(http: Any) -> None:
    field = {"name": "Half", "type": "formula", "options": {"formula": "{Hours} / 2"}}
    http.call("POST", f"meta/bases/{BASE}/tables/Tasks/fields", json=field)

    params = {"cellFormat": "string", "timeZone": "utc", "userLocale": "en"}
    records = http.call("GET", f"{BASE}/Tasks", params=params).json()["records"]

    assert [record["fields"]["Half"] for record in records] == ["0.5", "1", "1.5"]


@pytest.mark.parametrize("flag", ["1", "true"])
def test_cells_are_named_by_id_where_that_is_asked_for(http: Any, flag: str) -> None:
    answer = http.call("GET", f"{BASE}/Tasks/{RECORD}?returnFieldsByFieldId={flag}&offset=")

    assert answer.json()["fields"]["fldTaTitle0000000"] == "T1"


def test_the_last_page_has_no_offset_and_an_offset_may_be_asked_twice(http: Any) -> None:
    first = http.call("GET", f"{BASE}/Tasks?pageSize=2").json()

    once, twice = (
        http.call("GET", f"{BASE}/Tasks?pageSize=2&offset={first['offset']}").json() for _ in range(2)
    )

    assert once == twice
    assert [record["fields"]["Title"] for record in once["records"]] == ["T3"]
    assert "offset" not in once


def test_max_records_counts_over_all_pages(http: Any) -> None:
    first = http.call("GET", f"{BASE}/Tasks?pageSize=1&maxRecords=2").json()
    second = http.call("GET", f"{BASE}/Tasks?pageSize=1&maxRecords=2&offset={first['offset']}").json()

    assert [record["fields"]["Title"] for record in second["records"]] == ["T2"]
    assert "offset" not in second


@pytest.mark.parametrize("asked", [{"pageSize": "0"}, {"maxRecords": "0"}])
def test_a_page_of_no_records_is_empty_and_the_last(http: Any, asked: dict[str, str]) -> None:
    assert http.call("GET", f"{BASE}/Tasks", params=asked).json() == {"records": []}
    assert http.call("POST", f"{BASE}/Tasks/listRecords", json={**asked}).json() == {"records": []}


@pytest.mark.parametrize("asked", [{"pageSize": "many"}, {"maxRecords": "all"}, {"pageSize": ""}])
def test_a_number_that_is_none_is_overheard(http: Any, asked: dict[str, str]) -> None:
    assert len(http.call("GET", f"{BASE}/Tasks", params=asked).json()["records"]) == 3


@pytest.mark.parametrize("names", ["[]", "[0] [1]", " ", " []"])
def test_the_records_to_delete_are_listed_in_any_way_that_makes_a_list(http: Any, names: str) -> None:
    ids = ["recTask0000000001", "recTask0000000002"]
    keys = [f"records{name}" for name in (names.split(" ") if " " in names else [names] * 2)]

    gone = http.call("DELETE", f"{BASE}/Tasks", params=list(zip(keys, ids, strict=True))).json()

    assert [record["id"] for record in gone["records"]] == ids


def test_records_can_say_how_many_comments_they_have(http: Any) -> None:
    answer = http.call("GET", f"{BASE}/Tasks?recordMetadata[]=commentCount&maxRecords=1").json()

    assert answer["records"][0]["commentCount"] == 0


def test_a_schema_is_read_made_and_changed_by_pyairtable(api: Api) -> None:
    base = api.base(BASE)
    table = base.create_table("Notes", [{"name": "Text", "type": "multilineText"}], description="Ours")
    owner = table.create_field("Owner", "multipleRecordLinks", options={"linkedTableId": "tblPeople00000000"})
    table.create_field(
        "Mood",
        "singleSelect",
        options={"choices": [{"name": "good", "color": "greenBright"}, {"name": "bad"}]},
    )

    schema = table.schema(force=True)
    people = base.table("People").schema(force=True)

    assert [info.name for info in api.bases(force=True)] == ["Work"]
    assert schema.description == "Ours"
    assert schema.primary_field_id == schema.field("Text").id
    assert schema.field("Mood").options.choices[0].color == "greenBright"  # type: ignore[union-attr]  # a select
    assert people.field("Notes").options.inverse_link_field_id == owner.id  # type: ignore[union-attr]  # a link
    assert [view.name for view in schema.views] == ["Grid view"]


def test_a_base_is_made_with_its_tables(http: Any) -> None:
    fields = [{"name": "Name", "type": "singleLineText"}]
    asked = {"name": "New", "workspaceId": "wspTest0000000000", "tables": [{"name": "T", "fields": fields}]}

    made = http.call("POST", "meta/bases", json=asked).json()

    assert http.call("GET", f"meta/bases/{made['id']}/tables").json() == {"tables": made["tables"]}
    assert {base["name"] for base in http.call("GET", "meta/bases").json()["bases"]} == {"Work", "New"}


def test_tables_tell_which_fields_a_view_shows_when_asked(http: Any) -> None:
    plain = http.call("GET", f"meta/bases/{BASE}/tables").json()["tables"][0]["views"][1]
    whole = http.call("GET", f"meta/bases/{BASE}/tables?include=visibleFieldIds").json()["tables"][0][
        "views"
    ][1]

    assert plain == {"id": "viwTaLongest00000", "name": "Longest first", "type": "grid"}
    assert whole["visibleFieldIds"] == ["fldTaTitle0000000", "fldTaHours0000000"]


def test_a_table_and_a_field_are_renamed_and_a_choice_with_all_its_cells(http: Any) -> None:
    http.call("PATCH", f"{BASE}/Tasks/{RECORD}", json={"fields": {"Status": "Todo"}})
    choices = {"options": {"choices": [{"id": "selTodo0000000000", "name": "To do"}]}}

    table = http.call("PATCH", f"meta/bases/{BASE}/tables/Tasks", json={"name": "Jobs"}).json()
    field = http.call(
        "PATCH", f"meta/bases/{BASE}/tables/Jobs/fields/Status", json={"name": "State", **choices}
    ).json()

    assert (table["name"], field["name"]) == ("Jobs", "State")
    assert [choice["name"] for choice in field["options"]["choices"]] == ["To do", "Doing", "Done"]
    assert http.call("GET", f"{BASE}/Jobs/{RECORD}").json()["fields"]["State"] == "To do"


def test_health_is_told_without_a_token(url: str) -> None:
    assert requests.get(f"{url}/health", timeout=10).json() == {"status": "ok"}
