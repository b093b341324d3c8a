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


_FOREIGN = [
    ('{A} == "x"', 6, "Equal is written with one =."),
    ("{A} === 1", 6, "Equal is written with one =."),
    ("{A} <> 1", 6, "Unequal is written !=."),
    ("{A} !== 1", 7, "Unequal is written !=."),
    ("{A} =! 1", 6, "Unequal is written !=."),
    ("{A} => 1", 6, "At least is written >=."),
    ("{A} =< 1", 6, "At most is written <=."),
    ("{A} ≥ 1", 5, "At least is written >=."),
    ("{A} && {B}", 6, "AND(first, second)"),
    ("{A} || {B}", 5, "OR(first, second)"),
    ("{A} ** 2", 6, "POWER(base, exponent)"),
    ("{A} ? 1 : 2", 5, "IF(condition, then, otherwise)"),
    ("{A} =~ 'x'", 6, "REGEX_MATCH"),
    ("{A}=1 AND {B}=2 AND {C}=3", 7, "in parentheses: AND({A}=1, {B}=2, {C}=3)."),
    ("{A}=1 and {B}=2 or {C}=3", 7, "in parentheses: OR(AND({A}=1, {B}=2), {C}=3)."),
    ("{A} AND OR({B}, {C})", 5, "in parentheses: AND({A}, OR({B}, {C}))."),
    ("{A} AND ({B} or {C})", 5, "in parentheses: AND(first, second)."),
    ("{A} > 1 and < 5", 9, "in parentheses: AND(first, second)."),
    ("OR OR OR", 4, "in parentheses: OR(first, second)."),
    ("AND({A} = 1 AND {B}, 3)", 13, "in parentheses: AND(first, second)."),
    ("({A} = 1 or {B})", 10, "in parentheses: OR(first, second)."),
    ("NOT {A}", 5, "NOT(value)"),
    ("IF {A} THEN 1 ELSE 2", 4, "IF(condition, then, otherwise)"),
    ("WHERE {A} = 1", 7, "without WHERE"),
    ("SELECT * FROM Tasks", 15, "without SELECT"),
    ("{A} LIKE '%x%'", 5, 'FIND("part", {A})'),
    ("{A} not like '%x%'", 5, 'NOT(FIND("part", {A}))'),
    ("{A} contains 'x'", 5, 'FIND("part", {A})'),
    ("{A} starts with 'x'", 5, 'LEFT({A}, 4) = "part"'),
    ("{A} IN ('a', 'b')", 5, 'OR({A} = "a", {A} = "b")'),
    ("{A} NOT IN ('a', 'b')", 5, 'AND({A} != "a", {A} != "b")'),
    ("{A} IS NULL", 5, "{A} = BLANK()"),
    ("{A} is not null", 5, "{A} != BLANK()"),
    ("{A} BETWEEN 1 AND 5", 5, "AND({A} >= 1, {A} <= 5)"),
    ("{A} gt 5", 5, "Write > instead of GT."),
    ("Due Date > TODAY()", 5, "in braces: {Due Date}."),
    ("1 < Phase 2 Cost", 11, "in braces: {Phase 2 Cost}."),
    ("{A} > 2,000", 8, "A number has no commas in it: 2000."),
    ("{A}, {B}", 4, "between the arguments of a function only"),
    ("{{A}} = 1", 5, "one brace stands on each side of a name"),
    ("[A] = 1", 1, "a field is {Name}"),
    ("`A` = 1", 1, 'a text in quotes, "text"'),
    ("Tasks.A = 1", 6, "without its table"),
    ('{A} = \\"x\\"', 7, "have no \\ before them"),
    ('{A} = "say "hi""', 13, 'Inside a text, " is written \\".'),
    ("{A} = 'it's'", 12, "inside a text, it is written \\'."),
    ("{A} = $5", 7, "without its currency"),
    ("status: done", 7, "equal is written ="),
    ("{A} \u200b= 1", 5, "U+200B, which cannot be seen,"),
    ("AND({A}, {B}", 13, "The formula ends inside parentheses."),
]
"""What other languages write; the last column says how Airtable's formulas write it."""


@pytest.mark.parametrize(("text", "column", "message"), _FOREIGN)
def test_what_another_language_writes_is_told_as_it_is_written_here(
    text: str, column: int, message: str
) -> None:
    with pytest.raises(formula.FormulaSyntaxError) as refused:
        formula.parse(text)

    assert message in refused.value.message
    assert refused.value.column == column


@pytest.mark.parametrize(
    "text", ["{A}=1 AND {B}=2 AND {C}=3", "{A}=1 and {B}=2 or {C}=3", "{A} AND OR({B}, {C})"]
)
def test_the_formula_that_is_proposed_is_one(text: str) -> None:
    with pytest.raises(formula.FormulaSyntaxError) as refused:
        formula.parse(text)

    proposed = refused.value.message.partition("in parentheses: ")[2].removesuffix(".")
    assert isinstance(formula.parse(proposed), Call)


def test_a_long_text_of_conjunctions_is_refused_at_once() -> None:
    with pytest.raises(formula.FormulaSyntaxError) as refused:
        formula.parse("{A} AND " * 4_000)

    assert "AND(first, second)" in refused.value.message


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
