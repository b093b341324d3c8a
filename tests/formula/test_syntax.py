import pytest
from hypothesis import given
from hypothesis import strategies as st

import formula
from formula.tree import Binary, Call, Field, Literal, Negation, Node

_WRONG = [
    ("", 1, 1, "The formula is empty."),
    ("   ", 1, 4, "The formula is empty."),
    ("=1", 1, 1, "does not begin with ="),
    ("1 +", 1, 4, "ends where a value is expected"),
    ("1 2", 1, 3, "An operator is missing before 2."),
    ("1 + * 2", 1, 5, "not *"),
    ("(1 + 2", 1, 1, "A ) is missing"),
    ("1)", 1, 2, "has no ( before it"),
    ("IF(1, 2", 1, 8, "IF needs a comma or a )"),
    ("IF(1 2)", 1, 6, "IF needs a comma or a )"),
    ("IF(1,)", 1, 6, "A value is expected here, not )."),
    ("IF(,1)", 1, 4, "A value is expected here, not ,."),
    ('"abc', 1, 1, 'a " is missing'),
    ("'abc", 1, 1, "a ' is missing"),
    ("{abc", 1, 1, "a } is missing"),
    ("abc}", 1, 4, "closes no field"),
    ("{}", 1, 1, "has no name"),
    ("{ }", 1, 1, "has no name"),
    ("“abc”", 1, 1, "straight quotes"),
    ("IF(1，2)", 1, 5, "plain comma"),
    ("SUM（1）", 1, 4, "plain parenthesis"),
    ("2 ^ 3", 1, 3, "POWER"),
    ("5 % 2", 1, 3, "MOD"),
    ("!1", 1, 1, "NOT"),
    ("IF(1; 2)", 1, 5, "commas"),
    ("1 # 2", 1, 3, "no meaning"),
    ("1.5.5", 1, 4, "An operator is missing"),
    ("+1", 1, 1, "not +"),
    ("Full Name", 1, 6, "An operator is missing before Name."),
    ("1 // comment", 1, 4, "not /"),
    ("IF(\n  1,\n  2 3\n)", 3, 5, "needs a comma"),
]


@pytest.mark.parametrize(("text", "line", "column", "message"), _WRONG)
def test_a_text_that_is_no_formula_is_refused_with_its_place(
    text: str, line: int, column: int, message: str
) -> None:
    with pytest.raises(formula.FormulaSyntaxError) as refused:
        formula.parse(text)

    assert message in refused.value.message
    assert (refused.value.line, refused.value.column) == (line, column)


def test_a_syntax_error_shows_the_line_with_a_mark_under_the_place() -> None:
    with pytest.raises(formula.FormulaSyntaxError) as refused:
        formula.parse('IF({A},\n  "yes" "no")')

    assert refused.value.caret == '  "yes" "no")\n        ^^^^'
    assert (refused.value.start, refused.value.end) == (16, 20)


def test_the_mark_stays_in_sight_on_a_very_long_line() -> None:
    with pytest.raises(formula.FormulaSyntaxError) as refused:
        formula.parse("1 + " * 5_000 + "#")

    shown, mark = refused.value.caret.split("\n")
    assert len(shown) <= 100
    assert shown[mark.index("^")] == "#"


def test_nodes_know_where_they_stand() -> None:
    tree = formula.parse("IF({A} > 1, -2)")

    assert isinstance(tree, Call)
    assert tree.span == (0, 15)
    assert tree.name_span == (0, 2)
    assert [argument.span for argument in tree.arguments] == [(3, 10), (12, 14)]


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ("1+2*3", "1 + 2 * 3"),
        ("(1+2)*3", "(1 + 2) * 3"),
        ("1-(2-3)", "1 - (2 - 3)"),
        ("((1))-2", "1 - 2"),
        ("-(1+2)", "-(1 + 2)"),
        ("-a*b", "-{a} * {b}"),
        ("if( x,'a' )", 'IF({x}, "a")'),
        ("TRUE", "TRUE()"),
        ("{a\\}b}", "{a\\}b}"),
        ("'a\"b'", '"a\\"b"'),
        ("1.50", "1.5"),
        ("(1=2)&3", "(1 = 2) & 3"),
        ("1=2&3", "1 = 2 & 3"),
    ],
)
def test_a_tree_has_one_spelling(text: str, rendered: str) -> None:
    assert formula.render(formula.parse(text)) == rendered


_LITERALS = st.one_of(
    st.floats(min_value=0, allow_nan=False).map(lambda number: Literal(abs(number))),
    st.text(max_size=8).map(Literal),
    st.text(min_size=1, max_size=8).filter(str.strip).map(Field),
)
_OPERATORS = st.sampled_from(["+", "-", "*", "/", "&", "=", "!=", "<", "<=", ">", ">="])


def _larger(nodes: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.one_of(
        st.builds(Binary, _OPERATORS, nodes, nodes),
        st.builds(Negation, nodes),
        st.builds(Call, st.sampled_from(["IF", "SUM", "NOT"]), st.lists(nodes, max_size=3).map(tuple)),
    )


@given(st.recursive(_LITERALS, _larger, max_leaves=25))
def test_a_rendered_tree_parses_to_itself(tree: Node) -> None:
    assert formula.parse(formula.render(tree)) == tree
    assert formula.render(formula.parse(formula.render(tree))) == formula.render(tree)


@given(st.recursive(_LITERALS, _larger, max_leaves=25), st.integers(1, 60))
def test_a_tree_laid_out_over_lines_parses_to_itself(tree: Node, width: int) -> None:
    laid_out = formula.render(tree, width=width)

    assert formula.parse(laid_out) == tree
    assert formula.render(formula.parse(laid_out), width=width) == laid_out


def test_a_long_formula_is_laid_out_by_its_arguments_and_operators() -> None:
    text = 'IF({Hours}>8,"long"&" day: "&ROUND({Hours},1)&" hours",SWITCH({Kind},"a",1,2))'

    assert (
        formula.render(formula.parse(text), width=40)
        == """IF(
  {Hours} > 8,
  "long"
  & " day: "
  & ROUND({Hours}, 1)
  & " hours",
  SWITCH({Kind}, "a", 1, 2)
)"""
    )
    assert formula.render(formula.parse(text), width=80).count("\n") == 4
    assert "\n" not in formula.render(formula.parse(text), width=200)


def test_a_tree_is_written_under_the_power_of_its_joining_operator() -> None:
    switches = formula.Switches(ampersand="with_plus")
    for text in ('"a" & (1 + 2)', '"a" & 1 + 2', '("a" & 1) + 2'):
        tree = formula.parse(text, switches=switches)
        assert formula.parse(formula.render(tree, switches=switches), switches=switches) == tree


@pytest.mark.parametrize(
    "text", ["1" + " & 1" * 5_000, "2 * (1 + " * 60 + "1" + ")" * 60, "NOT(" * 180 + "1" + ")" * 180]
)
def test_long_and_deep_formulas_are_written(text: str) -> None:
    tree = formula.parse(text)

    assert formula.render(tree) == text
    assert formula.render(formula.parse(formula.render(tree, width=80))) == text
