"""From tokens to a tree: a Pratt parser, where each operator has the power with which it binds."""

from collections.abc import Callable, Mapping

from formula.errors import FormulaSyntaxError, FormulaTooLarge
from formula.foreign import conjunction, hint_at, hint_at_pair, prefixed
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

_THOUSAND = 3
"""Digits between two commas of a number."""
_REWRITTEN = 400
"""Characters of the longest formula that is shown written otherwise."""

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
            raise self._surplus(node, rest)
        return node

    def _surplus(self, node: Node, rest: Token) -> FormulaSyntaxError:
        """Why nothing can follow a whole formula, and how to write what may have been meant."""
        match rest:
            case Token(kind="close"):
                return self._error("This ) has no ( before it.", rest)
            case Token(kind="comma"):
                return self._error(self._comma(), rest)
        said = f"An operator is missing before {rest.text}."
        hint = self._hint(node)
        if rest.kind == "name" and rest.text.upper() in ("AND", "OR"):
            rewritten = self._prefixed()
            word = rest.text.upper()
            hint = f"{word} stands before its arguments, in parentheses: {rewritten}." if rewritten else hint
        return self._error(" ".join(filter(None, [said, hint])), rest)

    def _comma(self) -> str:
        before, after = self._tokens[self._index - 1], self._tokens[self._index + 1]
        if before.kind == after.kind == "number" and len(after.text) == _THOUSAND:
            return f"A number has no commas in it: {before.text}{after.text}."
        return "A comma stands between the arguments of a function only: AND(first, second)."

    def _hint(self, node: Node) -> str:
        return hint_at(self._text, self._tokens, self._index, node.span)

    def _prefixed(self) -> str:
        """The formula with AND and OR before their arguments, "" if that is not what it lacks."""
        if len(self._text) > _REWRITTEN:
            return ""
        alternatives = conjunction(self._text, self._tokens)
        every = [condition for conditions in alternatives for condition in conditions]
        if len(every) == 1:
            return ""
        try:
            for condition in every:
                _Parser(condition, self._powers, self._limits).parse()
        except FormulaSyntaxError:
            return ""
        return prefixed(alternatives)

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
                raise self._error(
                    self._unfinished(f"{name.text} needs a comma or a ) here.", token, found[-1]), token
                )
            if len(found) >= self._limits.arguments:
                raise FormulaTooLarge("arguments", self._limits.arguments, self._text, token.start)

    def group(self, token: Token) -> Node:
        node = self._expression(0)
        close = self._next()
        if close.kind != "close":
            said = self._unfinished("A ) is missing here.", close, node)
            raise self._error(said, close if close.kind != "end" else token)
        return node

    def _unfinished(self, said: str, token: Token, node: Node) -> str:
        """What is said of a token that follows `node` inside parentheses, with what may have been meant."""
        if token.kind == "end":
            return f"{said} The formula ends inside parentheses."
        self._index -= 1
        return " ".join(filter(None, [said, self._hint(node)]))

    def minus(self, token: Token) -> Node:
        if token.text != "-":
            raise self._unexpected(token)
        operand = self._expression(_NEGATING)
        return Negation(operand, (token.start, operand.span[1]))

    def no_operand(self, token: Token) -> Node:
        raise self._unexpected(token)

    def _unexpected(self, token: Token) -> FormulaSyntaxError:
        """Why no value begins with `token`, which was taken, and how to write what may have been meant."""
        if token.kind == "end":
            return self._error("The formula ends where a value is expected.", token)
        if token.start == self._tokens[0].start and token.text == "=":
            return self._error("A value is expected before =; a formula does not begin with =.", token)
        said = f"A value is expected here, not {token.text}."
        before = self._tokens[self._index - 2] if self._index > 1 else token
        return self._error(" ".join(filter(None, [said, hint_at_pair(before, token)])), token)

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
