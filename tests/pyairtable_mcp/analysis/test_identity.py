"""When two cell values are the same value."""

import json
from pathlib import Path

import pytest

from pyairtable_mcp.analysis.identity import folded, identity

LINES = (Path(__file__).parent / "cases" / "identities.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("line", [line for line in LINES if not line.startswith("#")])
def test_two_values_are_the_same_always_or_but_for_spelling_or_never(line):
    *values, sameness = line.split("|")
    one, other = (json.loads(value) for value in values)

    assert (identity(one) == identity(other)) == (sameness.strip() == "=")
    assert (identity(one, folded) == identity(other, folded)) == (sameness.strip() in "=~")
