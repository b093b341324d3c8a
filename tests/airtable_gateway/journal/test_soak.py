"""A few rounds of `make soak-journal`."""

import subprocess
import sys
from pathlib import Path

SOAK = Path(__file__).parents[3] / "benchmarks" / "soak_journal.py"


def test_journal_and_data_agree_after_processes_were_killed():
    done = subprocess.run(
        [sys.executable, str(SOAK), "2"], capture_output=True, text=True, timeout=120, check=False
    )

    assert done.returncode == 0, done.stderr
    counts = dict(line.rsplit(maxsplit=1) for line in done.stdout.splitlines())
    assert 0 < int(counts["acknowledged"]) <= int(counts["writes asked"])
