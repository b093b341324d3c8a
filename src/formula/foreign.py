"""What other languages write where Airtable's formulas write it otherwise, and how they do."""

from collections.abc import Mapping, Sequence

from formula.lexer import Token

_SHOWN = 60
"""Characters of a formula's part that a hint repeats."""

_BEFORE = "{word} stands before its arguments, in parentheses: {word}(first, second)."
_CONTAINS = (
    'That a text contains another is FIND("part", {left}); a pattern is REGEX_MATCH({left}, "pattern").'
)
_NO_CONTAINS = 'That a text does not contain another is NOT(FIND("part", {left})).'
_BEGINS = 'That a text begins with another is LEFT({left}, 4) = "part".'
_ENDS = 'That a text ends with another is RIGHT({left}, 4) = "part".'
_OPERATOR = "Write {sign} instead of {word}."
_SIGNS = {
    **dict.fromkeys(("EQ", "EQUALS"), "="),
    **dict.fromkeys(("NE", "NEQ"), "!="),
    "GT": ">",
    "LT": "<",
    **dict.fromkeys(("GTE", "GE"), ">="),
    **dict.fromkeys(("LTE", "LE"), "<="),
}

_WORDS: Mapping[str, str] = {
    **dict.fromkeys(("AND", "OR", "XOR"), _BEFORE),
    "NOT": "NOT stands before its argument, in parentheses: NOT(value).",
    "IN": 'That a value is one of several is OR({left} = "a", {left} = "b").',
    "NOT IN": 'That a value is none of several is AND({left} != "a", {left} != "b").',
    "IS": "That a cell is empty is {left} = BLANK().",
    "IS NOT": "That a cell is not empty is {left} != BLANK().",
    "BETWEEN": "That a value is between two others is AND({left} >= 1, {left} <= 5).",
    **dict.fromkeys(("LIKE", "ILIKE", "RLIKE", "CONTAINS", "INCLUDES", "HAS", "MATCHES"), _CONTAINS),
    **dict.fromkeys(("NOT LIKE", "NOT ILIKE", "NOT CONTAINS", "NOT INCLUDES"), _NO_CONTAINS),
    **dict.fromkeys(("STARTS", "STARTSWITH", "BEGINS"), _BEGINS),
    **dict.fromkeys(("ENDS", "ENDSWITH"), _ENDS),
    **{word: _OPERATOR.replace("{sign}", sign) for word, sign in _SIGNS.items()},
    **dict.fromkeys(("THEN", "ELSE"), "A choice is IF(condition, then, otherwise)."),
    "MOD": "A remainder is MOD(number, divisor).",
}
"""Words that stand between two values elsewhere; {left} is the value before them."""

_QUERY = dict.fromkeys(("SELECT", "WHERE", "FILTER"), "A filter is the condition alone, without {word}.")
"""Words with which a whole query begins elsewhere."""

_LEADING = {
    "NOT": "NOT takes its argument in parentheses: NOT(value).",
    **dict.fromkeys(("AND", "OR", "XOR"), _BEFORE),
    "IF": "A choice is IF(condition, then, otherwise).",
}
"""Words that stand before a value elsewhere, without parentheses."""

_PAIRS: Mapping[str, str] = {
    "==": "Equal is written with one =.",
    **dict.fromkeys(("<>", "!=="), "Unequal is written !=."),
    "=>": "At least is written >=.",
    "=<": "At most is written <=.",
    "&&": "That both conditions hold is AND(first, second).",
    "**": "A power is POWER(base, exponent).",
    "//": "There are no comments; a whole quotient is INT(a / b).",
}
"""Operators of other languages that are read as two of ours."""

_ENDS_A_VALUE = ("number", "text", "field", "name", "close")

