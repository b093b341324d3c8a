"""A result as text: everything is in it, and little else."""

import json

import pytest

from pyairtable_mcp.answers.rendering import render


def test_records_become_a_table_with_their_fields_as_columns():
    result = {
        "records": [
            {"id": "rec1", "createdTime": "2026-01-01T00:00:00.000Z", "fields": {"Name": "Ada", "Age": 36}},
            {"id": "rec2", "createdTime": "2026-01-02T00:00:00.000Z", "fields": {"Age": 41}},
        ],
        "returned": 2,
    }

    text = render(result)

    assert text == (
        "returned: 2\n"
        "records:\n"
        "id\tcreatedTime\tName\tAge\n"
        "rec1\t2026-01-01T00:00:00.000Z\tAda\t36\n"
        "rec2\t2026-01-02T00:00:00.000Z\t\t41"
    )


def test_a_value_that_every_row_shares_is_said_once():
    result = {"rows": [{"id": "a", "day": "2026-01-01"}, {"id": "b", "day": "2026-01-01"}]}

    assert render(result) == "rows:\n(each: day=2026-01-01)\nid\na\nb"


def test_a_column_that_one_row_lacks_is_not_shared():
    result = {"rows": [{"id": "a", "day": "x"}, {"id": "b"}]}

    assert render(result) == "rows:\nid\tday\na\tx\nb"


def test_rows_that_are_all_alike_are_all_there():
    assert render({"rows": [{"n": 1}, {"n": 1}]}) == "rows:\nn\n1\n1"


def test_tabs_and_line_ends_in_text_cannot_break_a_row():
    text = render({"rows": [{"a": "x\ty\nz\\n", "b": 1}]})

    assert text.splitlines() == ["rows:", "a\tb", "x\\ty\\nz\\\\n\t1"]


def test_a_field_with_the_name_of_a_records_own_key_stays_apart():
    result = {"records": [{"id": "rec1", "fields": {"id": 7}}]}

    assert render(result) == 'records:\nid\tfields\nrec1\t{"id":7}'


def test_only_records_are_spread_over_columns():
    result = {"tables": [{"id": "tbl1", "name": "Tasks", "fields": {"Name": "singleLineText"}}]}

    assert render(result) == 'tables:\nid\tname\tfields\ntbl1\tTasks\t{"Name":"singleLineText"}'


def test_lists_and_objects_in_cells_are_compact_json():
    text = render({"rows": [{"tags": ["a", "ü"], "who": {"id": "usr1"}, "done": True}]})

    assert text == 'rows:\ntags\twho\tdone\n["a","ü"]\t{"id":"usr1"}\ttrue'


def test_single_values_stand_on_a_line_each_and_an_empty_list_is_said():
    assert render({"id": "rec1", "deleted": True, "left": None, "records": []}) == (
        "id: rec1\ndeleted: true\nleft: \nrecords: []"
    )


def test_every_value_of_a_result_is_in_its_text():
    result = {"a": [{"x": 1.5, "y": "é"}, {"x": -2, "z": ["q"]}], "b": {"c": [1, {"d": "e"}]}, "f": "g"}

    text = render(result)

    for value in ("1.5", "é", "-2", '["q"]', json.dumps({"c": [1, {"d": "e"}]}, separators=(",", ":")), "g"):
        assert value in text


def test_what_a_terminal_would_obey_is_shown_and_not_sent():
    text = render({"a": "x\x1b[31m\x07\x7f\x9b", "rows": [{"b": ["\x1b]0;t\x07", "\x9b"]}]})

    assert text == 'a: x\\x1b[31m\\x07\\x7f\\x9b\nrows:\nb\n["\\u001b]0;t\\u0007","\\u009b"]'


UNSEEN = [
    # Unicode 17, DerivedCoreProperties.txt: Default_Ignorable_Code_Point, without the soft hyphen.
    *(0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, *range(0x180B, 0x1810), *range(0x200B, 0x2010)),
    *(*range(0x202A, 0x202F), *range(0x2060, 0x2070), 0x3164, *range(0xFE00, 0xFE10), 0xFEFF, 0xFFA0),
    *(*range(0xFFF0, 0xFFF9), *range(0x1BCA0, 0x1BCA4), *range(0x1D173, 0x1D17B), *range(0xE0000, 0xE1000)),
    *(*range(32), *range(127, 160), 0x2028, 0x2029, *range(0xFFF9, 0xFFFC)),
]


def test_whatever_ends_a_line_or_is_not_seen_is_shown_by_its_code():
    for code in (*UNSEEN, ord("\\")):
        given = f"a{chr(code)}b"
        assert given not in render({"name": given}), hex(code)
        assert given not in render({"names": [given, 1]}) or chr(code) == "\\", hex(code)
    assert render({"name": "größer 日本 \u00a0"}) == "name: größer 日本 \u00a0"


def test_a_sentence_in_selectors_of_variants_is_shown_by_its_codes():
    hidden = "".join(chr(0xE0100 + ord(letter) - 16) for letter in "Hi")

    text = render({"name": f"A 😀{hidden}", "names": [f"日{hidden}"]})

    # A first one names a form of the ideograph, as in names.
    assert text == 'name: A 😀\\U000e0138\\U000e0159\nnames: ["日\U000e0138\\udb40\\udd59"]'


@pytest.mark.parametrize(
    "ordinary",
    [
        "❤\ufe0f and ☎\ufe0e",
        "👩🏽\u200d⚕\ufe0f",
        "👨\u200d👩\u200d👧\u200d👦❤\ufe0f\u200d🔥",
        "1\ufe0f\u20e3 #\ufe0f\u20e3",
        "می\u200cخواهم",
        "PDF\u200cهای ما",
        "۱۴۰۰ ه\u200d.",
        "ශ්\u200dරී",
        "അവന്\u200d എവിടെ",
        "क्\u200cष",
        "ᠠ\u180bᠨ\u180eᠠ",
        "Donau\u00addampf\u00adschiff",
        "葛\U000e0100飾区 辻\U000e0101 館\ufe00",
    ],
)
def test_what_ordinary_text_is_written_with_stays(ordinary):
    assert render({"name": ordinary, "names": [ordinary]}) == f'name: {ordinary}\nnames: ["{ordinary}"]'


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("❤\ufe0f\ufe0f\ufe0e", "❤\ufe0f\\ufe0f\\ufe0e"),
        ("👨\u200d\u200d👩", "👨\\u200d\\u200d👩"),
        ("👨\u200d", "👨\\u200d"),
        ("می\u200c\u200c\u200dخواهم", "می\u200c\\u200c\\u200dخواهم"),
        ("\u200cها", "\\u200cها"),
        ("a\u200db\ufe0f 1\ufe0f", "a\\u200db\\ufe0f 1\\ufe0f"),
        ("ᠠ\u180b\u180b", "ᠠ\u180b\\u180b"),
        ("葛\U000e0100\U000e0101 あ\U000e0100", "葛\U000e0100\\U000e0101 あ\\U000e0100"),
    ],
)
def test_more_of_it_than_ordinary_text_needs_is_shown_by_its_codes(given, shown):
    assert render({"name": given}) == f"name: {shown}"


def test_numbers_and_truth_are_as_in_json():
    values = [True, False, 0, -3, 10**20, 2.5, -0.0, 1e300, float("nan"), float("inf")]

    assert render({"rows": [{"value": value} for value in values]}).splitlines()[2:] == [
        json.dumps(value) for value in values
    ]
