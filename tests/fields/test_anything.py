"""Whatever JSON comes in, an answer comes out, and the answer stands when asked again."""

import json
import subprocess
import sys
from time import perf_counter
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fields
from fields import CODES, FIELD_TYPES, Checked
from fields.problems import Code
from fields.wording import quoted, shown

WORDS = st.sampled_from(
    ["Todo", "a, b", '"a, b"', "recA1", "usrA1", "attA1", "1:30", "12.3%", "$1,234.5", "2022-09-05"]
) | st.sampled_from(
    ["2020-09-08T00:00:00-07:00", "9/8/2020 3pm", "https://x/a", "a@x.com", "true", "1h 30m", "PT5M"]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | WORDS
KEYS = st.sampled_from(["id", "name", "email", "text", "type", "url", "filename", "error", "options"]) | (
    st.sampled_from(["choices", "precision", "symbol", "max", "durationFormat", "result"])
    | st.sampled_from(["dateFormat", "timeFormat", "timeZone", "format"])
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=8,
)
TYPES = st.sampled_from([*FIELD_TYPES, "lookup", "quokka"])
HALF = st.just("a@half \ud83d")
VALUES = JSON | HALF | st.lists(HALF, max_size=2) | st.dictionaries(KEYS, HALF, max_size=3)
OPTIONS = st.none() | st.dictionaries(KEYS, JSON, max_size=4) | JSON
HEAVY = {
    "pydantic",
    "rapidfuzz",
    "moments",
    "phonenumbers",
    "ada_url",
    "email_validator",
    "babel",
    "biip",
} | {*("publicsuffixlist", "filetype", "zxingcpp", "PIL", "ipaddress")}
MODES = st.sampled_from(["airtable", "strict"])


def assert_tidy(answer: Checked) -> None:
    """What a caller may rely on: known codes, sentences that can be sent, values that are JSON."""
    for problem in answer.problems:
        assert problem.code in CODES
        assert problem.message.endswith(".")
        problem.message.encode("utf-8")
        told = [problem.suggestion, problem.path]
        json.dumps(told, allow_nan=False, ensure_ascii=False).encode("utf-8")


@given(TYPES, VALUES, OPTIONS, MODES)
@settings(max_examples=300, deadline=None)
def test_checking_and_casting_answer_any_value(type: str, value: Any, options: Any, mode: Any) -> None:
    checked = fields.check(type, value, options, mode=mode)
    cast = fields.typecast(type, value, options)

    for answer in (checked, cast):
        assert_tidy(answer)
        if answer.ok:
            json.dumps([answer.value, answer.text], allow_nan=False, ensure_ascii=False).encode("utf-8")


@given(TYPES, VALUES, OPTIONS)
@settings(max_examples=300, deadline=None)
def test_strict_rules_take_nothing_that_airtable_refuses(type: str, value: Any, options: Any) -> None:
    if fields.check(type, value, options, mode="strict").ok:
        assert fields.check(type, value, options, mode="airtable").ok


@given(TYPES, VALUES, OPTIONS, MODES)
@settings(max_examples=300, deadline=None)
def test_a_normal_form_is_its_own_normal_form(type: str, value: Any, options: Any, mode: Any) -> None:
    once = fields.check(type, value, options, mode=mode)
    if not once.ok:
        return

    twice = fields.check(type, once.value, options, mode=mode)

    assert (twice.value, twice.text, twice.problems) == (once.value, once.text, ())


@given(TYPES, VALUES, OPTIONS)
@settings(max_examples=300, deadline=None)
def test_casting_what_was_cast_changes_nothing(type: str, value: Any, options: Any) -> None:
    once = fields.typecast(type, value, options)
    if not once.ok:
        return

    assert fields.typecast(type, once.value, options).value == once.value


@given(TYPES, VALUES, OPTIONS)
@settings(max_examples=300, deadline=None)
def test_any_value_under_any_options_has_a_text(type: str, value: Any, options: Any) -> None:
    assert isinstance(fields.text(type, value, options), str)


@given(TYPES, OPTIONS)
@settings(max_examples=300, deadline=None)
def test_any_options_are_answered_and_completed_ones_are_complete(type: str, options: Any) -> None:
    answer = fields.check_options(type, options)

    assert_tidy(answer)
    if answer.ok:
        assert fields.check_options(type, answer.value) == answer


@given(
    st.dictionaries(st.text(max_size=5) | HALF | st.just("Name"), VALUES, max_size=5), MODES, st.booleans()
)
@settings(max_examples=100, deadline=None)
def test_any_record_is_answered(values: Any, mode: Any, partial: Any) -> None:
    table = {"primaryFieldId": "fldA", "fields": [{"id": "fldA", "name": "Name", "type": "number"}]}

    assert_tidy(fields.check_record(table, values, mode=mode, partial=partial))


def test_every_code_is_explained_and_every_explanation_is_a_code() -> None:
    assert tuple(CODES) == get_args(Code)
    assert all(meaning.endswith(".") for meaning in CODES.values())


def test_a_message_stays_short_and_sendable_whatever_it_shows() -> None:
    assert len(quoted("x" * 1000)) < 70
    assert quoted("half \ud83d") == '"half ?"'
    assert quoted("two\nlines") == '"two lines"'
    assert shown(10**5000) == "a number of more than 38 digits"
    assert shown({"a": 1, "b": 2}) == "an object with a, b"
    assert shown([1, 2]) == "a list of 2"
    assert shown(b"bytes") == "a bytes"


@pytest.mark.parametrize("type", FIELD_TYPES)
@pytest.mark.parametrize("text", [" " * 90_000, "1" * 90_000, '"' * 90_000, "- " * 45_000, "1 h" * 30_000])
def test_hostile_text_is_answered_in_time(type: str, text: str) -> None:
    started = perf_counter()

    assert_tidy(fields.check(type, text))
    assert_tidy(fields.typecast(type, text))

    assert perf_counter() - started < 1


def test_importing_the_package_brings_nothing_heavy() -> None:
    script = f"import sys, fields; print(sorted({HEAVY} & set(sys.modules)))"

    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == "[]"
