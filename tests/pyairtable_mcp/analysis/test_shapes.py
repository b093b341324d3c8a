"""What a text looks like."""

import json
from pathlib import Path

import pytest

from pyairtable_mcp.analysis.profiles.shapes import LOOKS, STRICTER, stricter_type

LINES = (Path(__file__).parent / "cases" / "looks.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("line", [line for line in LINES if not line.startswith("#")])
def test_a_text_looks_like_a_type_or_not(line):
    type, text, verdict = (part.strip() for part in line.split(" | "))
    looks = LOOKS.get(type) or STRICTER[type]

    assert bool(looks(json.loads(text))) == (verdict == "yes")


def test_a_stricter_type_is_told_when_every_text_fits_it():
    assert stricter_type(["1", " 2 "]) == "number"
    assert stricter_type(["2026-01-01", "1/2/2026"]) == "date"
    assert stricter_type(["+1 415 555 2671", "(415) 555-9876"]) == "phoneNumber"
    assert stricter_type(["https://example.com/", "www.example.org"]) == "url"
    assert stricter_type(["1", "two"]) is None
