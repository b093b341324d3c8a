"""The PyPI package aioairtable, from an environment of its own, tried: `make test-clients`."""

import json
import subprocess
from pathlib import Path

HERE = Path(__file__).parent


def test_it_lists_pages_reads_and_writes(gallery):
    run = subprocess.run(
        [HERE / ".venv" / "bin" / "python", "drive.py", gallery.url, gallery.base],
        cwd=HERE,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout) == {
        "listed": [["Shelf", 30], ["Table", 12.5]],
        "paged": ["Table", "Stool", "Shelf"],
        "viewed": ["Shelf", "Table"],
        "texts": [["Table", "Top, Leg", "12.50"]],
        "made": ["Lamp", "Todo"],
        "changed": ["Lamp", 3.5],
        "missing": 403,
    }
