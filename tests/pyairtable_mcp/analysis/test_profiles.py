"""The profile of a table, and what is found in it."""

import json
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean, quantiles, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from airtable_gateway import FieldSchema, Record, TableSchema
from fields import FIELD_TYPES
from pyairtable_mcp.analysis.profiles import findings, profile_table

LINES = (Path(__file__).parent / "cases" / "findings.txt").read_text(encoding="utf-8").splitlines()
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def profile_of(type, values, *, primary=False, **options):
    """The profile of a table whose field V has these values, in the records rec0, rec1 ..."""
    fields = (FieldSchema("fld0", "Name", "autoNumber"), FieldSchema("fld1", "V", type, options=options))
    table = TableSchema("tbl1", "Things", "fld1" if primary else "fld0", fields)
    cells = [{"Name": n} | ({} if value is None else {"V": value}) for n, value in enumerate(values)]
    records = [Record(f"rec{n}", "2026-01-01T00:00:00.000Z", cell) for n, cell in enumerate(cells)]
    return profile_table(table, records, now=NOON)


def told_of(type, values, **options):
    """What the profile says of the field V."""
    return json.loads(json.dumps(profile_of(type, values, **options).to_json()))["field_analysis"]["V"]


def found_in(type, values, *, primary=False, **options):
    """What is found in the field V, by code."""
    found = findings(profile_of(type, values, primary=primary, **options))
    return {finding.code: finding for finding in found if finding.field == "V"}


@pytest.mark.parametrize("line", [line for line in LINES if not line.startswith("#")])
def test_a_field_shows_what_is_wrong_with_it(line):
    told, values, codes = (part.strip() for part in line.split("|"))
    type, _, options = told.partition(" ")

    assert ", ".join(found_in(type, json.loads(values), **json.loads(options))) == codes


def test_a_table_is_summed_up():
    told = profile_of("singleLineText", ["a", None, None]).to_json()

    assert told["table_name"] == "Things"
    assert told["analysis_summary"] == {"records_analyzed": 3, "total_fields": 2, "avg_fill_rate": 66.67}
    assert list(told["field_analysis"]) == ["Name", "V"]


def test_a_field_says_how_full_and_how_varied_it_is():
    told = told_of("singleLineText", ["a", "a", "B", "b", None, ""])

    assert (
        told
        | {
            "field_name": "V",
            "field_type": "singleLineText",
            "total_records": 6,
            "filled_count": 4,
            "empty_count": 2,
            "fill_rate": 66.67,
            "distinct_count": 3,
            "unique_share": 50.0,
            "error_count": 0,
        }
        == told
    )


def test_zero_is_filled_and_so_is_an_unticked_box():
    assert told_of("number", [0, None])["filled_count"] == 1
    assert told_of("checkbox", [True, None, None, None])["filled_count"] == 4


def test_texts_have_lengths_and_frequent_values():
    told = told_of("multilineText", ["bb", "a", "bb", "dddddd"])

    assert (told["min_length"], told["avg_length"], told["max_length"]) == (1, 2.75, 6)
    assert told["top_values"][:2] == [{"value": "bb", "count": 2}, {"value": "a", "count": 1}]


def test_a_long_text_is_shortened_among_the_frequent_ones():
    (top,) = told_of("multilineText", ["x" * 1000])["top_values"]

    assert top == {"value": "x" * 79 + "…", "count": 1}


def test_numbers_have_a_spread():
    told = told_of("currency", [4, 1, -2, 0, 3.5])

    assert (told["min"], told["max"], told["avg"], told["median"]) == (-2, 4, 1.3, 1)
    assert told["quantiles"] == {"p5": pytest.approx(-1.6), "p25": 0, "p50": 1, "p75": 3.5, "p95": 3.9}
    assert told["stdev"] == pytest.approx(stdev([4, 1, -2, 0, 3.5]))
    assert (told["negative_count"], told["zero_count"]) == (1, 1)


def test_the_numbers_of_lookups_and_formulas_are_numbers():
    result = {"result": {"type": "number"}}

    assert told_of("multipleLookupValues", [[1, 2], [3]], **result)["avg"] == 2
    assert told_of("formula", [1, {"error": "#ERROR!"}, 3], **result)["max"] == 3


@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30))
def test_the_figures_are_those_of_the_statistics_module(numbers):
    told = told_of("number", numbers)

    assert told["avg"] == pytest.approx(mean(numbers), abs=1e-6)
    assert told["stdev"] == pytest.approx(stdev(numbers), abs=1e-6)
    expected = quantiles(numbers, n=4, method="inclusive")
    assert [told["quantiles"][name] for name in ("p25", "p50", "p75")] == pytest.approx(expected, abs=1e-6)


def test_the_largest_doubles_are_measured_as_well():
    told = told_of("number", [1.7e308, 1.7e308, -1.7e308, 0])

    assert told["avg"] == pytest.approx(4.25e307)
    assert told["median"] == pytest.approx(8.5e307)


