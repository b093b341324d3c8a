"""What bases differ in, as the tasks are judged by it."""

import pytest

from evals.state import changes, read, read_again
from local_twins.airtable import Store, import_document

TASKS = {
    "id": "tblTasks000000001",
    "name": "Tasks",
    "primaryFieldId": "fldTaskName000001",
    "fields": [
        {"id": "fldTaskName000001", "name": "Name", "type": "singleLineText"},
        {"id": "fldHours000000001", "name": "Hours", "type": "number", "options": {"precision": 1}},
    ],
}
RECORDS = [{"id": "recTask0000000001", "fields": {"Name": "Write", "Hours": 2}}]


def a_base(name, *, tables=(TASKS,), records=RECORDS):
    return {"id": f"app{name:0<14}", "name": name, "tables": list(tables), "records": {"Tasks": records}}


def state(*bases):
    with Store.open(":memory:") as store:
        import_document(store, {"users": [], "bases": list(bases)})
        return read(store)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (a_base("Work"), {}),
        (a_base("Work", records=[]), {"Work": {"Tasks": {"deleted": ["recTask0000000001"]}}}),
        (
            a_base("Work", records=[{**RECORDS[0], "fields": {"Name": "Write"}}]),
            {"Work": {"Tasks": {"changed": {"recTask0000000001": {"Hours": None}}}}},
        ),
        (
            a_base("Work", records=[*RECORDS, {"id": "recTask0000000002", "fields": {"Name": "Rest"}}]),
            {"Work": {"Tasks": {"added": [{"Name": "Rest"}]}}},
        ),
        (
            a_base("Work", tables=[{**TASKS, "fields": TASKS["fields"][:1]}], records=[]),
            {"Work": {"Tasks": {"fields": {"Hours": None}, "deleted": ["recTask0000000001"]}}},
        ),
        (a_base("Play"), {"Play": "came", "Work": "gone"}),
    ],
)
def test_what_differs_is_told_and_nothing_else(after, expected):
    assert changes(state(a_base("Work")), state(after)) == expected


def test_a_base_of_which_the_feed_tells_nothing_is_not_read_again():
    with Store.open(":memory:") as store:
        import_document(store, {"users": [], "bases": [a_base("Work")]})
        before, since = read(store), store.changes.last()
        import_document(store, {"users": [], "bases": [{**a_base("Play"), "tables": [], "records": {}}]})

        after = read_again(store, before, since)

    assert after["Work"] is before["Work"]
