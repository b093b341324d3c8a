"""A cell as text."""

import json
from pathlib import Path

import pytest

from pyairtable_mcp.analysis.cell_text import cell_text

LINES = (Path(__file__).parent / "cases" / "cell_texts.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("line", [line for line in LINES if not line.startswith("#")])
def test_a_value_reads_as_its_text(line):
    value, expected = (json.loads(part) for part in line.rsplit("|", 1))

    assert cell_text(value) == expected
