"""Everything that can be known of a formula before it runs: problems, shapes and the fields that it reads."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from formula import shapes
from formula.arithmetic import result_shape
from formula.cells import ANY, CellType
from formula.excel import instead_of
from formula.foreign import MEANT
from formula.functions import EXTENDED_FUNCTIONS, FUNCTIONS, Function, Parameter, Want
from formula.naming import FieldNames, braced, nearest
from formula.numerals import number_from
from formula.report import Problem, Report
from formula.shapes import Kind, Shape
from formula.switches import SWITCHES, Switches
from formula.tree import Binary, Call, Field, Literal, Negation, Node, spine

_ORDINALS = ("first", "second", "third", "fourth", "fifth")
_WANTED = {
    **dict.fromkeys((Want.NUMBER, Want.INTEGER), "a number"),
    **dict.fromkeys((Want.DATE, Want.MAYBE_DATE), "a date"),
    Want.REFERENCE: "a field",
}
_NEVER_A_DATE = frozenset({Kind.NUMBER, Kind.BOOLEAN})
_ADVISED = 20
"""Unknown names for which a like one is looked for: each is compared with all names that are known."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A tree with what is known of it: the shape of each node by its `id`, and the fields by reference."""

    tree: Node
    report: Report
    shapes: Mapping[int, Shape]
    names: Mapping[str, str]


def check(
    tree: Node,
    names: FieldNames,
    types: Mapping[str, CellType],
    *,
    switches: Switches = SWITCHES,
    functions: Mapping[str, Function] = FUNCTIONS,
) -> Checked:
    """What is known of `tree` with these functions, fields named by `names`, and these types of them."""
    checker = _Checker(names, types, switches, functions)
    shape = checker.visit(tree)
    problems = tuple(sorted(checker.problems, key=lambda problem: problem.span))
    depends_on = tuple(dict.fromkeys(checker.names.values()))
    return Checked(tree, Report(problems, str(shape.kind), depends_on), checker.shapes, checker.names)


