"""Groups of records that say the same."""

import json
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from airtable_gateway import Record
from pyairtable_mcp.analysis import blocking, duplicates
from pyairtable_mcp.analysis.similarity import Entry

LINES = (Path(__file__).parent / "cases" / "likeness.txt").read_text(encoding="utf-8").splitlines()


def records_of(*rows):
    """Records rec0, rec1 ... created a second apart."""
    return [Record(f"rec{n}", f"2026-01-01T00:00:{n % 60:02}.000Z", row) for n, row in enumerate(rows)]


def named(*names):
    return records_of(*({"Name": name} for name in names))


def ids_of(groups):
    return [[member.record.id for member in group.members] for group in groups]


@pytest.mark.parametrize("line", [line for line in LINES if not line.startswith("#")])
def test_two_records_are_duplicates_when_their_likeness_reaches_the_threshold(line):
    threshold, one, other, verdict = (part.strip() for part in line.split("|"))

    groups = duplicates.find(named(json.loads(one), json.loads(other)), ["Name"], threshold=float(threshold))

    assert bool(groups) == (verdict == "yes")


def test_the_largest_group_comes_first_and_in_it_the_oldest_record():
    records = named("a", "b", "B", "c", "A", "a ")

    groups = duplicates.find(list(reversed(records)), ["Name"])

    assert ids_of(groups) == [["rec0", "rec4", "rec5"], ["rec1", "rec2"]]
    assert groups[0].values == {"Name": "a"}


def test_every_field_has_to_agree():
    records = records_of({"A": "x", "B": 1}, {"A": "X", "B": 1.0}, {"A": "x", "B": 2})

    assert ids_of(duplicates.find(records, ["A", "B"])) == [["rec0", "rec1"]]


def test_a_record_with_an_empty_cell_is_left_out_unless_empty_counts():
    records = records_of({"A": "x"}, {"A": "x"}, {"A": "x", "B": ""}, {"A": "x", "B": "y"})

    assert duplicates.find(records, ["A", "B"]) == []
    assert ids_of(duplicates.find(records, ["A", "B"], ignore_empty=False)) == [["rec0", "rec1", "rec2"]]


def test_an_unticked_box_is_a_value():
    records = records_of({"A": "x"}, {"A": "x"}, {"A": "x", "Done": True}, {"A": "y", "Done": True})

    assert ids_of(duplicates.find(records, ["A", "Done"])) == [["rec0", "rec1"]]


def test_links_of_links_make_one_group_and_the_scores_tell_how_far_it_reaches():
    records = named("abcdefghij", "abcdefghiX", "abcdefghYX", "zzzzzzzzzz")

    (group,) = duplicates.find(records, ["Name"], threshold=0.9)

    assert [(member.record.id, member.score) for member in group.members] == [
        ("rec0", 1.0),
        ("rec1", pytest.approx(0.9)),
        ("rec2", pytest.approx(0.8)),
    ]


def test_the_score_of_several_fields_is_their_mean():
    records = records_of({"A": "abcdefghij", "B": 1}, {"A": "abcdefghiX", "B": 1})

    (group,) = duplicates.find(records, ["A", "B"], threshold=0.95)

    assert group.members[1].score == pytest.approx(0.95)


@pytest.mark.parametrize("threshold", [0, -1, 1.01])
def test_a_threshold_out_of_range_is_refused(threshold):
    with pytest.raises(ValueError, match="threshold"):
        duplicates.find([], ["Name"], threshold=threshold)


def test_no_fields_are_refused():
    with pytest.raises(ValueError, match="at least one field"):
        duplicates.find([], [])


def test_the_answer_is_plain_json_with_the_documented_keys():
    (group,) = duplicates.find(named("Ada", "ada"), ["Name"])

    assert json.loads(json.dumps(group.to_json())) == {
        "duplicate_values": {"Name": "Ada"},
        "record_count": 2,
        "records": [
            {
                "id": "rec0",
                "fields": {"Name": "Ada"},
                "created_time": "2026-01-01T00:00:00.000Z",
                "score": 1.0,
            },
            {
                "id": "rec1",
                "fields": {"Name": "ada"},
                "created_time": "2026-01-01T00:00:01.000Z",
                "score": 1.0,
            },
        ],
    }


WORDS = st.lists(st.sampled_from(["ada", "Ada", "adah", "byron", "byrne", "king", "kong"]), max_size=3)
VALUES = st.one_of(st.none(), WORDS.map(" ".join), WORDS, st.integers(0, 3))


@settings(deadline=None)
@given(st.data(), st.lists(VALUES, max_size=12), st.sampled_from([0.5, 0.8, 1.0]), st.booleans())
def test_the_order_of_the_records_does_not_matter(data, names, threshold, ignore_empty):
    records = named(*names)
    shuffled = data.draw(st.permutations(records))

    groups = duplicates.find(records, ["Name"], threshold=threshold, ignore_empty=ignore_empty)

    assert groups == duplicates.find(shuffled, ["Name"], threshold=threshold, ignore_empty=ignore_empty)


@settings(deadline=None)
@given(st.lists(VALUES, max_size=12), st.sampled_from([0.5, 0.8]))
def test_who_is_a_duplicate_exactly_is_one_at_any_threshold(names, threshold):
    records = named(*names)

    loose = {frozenset(pair) for ids in ids_of_find(records, threshold) for pair in combinations(ids, 2)}
    exact = {frozenset(pair) for ids in ids_of_find(records, 1.0) for pair in combinations(ids, 2)}

    assert exact <= loose


def ids_of_find(records, threshold):
    return ids_of(duplicates.find(records, ["Name"], threshold=threshold))


# Two letters of each name are spelt by its number, so that names differ by more than a slip of the pen.
SYLLABLES = ["ba", "ke", "lo", "mi", "nu", "pa", "re", "so", "ti", "vu"]


def spelt(number):
    return "".join(SYLLABLES[int(digit)] for digit in f"{number * 7919 % 10000:04}")


def test_among_thousands_the_near_ones_are_still_found():
    count = blocking.SMALL + 500
    names = [f"{spelt(n)} {spelt(n + 5000)}" for n in range(count)]
    slips = [
        f"{names[n][1:]}" if n % 2 else f"{names[n].split()[1]}, {names[n].split()[0]}" for n in range(50)
    ]

    groups = duplicates.find(named(*names, *slips), ["Name"], threshold=0.94)

    together = {frozenset(pair) for ids in ids_of(groups) for pair in combinations(ids, 2)}
    assert {frozenset((f"rec{n}", f"rec{count + n}")) for n in range(50)} <= together


def test_among_thousands_a_word_that_everyone_shares_is_not_compared_with_everyone():
    entries = [Entry.of([f"common {spelt(n)}{n}"]) for n in range(4_000)]

    compared = sum(1 for _ in blocking.pairs(entries))

    assert compared < 4_000 * 200


def test_what_compares_texts_is_loaded_only_when_texts_are_compared():
    program = (
        "import sys; from pyairtable_mcp.analysis import duplicates; "
        "duplicates.find([], ['Name']); print('rapidfuzz' in sys.modules)"
    )

    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "False"
