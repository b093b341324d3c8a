"""An idempotency key names one call: its repetition is answered from the journal."""

import asyncio

import pytest

from airtable_gateway import (
    Author,
    InvalidValue,
    JournaledGateway,
    KeyReused,
    MemoryJournal,
    RecordChange,
    RecordQuery,
    Unreachable,
)


def ada(key: str, **parts) -> Author:
    return Author(**{"principal": "ada", "tool": "create_records", "key": key} | parts)


async def _titles(gateway) -> list[str]:
    page = await gateway.page("Shop", "Orders", RecordQuery())
    return sorted(record.fields["Title"] for record in page.records)


async def test_a_known_key_gives_the_recorded_answer_and_executes_nothing(gateway):
    first = await gateway.signed(ada("k")).create("Shop", "Orders", [{"Title": "a", "Amount": 1}])
    again = gateway.signed(ada("k"))

    second = await again.create("Shop", "Orders", [{"Title": "a", "Amount": 1}])

    assert second == first
    assert await _titles(gateway) == ["a"]
    assert again.written[0].after.keys() == {first[0].id}


_WRITES = {
    "update": lambda signed, key: signed.update("Shop", "Orders", [RecordChange(key, {"Amount": 2})]),
    "replace": lambda signed, key: signed.update(
        "Shop", "Orders", [RecordChange(key, {"Title": "b"})], replace=True
    ),
    "upsert": lambda signed, _: signed.upsert(
        "Shop", "Orders", [{"Title": "a", "Amount": 3}], merge_on=["Title"]
    ),
    "delete": lambda signed, key: signed.delete("Shop", "Orders", [key]),
    "create_base": lambda signed, _: signed.create_base(
        "wspTestTestTest001", "B", [{"name": "T", "fields": [{"name": "N", "type": "singleLineText"}]}]
    ),
    "create_table": lambda signed, _: signed.create_table(
        "Shop", "T", [{"name": "N", "type": "singleLineText"}]
    ),
    "update_table": lambda signed, _: signed.update_table("Shop", "Orders", name="Sales"),
    "create_field": lambda signed, _: signed.create_field(
        "Shop", "Orders", "Pick", "singleSelect", options={"choices": [{"name": "x"}]}
    ),
    "update_field": lambda signed, _: signed.update_field("Shop", "Orders", "Title", description="What"),
    "create_comment": lambda signed, key: signed.create_comment("Shop", "Orders", key, "Well"),
}


@pytest.mark.parametrize("write", _WRITES.values(), ids=_WRITES)
async def test_every_kind_of_write_is_answered_from_the_journal_as_it_was_at_first(gateway, write):
    [record] = await gateway.create("Shop", "Orders", [{"Title": "a", "Amount": 1}])
    first = await write(gateway.signed(ada("k")), record.id)

    assert await write(gateway.signed(ada("k")), record.id) == first

    assert len((await gateway.changes()).changes) == 2


async def test_the_same_key_with_other_arguments_is_refused_naming_both(gateway):
    await gateway.signed(ada("k")).create("Shop", "Orders", [{"Title": "apples"}])

    with pytest.raises(KeyReused, match=r"(?s)'k'.*apples.*pears") as refused:
        await gateway.signed(ada("k")).create("Shop", "Orders", [{"Title": "pears"}])
    with pytest.raises(KeyReused, match=r"(?s)create.*delete"):
        await gateway.signed(ada("k")).delete("Shop", "Orders", ["recX"])

    assert "new key" in refused.value.hint
    assert await _titles(gateway) == ["apples"]


async def test_a_key_is_the_principals_own(gateway):
    await gateway.signed(ada("k")).create("Shop", "Orders", [{"Title": "a"}])

    await gateway.signed(ada("k", principal="bob")).create("Shop", "Orders", [{"Title": "b"}])

    assert await _titles(gateway) == ["a", "b"]


