"""The best field type for a column of text, as a CSV file has it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fields.inference.choice_guesses import guess_choices
from fields.inference.date_guesses import is_ambiguous
from fields.inference.guesses import GUESSES, Guess, reads
from fields.plain import plain
from fields.problems import column
from fields.wording import sendable

ENOUGH = 0.8
"""The share of values that must fit a type for the column to be of it."""

_LONGEST_LINE = 255  # characters; longer texts are paragraphs
_LONGEST_VALUE = 2_000  # characters; longer texts are nothing but text


@dataclass(frozen=True, slots=True)
class Inferred:
    """`options` are the write form that a field of `type` is made with.

    `confidence` is the share of values that fit, from 0 to 1 (blank ones not counted): 0 for a column without
    values, halved where nothing tells day from month. `exceptions` are the values that do not fit.
    """

    type: str
    options: Mapping[str, Any] = field(default_factory=dict)
    confidence: float = 1.0
    exceptions: tuple[Any, ...] = ()


def infer(values: Iterable[Any]) -> Inferred:
    """The most telling type that at least four values in five fit; blank values fit all.

    Values are texts; numbers and booleans count as their text. Codes such as 007 are no numbers. Names that
    recur are a select, all else is text. Raises NotAColumn.
    """
    told = [(value, text) for value, text in ((value, _text(value)) for value in column(values)) if text]
    if not told:
        return Inferred("singleLineText", confidence=0.0)
    found = (_judge(guess, told) for guess in GUESSES)
    return next((judged for judged in found if judged), None) or _words([text for _, text in told])


def _judge(guess: Guess, told: list[tuple[Any, str]]) -> Inferred | None:
    fitting = [text for _, text in told if _may_fit(guess, text)]
    if len(fitting) < max(guess.least, ENOUGH * len(told)):
        return None
    options = guess.options(fitting)
    exceptions = tuple(value for value, text in told if not _fits(guess, text, options))
    share = 1 - len(exceptions) / len(told)
    doubt = 0.5 if guess.type in ("date", "dateTime") and is_ambiguous(fitting) else 1.0
    return Inferred(guess.type, options, round(share * doubt, 4), exceptions) if share >= ENOUGH else None


def _fits(guess: Guess, text: str, options: dict[str, Any]) -> bool:
    return _may_fit(guess, text) and reads(guess, text, options)


def _may_fit(guess: Guess, text: str) -> bool:
    return len(text) <= _LONGEST_VALUE and guess.fits(text)


def _words(texts: list[str]) -> Inferred:
    choices = guess_choices(texts)
    if choices:
        return Inferred(*choices)
    is_long = any("\n" in text or len(text) > _LONGEST_LINE for text in texts)
    return Inferred("multilineText" if is_long else "singleLineText")


def _text(value: Any) -> str:
    return "false" if value is False else "true" if value is True else sendable(plain(value)).strip()