MEANT: Mapping[str, str] = {
    **dict.fromkeys(("NULL", "NONE", "NIL", "EMPTY", "UNDEFINED"), "BLANK()"),
    "TODAY": "TODAY()",
    "NOW": "NOW()",
    **dict.fromkeys(("YES", "CHECKED"), "TRUE()"),
    **dict.fromkeys(("NO", "UNCHECKED"), "FALSE()"),
}
"""What a word may mean that names no field."""


def hint_at(text: str, tokens: Sequence[Token], index: int, left: tuple[int, int]) -> str:
    """How to write what a token after a whole value may mean, "" if nobody knows.

    `left` is the place of that value in the text.
    """
    token, previous = tokens[index], tokens[index - 1]
    word = token.text.upper() if token.kind == "name" else ""
    for known in (f"{word} {_following(tokens, index)}", word):
        if known in _WORDS:
            return _WORDS[known].replace("{left}", _shown(text, left)).replace("{word}", word)
    for leader in (tokens[0], previous):
        leading = leader.text.upper() if leader.kind == "name" else ""
        if leading in _QUERY or (leader is previous and leading in _LEADING):
            return (_QUERY | _LEADING)[leading].replace("{word}", leading)
    if previous.kind == "name" and token.kind in ("name", "number"):
        return f"A field whose name has several words stands in braces: {_in_braces(text, tokens, index)}."
    if previous.kind == "text" and previous.end == token.start:
        quote = text[previous.start]
        return f"Inside a text, {quote} is written \\{quote}."
    return ""


def hint_at_pair(first: Token, second: Token) -> str:
    """How to write what two operators side by side may mean, "" if nobody knows."""
    adjacent = first.kind == second.kind == "operator" and first.end == second.start
    return _PAIRS.get(first.text + second.text, "") if adjacent else ""


def conjunction(text: str, tokens: Sequence[Token]) -> list[list[str]]:
    """The parts of a text with AND and OR between them: alternatives, each a list of its conditions."""
    alternatives: list[list[str]] = [[]]
    depth, start = 0, 0
    for index, token in enumerate(tokens):
        depth += {"open": 1, "close": -1}.get(token.kind, 0)
        joins = depth == 0 and _joins(tokens, index)
        if joins or token.kind == "end":
            alternatives[-1].append(text[start : token.start].strip())
            start = token.end
        if joins and token.text.upper() == "OR":
            alternatives.append([])
    return alternatives


def _joins(tokens: Sequence[Token], index: int) -> bool:
    """Whether the token is an AND or OR that stands after a value."""
    token, previous = tokens[index], tokens[index - 1]
    is_word = index > 0 and token.kind == "name" and token.text.upper() in ("AND", "OR")
    return is_word and previous.kind in _ENDS_A_VALUE and previous.text.upper() not in _LEADING


def prefixed(alternatives: Sequence[Sequence[str]]) -> str:
    """The same as a formula."""
    every = [_call("AND", conditions) for conditions in alternatives]
    return _call("OR", every)


def _call(name: str, arguments: Sequence[str]) -> str:
    return arguments[0] if len(arguments) == 1 else f"{name}({', '.join(arguments)})"


def _following(tokens: Sequence[Token], index: int) -> str:
    following = tokens[index + 1] if index + 1 < len(tokens) else tokens[index]
    return following.text.upper() if following.kind == "name" else ""


def _shown(text: str, place: tuple[int, int]) -> str:
    """The value as written; a name of one word is a field, and so is what stands for a long one."""
    value = text[slice(*place)]
    return value if len(value) <= _SHOWN and "\n" not in value else "{Name}"


def _in_braces(text: str, tokens: Sequence[Token], index: int) -> str:
    """The words around a place as the name of one field."""
    first = last = index
    while first > 0 and tokens[first - 1].kind in ("name", "number"):
        first -= 1
    while tokens[last + 1].kind in ("name", "number") and tokens[last + 1].text.upper() not in _WORDS:
        last += 1
    name = text[tokens[first].start : tokens[last].end]
    return "{" + (name if len(name) <= _SHOWN else "Name") + "}"
