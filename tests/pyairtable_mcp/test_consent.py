"""Records are removed only after somebody agreed: a person where one can be asked, else a second call."""

import re
from dataclasses import replace
from typing import Any

import pytest
from mcp.types import ElicitResult

from local_twins.airtable import import_document
from pyairtable_mcp import TOOLS, parameters_of
from pyairtable_mcp.caller import Caller
from pyairtable_mcp.consent import LIFETIME_SECONDS, Handles, Question, require_consent

YES = ElicitResult(action="accept", content={"agreed": True})
NOS = [
    ElicitResult(action="decline"),
    ElicitResult(action="cancel"),
    ElicitResult(action="accept", content={"agreed": False}),
]
FIRST, SECOND = "recTask0000000001", "recTask0000000002"


def handle_of(text):
    found = re.search(r"confirm='([^']+)'", text)
    assert found is not None, text
    return found[1]


async def test_a_person_who_can_be_asked_is_asked_and_agrees(call):
    questions: list[str] = []

    answer = await call.asking(YES, questions)("delete_record", record_id=FIRST)

    assert answer["deleted"]
    assert questions == [f'Delete the record "Task 1" ({FIRST}) of Tasks?']
    assert (await call("get_records"))["total"] == 29


@pytest.mark.parametrize("no", NOS)
async def test_what_a_person_does_not_agree_to_is_not_done(call, no):
    text = await call.asking(no, []).refused("delete_record", record_id=FIRST)

    assert "did not agree" in text
    assert (await call("get_records"))["total"] == 30


REMOVING: dict[str, dict[str, Any]] = {
    "delete_record": {"record_id": FIRST},
    "delete_records": {"record_ids": [FIRST, SECOND]},
    "delete_comment": {"record_id": FIRST},
    "delete_webhook": {},
    "undo_change": {},
    "update_field": {"field": "Status", "options": {"choices": []}},
    "sync_tables": {
        "source_base_id": "Work",
        "source_table_id": "Tasks",
        "target_base_id": "Work",
        "target_table_id": "People",
        "key_field": "Name",
        "dry_run": False,
        "delete_missing": True,
    },
}


async def removed_by(call, tool):
    """The arguments of a call that removes something, which is made first where it is not there."""
    made = {}
    if tool == "delete_comment":
        made = {"comment_id": (await call("create_comment", record_id=FIRST, text="Soon gone"))["id"]}
    if tool == "delete_webhook":
        made = {"webhook_id": (await call("create_webhook"))["id"]}
    if tool == "undo_change":
        made = {"change_id": (await call("create_record", fields={"Name": "Soon gone"}))["change_id"]}
    return REMOVING[tool] | made


def test_every_tool_that_removes_something_is_asked_about_here():
    assert sorted(REMOVING) == sorted(tool.name for tool in TOOLS if "confirm" in parameters_of(tool))


@pytest.mark.parametrize("tool", REMOVING)
async def test_each_of_them_does_nothing_before_somebody_agreed(call, tool):
    arguments = await removed_by(call, tool)
    questions: list[str] = []

    declined = await call.asking(NOS[0], []).refused(tool, **arguments)
    refused = await call.refused(tool, **arguments)
    again = await call.refused(tool, **arguments, confirm="bm90IGEgaGFuZGxl")
    await call.asking(YES, questions)(tool, **arguments)

    assert "did not agree. Nothing was changed" in declined
    assert "Nothing was changed yet. Ask the user" in refused
    assert "confirm was refused" in again
    # What is asked names what is there; had it been removed before, there would be nothing to ask about.
    assert len(questions) == 1
    assert questions[0] in refused


async def test_a_handle_counts_for_nothing_where_a_person_can_be_asked(call):
    handle = handle_of(await call.refused("delete_record", record_id=FIRST))

    text = await call.asking(NOS[0], []).refused("delete_record", record_id=FIRST, confirm=handle)

    assert "did not agree" in text
    assert (await call("get_records"))["total"] == 30


