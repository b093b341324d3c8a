"""From a tree back to text: one spelling for each tree, which parses to the same tree again."""

import math

from formula.numerals import number_text
from formula.parser import NEGATING, POWERS
from formula.tree import Binary, Call, Field, Literal, Negation, Node, spine

_ATOM = 100
_TEXT_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"})
_FIELD_ESCAPES = str.maketrans({"\\": "\\\\", "}": "\\}"})


def render(node: Node) -> str:
    """The text: spaces round operators and after commas, braces round fields, no needless parentheses."""
    match node:
        case Literal(value=str(text)):
            return f'"{text.translate(_TEXT_ESCAPES)}"'
        case Literal(value=number):
            # A literal too large for a double is infinite, which has no other spelling.
            return number_text(float(number)) if number != math.inf else "1e999"
        case Field(name=name):
            return f"{{{name.translate(_FIELD_ESCAPES)}}}"
        case Call(name=name, arguments=arguments):
            return f"{name}({', '.join(map(render, arguments))})"
        case Negation(operand=operand):
            return "-" + _operand(operand, NEGATING)
        case Binary():
            return _chain(node)


def _chain(node: Binary) -> str:
    """A chain from the inside out, closed in parentheses wherever a weaker operator stands to the left."""
    first, chain = spine(node)
    parts = [_operand(first, POWERS[chain[0].operator])]
    for inner, outer in zip([None, *chain], chain, strict=False):
        if inner is not None and POWERS[inner.operator] < POWERS[outer.operator]:
            parts = ["(", *parts, ")"]
        parts.append(f" {outer.operator} {_operand(outer.right, POWERS[outer.operator] + 1)}")
    return "".join(parts)


def _operand(node: Node, floor: int) -> str:
    text = render(node)
    return text if _power(node) >= floor else f"({text})"


def _power(node: Node) -> int:
    match node:
        case Binary(operator=operator):
            return POWERS[operator]
        case Negation():
            return NEGATING
        case _:
            return _ATOM
