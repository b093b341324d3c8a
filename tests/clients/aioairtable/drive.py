"""aioairtable against the address given as argument; prints what it saw as JSON for the test beside it.

Runs in an environment of its own, where the package fixes Airtable's host: its one constant is led elsewhere.
"""

import asyncio
import json
import sys

from aioairtable import Airtable, AirtableTable, CellFormat, Fields, SortDirection, aioairtable
from aiohttp import ClientResponseError
from msgspec import field
from yarl import URL


class Thing(Fields, kw_only=True):
    """A record of the gallery's Things, as far as this asks about it."""

    name: str | None = field(name="Name", default=None)
    amount: float | None = field(name="Amount", default=None)
    status: str | None = field(name="Status", default=None)
    parts: tuple[str, ...] | None = field(name="Parts", default=None)


class Told(Fields, kw_only=True):
    """The same in cellFormat=string, where everything is text."""

    name: str | None = field(name="Name", default=None)
    parts: str | None = field(name="Parts", default=None)
    amount: str | None = field(name="Amount", default=None)


async def drive(base_id: str) -> dict[str, object]:
    """Call everything that the package offers."""
    async with Airtable("patAny") as airtable:
        base = airtable.base(base_id)
        things = base.table("Things", Thing)
        return await reads(things, base.table("Things", Told)) | await writes(things)


async def reads(things: AirtableTable[Thing], told: AirtableTable[Told]) -> dict[str, object]:
    """Lists, pages, texts, and a refusal."""
    listed, _ = await things.list_records(
        fields=("Name", "Amount"),
        filter_by_formula="{Amount} > 7",
        sort=(("Amount", SortDirection.DESC),),
        max_records=5,
    )
    paged = [record.fields.name async for record in things.iter_records(page_size=1)]
    viewed, _ = await things.list_records(view="Large")
    texts, _ = await told.list_records(
        fields=("Name", "Parts", "Amount"),
        filter_by_formula="{Name} = 'Table'",
        cell_format=CellFormat.STRING,
        time_zone="utc",
        user_locale="en",
    )
    return {
        "listed": [[record.fields.name, record.fields.amount] for record in listed],
        "paged": paged,
        "viewed": [record.fields.name for record in viewed],
        "texts": [[record.fields.name, record.fields.parts, record.fields.amount] for record in texts],
    }


async def writes(things: AirtableTable[Thing]) -> dict[str, object]:
    """One record made, read, changed and deleted."""
    made = await things.create_record(Thing(name="Lamp", amount=2.5, status="Todo"))
    read = await things.retrieve_record(made.id)
    await read.update(Thing(amount=3.5))
    changed = [read.fields.name, read.fields.amount]
    await read.delete()
    try:
        await things.retrieve_record(made.id)
    except ClientResponseError as refusal:
        missing = refusal.status
    return {"made": [made.fields.name, made.fields.status], "changed": changed, "missing": missing}


if __name__ == "__main__":
    aioairtable.API_URL = URL(sys.argv[1]) / "v0"
    sys.stdout.write(json.dumps(asyncio.run(drive(sys.argv[2]))))
