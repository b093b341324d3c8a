"""Writing any number of records: each one is accounted for."""

from typing import Any


async def test_any_number_of_records_is_created_given_plainly_or_wrapped(call):
    records: list[dict[str, Any]] = [{"Name": f"Plain {number}"} for number in range(12)]
    records += [{"fields": {"Name": f"Wrapped {number}"}} for number in range(11)]

    answer = await call("batch_create_records", records=records)

    names = [record["fields"]["Name"] for record in answer["created_records"]]
    assert names == [record.get("Name") or record["fields"]["Name"] for record in records]
    assert [record["index"] for record in answer["created_records"]] == list(range(23))
    assert answer["errors"] == []
    assert answer["message"] == "23 created"


async def test_one_bad_record_does_not_keep_the_others_of_its_ten(call):
    records: list[dict[str, Any]] = [
        {"id": f"recTask{number:010}", "fields": {"Name": "Changed"}} for number in range(1, 25)
    ]
    records[4]["id"] = "recMissing0000000"

    answer = await call("batch_update_records", records=records)

    assert len(answer["updated_records"]) == 23
    assert [(error["index"], error["status"]) for error in answer["errors"]] == [(4, "failed")]
    assert "recMissing0000000" in answer["errors"][0]["error"]
    assert answer["message"] == "23 updated, 1 not: see errors"


async def test_values_that_airtable_would_refuse_stop_the_batch_before_it_begins(call):
    text = await call.refused("batch_create_records", records=[{"Name": "a"}, {"Nope": 1}, {"Hours": "x"}])

    assert "records[1]: There is no field" in text
    assert "records[2]: Hours" in text
    assert (await call("get_records"))["total"] == 30


async def test_a_long_answer_keeps_every_id(call):
    records = [{"Name": f"N{number}"} for number in range(25)]

    answer = await call.with_budget(2_500)("batch_create_records", records=records)

    assert len({record["id"] for record in answer["created_records"]}) == 25
    assert all(record.keys() == {"index", "id"} for record in answer["created_records"])
    assert "index and id alone" in answer["cut"]


async def test_what_was_under_way_when_the_connection_broke_is_not_called_failed(call_that_breaks):
    records = [{"Name": f"N{number}"} for number in range(25)]

    answer = await call_that_breaks("batch_create_records", records=records)

    statuses = [error["status"] for error in answer["errors"]]
    assert len(answer["created_records"]) == 10
    assert statuses == ["unknown"] * 10 + ["not_sent"] * 5
