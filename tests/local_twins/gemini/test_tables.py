"""What the MCP server says as text is read back as the values that it said."""

from collections.abc import Mapping
from typing import Any

import pytest

from local_twins.gemini.tables import read_answer
from pyairtable_mcp.answers.rendering import render

ANSWERS: Mapping[str, Any] = {
    "values": {"base_id": "app1", "count": 3, "is_more": False, "note": "a: b\nc\td\\"},
    "records": {
        "table": "Tasks",
        "records": [
            {"id": "rec1", "createdTime": "2026-01-01T00:00:00Z", "fields": {"Name": "One", "Hours": 1.5}},
            {"id": "rec2", "createdTime": "2026-01-02T00:00:00Z", "fields": {"Name": "two:", "Tags": ["a"]}},
        ],
    },
    "the same in each": {
        "changes": [
            {"id": "chg1", "state": "applied", "by": "ada", "records": 1},
            {"id": "chg2", "state": "applied", "by": "ada", "records": 2},
        ]
    },
    "objects in cells": {"tables": [{"name": "A", "fields": {"Name": "text"}}, {"name": "B", "fields": {}}]},
    "two tables": {"count": 1, "tables": [{"id": "tbl1"}], "views": [{"id": "viw1", "type": "grid"}]},
    "nothing found": {"records": [], "searched": "Tasks"},
}  # fmt: skip


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_is_read_back_from_its_text(name):
    assert read_answer(render(ANSWERS[name])) == ANSWERS[name]


def test_json_is_read_as_json():
    assert read_answer('{"records": [1]}') == {"records": [1]}


@pytest.mark.parametrize("text", ["Sorry.", "", "one\ttwo", "No such table.\nname: x"])
def test_other_text_stays_text(text):
    assert read_answer(text) == text