async def test_without_a_person_the_first_call_refuses_and_the_second_does_it(call):
    text = await call.refused("delete_record", record_id=FIRST)
    before = (await call("get_records"))["total"]
    done = await call("delete_record", record_id=FIRST, confirm=handle_of(text))

    assert "Nothing was changed yet. Ask the user" in text
    assert before == 30
    assert done["id"] == FIRST
    assert (await call("get_records"))["total"] == 29


async def test_a_handle_is_good_for_one_call(call):
    handle = handle_of(await call.refused("delete_record", record_id=FIRST))
    done = await call("delete_record", record_id=FIRST, confirm=handle)
    await call("undo_change", change_id=done["change_id"])

    again = await call.refused("delete_record", record_id=FIRST, confirm=handle)

    assert FIRST in again


async def test_a_handle_belongs_to_its_arguments_and_to_what_would_be_removed(call):
    handle = handle_of(await call.refused("delete_record", record_id=FIRST))

    other = await call.refused("delete_record", record_id=SECOND, confirm=handle)
    await call("update_record", record_id=FIRST, fields={"Hours": 99})
    changed = await call.refused("delete_record", record_id=FIRST, confirm=handle)
    tool = await call.refused("delete_records", record_ids=[FIRST], confirm=handle)
    made_up = await call.refused("delete_record", record_id=FIRST, confirm="bm90IGEgaGFuZGxl")
    no_text = await call.refused("delete_record", record_id=FIRST, confirm="ü")

    for text in (other, changed, tool, made_up):
        assert "belongs to another call, or what it is about has changed" in text
    assert "not one that this server gave" in no_text
    assert (await call("get_records"))["total"] == 30
    assert await call("delete_record", record_id=FIRST, confirm=handle_of(changed))


def a_table(number, name, fields):
    """A table whose first field is its name."""
    first = {"id": f"fldLook{number}000000000", "name": "Name", "type": "singleLineText"}
    return {
        "id": f"tblLook{number}000000000",
        "name": name,
        "primaryFieldId": first["id"],
        "fields": [first, *fields],
        "views": [],
    }


LOOK = {
    "id": "appLook0000000001",
    "name": "Look",
    "tables": [
        a_table(1, "Who", []),
        a_table(
            2,
            "What",
            [
                {
                    "id": "fldLook2000000001",
                    "name": "By",
                    "type": "multipleRecordLinks",
                    "options": {"linkedTableId": "tblLook1000000000"},
                },
                {
                    "id": "fldLook2000000002",
                    "name": "By whom",
                    "type": "multipleLookupValues",
                    "options": {
                        "recordLinkFieldId": "fldLook2000000001",
                        "fieldIdInLinkedTable": "fldLook1000000000",
                    },
                },
            ],
        ),
    ],
    "records": {
        "tblLook1000000000": [{"id": "recLook1000000000", "fields": {"Name": "Ada"}}],
        "tblLook2000000000": [
            {"id": "recLook2000000000", "fields": {"Name": "it", "By": ["recLook1000000000"]}}
        ],
    },
}


async def test_a_handle_outlives_what_airtable_fills_in_itself(call, store):
    import_document(store, {"users": [], "bases": [LOOK]})
    what = {"base_id": "Look", "table": "What", "record_id": "recLook2000000000"}
    handle = handle_of(await call.refused("delete_record", **what))

    await call("update_record", "Who", base_id="Look", record_id="recLook1000000000", fields={"Name": "Eve"})
    shown = await call("delete_record", **what, dry_run=True)

    assert shown["differences"][0]["before"]["By whom"] == ["Eve"]
    assert await call("delete_record", **what, confirm=handle)


def test_a_question_does_not_depend_on_signed_addresses():
    def asked(url, size=3):
        file = {"id": "att1", "filename": "a.png", "url": url, "size": size}
        return Question("delete_record", "Delete it?", [{"Files": [file]}]).digest("ada")

    assert asked("https://x/1") == asked("https://x/2")
    assert asked("https://x/1") != asked("https://x/1", size=4)


