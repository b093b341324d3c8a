"""From a checked tree to the code of one expression: literals, fields, and calls of any function."""

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from formula.checker import Checked
from formula.functions import EVERY_FUNCTION, Function, Want
from formula.functions.function import Parameter
from formula.generated.columns import Form
from formula.generated.fragment import Fragment, NotWritable
from formula.generated.membership import alternatives
from formula.generated.operators import chained, negated
from formula.generated.rules import RULES
from formula.generated.wants import (
    as_boxed,
    as_date,
    as_date_unless_blank,
    as_items,
    as_text,
    as_truth,
    as_wanted_number,
)
from formula.scope import Batch, Row
from formula.shapes import NUMBER, TEXT
from formula.tree import Binary, Call, Field, Literal, Negation, Node
from formula.values import fail

_MAX_HEIGHT = 60
"""Python refuses code that is nested much deeper than three times as much."""


class Writer:
    """Writes the fragments of one tree, and collects the constants and the columns that they name."""

    def __init__(self, checked: Checked, forms: Mapping[str, Form], batch: Batch) -> None:
        self.batch = batch
        self.constants: dict[str, Any] = {}
        self.prelude: dict[str, str] = {}
        self.needs_rows = False
        self._names = checked.names
        self._columns = {name: f"c{number}" for number, name in enumerate(forms)}
        self._forms = forms
        self._known: dict[int, str] = {}
        self._temporaries = 0
        self._height = 0

    def write(self, node: Node) -> Fragment:
        """The code of a node. Raises NotWritable."""
        self._height += 1
        if self._height > _MAX_HEIGHT:
            raise NotWritable
        try:
            return self._written(node)
        finally:
            self._height -= 1

    def constant(self, value: Any) -> str:
        """The name of a value that is the same for all rows."""
        name = self._known.setdefault(id(value), f"k{len(self._known)}")
        self.constants[name] = value
        return name

    def once(self, code: str) -> str:
        """The name of an expression that is computed once a batch; it must not fail."""
        return self.prelude.setdefault(code, f"b{len(self.prelude)}")

    def held(self, fragment: Fragment) -> tuple[str, Fragment]:
        """Code that computes the fragment and gives it a name, and the fragment by that name."""
        if fragment.is_name:
            return fragment.code, fragment
        self._temporaries += 1
        name = f"t{self._temporaries}"
        return f"({name} := {fragment.code})", fragment.named(name)

    def _written(self, node: Node) -> Fragment:
        match node:
            case Literal(value=value):
                return self._literal(value)
            case Field(name=name):
                return self._field(self._names[name])
            case Negation(operand=operand):
                return negated(self, self.write(operand))
            case Binary():
                return chained(self, node)
            case Call():
                return self._call(node, EVERY_FUNCTION[node.name])

    def _literal(self, value: float | str) -> Fragment:
        if isinstance(value, str):
            return Fragment(self.constant(value), TEXT, is_safe=True, is_name=True, constant=value)
        code = repr(value) if isfinite(value) else self.constant(value)
        return Fragment(code, NUMBER, float, is_safe=True, is_name=True, constant=value)

    def _field(self, name: str) -> Fragment:
        form = self._forms[name]
        stored = None if form.stored in (str, bool) else form.stored
        return Fragment(self._columns[name], form.shape, stored, form.is_day, is_safe=True, is_name=True)

    def _call(self, node: Call, function: Function) -> Fragment:
        if function.takes_dates and self.batch.switches.blank_date == "blank":
            raise NotWritable
        rule = RULES.get(node.name)
        if Want.REFERENCE in {parameter.want for parameter in function.parameters}:
            return self._called(function, node.arguments, [])
        if node.name == "OR":
            arguments = alternatives(self, node.arguments)
        else:
            arguments = list(map(self.write, node.arguments))
        shaped = rule(self, arguments) if rule else None
        return shaped or self._called(function, node.arguments, arguments)

    def _called(self, function: Function, nodes: Sequence[Node], arguments: Sequence[Fragment]) -> Fragment:
        """A call of the function in Python that the closures call too."""
        if arguments:
            wanted = (self._adapted(function.parameter(index), each) for index, each in enumerate(arguments))
        else:
            wanted = (self._reference(node) for node in nodes)
        scope = {Batch: ["batch"], Row: ["row"], None: []}[function.scope]
        self.needs_rows |= function.scope is Row
        code = f"{self.constant(function.run)}({', '.join([*scope, *wanted])})"
        return Fragment(code, function.result([argument.shape for argument in arguments]))

    def _adapted(self, parameter: Parameter, argument: Fragment) -> str:
        match parameter.want:
            case Want.TEXT:
                return as_text(self, argument)
            case Want.TRUTH:
                return as_truth(self, argument)
            case Want.DATE:
                return as_date(self, argument)
            case Want.MAYBE_DATE:
                return as_date_unless_blank(self, argument)
            case Want.ITEMS:
                return as_items(self, argument)
            case Want.THUNK:
                return f"(lambda: {as_boxed(self, argument)})"
            case Want.NUMBER | Want.INTEGER:
                return as_wanted_number(self, argument, is_whole=parameter.want is Want.INTEGER)
            case _:
                return as_boxed(self, argument)

    def _reference(self, node: Node) -> str:
        if not isinstance(node, Field):
            return f"{self.constant(fail)}({self.constant('A field is expected.')})"
        return self.constant(self._names[node.name])
