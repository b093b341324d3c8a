"""What the protocol promises of files sent into cells, kept over HTTP by the local Airtable."""

from typing import TYPE_CHECKING

import pytest
import requests

from airtable_gateway import (
    UPLOAD_LIMIT,
    FieldNotFound,
    Gateway,
    InvalidRequest,
    InvalidValue,
    Unreachable,
)

if TYPE_CHECKING:
    from tests.airtable_gateway.conftest import ScriptedAirtable

BASE, TABLE, RECORD, FIELD = (
    "appTestTestTest01",
    "tblTestTestTest01",
    "recTestTestTest01",
    "fldTestTestTest01",
)


async def _order(shop: Gateway) -> str:
    await shop.create_field("Shop", "Orders", "My files", "multipleAttachments")
    [record] = await shop.create("Shop", "Orders", [{"Title": "First"}])
    return record.id


async def _upload(
    gateway: Gateway, record: str, field: str, name: str, content: bytes
) -> list[dict[str, object]]:
    return await gateway.upload_attachment(
        "Shop", "Orders", record, field, filename=name, content_type="text/plain", content=content
    )


async def test_a_file_is_added_to_those_of_the_cell(shop: Gateway) -> None:
    order = await _order(shop)

    await _upload(shop, order, "my files", "a.txt", b"first")
    files = await _upload(shop, order, "My files", "b.txt", "naïve".encode())

    assert [(file["filename"], file["size"], file["type"]) for file in files] == [
        ("a.txt", 5, "text/plain"),
        ("b.txt", 6, "text/plain"),
    ]
    assert requests.get(str(files[1]["url"]), timeout=10).content == "naïve".encode()
    assert [file["id"] for file in (await shop.record("Shop", "Orders", order)).fields["My files"]] == [
        file["id"] for file in files
    ]


async def test_a_file_that_is_too_large_is_refused_before_it_is_sent(shop: Gateway) -> None:
    order = await _order(shop)

    with pytest.raises(InvalidRequest, match=f"{UPLOAD_LIMIT + 1} bytes") as caught:
        await _upload(shop, order, "My files", "a.bin", bytes(UPLOAD_LIMIT + 1))

    assert "public address" in caught.value.hint


async def test_a_field_that_takes_no_files_is_refused(shop: Gateway) -> None:
    order = await _order(shop)

    with pytest.raises(InvalidValue):
        await _upload(shop, order, "Title", "a.txt", b"x")
    with pytest.raises(FieldNotFound):
        await _upload(shop, order, "Your files", "a.txt", b"x")


async def test_a_file_is_never_sent_twice(gateway: Gateway, airtable: "ScriptedAirtable") -> None:
    path = f"POST /v0/{BASE}/{RECORD}/{FIELD}/uploadAttachment"
    airtable.on(path, "drop", {})

    with pytest.raises(Unreachable, match="may have been applied"):
        await gateway.upload_attachment(
            BASE, TABLE, RECORD, FIELD, filename="a.txt", content_type="text/plain", content=b"x"
        )

    assert airtable.count(path) == 1
