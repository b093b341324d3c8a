"""`pyairtable-mcp formula`: formulas at the terminal."""

import json

import pytest

from pyairtable_app.cli import main


def test_a_formula_is_evaluated_on_values_that_are_json_or_text(capsys):
    main(["formula", "eval", '{Name} & " " & {A} & COUNTA({List})', "--field", "A=2", "--field", "Name=Ada b",
          "--field", 'List=["x", "y"]'])  # fmt: skip

    assert json.loads(capsys.readouterr().out) == "Ada b 22"


def test_a_type_says_what_a_text_is(capsys):
    main(
        ["formula", "eval", 'DATETIME_FORMAT({D}, "DD.MM.YY")', "--field", "D=2026-11-23", "--type", "D=date"]
    )

    assert json.loads(capsys.readouterr().out) == "23.11.26"


def test_a_failing_formula_prints_airtables_error_value(capsys):
    main(["formula", "eval", "ERROR()"])

    assert json.loads(capsys.readouterr().out) == {"error": "#ERROR!"}


def test_a_good_formula_tells_what_it_yields_and_reads(capsys):
    main(["formula", "check", "{A} * {B}"])

    assert capsys.readouterr().out == "result: number\nfields: A, B\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["eval", "1 +"], "^"),
        (["eval", "IFF(1)"], "IFF"),
        (["check", "LEFT()"], "LEFT"),
        (["check", "{B}", "--type", "A=number"], "{B}"),
    ],
)
def test_what_is_wrong_is_shown_and_the_status_is_2(capsys, arguments, said):
    with pytest.raises(SystemExit) as ended:
        main(["formula", *arguments])

    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_a_field_without_a_value_is_refused(capsys):
    with pytest.raises(SystemExit):
        main(["formula", "eval", "1", "--field", "A"])

    assert "NAME=VALUE" in capsys.readouterr().err


def test_the_functions_are_listed_and_found(capsys):
    main(["formula", "functions", "datetime"])

    lines = capsys.readouterr().out.splitlines()
    assert [line.split("(")[0] for line in lines] == ["DATETIME_DIFF", "DATETIME_FORMAT", "DATETIME_PARSE"]


def test_a_name_that_no_function_has_is_told(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["formula", "functions", "nope"])

    assert ended.value.code == 2
    assert "'nope'" in capsys.readouterr().err


def test_a_formula_is_explained_as_a_tree(capsys):
    text = 'IF({A} > 1, VALUE({B}),\n  "few")'

    main(["formula", "explain", text, "--field", "A=2", "--field", "B=many"])

    assert (
        capsys.readouterr().out
        == """\
IF({A} > 1, VALUE({B}), "few") = #ERROR!
  {A} > 1 = 1
    {A} = 2
    1
  VALUE({B}) = #ERROR!  <- There is no number in 'many'.
    {B} = "many"
  "few"  (not evaluated)
"""
    )


def test_the_extended_dialect_is_off_unless_it_is_named(capsys):
    with pytest.raises(SystemExit):
        main(["formula", "eval", "IFERROR(1/0, 2)"])
    assert "Write IF(ISERROR(value), otherwise, value) instead?" in capsys.readouterr().err

    main(["formula", "eval", "IFERROR(1/0, 2)", "--dialect", "extended"])
    main(["formula", "check", "IFERROR({A}, 2)", "--dialect", "extended"])
    main(["formula", "functions", "iferror", "--dialect", "extended"])

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "2"
    assert lines[2] == "fields: A"
    assert lines[3].startswith("IFERROR(value, otherwise)")


def test_an_unknown_dialect_is_refused_with_those_that_there_are(capsys):
    with pytest.raises(SystemExit):
        main(["formula", "eval", "1", "--dialect", "excel"])

    said = capsys.readouterr().err
    assert all(name in said for name in ("excel", "airtable", "extended"))
