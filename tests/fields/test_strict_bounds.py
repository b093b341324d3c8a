"""The far ends of strict mode: what is too long, too large or no text at all."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fields
from fields.cases import _QUESTIONS


@pytest.mark.parametrize(
    ("type", "fits", "too_long"),
    [
        ("qr", "1" * 7089, "1" * 7090),
        ("qr", "A" * 4296, "A" * 4297),
        ("qr", "é" * 1476, "é" * 1477),
        ("datamatrix", "1" * 3116, "1" * 3117),
        ("pdf417", "a" * 1108, "a" * 1109),
        ("aztec", "A" * 3067, "A" * 3068),
        ("code128", "x" * 80, "x" * 81),
        ("gs1-128", "(10)" + "x" * 20, "(10)" + "x" * 5000),
    ],
)
def test_a_symbol_holds_so_much_and_no_more(type: str, fits: str, too_long: str) -> None:
    assert fields.check("barcode", {"text": fits, "type": type}).ok

    [problem] = fields.check("barcode", {"text": too_long, "type": type}).problems

    assert (problem.code, problem.path) == ("bad_barcode", ("text",))


@pytest.mark.parametrize(
    "name", ["x" * 300 + ".png", "é" * 200 + ".PNG", "x" * 300, "x" * 260 + "." + "y" * 40]
)
def test_a_long_file_name_is_shortened_and_keeps_its_extension(name: str) -> None:
    answer = fields.clean_filename(name).value

    assert len(answer.encode()) <= 255
    assert answer.endswith(".PNG" if name.endswith(".PNG") else ".png" if name.endswith(".png") else "x")


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_a_clean_name_is_clean(name: str) -> None:
    once = fields.clean_filename(name)

    assert once.value
    assert fields.clean_filename(once.value).value == once.value
    assert not set(once.value) & set('/\\:*?"<>|\x00\u202e')


@pytest.mark.parametrize("value", [10**400, float("inf"), float("nan"), 10**200, "1" * 200])
def test_an_amount_beyond_reckoning_is_refused(value: Any) -> None:
    [problem] = fields.check_money(value, {"currency": "USD"}).problems

    assert problem.code == "bad_amount"


@pytest.mark.parametrize(
    ("options", "locale", "text"),
    [
        ({"currency": "EUR"}, "de", "1.234,50\u00a0€"),
        ({"currency": "JPY"}, "en", "¥1,235"),
        ({"symbol": "€", "currency": "QQQ"}, "en", "€1,234.50"),
    ],
)
def test_an_amount_of_a_currency_shows_as_the_locale_writes_it(options: Any, locale: str, text: str) -> None:
    shown = fields.text("currency", 1234.5, {"symbol": "€", **options}, locale=locale)

    assert shown == text


@pytest.mark.parametrize(
    ("display", "text"),
    [("NATIONAL", "(415) 555-2671"), ("INTERNATIONAL", "+1 415-555-2671"), ("quokka", "+14155552671")],
)
def test_a_phone_number_shows_in_the_form_that_is_asked(display: str, text: str) -> None:
    assert fields.text("phoneNumber", "+14155552671", {"display": display}) == text
    assert fields.text("phoneNumber", "not a number", {"display": display}) == "not a number"


def test_a_long_address_is_refused_without_a_guess_at_what_was_meant() -> None:
    [problem] = fields.check("url", "example.com/" + "a" * 3000).problems

    assert (problem.code, problem.suggestion) == ("bad_url", None)


def test_a_long_amount_is_refused() -> None:
    assert not fields.read_amount("1" * 300, {"locale": "en_US"}).ok


@pytest.mark.parametrize("case", [None, 5, {}, {"type": 5}, {"type": "number", "level": "lenient"}])
def test_a_case_that_asks_nothing_is_unknown(case: Any) -> None:
    assert [problem.code for problem in fields.check_case(case).problems] == ["unknown_case"]


def test_a_button_of_a_table_cannot_be_written() -> None:
    case = {"type": "button", "input": {"label": "Open"}, "level": "airtable"}

    assert [problem.code for problem in fields.check_case(case).problems] == ["computed"]


INPUTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["text", "type", "url", "label", "action", "head_hex", "filename", "size", "base64"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=6,
)
STRICT = ["phoneNumber", "email", "url", "currency", "barcode", "multipleAttachments", "duration", "rating"]
OPTIONS = st.dictionaries(
    st.sampled_from(
        [
            *("default_region", "format", "display", "currency", "locale", "symbology", "addresses"),
            *("declared", "allowed_schemes", "max_count", "max_bytes", "via", "form", "max_length"),
        ]
    ),
    st.none()
    | st.integers(-5, 5)
    | st.text(max_size=5)
    | st.sampled_from(["US", "EUR", "de_DE", "ean8", "qr", "code39", "gs1128", "image/png", "upload", "h:mm"])
    | st.lists(st.sampled_from(["http", "10.0.0.1", "x"]), max_size=2),
    max_size=4,
)


@given(st.sampled_from([*_QUESTIONS, *STRICT, "number.options"]), INPUTS, OPTIONS)
@settings(max_examples=800, deadline=None)
def test_any_case_is_answered_with_what_can_be_sent(type: str, value: Any, options: Any) -> None:
    answer = fields.check_case({"type": type, "input": value, "options": options})

    json.dumps([problem.suggestion for problem in answer.problems], allow_nan=False)
    for problem in answer.problems:
        problem.message.encode("utf-8")
        assert problem.message.endswith(".")


@given(
    st.sampled_from(["ean8", "upce", "isbn10", "issn", "sscc", "gtin"]), st.text("0123456789X-", max_size=18)
)
@settings(max_examples=300, deadline=None)
def test_a_suggested_barcode_is_right(type: str, text: str) -> None:
    for problem in fields.check("barcode", {"text": text, "type": type}).problems:
        if problem.suggestion is not None:
            assert fields.check("barcode", {"text": problem.suggestion, "type": type}).ok


@given(
    st.sampled_from(["url", "email", "phoneNumber"]),
    st.text(max_size=10) | st.from_regex(r"[a-z.]{1,8}[@:/.][a-z./@]{1,10}", fullmatch=True),
)
@settings(max_examples=300, deadline=None)
def test_a_suggested_address_is_right_and_in_its_normal_form(type: str, text: str) -> None:
    for problem in fields.check(type, text, {"default_region": "US"}).problems:
        if problem.suggestion is not None:
            assert (
                fields.check(type, problem.suggestion, {"default_region": "US"}).value == problem.suggestion
            )
