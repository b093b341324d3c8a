"""`pyairtable-mcp fields`: values at the terminal."""

import pytest

from pyairtable_app.cli import main


@pytest.mark.parametrize(
    ("arguments", "printed"),
    [
        (["check", "phoneNumber", "(415) 555-2671", "--option", "default_region=US"], '"+14155552671"'),
        (["check", "phoneNumber", "+14155552671"], '"+14155552671"'),
        (["check", "rating", "4", "--option", "max=5"], "4"),
        (["check", "singleLineText", "007"], '"007"'),
        (["check", "singleLineText", '"a text of JSON"'], '"a text of JSON"'),
        (["check", "multipleSelects", '["a"]', "--option", 'choices=[{"name": "a"}]'], '["a"]'),
        (["convert", "17", "--from", "singleLineText", "--to", "number"], "17  (lossless)"),
        (["convert", "17", "--from", "number", "--to", "singleLineText"], '"17"  (lossless)'),
    ],
)
def test_a_good_value_is_printed_in_its_normal_form(capsys, arguments, printed):
    main(["fields", *arguments])

    assert capsys.readouterr().out.strip() == printed


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check", "phoneNumber", "(415) 555-2671"], "default_region"),
        (["check", "zzz", "1"], 'There is no field type "zzz". There are: singleLineText, multilineText,'),
        (["convert", "x", "--from", "singleLineText", "--to", "date"], "x"),
    ],
)
def test_a_bad_value_is_told_with_the_status_2(capsys, arguments, said):
    with pytest.raises(SystemExit) as ended:
        main(["fields", *arguments])

    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_what_a_conversion_loses_is_printed_below_its_value(capsys):
    main(["fields", "convert", "3 Feb", "--from", "singleLineText", "--to", "date"])

    value, why = capsys.readouterr().out.splitlines()
    assert value.endswith("(lossy)")
    assert "guess" in why


@pytest.mark.parametrize("value", ["true", '"5"'])
def test_a_number_is_given_as_a_number(capsys, value):
    with pytest.raises(SystemExit):
        main(["fields", "check", "number", value, "--mode", "airtable"])

    assert "JSON number" in capsys.readouterr().err


def test_the_types_are_listed(capsys):
    main(["fields", "types"])

    assert len(capsys.readouterr().out.splitlines()) == 34
