"""What a webhook's payloads tell of foreign changes, and who is told on."""

import pytest

from airtable_gateway import ForeignChanges, all_of, changes_told

BASE, TABLE, OTHER = "appTestTestTest01", "tblTestTestTest01", "tblOtherOtherOth1"


@pytest.mark.parametrize(
    ("payload", "tables", "reshapes", "is_whole"),
    [
        ({"changedTablesById": {TABLE: {"changedRecordsById": {"rec1": {}}}}}, {TABLE}, False, False),
        ({"changedTablesById": {TABLE: {"destroyedRecordIds": ["rec1"]}}}, {TABLE}, False, False),
        ({"changedTablesById": {TABLE: {"changedFieldsById": {"fld1": {}}}}}, {TABLE}, True, False),
        ({"changedTablesById": {TABLE: {"changedMetadata": {}}}}, {TABLE}, True, False),
        ({"createdTablesById": {OTHER: {}}}, {OTHER}, True, False),
        ({"destroyedTableIds": [OTHER]}, set(), True, False),
        ({"error": True, "code": "INTERNAL_ERROR"}, set(), True, True),
        ({"timestamp": "2026-11-25T12:00:00.000Z"}, set(), False, False),
    ],
)
def test_a_payload_tells_tables_and_whether_the_schema_changed(payload, tables, reshapes, is_whole) -> None:
    told = changes_told(BASE, [payload])

    assert told == ForeignChanges(BASE, frozenset(tables), reshapes=reshapes, is_whole=is_whole)
    assert bool(told) == bool(tables or reshapes)


async def test_all_hearers_are_told_in_order() -> None:
    heard: list[tuple[str, ForeignChanges]] = []

    def hearer(name: str):
        async def hear(changes: ForeignChanges) -> None:
            heard.append((name, changes))

        return hear

    news = ForeignChanges(BASE, frozenset({TABLE}))
    await all_of(hearer("cache"), hearer("watchers"))(news)

    assert heard == [("cache", news), ("watchers", news)]
