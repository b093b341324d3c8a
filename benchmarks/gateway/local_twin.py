"""A local Airtable in a process of its own, with one base, for measurements against real sockets."""

import json
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

TOKEN = "patMeasured.0123456789"
COMMAND = str(Path(sys.executable).with_name("pyairtable-mcp"))

TEXT = {"type": "singleLineText"}
TABLES = {
    "Plain": [{"name": "Title", **TEXT}, {"name": "Amount", "type": "number", "options": {"precision": 0}}],
    "Marked": [{"name": "Title", **TEXT}, {"name": "Mark", **TEXT}],
}


@dataclass(frozen=True, slots=True)
class LocalTwin:
    """Where it is, and its base."""

    url: str
    base_id: str
    table_ids: dict[str, str]

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON of a request that no gateway is part of."""
        return _ask(self.url, method, path, body)

    def count(self) -> dict[str, Any]:
        """What was asked under /v0 since the count began."""
        counts: dict[str, Any] = self.ask("GET", "/_twin/counts")
        return counts

    def begin_count(self) -> None:
        """Count from zero."""
        self.ask("DELETE", "/_twin/counts")


@contextmanager
def local_twin(*, rate_limit: str = "off") -> Iterator[LocalTwin]:
    """A twin that is there inside, and gone after."""
    with TemporaryDirectory() as folder:
        process = subprocess.Popen(
            [
                COMMAND,
                "twin",
                "airtable",
                "--db",
                f"{folder}/twin.db",
                "--port",
                "0",
                "--rate-limit",
                rate_limit,
            ],
            env={"DATA_DIR": folder},
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert process.stdout
            url = next(
                found[1] for line in process.stdout if (found := re.search(r"(http://[\d.]+:\d+)", line))
            )
            tables = [{"name": name, "fields": fields} for name, fields in TABLES.items()]
            made = _ask(
                url,
                "POST",
                "/v0/meta/bases",
                {"name": "Measured", "workspaceId": "wspMeasured0000001", "tables": tables},
            )
            yield LocalTwin(url, made["id"], {table["name"]: table["id"] for table in made["tables"]})
        finally:
            process.terminate()
            process.communicate(timeout=20)


def _ask(url: str, method: str, path: str, body: Any = None) -> Any:
    request = urllib.request.Request(
        url + path,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.loads(answer.read() or b"null")