def test_outliers_are_named_by_record_the_farthest_first():
    evidence = found_in("number", [10, 12, 11, 13, 100, 11, -1000])["outliers"].evidence

    assert evidence == {"count": 2, "record_ids": ["rec6", "rec4"], "examples": ["-1000", "100"]}


def test_each_choice_of_a_cell_counts_and_unused_ones_are_named():
    choices = [{"name": name} for name in "abc"]
    told = told_of("multipleSelects", [["a", "b"], ["b"]], choices=choices)

    assert told["top_values"] == [{"value": "b", "count": 2}, {"value": "a", "count": 1}]
    assert (told["unique_count"], told["unused_choices"]) == (2, ["c"])


def test_people_are_counted_by_name():
    ada = {"id": "usr1", "email": "ada@example.com", "name": "Ada"}

    assert told_of("singleCollaborator", [ada, ada])["top_values"] == [{"value": "Ada", "count": 2}]


def test_dates_have_a_range():
    told = told_of("date", ["2026-01-31", "2025-12-31", "2027-01-31"])

    assert (told["earliest"], told["latest"], told["range_days"]) == ("2025-12-31", "2027-01-31", 396)
    assert (told["future_count"], told["far_count"]) == (1, 0)


def test_without_a_now_nothing_is_said_of_the_future():
    table = TableSchema("tbl1", "Things", "fld1", (FieldSchema("fld1", "V", "date"),))

    told = profile_table(table, [Record("rec1", "", {"V": "9999-01-01"})]).to_json()["field_analysis"]["V"]

    assert (told["future_count"], told["far_count"]) == (None, 0)


def test_links_are_counted_over_all_records():
    told = told_of("multipleRecordLinks", [["recA"], ["recA", "recB"], None, ["r"] * 7])

    assert (told["link_count"], told["linked_record_count"]) == (10, 3)
    assert (told["avg_links"], told["max_links"]) == (2.5, 7)
    assert told["links_per_record"] == {"0": 1, "1": 1, "2": 1, "6-10": 1}


def test_boxes_are_counted_over_all_records():
    told = told_of("checkbox", [True, None, None])

    assert (told["ticked_count"], told["ticked_share"]) == (1, 33.33)


def test_files_are_counted_with_their_bytes():
    files = [{"id": f"att{n}", "filename": "f", "size": n, "type": "text/csv", "url": ""} for n in (2, 5)]
    told = told_of("multipleAttachments", [files, files[:1], None])

    assert (told["attachment_count"], told["total_bytes"], told["largest_bytes"]) == (3, 9, 5)
    assert told["content_types"] == {"text/csv": 3}


def test_spellings_are_told_with_the_records_of_the_rarer_ones():
    evidence = found_in("singleLineText", ["Ada", "Ada", "ADA", " ada", "Bob"])["spelling_variants"].evidence

    spellings = [{"value": "Ada", "count": 2}, {"value": " ada", "count": 1}, {"value": "ADA", "count": 1}]
    assert evidence == {"count": 1, "groups": [{"spellings": spellings, "record_ids": ["rec2", "rec3"]}]}


def test_evidence_names_five_records_at_most():
    evidence = found_in("email", [f"nobody{n}" for n in range(9)])["invalid_text"].evidence

    assert evidence["count"] == 9
    assert evidence["record_ids"] == ["rec0", "rec1", "rec2", "rec3", "rec4"]


def test_repeats_in_the_primary_field_are_told_of_sooner():
    values = ["a", "b", "b", "c"]

    assert "almost_unique" not in found_in("singleLineText", values)
    evidence = found_in("singleLineText", values, primary=True)["almost_unique"].evidence
    assert evidence["repeated"] == [{"value": "b", "count": 2, "record_ids": ["rec1", "rec2"]}]


def test_a_finding_is_plain_json_with_the_documented_keys():
    found = found_in("singleLineText", [None, None])["empty_field"]

    assert json.loads(json.dumps(found.to_json())) == {
        "code": "empty_field",
        "field": "V",
        "message": "V is empty in all 2 records.",
        "evidence": {"filled_count": 0, "empty_count": 2},
    }


def test_a_table_without_records_has_a_profile_and_no_findings():
    profile = profile_of("singleSelect", [], choices=[{"name": "a"}])

    assert profile.to_json()["analysis_summary"] == {
        "records_analyzed": 0,
        "total_fields": 2,
        "avg_fill_rate": 0.0,
    }
    assert findings(profile) == []


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=4,
)
TYPES = st.sampled_from([*FIELD_TYPES, "unheardOf"])


@given(TYPES, st.lists(ANYTHING, max_size=6))
def test_no_value_however_odd_breaks_a_profile(type, values):
    profile = profile_of(type, values)

    json.dumps([profile.to_json(), *(finding.to_json() for finding in findings(profile))], allow_nan=False)