class _Checker:
    """One walk over a tree, children first."""

    def __init__(
        self,
        names: FieldNames,
        types: Mapping[str, CellType],
        switches: Switches,
        functions: Mapping[str, Function],
    ) -> None:
        self._fields = names
        self._functions = functions
        self._types = types
        self._switches = switches
        self.problems: list[Problem] = []
        self._alike: dict[tuple[str, str], list[str]] = {}
        self.shapes: dict[int, Shape] = {}
        self.names: dict[str, str] = {}

    def visit(self, node: Node) -> Shape:
        """The shape of the node; two frames of the stack for a level of the tree, not more."""
        shape = _VISITS[type(node)](self, node)
        self.shapes[id(node)] = shape
        return shape

    def literal(self, node: Literal) -> Shape:
        return shapes.TEXT if isinstance(node.value, str) else shapes.NUMBER

    def negation(self, node: Negation) -> Shape:
        self._expect_number(node.operand, self.visit(node.operand), "-")
        return shapes.NUMBER

    def field(self, node: Field) -> Shape:
        name = self._fields.resolve(node.name)
        if name is None:
            message = f"There is no field {braced(node.name)}."
            self._add("unknown_field", message, node, self._instead_of(node), node.name)
            return shapes.ANY
        self.names[node.name] = name
        return self._types.get(name, ANY).shape

    def _instead_of(self, node: Field) -> str:
        """The nearest fields; of a word without braces, what else it may mean, at last a text."""
        start, end = node.span
        is_bare = end - start == len(node.name)
        if is_bare and node.name.upper() in MEANT:
            return MEANT[node.name.upper()]
        meant = [braced(name) for name in self._like("field", node.name, self._fields.known)]
        return " or ".join([*meant, f'"{node.name}"'] if is_bare else meant)

    def chain(self, node: Binary) -> Shape:
        first, chain = spine(node)
        left, shape = first, self.visit(first)
        for step in chain:
            right = self.visit(step.right)
            if step.operator in "-*/":
                self._expect_number(left, shape, step.operator)
                self._expect_number(step.right, right, step.operator)
            shape = result_shape(step.operator, shape, right, plus_of_text=self._switches.plus_of_text)
            self.shapes[id(step)] = shape
            left = step
        return shape

    def _expect_number(self, node: Node, shape: Shape, operator: str) -> None:
        if shape.kind is Kind.DATE or _is_no_number(node):
            hint = "DATETIME_DIFF(later, earlier, 'days')" if shape.kind is Kind.DATE else ""
            self._add("wrong_type", f"{operator} expects numbers.", node, hint, operator)

    def call(self, node: Call) -> Shape:
        arguments = list(map(self.visit, node.arguments))
        function = self._functions.get(node.name)
        if function is None:
            self._add_unknown_function(node)
            return shapes.ANY
        if not _takes(function, len(arguments)):
            message = _count_message(function, len(arguments))
            self._add("wrong_argument_count", message, node, function.signature, node.name)
            return function.result([shapes.ANY] * 4)
        for index, (argument, shape) in enumerate(zip(node.arguments, arguments, strict=True)):
            self._check_argument(function, index, argument, shape)
        shape = function.result(arguments)
        may_be_blank = function.takes_dates and self._switches.blank_date == "blank"
        return replace(shape, may_be_blank=True) if may_be_blank else shape

    def _check_argument(self, function: Function, index: int, node: Node, shape: Shape) -> None:
        parameter = function.parameter(index)
        if _never_fits(parameter, node, shape):
            place = _ORDINALS[index] if index < len(_ORDINALS) else f"{index + 1}th"
            message = f"{function.name} expects {_WANTED[parameter.want]} as its {place} argument."
            self._add("wrong_type", message, node, function.signature, function.name)

    def _add_unknown_function(self, node: Call) -> None:
        near = self._like("function", node.name, self._functions)
        suggestion = instead_of(node.name) or (f"{near[0]}()" if near else "")
        message = f"Airtable has no function {node.name}"
        message += "; the extended dialect does." if node.name in EXTENDED_FUNCTIONS else "."
        self.problems.append(Problem("unknown_function", message, node.name_span, suggestion, node.name))

    def _like(self, kind: str, name: str, known: Iterable[str]) -> list[str]:
        """The known names of that kind most like `name`, at most three; none in a formula with too many."""
        if (kind, name) not in self._alike and len(self._alike) < _ADVISED:
            self._alike[kind, name] = nearest(name, known)
        return self._alike.get((kind, name), [])

    def _add(self, code: str, message: str, node: Node, suggestion: str, name: str) -> None:
        self.problems.append(Problem(code, message, node.span, suggestion, name))


_VISITS: Mapping[type, Callable[[_Checker, Any], Shape]] = {
    Literal: _Checker.literal,
    Field: _Checker.field,
    Negation: _Checker.negation,
    Call: _Checker.call,
    Binary: _Checker.chain,
}


def _takes(function: Function, count: int) -> bool:
    return function.minimum <= count and (function.maximum is None or count <= function.maximum)


def _count_message(function: Function, count: int) -> str:
    low, high = function.minimum, function.maximum
    if high is None:
        wanted = f"at least {low}"
    elif low == high:
        wanted = str(low) if low else "no"
    else:
        wanted = f"{low} to {high}"
    return (
        f"{function.name} takes {wanted} argument{'' if wanted in ('1', 'at least 1') else 's'}, not {count}."
    )


def _never_fits(parameter: Parameter, node: Node, shape: Shape) -> bool:
    match parameter.want:
        case Want.NUMBER | Want.INTEGER:
            return shape.kind is Kind.DATE or _is_no_number(node)
        case Want.DATE | Want.MAYBE_DATE:
            return shape.kind in _NEVER_A_DATE
        case Want.REFERENCE:
            return not isinstance(node, Field)
        case _:
            return False


def _is_no_number(node: Node) -> bool:
    return isinstance(node, Literal) and isinstance(node.value, str) and _writes_no_number(node.value)


def _writes_no_number(text: str) -> bool:
    return bool(text.strip()) and number_from(text) is None
