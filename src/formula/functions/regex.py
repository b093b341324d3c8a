"""Functions of regular expressions, all of them RE2's, which never backtracks."""

import re
from functools import lru_cache
from typing import Any

from formula.functions.function import Function, function
from formula.functions.text import within
from formula.scope import Batch
from formula.values import Failed

_MEMORY = 2 << 20
"""Bytes that one compiled pattern may take."""

_MOST_STEPS = 200_000_000
"""Characters of a text times the size of the pattern: RE2 takes no more steps than that, some 10 ns each."""

_REFERENCE = re.compile(r"\$(\$|&|[1-9][0-9]?)|\\([0-9])")


@lru_cache(maxsize=128)
def _pattern(text: str) -> Any:
    """The compiled pattern. Fails for look-around, back references and all else that RE2 lacks."""
    # 20 ms to import, and few formulas have a regex.
    import re2

    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    try:
        return re2.compile(text, options)
    except (re2.error, UnicodeEncodeError) as error:
        raise Failed(f"{text[:40]!r} is not a regular expression of RE2: {error}") from None


def matches_whole(text: str, regex: str) -> bool:
    """Whether the expression matches all of the text."""
    pattern, sound = _pattern(regex), _sound(text)
    _within_reach(pattern, sound)
    return pattern.fullmatch(sound) is not None


def _search(text: str, regex: str) -> Any:
    """The first match, None if there is none. Fails where looking for it would take too long."""
    pattern, sound = _pattern(regex), _sound(text)
    _within_reach(pattern, sound)
    return pattern.search(sound)


def _within_reach(pattern: Any, text: str) -> None:
    if pattern.programsize * len(text) > _MOST_STEPS:
        raise Failed("The regular expression is too large for so long a text.")


def _sound(text: str) -> str:
    """The text without lone surrogates, which no encoding has."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


@function("REGEX_MATCH", "regex", 'REGEX_MATCH("quokka", "k+a") -> 1')
def regex_match(text: str, regex: str) -> bool:
    """Whether the expression matches anywhere in `text`."""
    return _search(text, regex) is not None


@function("REGEX_EXTRACT", "regex", 'REGEX_EXTRACT("see https://x.org/a", "https?://([^/]+)") -> "x.org"')
def regex_extract(batch: Batch, text: str, regex: str) -> str | None:
    """The first match, or its first group if it has one."""
    match = _search(text, regex)
    if match is None:
        if batch.switches.extract_without_match == "blank":
            return None
        raise Failed("The regular expression matches nothing.")
    return str(match.group(1) or "") if match.re.groups else str(match.group())


@function("REGEX_REPLACE", "regex", 'REGEX_REPLACE("a1b22", "[0-9]+", "#") -> "a#b#"')
def regex_replace(batch: Batch, text: str, regex: str, replacement: str) -> str:
    """The text with every match replaced; $1 is the first group, $& the match, $$ a dollar."""
    pattern = _pattern(regex)
    text = _sound(text)
    _within_reach(pattern, text)
    is_template = _REFERENCE.search(replacement) is not None
    pieces: list[str] = []
    end, length = 0, len(text)
    for match in pattern.finditer(text):
        piece = _filled(replacement, match, pattern.groups) if is_template else replacement
        start, stop = match.span()
        length += len(piece) - (stop - start)
        within(length, batch.limits)
        pieces += text[end:start], piece
        end = stop
    return "".join([*pieces, text[end:]])


def _filled(template: str, match: Any, groups: int) -> str:
    def value(reference: re.Match[str]) -> str:
        name = reference[1] or reference[2]
        if name == "$":
            return "$"
        number = 0 if name == "&" else int(name)
        if number > groups:
            # $12 with nine groups is the first group and a 2, as in JavaScript.
            number, rest = (int(name[0]), name[1:]) if len(name) > 1 else (groups + 1, "")
            return reference[0] if number > groups else str(match.group(number) or "") + rest
        return str(match.group(number) or "")

    return _REFERENCE.sub(value, template)


REGEX_FUNCTIONS: tuple[Function, ...] = (regex_match, regex_extract, regex_replace)