async def test_a_deletion_that_is_repeated_under_its_key_answers_as_it_did(call):
    keyed = call.keyed("gone-1")
    first = await keyed.agreed("delete_record", record_id=FIRST)
    many = await call.keyed("gone-2").agreed("delete_records", record_ids=[SECOND, "recTask0000000003"])

    again = await keyed("delete_record", record_id=FIRST)
    many_again = await call.keyed("gone-2")("delete_records", record_ids=[SECOND, "recTask0000000003"])
    other = await call.keyed("gone-3").refused("delete_record", record_id=FIRST)

    assert again == first
    assert many_again["deleted"] == many["deleted"]
    assert FIRST in other


async def test_many_records_are_deleted_after_one_question_that_names_them(call):
    ids = [f"recTask{number:010}" for number in range(1, 24)]
    questions: list[str] = []

    shown = await call("delete_records", record_ids=ids, dry_run=True)
    deleted = await call.asking(YES, questions)("delete_records", record_ids=[*ids, *ids])
    missing = await call.refused("delete_records", record_ids=[ids[0], "recTask0000000029"])

    assert [row["id"] for row in shown["differences"]] == ids
    assert shown["differences"][0]["before"]["Name"] == "Task 1"
    assert deleted["deleted"] == ids
    assert deleted["message"] == "23 deleted"
    assert len(questions) == 1
    assert '"Task 10" and 13 more' in questions[0]
    assert ids[0] in missing
    assert (await call("get_records"))["total"] == 7


async def test_undoing_a_creation_asks_and_undoing_a_change_does_not(call):
    created = await call("create_record", fields={"Name": "New"})
    changed = await call("update_record", record_id=FIRST, fields={"Hours": 7})

    undone = await call("undo_change", change_id=changed["change_id"])
    asked = await call.refused("undo_change", change_id=created["change_id"])
    gone = await call("undo_change", change_id=created["change_id"], confirm=handle_of(asked))

    assert undone["differences"][0]["after"] == {"Hours": 0.5}
    assert f"Undoing {created['change_id']} deletes 1" in asked
    assert gone["differences"][0]["verb"] == "remove"
    assert (await call("get_records"))["total"] == 30


class Clock:
    def __init__(self):
        self.now = 1_000_000.0

    def __call__(self):
        return self.now


QUESTION = Question("delete_record", "Delete it?", ["base", "table", {"Name": "x"}])


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def handles(clock):
    return Handles(clock)


async def issued(handles, caller=None):
    with pytest.raises(Exception, match="Nothing was changed yet") as refused:
        await require_consent(handles, caller or Caller(), QUESTION, "")
    return handle_of(str(refused.value))


async def test_a_handle_dies_after_ten_minutes(handles, clock):
    young, old = await issued(handles), await issued(handles)

    clock.now += LIFETIME_SECONDS - 1
    await require_consent(handles, Caller(), QUESTION, young)
    clock.now += 2
    with pytest.raises(Exception, match="older than ten minutes"):
        await require_consent(handles, Caller(), QUESTION, old)


async def test_a_handle_cannot_be_used_twice_or_by_another_principal_or_process(handles, clock):
    ada, bob = Caller("ada"), Caller("bob")
    handle = await issued(handles, ada)

    for thief, where in ((bob, handles), (ada, Handles(clock))):
        with pytest.raises(Exception, match="belongs to another call"):
            await require_consent(where, thief, QUESTION, handle)
    await require_consent(handles, ada, QUESTION, handle)
    with pytest.raises(Exception, match="used already"):
        await require_consent(handles, ada, QUESTION, handle)


async def test_no_byte_of_a_handle_can_be_changed(handles):
    handle = await issued(handles)

    for place in range(len(handle)):
        other = "A" if handle[place] != "A" else "B"
        with pytest.raises(Exception, match="confirm was refused"):
            await require_consent(handles, Caller(), QUESTION, handle[:place] + other + handle[place + 1 :])
    await require_consent(handles, Caller(), QUESTION, handle)


async def test_a_question_that_differs_in_anything_needs_its_own_handle(handles):
    handle = await issued(handles)

    for other in (
        replace(QUESTION, tool="delete_records"),
        replace(QUESTION, text="Delete them?"),
        replace(QUESTION, subject=["base", "table", {"Name": "y"}]),
    ):
        with pytest.raises(Exception, match="belongs to another call"):
            await require_consent(handles, Caller(), other, handle)
