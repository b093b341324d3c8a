"""Fields renamed in formulas."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import formula


@pytest.mark.parametrize(
    ("text", "names", "renamed"),
    [
        ("{Old} + 1", {"Old": "New"}, "{New} + 1"),
        ("Old+1", {"Old": "New"}, "New+1"),
        ("Old+1", {"Old": "New name"}, "{New name}+1"),
        ("Old & Old", {"Old": "TRUE"}, "{TRUE} & {TRUE}"),
        ("Old", {"Old": "2024"}, "{2024}"),
        ("{Old}", {"Old": "a}b\\c"}, "{a\\}b\\\\c}"),
        ("{a\\}b}&1", {"a}b": "plain"}, "{plain}&1"),
        ("{a}&{b}", {"a": "b", "b": "a"}, "{b}&{a}"),
        ("{fldAAAAAAAAAAAAAA} * 2", {"fldAAAAAAAAAAAAAA": "Price"}, "{Price} * 2"),
        ("{column_value_fldAAAAAAAAAAAAAA}", {"fldAAAAAAAAAAAAAA": "Price"}, "{Price}"),
        ("{Price}", {"Price": "fldAAAAAAAAAAAAAA"}, "{fldAAAAAAAAAAAAAA}"),
        ("{old}", {"Old": "New"}, "{New}"),
        ("'{Old}' & \"Old\" & {Older}", {"Old": "New"}, "'{Old}' & \"Old\" & {Older}"),
        ("SUM(SUM, 1)", {"SUM": "Total"}, "SUM(Total, 1)"),
        ("TRUE & {TRUE}", {"TRUE": "Yes"}, "TRUE & {Yes}"),
        ("IF( {Old},\n\t'x' ,  2.50 )", {"Old": "New"}, "IF( {New},\n\t'x' ,  2.50 )"),
        ("LAST_MODIFIED_TIME({Old})", {"Old": "New"}, "LAST_MODIFIED_TIME({New})"),
        ("{Old}", {"Other": "New"}, "{Old}"),
    ],
)
def test_references_are_rewritten_and_all_else_stays(text: str, names: dict[str, str], renamed: str) -> None:
    assert formula.rename(text, names) == renamed


def test_a_field_that_differs_only_by_capitals_is_another_one_where_there_is_one() -> None:
    assert formula.rename("{Old} & {old}", {"Old": "New"}, fields=["old"]) == "{New} & {old}"
    exact = formula.Switches(field_case="exact")
    assert formula.rename("{Old} & {old}", {"Old": "New"}, switches=exact) == "{New} & {old}"


def test_a_name_that_is_empty_and_a_text_that_is_no_formula_are_refused() -> None:
    with pytest.raises(ValueError, match="'Old' is empty"):
        formula.rename("{Old}", {"Old": " "})
    with pytest.raises(formula.FormulaSyntaxError):
        formula.rename("{Old} +", {"Old": "New"})


@given(st.text(min_size=1, max_size=10).filter(str.strip))
def test_a_renamed_formula_reads_the_new_field_whatever_it_is_called(name: str) -> None:
    for text in ("{Old} & 1", "Old&1"):
        renamed = formula.rename(text, {"Old": name})

        assert formula.check(renamed).depends_on == (name,)
        assert renamed.endswith(text[-1])