async def test_of_concurrent_calls_with_one_key_one_executes_and_all_get_its_answer(gateway):
    answers = await asyncio.gather(
        *(gateway.signed(ada("k")).create("Shop", "Orders", [{"Title": "a"}]) for _ in range(10))
    )

    assert len({records[0].id for records in answers}) == 1
    assert await _titles(gateway) == ["a"]


async def test_a_recorded_refusal_is_given_again_without_asking(gateway, counted):
    with pytest.raises(InvalidValue) as first:
        await gateway.signed(ada("k")).create("Shop", "Orders", [{"Amount": "many"}])
    counted.clear()

    with pytest.raises(InvalidValue) as second:
        await gateway.signed(ada("k")).create("Shop", "Orders", [{"Amount": "many"}])

    assert (second.value.message, second.value.status) == (first.value.message, first.value.status)
    assert counted.writes == 0


async def test_a_call_of_many_writes_is_resumed_under_its_key(gateway):
    rows = [[{"Title": f"{part}-{n}"} for n in range(10)] for part in range(3)]
    begun = gateway.signed(ada("k"), many=True)
    await begun.create("Shop", "Orders", rows[0])
    await begun.create("Shop", "Orders", rows[1])

    again = gateway.signed(ada("k"), many=True)
    for part in rows:
        await again.create("Shop", "Orders", part)

    assert len(await _titles(gateway)) == 30
    assert [change.step for change in again.written] == [1, 2, 3]
    assert again.written[:2] == tuple([await gateway.change(change.id) for change in begun.written])


async def test_a_write_that_never_left_frees_its_key(counted, shop):
    async with JournaledGateway(counted, MemoryJournal()) as gateway:
        counted.fail_next(Unreachable("No way", may_be_applied=False))
        with pytest.raises(Unreachable):
            await gateway.signed(ada("k")).create("Shop", "Orders", [{"Title": "a"}])

        await gateway.signed(ada("k")).create("Shop", "Orders", [{"Title": "a"}])

        assert await _titles(gateway) == ["a"]
        states = [change.state for change in (await gateway.changes()).changes]
        assert states == ["applied", "refused"]


async def test_a_write_whose_answer_was_lost_is_looked_for_and_not_repeated(counted, shop):
    async with JournaledGateway(counted, MemoryJournal()) as gateway:
        counted.fail_next(Unreachable("Lost"), after=True)
        with pytest.raises(Unreachable, match="Lost"):
            await gateway.signed(ada("k")).create("Shop", "Orders", [{"Title": "a"}])

        [record] = await gateway.signed(ada("k")).create("Shop", "Orders", [{"Title": "a"}])

        assert record.fields == {"Title": "a"}
        assert await _titles(gateway) == ["a"]


async def test_a_write_of_which_nobody_can_tell_is_said_to_be_unknown_and_not_repeated(counted, shop):
    async with JournaledGateway(counted, MemoryJournal()) as gateway:
        counted.fail_next(Unreachable("Lost"), after=True)
        with pytest.raises(Unreachable, match="Lost"):
            await gateway.signed(ada("k")).create("Shop", "Orders", [{"Title": "a"}])
        await shop.create("Shop", "Orders", [{"Title": "a"}])

        with pytest.raises(Unreachable, match="does not tell") as again:
            await gateway.signed(ada("k")).create("Shop", "Orders", [{"Title": "a"}])

        assert again.value.may_be_applied
        assert await _titles(gateway) == ["a", "a"]


async def test_a_write_that_got_lost_on_its_way_is_made_under_its_key(counted, shop):
    async with JournaledGateway(counted, MemoryJournal(), settling_seconds=0) as gateway:
        counted.fail_next(Unreachable("Lost"))
        with pytest.raises(Unreachable, match="Lost"):
            await gateway.signed(ada("k")).create("Shop", "Orders", [{"Title": "a"}])

        await gateway.signed(ada("k")).create("Shop", "Orders", [{"Title": "a"}])

        assert await _titles(gateway) == ["a"]
