"""A small Airtable to be examined against, and what a doctor finds in an environment."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from local_twins.airtable import ListedTokens, Store, TwinServer, create_app, import_document
from pyairtable_app.doctor import Finding, Patient, as_json, as_text, examine

TOKEN = "patABCDEFGHIJKLMN." + "0123456789abcdef" * 4
READER = "patREADERREADERRE." + "0123456789abcdef" * 4
SECRETS = ("0123456789abcdef", "hunter22-secret")
"""Parts of everything that is secret in these tests."""

ADA = {"id": "usrAda00000000000", "email": "ada@example.com", "name": "Ada"}
SHOP = {
    "id": "appShop0000000000",
    "name": "Shop",
    "tables": [
        {
            "id": "tblOrders00000000",
            "name": "Orders",
            "primaryFieldId": "fldOrderName00000",
            "fields": [{"id": "fldOrderName00000", "name": "Name", "type": "singleLineText"}],
            "views": [{"id": "viwOrders00000000", "name": "Grid view", "type": "grid"}],
        }
    ],
    "records": {"tblOrders00000000": [{"id": "recOrder000000001", "fields": {"Name": "First"}}]},
}
SCOPES = [
    "data.records:read",
    "data.records:write",
    "schema.bases:read",
    "schema.bases:write",
    "data.recordComments:read",
    "data.recordComments:write",
    "webhook:manage",
]

Examined = Callable[..., Awaitable[list[Finding]]]


@pytest.fixture(scope="module")
def airtable() -> Iterator[str]:
    """The address of an Airtable that knows a token for everything and one that reads."""
    grants: dict[str, Any] = {
        TOKEN: {"user": ADA["id"], "scopes": SCOPES},
        READER: {
            "user": ADA["id"],
            "scopes": ["schema.bases:read", "data.records:read"],
            "bases": {"appShop0000000000": "read"},
        },
    }
    with Store.open(":memory:") as store:
        import_document(store, {"users": [ADA], "bases": [SHOP]})
        with TwinServer(create_app(store, tokens=ListedTokens(grants))) as url:
            yield url


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """An environment of its own: a data folder, and no client."""
    return {
        "DATA_DIR": str(tmp_path / "data"),
        "PATH": "/usr/bin:/bin",
        "XDG_CONFIG_HOME": str(tmp_path / ".config"),
    }


@pytest.fixture
def found(env: dict[str, str], tmp_path: Path) -> Examined:
    """Examines the environment with these variables besides; no report of it shows a secret."""

    async def examined(more: Mapping[str, str] | None = None, **options: Any) -> list[Finding]:
        patient = Patient({**env, **(more or {})}, home=tmp_path, **options)
        findings = await examine(patient)
        reports = as_text(findings, patient) + as_json(findings, patient)
        assert not [secret for secret in SECRETS if secret in reports]
        return findings

    return examined


def told(findings: list[Finding], check: str, status: str = "") -> str:
    """What a check found, line by line, of one status or of all."""
    lines = [
        f"{one.found} -> {one.remedy}"
        for one in findings
        if one.check == check and status in ("", one.status)
    ]
    return "\n".join(lines)
