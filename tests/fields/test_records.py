"""Whole records: names and ids, every problem at once."""

from typing import Any

import pytest

from fields import Problem, TableRules, check_record, check_records

TABLE: dict[str, Any] = {
    "id": "tblTasks000000001",
    "name": "Tasks",
    "primaryFieldId": "fldName0000000001",
    "fields": [
        {"id": "fldName0000000001", "name": "Name", "type": "singleLineText"},
        {
            "id": "fldStatus00000001",
            "name": "Status",
            "type": "singleSelect",
            "options": {"choices": [{"name": "Todo"}, {"name": "Doing"}, {"name": "Done"}]},
        },
        {"id": "fldPoints00000001", "name": "Points", "type": "number", "options": {"precision": 0}},
        {
            "id": "fldTags0000000001",
            "name": "Tags",
            "type": "multipleSelects",
            "options": {"choices": [{"name": "red"}]},
        },
        {"id": "fldTotal000000001", "name": "Total", "type": "formula", "options": {"formula": "1"}},
        {"id": "fldNovel000000001", "name": "Novelty", "type": "holograph"},
    ],
}


def where(problems: tuple[Problem, ...]) -> list[tuple[str, tuple[str | int, ...]]]:
    return [(problem.code, problem.path) for problem in problems]


def test_good_values_come_back_in_normal_form_by_field_name() -> None:
    answer = check_record(TABLE, {"Name": "Plan", "fldPoints00000001": 3.0, "Tags": [], "Status": None})

    assert answer.ok
    assert answer.value == {"Name": "Plan", "Points": 3, "Tags": None, "Status": None}


def test_rules_that_are_kept_judge_each_question_as_the_schema_does() -> None:
    rules = TableRules.of(TABLE)
    row = {"Name": 5, "Status": "Dne", "Tags": ["red", "blue"], "Points": "3", "Novelty": 1, "Ponits": 2}
    questions: list[dict[str, Any]] = [
        {"mode": mode, "partial": partial, "typecast": typecast}
        for mode in ("airtable", "strict")
        for partial in (False, True)
        for typecast in (False, True)
    ]

    for question in [*questions, *reversed(questions)]:
        assert check_record(rules, row, **question) == check_record(TABLE, row, **question)
    assert check_record(TableRules.of([]), row) == check_record([], row)  # type: ignore[arg-type]


def test_every_problem_is_told_at_once_under_the_name_of_its_field() -> None:
    answer = check_record(
        TABLE,
        {"Name": 5, "Status": "Dne", "Tags": ["red", "blue", 7], "Total": 1, "Ponits": 2},
        mode="airtable",
    )

    assert where(answer.problems) == [
        ("wrong_type", ("Name",)),
        ("unknown_choice", ("Status",)),
        ("unknown_choice", ("Tags", 1)),
        ("wrong_type", ("Tags", 2)),
        ("computed", ("Total",)),
        ("unknown_field", ("Ponits",)),
    ]


def test_a_message_names_the_field_the_value_and_the_remedy() -> None:
    [problem] = check_record(TABLE, {"Status": "Dne"}, partial=True).problems

    assert problem.message == (
        'Status has no choice "Dne". Choices: Todo, Doing, Done. Nearest: "Done". '
        "Pass typecast=true to create it."
    )
    assert problem.suggestion == "Done"


def test_an_unknown_field_is_answered_with_the_nearest_name() -> None:
    [problem] = check_record(TABLE, {"staus": "Todo"}, partial=True).problems

    assert problem.suggestion == "Status"
    assert 'There is no field "staus".' in problem.message


def test_cells_with_problems_are_left_out_of_the_value() -> None:
    answer = check_record(TABLE, {"Name": "Plan", "Points": "3"}, mode="airtable")

    assert answer.value == {"Name": "Plan"}
    assert not answer.ok


def test_a_field_given_by_name_and_by_id_is_refused() -> None:
    answer = check_record(TABLE, {"Name": "a", "fldName0000000001": "b"})

    assert where(answer.problems) == [("duplicate_field", ("Name",))]


def test_a_field_of_a_type_not_known_here_is_refused_by_name() -> None:
    answer = check_record(TABLE, {"Novelty": 1}, partial=True)

    assert where(answer.problems) == [("unknown_type", ("Novelty",))]


@pytest.mark.parametrize("values", [{}, {"Name": None}, {"Name": ""}, {"fldName0000000001": ""}])
def test_a_whole_record_has_a_value_in_its_primary_field_in_strict_mode(values: dict[str, Any]) -> None:
    assert where(check_record(TABLE, values).problems) == [("missing_primary", ("Name",))]
    assert check_record(TABLE, values, mode="airtable").ok


@pytest.mark.parametrize("values", [{"Name": "a"}, {"fldName0000000001": "a"}])
def test_a_primary_field_given_by_name_or_id_is_enough(values: dict[str, Any]) -> None:
    assert check_record(TABLE, values).ok


def test_a_change_of_some_cells_needs_no_primary_field() -> None:
    assert check_record(TABLE, {"Points": 1}, partial=True).ok


@pytest.mark.parametrize("primary", ["fldTotal000000001", "fldNovel000000001", "fldNone0000000001"])
def test_a_primary_field_that_is_computed_or_unknown_is_not_asked_for(primary: str) -> None:
    assert check_record({**TABLE, "primaryFieldId": primary}, {"Points": 1}).ok


@pytest.mark.parametrize("values", [None, 5, "Name", ["Name"]])
def test_a_record_that_is_no_object_is_refused(values: Any) -> None:
    assert where(check_record(TABLE, values).problems) == [("wrong_type", ())]


def test_a_mode_that_does_not_exist_is_an_error_of_the_caller() -> None:
    with pytest.raises(ValueError, match="mode"):
        check_record(TABLE, {}, mode="lenient")  # type: ignore[arg-type] # what types forbid, a caller may do


class Counted(dict[str, Any]):
    """Options that count how often they are looked through."""

    looks = 0

    def items(self) -> Any:
        """All of them."""
        self.looks += 1
        return super().items()


@pytest.mark.parametrize("how", [{}, {"typecast": True}])
def test_many_records_are_judged_as_each_of_them_and_the_schema_is_looked_through_once(how: Any) -> None:
    def judged(count: int) -> int:
        options = Counted(choices=[{"id": "selA", "name": "A"}])
        table = {"fields": [{"id": "fldA", "name": "S", "type": "singleSelect", "options": options}]}
        rows: list[Any] = [{"S": "A"}, {"fldA": "B"}, {"S": 1, "X": 2}, 5] * count
        many = check_records(table, rows, mode="airtable", partial=True, **how)
        looks = options.looks
        each = [check_record(table, row, mode="airtable", partial=True, **how) for row in rows]
        assert many == each
        return looks

    assert judged(1) == judged(20)
