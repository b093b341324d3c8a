"""A process that is killed while it copies leaves a copy that the next one makes whole."""

import subprocess
import sys

from airtable_gateway import Endpoint, FixedEndpoint
from airtable_gateway.mirror.keeping import Keeping
from airtable_gateway.mirror.mirrors import Mirrors
from airtable_gateway.ports import Ports
from airtable_gateway.pyairtable_gateway import PyAirtableGateway
from local_twins.airtable import AnyToken, Store, TwinServer, create_app, import_document

BASE, TABLE, RECORDS = "appKilled00000001", "tblKilled00000001", 2_000

COPYING = """
import asyncio, sys
from pathlib import Path
from airtable_gateway import Endpoint, FixedEndpoint
from airtable_gateway.mirror.mirrors import Mirrors
from airtable_gateway.ports import Ports
from airtable_gateway.pyairtable_gateway import PyAirtableGateway

class Told(PyAirtableGateway):
    pages = 0

    async def page(self, *given, **options):
        self.pages += 1
        if self.pages == 4:
            print("copying", flush=True)
            await asyncio.Event().wait()
        return await super().page(*given, **options)

async def main(url, folder):
    mirrors = Mirrors(Path(folder))
    endpoint = FixedEndpoint(Endpoint(url, "patTest"))
    async with Told(endpoint, rate_limit=None, ports=Ports(mirrors=mirrors)) as gateway, mirrors:
        await (await gateway.mirror(sys.argv[3])).refresh()

asyncio.run(main(sys.argv[1], sys.argv[2]))
"""


def _document():
    field = {"id": "fldKilled00000001", "name": "Name", "type": "singleLineText"}
    table = {"id": TABLE, "name": "Rows", "primaryFieldId": field["id"], "fields": [field]}
    records = [{"id": f"rec{number:014}", "fields": {"Name": f"{number}"}} for number in range(RECORDS)]
    base = {"id": BASE, "name": "Killed", "tables": [table], "records": {TABLE: records}}
    return {"users": [], "bases": [base]}


async def test_what_a_killed_process_left_half_copied_is_made_whole(tmp_path):
    with Store.open(":memory:") as store:
        import_document(store, _document())
        with TwinServer(create_app(store, tokens=AnyToken())) as url:
            command = [sys.executable, "-c", COPYING, url, str(tmp_path), BASE]
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
                assert process.stdout is not None
                assert process.stdout.readline() == "copying\n"
                process.kill()

            mirrors = Mirrors(tmp_path, keeping=Keeping(pause_seconds=3600))
            endpoint = FixedEndpoint(Endpoint(url, "patTest"))
            async with (
                PyAirtableGateway(endpoint, rate_limit=None, ports=Ports(mirrors=mirrors)) as gateway,
                mirrors,
            ):
                fresh = await (await gateway.mirror(BASE)).refresh()

                assert (fresh.is_ours, fresh.records, fresh.way) == (True, RECORDS, "webhook")
                assert len(await gateway.webhooks(BASE)) == 1
