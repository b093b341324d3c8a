"""Files in import format, read piece by piece: as if they were read whole."""

import gzip
import json

import pytest

from local_twins.airtable import ImportRefused, Store, export_document, import_document, import_file


@pytest.fixture
def records():
    ada = {"id": "recAda00000000000", "fields": {"Name": "Ada", "Tasks": ["recTwo00000000000"]}}
    one = {
        "id": "recOne00000000000",
        "fields": {"Title": "One", "Hours": 1.5, "Owner": ["recAda00000000000"]},
    }
    two = {"id": "recTwo00000000000", "fields": {"Title": "Two", "Hours": 2, "Labels": ["red"]}}
    return {"Tasks": [one, two], "People": [ada]}


@pytest.fixture
def imported(tmp_path, clock):
    """What a store holds after the import of a file with that text."""

    def read(text: str, *, packed: bool = False) -> dict[str, object]:
        path = tmp_path / "bases.json"
        path.write_bytes(gzip.compress(text.encode()) if packed else text.encode())
        with Store.open(":memory:", clock=clock) as store:
            import_file(store, path)
            return export_document(store)

    return read


@pytest.fixture
def whole(document, clock):
    """What a store holds after the import of the document."""
    with Store.open(":memory:", clock=clock) as store:
        import_document(store, document)
        return export_document(store)


def _without_made_ids(document):
    """Ids that are made at random, of choices and views, are left out."""

    def kept(members):
        return {key: value for key, value in members.items() if str(value)[:3] not in ("sel", "viw")}

    return json.loads(json.dumps(document), object_hook=kept)


@pytest.mark.parametrize("packed", [False, True])
def test_a_file_comes_in_as_its_document_would(document, imported, whole, packed):
    read = imported(json.dumps(document), packed=packed)

    assert _without_made_ids(read) == _without_made_ids(whole)
    tasks = read["bases"][0]["records"]["tblTasks000000000"]
    assert [task["fields"].get("Owner") for task in tasks] == [["recAda00000000000"]] * 2
    (ada,) = read["bases"][0]["records"]["tblPeople00000000"]
    assert ada["fields"]["Tasks"] == ["recTwo00000000000", "recOne00000000000"]


def test_the_order_of_keys_does_not_matter(document, imported, whole):
    base = dict(reversed(document["bases"][0].items()))
    turned = {"bases": [base], "users": document["users"]}

    assert next(iter(base)) == "records"
    assert _without_made_ids(imported(json.dumps(turned))) == _without_made_ids(whole)


@pytest.mark.parametrize("text", ["", "{", '{"bases": [}', "not json", '{"bases": [{"id": "app'])
def test_what_is_not_json_is_refused(imported, text):
    with pytest.raises(ValueError, match=r".+"):
        imported(text)


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        '{"bases": {}}',
        '{"bases": [3]}',
        '{"users": [{}]}',
        '{"bases": [{"tables": [{"name": "T", "fields": []}]}]}',
    ],
)
def test_what_is_not_the_format_is_refused(imported, text):
    with pytest.raises(ImportRefused):
        imported(text)


def test_a_link_astray_is_refused_and_nothing_stays(document, records, tmp_path, clock):
    document["bases"][0]["records"]["Tasks"][0]["fields"]["Owner"] = ["recNobody00000000"]
    path = tmp_path / "bases.json"
    path.write_text(json.dumps(document), encoding="utf-8")

    with Store.open(":memory:", clock=clock) as store:
        with pytest.raises(ImportRefused, match="recOne00000000000 links to recNobody00000000"):
            import_file(store, path)

        assert store.bases() == []


def test_an_id_that_comes_twice_is_refused(document, imported):
    tasks = document["bases"][0]["records"]["Tasks"]
    tasks.append(dict(tasks[0]))

    with pytest.raises(ImportRefused, match="recOne00000000000") as refused:
        imported(json.dumps(document))

    assert refused.value.ids == ("recOne00000000000",)


def test_a_rollup_gathers_as_many_links_as_there_are(clock, serve, connect):
    """The busiest airline of the flights has 58,665; the formula engine alone stops at ten thousand."""
    many = [{"id": f"recPart{number:010}", "fields": {"Weight": 2}} for number in range(12_000)]
    parts = {
        "name": "Parts",
        "fields": [
            {"name": "Part", "type": "singleLineText"},
            {"id": "fldWeight00000000", "name": "Weight", "type": "number", "options": {"precision": 0}},
        ],
    }
    link = {"linkedTableId": "Parts"}
    roll = {
        "recordLinkFieldId": "fldParts000000000",
        "fieldIdInLinkedTable": "fldWeight00000000",
        "formula": "SUM(values)",
    }
    wholes = {
        "name": "Wholes",
        "fields": [
            {"name": "Whole", "type": "singleLineText"},
            {"id": "fldParts000000000", "name": "Parts", "type": "multipleRecordLinks", "options": link},
            {"name": "Weight", "type": "rollup", "options": roll},
        ],
    }
    whole = {"id": "recWhole000000000", "fields": {"Parts": [part["id"] for part in many]}}
    base = {
        "id": "appHeavy000000000",
        "name": "Heavy",
        "tables": [parts, wholes],
        "records": {"Parts": many, "Wholes": [whole]},
    }

    with Store.open(":memory:", clock=clock) as store:
        import_document(store, {"bases": [base]})
        http = connect(serve(store))
        shown = http.call("GET", "appHeavy000000000/Wholes").json()["records"][0]["fields"]
        http.close()

    assert (len(shown["Parts"]), shown["Weight"]) == (12_000, 24_000)
