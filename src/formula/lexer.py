"""From text to tokens."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from formula.errors import FormulaSyntaxError, FormulaTooLarge
from formula.limits import LIMITS, Limits


class Token(NamedTuple):
    """A piece of the text; `kind` is number, text, field, name, operator, open, close, comma or end.

    `text` is as written, for a text or a field without its marks and escapes.
    """

    kind: str
    text: str
    start: int
    end: int


_TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    |(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    |(?P<field>\{(?:[^}\\]|\\.)*\})
    |(?P<name>[^\W\d]\w*)
    |(?P<operator><=|>=|!=|[-+*/&=<>])
    |(?P<open>\()|(?P<close>\))|(?P<comma>,)
    |(?P<stranger>.)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_TEXT_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", '"': '"', "'": "'"}
_FIELD_ESCAPES = {"}": "}", "{": "{", "\\": "\\"}

_DEPTHS: Mapping[str | None, int] = {"open": 1, "close": -1}

_STRANGERS = {
    '"': 'This text is not closed: a " is missing; inside a text, it is written \\".',
    "'": "This text is not closed: a ' is missing; inside a text, it is written \\'.",
    "{": "This field is not closed: a } is missing.",
    "}}": "This } closes no field; one brace stands on each side of a name: {Name}, and a } in it is \\}.",
    "}": "This } closes no field; a field stands in braces: {Name}, and a } in its name is written \\}.",
    **dict.fromkeys(
        "[]", 'There are no brackets: a field is {Name}, one of several OR({Name}="a", {Name}="b").'
    ),
    "`": 'A field stands in braces, {Name}, and a text in quotes, "text".',
    **dict.fromkeys("“”„«»", 'Use straight quotes: ".'),
    **dict.fromkeys("‘’‚", "Use straight quotes: '."),
    "^": "There is no operator ^; use POWER(base, exponent).",
    "%": "There is no operator %; use MOD(number, divisor), or divide by 100.",
    "=!": "Unequal is written !=.",
    "!": "There is no operator !; use NOT(value).",
    "|": "There is no operator |; that one of several conditions holds is OR(first, second).",
    "~": 'There is no operator ~; use REGEX_MATCH(text, "pattern").',
    "?": "There is no operator ?; use IF(condition, then, otherwise).",
    ":": "There is no colon here; equal is written =, and a field stands in braces: {Name}.",
    ".": "A dot stands in numbers only: a field is {Name}, without its table, and a function stands before "
    "its arguments.",
    "$": "A number stands without its currency, and a field in braces: {Name}.",
    "\\": 'The quotes around a text have no \\ before them: "text".',
    "≥": "At least is written >=.",
    "≤": "At most is written <=.",
    "≠": "Unequal is written !=.",
    "×": "Multiply with *.",
    "÷": "Divide with /.",
    **dict.fromkeys("−–—", "Subtract with the plain sign -."),
    ";": "Arguments are separated by commas, not semicolons.",
    "（": "Use a plain parenthesis: (.",
    "）": "Use a plain parenthesis: ).",
    "，": "Use a plain comma.",
}


def tokens(text: str, *, limits: Limits = LIMITS) -> list[Token]:
    """The tokens of `text` without white space, and an end token. Raises FormulaSyntaxError."""
    if len(text) > limits.characters:
        raise FormulaTooLarge("characters", limits.characters, text, limits.characters)
    found: list[Token] = []
    position = depth = 0
    for match in _TOKEN.finditer(text):
        # Without an end to every text, a search would go on behind a stranger, and look for its end again.
        if match.lastgroup == "stranger":
            raise _stranger(text, position)
        position = match.end()
        if match.lastgroup != "space":
            found.append(_token(match))
            depth += _DEPTHS.get(match.lastgroup, 0)
            if depth > limits.nesting:
                # The parser would find out too, after all the tokens of a text of nothing but parentheses.
                raise FormulaTooLarge("levels of nesting", limits.nesting, text, match.start())
    if len(found) > limits.tokens:
        raise FormulaTooLarge("tokens", limits.tokens, text, found[limits.tokens].start)
    found.append(Token("end", "", position, position))
    return found


def _token(match: re.Match[str]) -> Token:
    kind, written = str(match.lastgroup), match.group()
    if kind == "text":
        written = _unescaped(written[1:-1], _TEXT_ESCAPES)
    elif kind == "field":
        written = _unescaped(written[1:-1], _FIELD_ESCAPES)
    return Token(kind, written, match.start(), match.end())


def _unescaped(text: str, escapes: dict[str, str]) -> str:
    r"""The text without escapes; one that means nothing, like \d of a regex, keeps its backslash."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda match: escapes.get(match[1], match[0]), text)


def _stranger(text: str, position: int) -> FormulaSyntaxError:
    character = text[position]
    shown = character if character.isprintable() else f"U+{ord(character):04X}, which cannot be seen,"
    message = _STRANGERS.get(text[max(position - 1, 0) : position + 1]) or _STRANGERS.get(
        character, f"The character {shown} has no meaning here."
    )
    end = len(text) if character in "\"'{" else position + 1
    return FormulaSyntaxError(message, text, position, end)
