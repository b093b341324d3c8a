"""From a tree back to text: one spelling for each tree, which parses to the same tree again."""

import math

from formula.naming import braced
from formula.numerals import number_text
from formula.parser import NEGATING, powers
from formula.switches import SWITCHES, Switches
from formula.tree import Binary, Call, Field, Literal, Negation, Node, spine

_ATOM = 100
_INDENT = 2
_TEXT_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"})


def render(node: Node, *, width: int | None = None, switches: Switches = SWITCHES) -> str:
    """The text: spaces round operators and after commas, braces round fields, no needless parentheses.

    With a `width`, what is longer is laid out over lines: each argument on its own, deeper by two, and each
    operator at the beginning of one.
    """
    return _Renderer(switches, width).text(node, 0)


class _Renderer:
    """Writes the nodes of one tree under one switch for &, within one width."""

    def __init__(self, switches: Switches, width: int | None) -> None:
        self._powers = powers(switches)
        self._width = width
        self._flat: dict[int, str] = {}

    def text(self, node: Node, indent: int) -> str:
        """The node on one line if it fits behind `indent` spaces, else on several."""
        flat = self._on_one_line(node)
        if self._width is None or len(flat) + indent <= self._width:
            return flat
        match node:
            case Call(name=name, arguments=arguments) if arguments:
                return self._stacked(name, arguments, indent)
            case Binary():
                return self._chain(node, indent)
            case Negation(operand=operand):
                return "-" + self._operand(operand, NEGATING, indent)
            case _:
                return flat

    def _on_one_line(self, node: Node) -> str:
        """The node on one line; three frames of the stack for a level of the tree, not more."""
        text = self._flat.get(id(node))
        if text is None:
            match node:
                case Literal():
                    text = _literal(node.value)
                case Field(name=name):
                    text = braced(name)
                case Call(name=name, arguments=arguments):
                    text = f"{name}({', '.join(map(self._on_one_line, arguments))})"
                case Negation(operand=operand):
                    text = "-" + self._operand(operand, NEGATING, None)
                case Binary():
                    text = self._chain(node, None)
            self._flat[id(node)] = text
        return text

    def _stacked(self, name: str, arguments: tuple[Node, ...], indent: int) -> str:
        inner = self._deeper(indent)
        lines = ",\n".join(" " * inner + self.text(argument, inner) for argument in arguments)
        return f"{name}(\n{lines}\n{' ' * indent})"

    def _chain(self, node: Binary, indent: int | None) -> str:
        """A chain from the inside out, in parentheses wherever a weaker operator stands to the left."""
        first, chain = spine(node)
        gap = " " if indent is None else f"\n{' ' * indent}"
        parts = [self._operand(first, self._powers[chain[0].operator], indent)]
        for inner, outer in zip([None, *chain], chain, strict=False):
            power = self._powers[outer.operator]
            if inner is not None and self._powers[inner.operator] < power:
                parts = ["(", *parts, ")"]
            right = self._operand(outer.right, power + 1, None if indent is None else self._deeper(indent))
            parts.append(f"{gap}{outer.operator} {right}")
        return "".join(parts)

    def _deeper(self, indent: int) -> int:
        """The next indent; half of the width is left for text, however deep it stands."""
        return min(indent + _INDENT, max(indent, (self._width or 0) // 2))

    def _operand(self, node: Node, floor: int, indent: int | None) -> str:
        text = self._on_one_line(node) if indent is None else self.text(node, indent)
        return text if self._power(node) >= floor else f"({text})"

    def _power(self, node: Node) -> int:
        match node:
            case Binary(operator=operator):
                return self._powers[operator]
            case Negation():
                return NEGATING
            case _:
                return _ATOM


def _literal(value: float | str) -> str:
    if isinstance(value, str):
        return f'"{value.translate(_TEXT_ESCAPES)}"'
    # A literal too large for a double is infinite, which has no other spelling.
    return number_text(float(value)) if value != math.inf else "1e999"
