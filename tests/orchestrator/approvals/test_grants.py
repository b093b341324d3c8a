"""A grant covers what its owner said and nothing more."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from orchestrator.approvals import Grant, GrantNotFound, Grants

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
GRANT = Grant(
    id="grt_1",
    owner="ada",
    tools=("create_record", "batch_create_records", "delete_record", "sync_tables", "update_field"),
    most_records=10,
    created_at=NOW,
    expires_at=NOW + timedelta(hours=1),
    table="Clients",
)


@pytest.mark.parametrize(
    ("tool", "effect", "arguments", "is_covered"),
    [
        ("create_record", "writes", {"table_id": "Clients"}, True),
        ("update_record", "writes", {"table_id": "Clients"}, False),
        ("create_record", "writes", {"table_id": "Projects"}, False),
        ("create_record", "writes", {}, False),
        ("batch_create_records", "writes", {"table_id": "Clients", "records": [{}] * 10}, True),
        ("batch_create_records", "writes", {"table_id": "Clients", "records": [{}] * 11}, False),
        ("delete_record", "destroys", {"table_id": "Clients"}, False),
        ("batch_create_records", "writes", {"table_id": "Clients", "records": "[{}, {}]"}, False),
        ("batch_create_records", "writes", {"table_id": "Clients", "records": {"0": {}}}, False),
        ("create_record", "writes", {"table_id": "Clients", "confirm": "yes"}, False),
        ("update_field", "writes", {"table_id": "Clients", "name": "Label"}, True),
        ("update_field", "writes", {"table_id": "Clients", "options": {"choices": []}}, False),
        ("sync_tables", "writes", {"target_table_id": "Clients"}, False),
    ],
)
def test_a_grant_covers_its_tools_table_and_number_and_never_destruction(tool, effect, arguments, is_covered):
    assert GRANT.covers(tool, effect, arguments, session="ses_1", at=NOW) == is_covered


def test_a_grant_ends_with_its_time_and_its_session():
    here = replace(GRANT, session="ses_1", table=None)

    assert here.covers("create_record", "writes", {}, session="ses_1", at=NOW)
    assert not here.covers("create_record", "writes", {}, session="ses_2", at=NOW)
    assert not here.covers("create_record", "writes", {}, session="ses_1", at=GRANT.expires_at)


async def test_a_grant_is_in_force_until_it_is_taken_back(database):
    grants = Grants(database)
    await grants.give(GRANT)

    assert await grants.in_force("ada", at=NOW) == [GRANT]
    assert await grants.in_force("grace", at=NOW) == []
    assert await grants.in_force("ada", at=GRANT.expires_at) == []
    with pytest.raises(GrantNotFound):
        await grants.take_back("grt_1", "grace", at=NOW)
    await grants.take_back("grt_1", "ada", at=NOW)
    assert await grants.in_force("ada", at=NOW) == []
