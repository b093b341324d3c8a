"""From tokens to a tree: a Pratt parser, where each operator has the power with which it binds."""

from collections.abc import Callable, Mapping

from formula.errors import FormulaSyntaxError, FormulaTooLarge
from formula.lexer import Token, tokens
from formula.limits import LIMITS, Limits
from formula.switches import SWITCHES, Switches
from formula.tree import Binary, Call, Field, Literal, Negation, Node

_COMPARISON, _JOINING, _ADDING, _MULTIPLYING, _NEGATING = 10, 20, 30, 40, 50

POWERS: Mapping[str, int] = {
    **dict.fromkeys(("=", "!=", "<", "<=", ">", ">="), _COMPARISON),
    "&": _JOINING,
    **dict.fromkeys("+-", _ADDING),
    **dict.fromkeys("*/", _MULTIPLYING),
}
"""How tightly each operator binds; all of them group from the left."""

NEGATING = _NEGATING

CONSTANTS = frozenset({"TRUE", "FALSE"})
"""Functions without arguments that Airtable's editor accepts without parentheses."""


def parse(text: str, *, switches: Switches = SWITCHES, limits: Limits = LIMITS) -> Node:
    """The tree of `text`. Raises FormulaSyntaxError with the place."""
    return _Parser(text, powers(switches), limits).parse()


def powers(switches: Switches) -> Mapping[str, int]:
    """The powers of the operators, with & where the switch puts it."""
    return POWERS if switches.ampersand == "below_plus" else {**POWERS, "&": _ADDING}


class _Parser:
    """One pass over the tokens of one text."""

    __slots__ = ("_depth", "_index", "_limits", "_powers", "_text", "_tokens")

    def __init__(self, text: str, powers: Mapping[str, int], limits: Limits) -> None:
        self._text = text
        self._powers = powers
        self._limits = limits
        self._tokens = tokens(text, limits=limits)
        self._index = 0
        self._depth = 0

    def parse(self) -> Node:
        if self._tokens[0].kind == "end":
            raise self._error("The formula is empty.", self._tokens[0])
        node = self._expression(0)
        rest = self._tokens[self._index]
        if rest.kind != "end":
            raise self._error(_surplus(rest), rest)
        return node

    def _expression(self, floor: int) -> Node:
        """An operand and every operator after it that binds more tightly than `floor`."""
        token = self._next()
        self._depth += 1
        if self._depth > self._limits.nesting:
            raise FormulaTooLarge("levels of nesting", self._limits.nesting, self._text, token.start)
        left = _OPERANDS.get(token.kind, _Parser.no_operand)(self, token)
        while (power := self._power()) > floor:
            operator = self._next().text
            right = self._expression(power)
            left = Binary(operator, left, right, (left.span[0], right.span[1]))
        self._depth -= 1
        return left

    def _power(self) -> int:
        token = self._tokens[self._index]
        return self._powers[token.text] if token.kind == "operator" else 0

    def _next(self) -> Token:
        token = self._tokens[self._index]
        if token.kind != "end":
            self._index += 1
        return token

    def number(self, token: Token) -> Node:
        return Literal(float(token.text), (token.start, token.end))

    def string(self, token: Token) -> Node:
        return Literal(token.text, (token.start, token.end))

    def field(self, token: Token) -> Node:
        if not token.text.strip():
            raise self._error("This field reference has no name.", token)
        return Field(token.text, (token.start, token.end))

    def name(self, token: Token) -> Node:
        """A function with its arguments, or a field whose name is one word."""
        span = (token.start, token.end)
        name = token.text.upper()
        if self._tokens[self._index].kind != "open":
            return Call(name, (), span, span) if name in CONSTANTS else Field(token.text, span)
        self._index += 1
        arguments = self._arguments(token)
        return Call(name, arguments, (token.start, self._tokens[self._index - 1].end), span)

    def _arguments(self, name: Token) -> tuple[Node, ...]:
        found: list[Node] = []
        if self._tokens[self._index].kind == "close":
            self._index += 1
            return ()
        while True:
            found.append(self._expression(0))
            token = self._next()
            if token.kind == "close":
                return tuple(found)
            if token.kind != "comma":
                raise self._error(f"{name.text} needs a comma or a ) here.", token)
            if len(found) >= self._limits.arguments:
                raise FormulaTooLarge("arguments", self._limits.arguments, self._text, token.start)

    def group(self, token: Token) -> Node:
        node = self._expression(0)
        close = self._next()
        if close.kind != "close":
            raise self._error("A ) is missing here.", close if close.kind != "end" else token)
        return node

    def minus(self, token: Token) -> Node:
        if token.text != "-":
            raise self._error(_unexpected(token), token)
        operand = self._expression(_NEGATING)
        return Negation(operand, (token.start, operand.span[1]))

    def no_operand(self, token: Token) -> Node:
        raise self._error(_unexpected(token), token)

    def _error(self, message: str, token: Token) -> FormulaSyntaxError:
        return FormulaSyntaxError(message, self._text, token.start, token.end)


_OPERANDS: Mapping[str, Callable[[_Parser, Token], Node]] = {
    "number": _Parser.number,
    "text": _Parser.string,
    "field": _Parser.field,
    "name": _Parser.name,
    "open": _Parser.group,
    "operator": _Parser.minus,
}


def _unexpected(token: Token) -> str:
    match token:
        case Token(kind="end"):
            return "The formula ends where a value is expected."
        case Token(kind="operator", text="="):
            return "A value is expected before =; a formula does not begin with =."
        case Token(kind="operator", text=">"):
            return "A value is expected here, not >; unequal is written !=."
        case _:
            return f"A value is expected here, not {token.text}."


def _surplus(token: Token) -> str:
    if token.kind == "close":
        return "This ) has no ( before it."
    return f"An operator is missing before {token.text}."
