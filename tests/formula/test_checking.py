import pytest

import formula

TYPES = {
    "Name": "singleLineText",
    "Hours": "number",
    "Due": "date",
    "Done": "checkbox",
    "Tags": "multipleSelects",
}


def codes(text: str) -> list[tuple[str, str]]:
    """Each problem's code with the part of the text that it points at."""
    report = formula.check(text, TYPES)
    return [(problem.code, text[slice(*problem.span)]) for problem in report.problems]


def test_all_problems_are_reported_at_once_in_the_order_of_the_text() -> None:
    assert codes("IF({Nmae} = 1, SUMM(1), LEFT())") == [
        ("unknown_field", "{Nmae}"),
        ("unknown_function", "SUMM"),
        ("wrong_argument_count", "LEFT()"),
    ]


@pytest.mark.parametrize(
    ("text", "code", "suggestion"),
    [
        ("{Nmae}", "unknown_field", "{Name}"),
        ("{zzzzzz}", "unknown_field", ""),
        ("{Name} = NULL", "unknown_field", "BLANK()"),
        ("{Due} = today", "unknown_field", "TODAY()"),
        ("{Done} = yes", "unknown_field", "TRUE()"),
        ("{Name} = Zanzibar", "unknown_field", '"Zanzibar"'),
        ("Nmae", "unknown_field", '{Name} or "Nmae"'),
        ("{NULL}", "unknown_field", ""),
        ("CONCAT(1)", "unknown_function", "CONCATENATE()"),
        ('CONTAINS({Name}, "x")', "unknown_function", 'FIND("part", text), or REGEX_MATCH(text, "pattern")'),
        ("ISEMPTY({Name})", "unknown_function", "value = BLANK()"),
        ("IFERROR(1, 2)", "unknown_function", "IF(ISERROR(value), otherwise, value)"),
        ("IFS(1, 2)", "unknown_function", "nested IF(), or SWITCH(TRUE(), condition, result, ...)"),
        ("LEFT()", "wrong_argument_count", "LEFT(text, [count])"),
        ("NOW(1)", "wrong_argument_count", "NOW()"),
        ("{Due} - {Due}", "wrong_type", "DATETIME_DIFF(later, earlier, 'days')"),
    ],
)
def test_a_problem_comes_with_what_to_write_instead(text: str, code: str, suggestion: str) -> None:
    problem = formula.check(text, TYPES).problems[0]

    assert (problem.code, problem.suggestion) == (code, suggestion)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("LEFT()", "LEFT takes 1 to 2 arguments, not 0."),
        ("MID(1, 2)", "MID takes 3 arguments, not 2."),
        ("NOW(1)", "NOW takes no arguments, not 1."),
        ("SUM()", "SUM takes at least 1 argument, not 0."),
        ("ABS()", "ABS takes 1 argument, not 0."),
        ("SWITCH(1, 2)", "SWITCH takes at least 3 arguments, not 2."),
        ('LEFT("x", "many")', "LEFT expects a number as its second argument."),
        ("YEAR({Hours})", "YEAR expects a date as its first argument."),
        ("ABS({Due})", "ABS expects a number as its first argument."),
        ('LAST_MODIFIED_TIME("Name")', "LAST_MODIFIED_TIME expects a field as its first argument."),
        ('1 * "x"', "* expects numbers."),
        ('-"x"', "- expects numbers."),
        ("BASE_ID()", "Airtable has no function BASE_ID."),
        ("{Nmae}", "There is no field {Nmae}."),
    ],
)
def test_a_problem_says_what_is_wrong(text: str, message: str) -> None:
    assert [problem.message for problem in formula.check(text, TYPES).problems] == [message]


@pytest.mark.parametrize(
    ("text", "type"),
    [
        ("1", "number"),
        ('"a"', "text"),
        ("1 & 2", "text"),
        ("1 = 2", "boolean"),
        ("TODAY()", "date"),
        ("BLANK()", "blank"),
        ("{Name}", "text"),
        ("{Hours} * 2", "number"),
        ("{Due}", "date"),
        ("{Done}", "boolean"),
        ("{Tags}", "array"),
        ("IF({Done}, 1, 2)", "number"),
        ("IF({Done}, 1)", "number"),
        ('IF({Done}, 1, "x")', "any"),
        ("SWITCH({Hours}, 1, {Due}, 2, {Due})", "date"),
        ('SWITCH({Hours}, 1, "a", 2, "b", 3)', "any"),
        ('SEARCH("a", {Name})', "number"),
        ("MAX({Hours}, 1)", "number"),
        ("MAX({Due}, {Due})", "any"),
        ('{Name} + "x"', "text"),
        ("{Hours} + 1", "number"),
    ],
)
def test_the_type_of_the_result_is_known(text: str, type: str) -> None:
    assert formula.check(text, TYPES).result_type == type


def test_the_fields_that_are_read_are_named_once_each_in_order() -> None:
    report = formula.check("{Hours} & {Name} & {Hours} & LAST_MODIFIED_TIME({Due})", TYPES)

    assert report.depends_on == ("Hours", "Name", "Due")


def test_ids_and_airtables_internal_names_mean_the_field() -> None:
    names = {"fldAAAAAAAAAAAAAA": "Hours"}

    for text in ("{fldAAAAAAAAAAAAAA}", "{column_value_fldAAAAAAAAAAAAAA}", "fldAAAAAAAAAAAAAA", "{hours}"):
        compiled = formula.compile(text, TYPES, field_names=names)
        assert compiled.depends_on == ("Hours",)
        assert compiled.one({"Hours": 7}) == 7


def test_a_name_that_differs_by_capitals_from_two_fields_means_neither() -> None:
    report = formula.check("{NAME}", {"Name": "text", "name": "text"})

    assert [problem.code for problem in report.problems] == ["unknown_field"]


def test_a_formula_that_cannot_run_is_refused_with_the_whole_report() -> None:
    with pytest.raises(formula.FormulaCheckError) as refused:
        formula.compile("NOPE({Nmae})", TYPES)

    assert [problem.name for problem in refused.value.report.problems] == ["NOPE", "Nmae"]
    assert "no function NOPE" in str(refused.value)


def test_a_formula_of_the_wrong_types_runs_and_fails_where_it_must() -> None:
    compiled = formula.compile("IF({Done}, YEAR({Hours}), 1)", TYPES)

    assert compiled.one({}) == 1
    assert compiled.one({"Done": True, "Hours": 5}) == formula.ErrorValue("#ERROR!")


def test_formulas_are_ordered_so_that_each_comes_after_those_it_reads() -> None:
    formulas = {"C": "{B} + {n}", "A": "1", "B": "{A} + {fldA}", "D": "2"}

    found = formula.order(formulas, field_names={"fldA": "A"})

    assert sorted(found) == ["A", "B", "C", "D"]
    assert found.index("A") < found.index("B") < found.index("C")


def test_a_cycle_is_named_the_way_round() -> None:
    with pytest.raises(formula.FormulaCycle) as refused:
        formula.order({"A": "{B}", "B": "{C}", "C": "{A}", "D": "1"})

    names = refused.value.names
    assert names[0] == names[-1]
    assert set(names) == {"A", "B", "C"}
    assert all((names[i], names[i + 1]) in {("A", "B"), ("B", "C"), ("C", "A")} for i in range(3))


def test_a_formula_that_reads_itself_is_a_cycle() -> None:
    with pytest.raises(formula.FormulaCycle, match="A -> A"):
        formula.order({"A": "{A} + 1"})
